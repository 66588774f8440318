#include "model/model.h"
#include "rehearsal/render.h"
#include "stand.h"
#include "suites.h"

#include <stdio.h>
#include <unistd.h>

static struct take *play(const struct engine_take *take, const struct model *model,
                         const struct guitar *guitar)
{
    struct error err = {.text = ""};
    struct render_config config = {.model = model, .guitar = guitar};
    struct take *record = render_take(take, &config, &err);
    ck_assert_msg(record != NULL, "%s", err.text);
    return record;
}

/* What session files keep is enough to play a take again. */
static void expect_replay(const struct score *score, const struct model *model,
                          const struct take *first)
{
    bool *missed = calloc((size_t)score->step_count, sizeof *missed);
    ck_assert_ptr_nonnull(missed);
    for (int i = 0; i < first->step_count; i++)
        missed[first->steps[i].step] = !first->steps[i].planned;
    struct guitar guitar = {
        .kind = GUITAR_ONSETS, .onsets = first->onsets, .onset_count = first->onset_count};
    struct engine_take again = {.score = score,
                                .settings = &first->settings,
                                .missed = missed,
                                .stop_frame = first->stop_frame};
    struct take *second = play(&again, model, &guitar);
    ck_assert_msg(same_take(first, second), "the replay differs");
    take_free(second);
    free(missed);
}

START_TEST(a_heard_take_plays_again_to_the_bit)
{
    struct error err = {.text = ""};
    struct score *score = made_score(12, 118, 4);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(5);
    settings.controls.expression = 1.0;
    struct guitar guitar;
    ck_assert(guitar_open(&guitar, "virtual:swinger", score, RATE, 3, 0, &err));
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = 900000};
    struct take *first = play(&take, model, &guitar);
    struct take_summary summary = take_summarise(first);
    ck_assert_int_gt(summary.matched, 60);
    ck_assert_int_eq(first->stop_frame, 900000);
    expect_replay(score, model, first);
    take_free(first);
    guitar_close(&guitar);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(misses_play_again_too)
{
    struct score *score = made_score(8, 140, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    struct rng rng;
    rng_seed(&rng, 8);
    bool *missed = calloc((size_t)score->step_count, sizeof *missed);
    struct take_onset onsets[200];
    int count = 0;
    for (int i = 0; i < score->step_count && count < 200; i++) {
        missed[i] = rng_uniform(&rng) < 0.2;
        int64_t frame = llround((score->steps[i].time_s + 0.02 * rng_normal(&rng)) * RATE);
        onsets[count++] = (struct take_onset){.frame = frame, .heard_frame = frame + 200};
    }
    struct guitar guitar = {.kind = GUITAR_ONSETS, .onsets = onsets, .onset_count = count};
    struct engine_take take = {
        .score = score, .settings = &settings, .missed = missed, .stop_frame = INT64_MAX};
    struct take *first = play(&take, model, &guitar);
    ck_assert_int_eq(first->step_count, score->step_count);
    for (int i = 0; i < first->step_count; i++) {
        const struct step *step = &score->steps[i];
        ck_assert_int_eq(first->steps[i].planned, !missed[i]);
        for (int h = step->first_hit; missed[i] && h < step->first_hit + step->hit_count; h++) {
            ck_assert_int_eq(first->hits[h].frame, llround(score->hits[h].scored_s * RATE));
            ck_assert_int_eq(first->hits[h].velocity, score->hits[h].velocity);
        }
    }
    expect_replay(score, model, first);
    take_free(first);
    free(missed);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(a_stopped_take_holds_what_sounded)
{
    struct score *score = made_score(8, 120, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = 5 * RATE};
    struct take *record = play(&take, model, NULL);
    ck_assert_int_gt(record->step_count, 10);
    ck_assert_int_lt(record->step_count, score->step_count);
    int hits = 0;
    for (int i = 0; i < record->step_count; i++)
        hits += score->steps[record->steps[i].step].hit_count;
    ck_assert_int_eq(hits, record->hit_count);
    double last_s = score->steps[record->steps[record->step_count - 1].step].time_s;
    ck_assert_double_lt(last_s, 5.15);
    ck_assert_double_gt(last_s, 4.6);
    take_free(record);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(chosen_bars_alone_are_played)
{
    struct score *score = made_score(8, 120, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    settings.first_bar = 3;
    settings.last_bar = 5;
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct take *record = play(&take, model, NULL);
    ck_assert_int_gt(record->step_count, 20);
    for (int i = 0; i < record->step_count; i++) {
        int bar = score->steps[record->steps[i].step].at.bar + 1;
        ck_assert(bar >= 3 && bar <= 5);
    }
    for (int i = 0; i < record->hit_count; i++) {
        int bar = score->steps[score->hits[record->hits[i].hit].step].at.bar + 1;
        ck_assert(bar >= 3 && bar <= 5);
    }
    expect_replay(score, model, record);
    take_free(record);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(onsets_after_the_plan_do_not_change_it)
{
    struct score *score = made_score(4, 120, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    struct take_onset onsets[2] = {{.frame = 0, .heard_frame = 200},
                                   {.frame = 2 * RATE, .heard_frame = 2 * RATE + 200}};
    struct guitar guitar = {.kind = GUITAR_ONSETS, .onsets = onsets, .onset_count = 1};
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct take *one = play(&take, model, &guitar);
    guitar.onset_count = 2;
    struct take *two = play(&take, model, &guitar);
    ck_assert_int_eq(two->onset_count, 2);
    for (int i = 0; i < one->hit_count; i++)
        if (one->hits[i].frame < 2 * RATE)
            ck_assert_int_eq(one->hits[i].frame, two->hits[i].frame);
    take_free(one);
    take_free(two);
    model_close(model);
    score_free(score);
}
END_TEST

/* How the drums fell is part of what the drummer learns: a guitarist corrects himself by it. */
START_TEST(the_ear_is_told_where_the_drums_were)
{
    struct score *score = made_score(8, 120, 6);
    struct model *model = small_drummer();
    struct take_onset onsets[100];
    for (int i = 0; i < 100; i++) {
        int64_t frame = llround((score->steps[i].time_s + 0.03) * RATE);
        onsets[i] = (struct take_onset){.frame = frame, .heard_frame = frame};
    }
    struct guitar guitar = {.kind = GUITAR_ONSETS, .onsets = onsets, .onset_count = 60};
    struct take *takes[2];
    for (int k = 0; k < 2; k++) {
        struct take_settings settings = plain_settings(2);
        settings.controls.follow = k;
        struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
        takes[k] = play(&take, model, &guitar);
    }
    ck_assert_double_eq(takes[0]->steps[0].predicted_ms, takes[1]->steps[0].predicted_ms);
    ck_assert_double_ne(takes[0]->steps[50].drums_ms, takes[1]->steps[50].drums_ms);
    ck_assert_double_ne(takes[0]->steps[50].predicted_ms, takes[1]->steps[50].predicted_ms);
    take_free(takes[0]);
    take_free(takes[1]);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(a_midi_guitars_strums_are_onsets)
{
    struct error err = {.text = ""};
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    char path[] = "/tmp/rolypoly-guitar-XXXXXX.mid";
    int file = mkstemps(path, 4);
    smf_begin(bytes, 4, 2, 120);
    for (int strum = 0; strum < 8; strum++)
        for (int string = 0; string < 6; string++) /* 960 ticks a second: 5.2 ms a string */
            smf_hit(bytes, 480 * strum + 5 * string, 40 + 5 * string, 80);
    struct score *score = smf_finish(bytes);
    ck_assert_int_eq(write(file, bytes->data, bytes->size), (ssize_t)bytes->size);
    close(file);
    struct guitar guitar;
    ck_assert_msg(guitar_open(&guitar, path, score, RATE, 1, 0, &err), "%s", err.text);
    remove(path);
    ck_assert_int_eq(guitar.kind, GUITAR_ONSETS);
    ck_assert_int_eq(guitar.onset_count, 8);
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(guitar.onsets[i].frame, i * RATE / 2);
        ck_assert_int_eq(guitar.onsets[i].heard_frame, i * RATE / 2);
    }
    guitar_close(&guitar);
    ck_assert(!guitar_open(&guitar, path, score, RATE, 1, 0, &err));
    ck_assert_ptr_nonnull(strstr(err.text, path));
    guitar_close(&guitar);
    score_free(score);
    free(bytes);
}
END_TEST

START_TEST(an_odd_guitarist_is_another_than_his_namesake)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 120, 6);
    struct guitar plain, odd;
    ck_assert_msg(guitar_open(&plain, "virtual:swinger", score, RATE, 1, 0, &err), "%s", err.text);
    ck_assert_msg(guitar_open(&odd, "virtual:odd-swinger", score, RATE, 1, 0, &err), "%s",
                  err.text);
    double apart = 0, a, b;
    for (int i = 0; i < score->step_count; i++)
        if (guitarist_play(plain.guitarist, i, &a) & guitarist_play(odd.guitarist, i, &b))
            apart = fmax(apart, fabs(guitarist_intent_ms(plain.guitarist) -
                                     guitarist_intent_ms(odd.guitarist)));
    ck_assert_double_gt(apart, 10);
    guitar_close(&plain);
    guitar_close(&odd);
    score_free(score);
}
END_TEST

/* Stopped between the deadline of a missed step and its scored hits. */
START_TEST(a_miss_just_before_the_stop_plays_again)
{
    struct score *score = made_score(4, 120, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    settings.controls.expression = 1.0;
    for (int step = 10; step < 30; step++) {
        bool *missed = calloc((size_t)score->step_count, sizeof *missed);
        ck_assert_ptr_nonnull(missed);
        missed[step] = true;
        int64_t scored = llround(score->steps[step].time_s * RATE);
        struct engine_take take = {
            .score = score, .settings = &settings, .missed = missed, .stop_frame = scored - 10};
        struct take *first = play(&take, model, NULL);
        ck_assert_int_eq(take_summarise(first).deadline_misses, 1);
        expect_replay(score, model, first);
        take_free(first);
        free(missed);
    }
    model_close(model);
    score_free(score);
}
END_TEST

/* Of a MIDI guitar, what comes before the chosen bars' count-in is not part of the take. */
START_TEST(a_take_begins_with_its_count_in)
{
    struct score *score = made_score(8, 120, 6);
    struct model *model = small_drummer();
    struct take_settings settings = plain_settings(2);
    settings.first_bar = 5;
    struct take_onset onsets[64];
    for (int i = 0; i < 64; i++)
        onsets[i] = (struct take_onset){.frame = i * RATE / 4, .heard_frame = i * RATE / 4};
    struct guitar guitar = {.kind = GUITAR_ONSETS, .onsets = onsets, .onset_count = 64};
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct take *record = play(&take, model, &guitar);
    ck_assert_int_ge(record->onset_count, 32);
    ck_assert_int_le(record->onset_count, 34);
    ck_assert_int_gt(record->onsets[0].frame, 7 * RATE);
    expect_replay(score, model, record);
    take_free(record);
    model_close(model);
    score_free(score);
}
END_TEST

/* The longest leash, the lowest rate, the shortest period: offline no plan is ever late. */
START_TEST(nothing_is_missed_offline)
{
    struct score *score = made_score(4, 120, 6);
    struct model *model = small_drummer();
    static const int rates[] = {8000, 44100, 192000};
    for (int k = 0; k < 3; k++) {
        struct take_settings settings = plain_settings(2);
        settings.controls.leash_ms = 1000;
        settings.rate = rates[k];
        settings.lead_frames = engine_lead_frames(rates[k], 16);
        struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
        struct take *record = play(&take, model, NULL);
        ck_assert_int_eq(record->step_count, score->step_count);
        ck_assert_int_eq(take_summarise(record).deadline_misses, 0);
        take_free(record);
    }
    model_close(model);
    score_free(score);
}
END_TEST

Suite *replay_suite(void)
{
    Suite *suite = suite_create("replay");
    TCase *tests = tcase_create("replay");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_heard_take_plays_again_to_the_bit);
    tcase_add_test(tests, misses_play_again_too);
    tcase_add_test(tests, a_stopped_take_holds_what_sounded);
    tcase_add_test(tests, chosen_bars_alone_are_played);
    tcase_add_test(tests, onsets_after_the_plan_do_not_change_it);
    tcase_add_test(tests, the_ear_is_told_where_the_drums_were);
    tcase_add_test(tests, a_midi_guitars_strums_are_onsets);
    tcase_add_test(tests, an_odd_guitarist_is_another_than_his_namesake);
    tcase_add_test(tests, a_miss_just_before_the_stop_plays_again);
    tcase_add_test(tests, a_take_begins_with_its_count_in);
    tcase_add_test(tests, nothing_is_missed_offline);
    suite_add_tcase(suite, tests);
    return suite;
}
