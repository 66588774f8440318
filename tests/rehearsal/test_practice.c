/* Bars that are practised, played by the engine and a drummer: what sounds when, how a pass becomes
 * the last one, and that it can all be played again. */
#include "base/rng.h"
#include "learn/lesson.h"
#include "rehearsal/drummer.h"
#include "rehearsal/engine.h"
#include "rehearsal/render.h"
#include "stand.h"
#include "suites.h"

#include <stdio.h>

enum { LONGEST = 1024, ATTACK = 9 };

/* The song at 120 bpm, its bars as the settings have them, and a guitar that plays where the test
 * lets it. */
struct rehearsal {
    struct score *song, *score;
    struct take_settings settings;
    struct take_onset onsets[3000];
    int onset_count;
    bool click;
    int count_in_bars;
};

static void begin(struct rehearsal *r, int bars, struct practice practice, int first_bar,
                  int last_bar)
{
    struct error err = {.text = ""};
    *r = (struct rehearsal){.song = made_score(bars, 120, 5), .settings = plain_settings(4)};
    r->settings.first_bar = first_bar;
    r->settings.last_bar = last_bar;
    r->settings.practice = practice;
    r->settings.lead_frames = engine_lead_frames(RATE, LONGEST);
    r->score = practice_arranges(&practice) ? take_score(r->song, &r->settings, &err) : r->song;
    ck_assert_msg(r->score != NULL, "%s", err.text);
}

static void end(struct rehearsal *r)
{
    if (r->score != r->song)
        score_free(r->score);
    score_free(r->song);
}

static void pluck(struct rehearsal *r, double time_s)
{
    int64_t frame = llround(time_s * RATE);
    r->onsets[r->onset_count++] = (struct take_onset){.frame = frame, .heard_frame = frame + 200};
}

/* On every step of the score from `first` to before `end`, `late_s` after it; what follows a pass
 * that is the last one is played as much earlier as it comes. */
static void strum(struct rehearsal *r, int first, int before, double late_s, double earlier_s)
{
    for (int i = first; i < before; i++)
        pluck(r, r->score->steps[i].time_s + late_s - earlier_s);
}

struct heard {
    float *left;
    int64_t first, count;
};

static int block_of(struct rng *rng, int frames)
{
    return frames ? frames : 1 + (int)rng_below(rng, LONGEST);
}

/* In blocks of `frames`, 0: of random size. "Last time" is said at `wish_s`, NAN: never. */
static struct take *play(const struct rehearsal *r, const struct engine_take *take, int frames,
                         double wish_s, struct heard *sound)
{
    struct error err = {.text = ""};
    struct model *model = small_drummer();
    struct kit *kit = impulse_kit(ATTACK);
    struct engine *engine = engine_new(kit, RATE, &err);
    struct drummer *drummer =
        drummer_new(r->score, model, take->settings, engine_from_drummer(engine), NULL, &err);
    ck_assert_msg(drummer && engine_start(engine, take, &err), "%s", err.text);
    engine_set_click(engine, r->click);
    struct rng rng;
    rng_seed(&rng, 9);
    struct heard made = {.first = engine_first_frame(engine)};
    int64_t room = engine_last_frame(engine) - made.first + 2 * LONGEST;
    made.left = calloc((size_t)room, sizeof *made.left);
    static float output[2 * LONGEST];
    for (bool over = false; !over;) {
        int count = block_of(&rng, frames);
        if (!isnan(wish_s) && (double)(made.first + made.count) / RATE >= wish_s) {
            struct change change = {.kind = CHANGE_LAST_TIME, .drum = -1, .value = 1};
            ck_assert(engine_change(engine, &change));
            wish_s = NAN;
        }
        engine_process(engine, NULL, output, count);
        for (int i = 0; i < count && made.count < room; i++)
            made.left[made.count++] = output[2 * i];
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            over = !drummer_receive(drummer, &message) || over;
    }
    struct engine_status status = engine_status(engine);
    ck_assert_uint_eq(status.refused + status.lost + status.missed + status.late_frames, 0);
    struct take *record = drummer_give_take(drummer);
    drummer_free(drummer);
    engine_free(engine);
    kit_free(kit);
    model_close(model);
    if (sound)
        *sound = made;
    else
        free(made.left);
    return record;
}

static struct engine_take take_of(const struct rehearsal *r)
{
    return (struct engine_take){.score = r->score,
                                .settings = &r->settings,
                                .count_in_bars = r->count_in_bars,
                                .listens = true,
                                .onsets = r->onsets,
                                .onset_count = r->onset_count,
                                .stop_frame = INT64_MAX};
}

/* As room_replay has a stored take played again. */
static void expect_replay(const struct rehearsal *r, const struct take *first)
{
    static const int blocks[] = {64, 128, 333, LONGEST, 0};
    struct skip skip;
    struct take_settings settings = first->settings;
    bool *missed = calloc((size_t)r->score->step_count, sizeof *missed);
    practice_skip_after(r->score, settings.practice.played, &skip);
    for (int i = 0; i < first->step_count; i++)
        missed[skip_step(&skip, first->steps[i].step)] = !first->steps[i].planned;
    settings.practice.played = 0;
    struct engine_take again = {.score = r->score,
                                .settings = &settings,
                                .listens = true,
                                .onsets = first->onsets,
                                .onset_count = first->onset_count,
                                .changes = first->changes,
                                .change_count = first->change_count,
                                .missed = missed,
                                .stop_frame = first->stop_frame};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct take *second = play(r, &again, blocks[i], NAN, NULL);
        ck_assert_msg(same_take(first, second), "in blocks of %d it is another", blocks[i]);
        ck_assert_int_eq(second->settings.practice.played, first->settings.practice.played);
        take_free(second);
    }
    free(missed);
}

/* The score of the passes that were played, in which the record is. */
static struct score *score_played(const struct rehearsal *r, const struct take *take)
{
    struct error err = {.text = ""};
    struct score *score = take_score(r->song, &take->settings, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    return score;
}

/* Every hit is heard at the frame in the record, those of silent bars are not, and nothing else is.
 */
static void expect_sound(const struct heard *sound, const struct take *take,
                         const struct score *score)
{
    int *expected = calloc((size_t)sound->count, sizeof *expected), wrong = 0;
    for (int i = 0; i < take->hit_count; i++) {
        const struct take_hit *hit = &take->hits[i];
        int64_t at = hit->frame - sound->first;
        ck_assert(at >= 0 && at < sound->count);
        expected[at] += !take_is_out(score, &take->settings, score->hits[hit->hit].step);
    }
    for (int64_t i = 0; i < sound->count; i++)
        wrong += (sound->left[i] != 0.0f) != (expected[i] > 0);
    ck_assert_msg(wrong == 0, "%d frames sound wrongly", wrong);
    free(expected);
}

/* It is whole: one step after the other, each with its hits, each near its place. */
static void expect_whole(const struct take *take, const struct score *score)
{
    ck_assert_int_eq(take->step_count, score->step_count);
    ck_assert_int_eq(take->hit_count, score->hit_count);
    for (int i = 0; i < take->step_count; i++)
        ck_assert_int_eq(take->steps[i].step, i);
    for (int h = 0; h < take->hit_count; h++) {
        const struct hit *hit = &score->hits[take->hits[h].hit];
        ck_assert_int_eq(take->hits[h].hit, h);
        ck_assert_int_le(llabs(take->hits[h].frame - llround(hit->scored_s * RATE)), RATE / 9);
    }
}

START_TEST(a_loop_sounds_at_its_frames_and_plays_again)
{
    struct rehearsal r;
    begin(&r, 8, (struct practice){.passes = 4, .ramp_percent = 10}, 3, 4);
    strum(&r, 0, r.score->step_count, 0.006, 0);
    struct engine_take plan = take_of(&r);
    struct heard sound;
    struct take *take = play(&r, &plan, 0, NAN, &sound);
    expect_whole(take, r.score);
    expect_sound(&sound, take, r.score);
    ck_assert_int_eq(take->settings.practice.played, 0);
    ck_assert_int_eq(take_summarise(take).matched, r.score->step_count);
    ck_assert_int_eq(take->stop_frame, llround((r.score->duration_s + 2) * RATE));
    expect_replay(&r, take);
    take_free(take);
    free(sound.left);
    end(&r);
}
END_TEST

/* A pass of two bars lasts 4 s. */
static const struct {
    double said_s;
    int played; /* 0: it was the last one anyway */
} last_times[] = {{-0.3, 1}, {0.5, 1}, {3.0, 1}, {4.5, 2}, {7.5, 2}, {9, 3}, {13, 0}};

START_TEST(the_last_time_round_is_the_end_of_a_loop)
{
    struct rehearsal r;
    begin(&r, 8, (struct practice){.passes = 4}, 3, 4);
    int played = last_times[_i].played, passes = played ? played : 4;
    strum(&r, 0, r.score->step_count / 4 * passes, -0.004, 0);
    struct engine_take plan = take_of(&r);
    struct heard sound;
    struct take *take = play(&r, &plan, 0, last_times[_i].said_s, &sound);
    ck_assert_int_eq(take->settings.practice.played, played);
    struct score *score = score_played(&r, take);
    expect_whole(take, score);
    expect_sound(&sound, take, score);
    ck_assert_int_eq(take->stop_frame, llround((4.0 * passes + 2) * RATE));
    expect_replay(&r, take);
    score_free(score);
    take_free(take);
    free(sound.left);
    end(&r);
}
END_TEST

/* A vamp of bars 3 and 4 of six; the guitar comes back at the beginning of a pass, or with a pickup
 * before it, and is 9 ms late. */
START_TEST(a_vamp_goes_on_when_the_guitar_is_back)
{
    struct rehearsal r;
    bool pickup = _i % 2;
    int back = 2 + _i / 2; /* the pass */
    begin(&r, 6, (struct practice){.passes = 8, .vamp_first = 3, .vamp_last = 4}, 0, 0);
    int played = pickup ? back - 1 : back;
    const struct passage *passages = r.score->passages;
    struct skip skip;
    ck_assert(practice_skip_after(r.score, played, &skip));
    int from = passages[back].first_step - (pickup ? 4 : 0);
    strum(&r, from, skip.from, 0.009, 0);
    strum(&r, skip.to, r.score->step_count, 0.009, skip.end_s - skip.begin_s);
    struct engine_take plan = take_of(&r);
    struct heard sound;
    struct take *take = play(&r, &plan, 0, NAN, &sound);
    ck_assert_int_eq(take->settings.practice.played, played);
    ck_assert_int_eq(take->change_count, 1);
    ck_assert_int_eq(take->changes[0].kind, CHANGE_LAST_TIME);
    struct score *score = score_played(&r, take);
    expect_whole(take, score);
    expect_sound(&sound, take, score);
    ck_assert_int_eq(take_summarise(take).matched, r.onset_count);
    for (int i = 0; i < take->onset_count; i++)
        ck_assert_double_eq_tol(take->onsets[i].deviation_ms, 9, 0.05);
    expect_replay(&r, take);
    score_free(score);
    take_free(take);
    free(sound.left);
    end(&r);
}
END_TEST

/* He plays while the song leads up to the vamp; then one thing is heard in each pass, at one step.
 */
START_TEST(a_cough_ends_no_vamp)
{
    struct rehearsal r;
    begin(&r, 4, (struct practice){.passes = 3, .vamp_first = 2, .vamp_last = 2}, 0, 0);
    strum(&r, 0, 6, 0.002, 0);
    for (int pass = 1; pass <= 3; pass++)
        for (int k = 0; k < 3; k++)
            pluck(&r, r.score->passages[pass].start_s + 1.003 + 0.012 * k);
    struct engine_take plan = take_of(&r);
    struct take *take = play(&r, &plan, 128, NAN, NULL);
    ck_assert_int_eq(take->change_count, 0);
    expect_whole(take, r.score);
    take_free(take);
    end(&r);
}
END_TEST

START_TEST(silent_bars_are_planned_and_not_heard)
{
    struct rehearsal r;
    struct practice practice = {
        .passes = _i ? 3 : 0, .play_bars = 2, .out_bars = 1}; /* in a loop, and in the song */
    begin(&r, 6, practice, 1, _i ? 2 : 6);
    strum(&r, 0, r.score->step_count, 0.012, 0);
    struct engine_take plan = take_of(&r);
    struct heard sound;
    struct take *take = play(&r, &plan, 0, NAN, &sound);
    expect_whole(take, r.score);
    expect_sound(&sound, take, r.score);
    int64_t silent = 0;
    for (int64_t frame = 4 * RATE + 1000; frame < 6 * RATE - 2000; frame++)
        silent += sound.left[frame - sound.first] == 0.0f;
    ck_assert_int_eq(silent, 2 * RATE - 3000); /* bar 3, as it is played */
    ck_assert_int_eq(take_summarise(take).matched, r.score->step_count);
    expect_replay(&r, take);
    take_free(take);
    free(sound.left);
    end(&r);
}
END_TEST

/* Whether sound begins at the frame after silence. */
static bool begins_at(const struct heard *sound, int64_t frame)
{
    for (int64_t i = frame - 200; i < frame; i++)
        if (sound->left[i - sound->first] != 0.0f)
            return false;
    return sound->left[frame - sound->first] != 0.0f;
}

START_TEST(every_beat_clicks_where_it_is_wanted)
{
    struct rehearsal r;
    begin(&r, 6, (struct practice){.passes = 5, .play_bars = 1, .out_bars = 1}, 1, 2);
    r.click = true;
    r.count_in_bars = 2;
    struct engine_take plan = take_of(&r);
    struct heard sound;
    struct take *take = play(&r, &plan, 0, 5, &sound); /* in the second pass of 4 s */
    ck_assert_int_eq(take->settings.practice.played, 2);
    for (int beat = -8; beat < 0; beat++)
        ck_assert(begins_at(&sound, beat * RATE / 2));
    for (int pass = 0; pass < 2; pass++)
        for (int beat = 4; beat < 8; beat++) /* of its second bar, which has no drums */
            ck_assert(begins_at(&sound, (8 * pass + beat) * RATE / 2));
    for (int64_t i = 8 * RATE + RATE / 10; i - sound.first < sound.count; i++)
        ck_assert_float_eq(sound.left[i - sound.first], 0.0f); /* it is over */
    take_free(take);
    free(sound.left);
    end(&r);
}
END_TEST

/* After the last time round the beats are those of what follows. */
START_TEST(the_click_goes_on_with_the_song)
{
    struct rehearsal r;
    begin(&r, 4, (struct practice){.passes = 9, .vamp_first = 2, .vamp_last = 2}, 0, 0);
    r.click = true;
    struct engine_take plan = take_of(&r);
    struct heard with, without;
    struct take *clicked = play(&r, &plan, 0, 3, &with);
    r.click = false;
    struct take *silent = play(&r, &plan, 0, 3, &without);
    ck_assert(same_take(clicked, silent));
    ck_assert_int_eq(with.count, without.count);
    for (int64_t i = 0; i < with.count; i++) {
        int64_t frame = i + with.first, into = frame % (RATE / 2);
        bool beat = frame >= 0 && frame < 8 * RATE && into < RATE / 8;
        if (!beat)
            ck_assert_float_eq(with.left[i], without.left[i]);
        else if (into == 0)
            ck_assert_float_ne(with.left[i], without.left[i]);
    }
    take_free(clicked);
    take_free(silent);
    free(with.left);
    free(without.left);
    end(&r);
}
END_TEST

/* What the screen is told is in the time of the score, in which the song goes on after the vamp. */
START_TEST(the_position_is_where_the_score_is)
{
    struct error err = {.text = ""};
    struct rehearsal r;
    begin(&r, 4, (struct practice){.passes = 9, .vamp_first = 2, .vamp_last = 2}, 0, 0);
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct engine_take plan = take_of(&r);
    ck_assert_msg(engine_start(engine, &plan, &err), "%s", err.text);
    struct change change = {.kind = CHANGE_LAST_TIME, .drum = -1, .value = 1};
    ck_assert(engine_change(engine, &change));
    static float output[2 * LONGEST];
    int64_t frame = engine_first_frame(engine), skipped = 8 * 2 * RATE;
    while (engine_status(engine).playing) {
        engine_process(engine, NULL, output, 128);
        frame += 128;
        int64_t expected = frame >= 4 * RATE ? frame + skipped : frame;
        ck_assert_int_eq(engine_status(engine).frame, expected);
    }
    ck_assert_int_ge(frame, 10 * RATE);
    ck_assert_int_lt(frame, 10 * RATE + 128);
    engine_free(engine);
    end(&r);
}
END_TEST

/* A take of the virtual guitarist's, heard as sound. */
static struct take *rehearse(const struct rehearsal *r, const struct score *score,
                             const struct checkpoint *drummer, int take)
{
    struct error err = {.text = ""};
    struct guitar guitar;
    struct model *model = model_open(drummer, &err);
    ck_assert(model && guitar_open(&guitar, "virtual:odd-swinger", score, RATE, 3, take, &err));
    struct render_config config = {.model = model, .guitar = &guitar};
    struct engine_take plan = {.score = score, .settings = &r->settings, .stop_frame = INT64_MAX};
    struct take *record = render_take(&plan, &config, &err);
    ck_assert_msg(record != NULL, "%s", err.text);
    guitar_close(&guitar);
    model_close(model);
    return record;
}

/* How far off he was expected in the bars of a pass; 0: in all of the take. */
static double missed_ms(const struct take *take, const struct score *score, int pass)
{
    double sum = 0, g_ms;
    int count = 0;
    for (int i = 0; i < take->step_count; i++) {
        const struct passage *passage = practice_passage_of(score, take->steps[i].step);
        if ((pass == 0 || passage->pass == pass) && take_heard(take, i, &g_ms)) {
            sum += fabs(g_ms - take->steps[i].predicted_ms);
            count++;
        }
    }
    ck_assert_int_gt(count, 15);
    return sum / count;
}

/* Pass by pass he is known better; and a lesson of the loop is one of these bars of the song, so
 * that both the next loop and the song itself begin where this one ended. */
START_TEST(a_loop_teaches_its_bars)
{
    struct error err = {.text = ""};
    struct rehearsal r;
    begin(&r, 16, (struct practice){.passes = 6}, 9, 12);
    struct checkpoint *stranger = model_pretrained("groove", &err);
    struct take *first = rehearse(&r, r.score, stranger, 0);
    struct lesson_report report;
    struct checkpoint *taught =
        lesson_learn(stranger, r.score, first, &lesson_defaults, NULL, NULL, &report, &err);
    ck_assert_msg(taught != NULL, "%s", err.text);
    struct take *untaught_again = rehearse(&r, r.score, stranger, 1);
    struct take *taught_again = rehearse(&r, r.score, taught, 1);
    double begins_ms = missed_ms(first, r.score, 1), ends_ms = missed_ms(first, r.score, 6);
    double untaught_ms = missed_ms(untaught_again, r.score, 1);
    double taught_ms = missed_ms(taught_again, r.score, 1);
    r.settings.practice = (struct practice){0}; /* the same bars as the song has them */
    struct take *song_untaught = rehearse(&r, r.song, stranger, 1);
    struct take *song_taught = rehearse(&r, r.song, taught, 1);
    double song_untaught_ms = missed_ms(song_untaught, r.song, 0);
    double song_taught_ms = missed_ms(song_taught, r.song, 0);
    printf("practice: first pass %.1f ms, sixth %.1f; next loop's first %.1f (untaught %.1f), the "
           "song's bars %.1f (%.1f)\n",
           begins_ms, ends_ms, taught_ms, untaught_ms, song_taught_ms, song_untaught_ms);
    ck_assert_double_lt(ends_ms, 0.6 * begins_ms);
    ck_assert_double_lt(taught_ms, 0.6 * untaught_ms);
    ck_assert_double_lt(song_taught_ms, 0.6 * song_untaught_ms);
    take_free(first);
    take_free(untaught_again);
    take_free(taught_again);
    take_free(song_untaught);
    take_free(song_taught);
    checkpoint_free(stranger);
    checkpoint_free(taught);
    end(&r);
}
END_TEST

Suite *practice_suite(void)
{
    Suite *suite = suite_create("practice");
    TCase *tests = tcase_create("practice");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_loop_sounds_at_its_frames_and_plays_again);
    tcase_add_loop_test(tests, the_last_time_round_is_the_end_of_a_loop, 0,
                        sizeof last_times / sizeof *last_times);
    tcase_add_loop_test(tests, a_vamp_goes_on_when_the_guitar_is_back, 0, 6);
    tcase_add_test(tests, a_cough_ends_no_vamp);
    tcase_add_loop_test(tests, silent_bars_are_planned_and_not_heard, 0, 2);
    tcase_add_test(tests, every_beat_clicks_where_it_is_wanted);
    tcase_add_test(tests, the_click_goes_on_with_the_song);
    tcase_add_test(tests, the_position_is_where_the_score_is);
    tcase_add_test(tests, a_loop_teaches_its_bars);
    suite_add_tcase(suite, tests);
    return suite;
}
