/* Playing a record back: every hit and every sample of the guitar at its frame. */
#include "drums/mixer.h"
#include "rehearsal/drummer.h"
#include "rehearsal/hearing.h"
#include "rehearsal/playback.h"
#include "stand.h"
#include "suites.h"

enum { LEAD = 90, ATTACK = 90, SECONDS = 9, COUNT = SECONDS * RATE };

static struct score *score;
static struct kit *kit;
static struct mixer *mixer;
static struct take *a, *b;
static float *output; /* of the left side */

/* Every hit up to 30 ms from where it is written. */
static struct take *loose_take(uint64_t seed)
{
    struct rng rng;
    struct take_settings settings = plain_settings(1);
    struct take *take = take_new(score, &settings, 0, 0);
    ck_assert_ptr_nonnull(take);
    rng_seed(&rng, seed);
    for (int h = 0; h < score->hit_count; h++)
        take->hits[take->hit_count++] = (struct take_hit){
            .hit = h,
            .velocity = 100,
            .frame = llround((score->hits[h].scored_s + rng_between(&rng, -0.03, 0.03)) * RATE)};
    return take;
}

static void set_up(void)
{
    score = made_score(4, 120, 6);
    kit = impulse_kit(ATTACK);
    mixer = mixer_new(kit, RATE, HEARING_CHUNK);
    a = loose_take(1);
    b = loose_take(2);
    output = calloc(COUNT + HEARING_CHUNK, sizeof *output);
    ck_assert(mixer && output);
}

static void tear_down(void)
{
    free(output);
    take_free(a);
    take_free(b);
    mixer_free(mixer);
    kit_free(kit);
    score_free(score);
}

static struct playback_plan plan_of(const struct take *first, const struct take *second)
{
    return (struct playback_plan){.score = score,
                                  .drums = {first, second},
                                  .rate = RATE,
                                  .lead = LEAD,
                                  .first = -RATE / 10,
                                  .end = COUNT};
}

static struct playback *begin(const struct playback_plan *plan)
{
    struct playback *playback = playback_new(plan);
    ck_assert_ptr_nonnull(playback);
    mixer_reset(mixer, 0);
    return playback;
}

/* The next frames, in blocks of any size, to output[from] and on. */
static void render(struct playback *playback, int from, int count)
{
    static struct rng rng = {{1, 2, 3, 4}};
    float stereo[2 * HEARING_CHUNK];
    for (int done = 0, n; done < count; done += n) {
        n = 1 + (int)rng_below(&rng, HEARING_CHUNK);
        n = n < count - done ? n : count - done;
        playback_render(playback, mixer, stereo, n);
        for (int i = 0; i < n; i++)
            output[from + done + i] = stereo[2 * i];
    }
}

/* What the hits of `take` from frame `first` to `end` add up to when `first` sounds at `at`. */
static void expect_hits(const struct take *take, int64_t first, int64_t end, int64_t at,
                        float *wanted)
{
    for (int i = 0; i < take->hit_count; i++)
        if (take->hits[i].frame >= first && take->hits[i].frame < end)
            wanted[at + take->hits[i].frame - first] += 0.05f;
}

static void same_sound(const float *wanted, int count)
{
    for (int i = 0; i < count; i++)
        ck_assert_msg(fabsf(output[i] - wanted[i]) < 1e-6f, "frame %d: %g, not %g", i,
                      (double)output[i], (double)wanted[i]);
}

START_TEST(every_hit_sounds_at_its_frame)
{
    float *wanted = calloc(COUNT, sizeof *wanted);
    struct playback_plan plan = plan_of(a, NULL);
    struct playback *playback = begin(&plan);
    render(playback, 0, 1000); /* it stands still */
    ck_assert_int_eq(playback_status(playback).frame, plan.first);
    playback_go(playback, true);
    render(playback, 1000, COUNT - 1000);
    expect_hits(a, plan.first, COUNT - 1000 - LEAD - RATE / 10, 1000 + LEAD, wanted);
    same_sound(wanted, COUNT);
    ck_assert_int_eq(playback_status(playback).frame, plan.first + COUNT - 1000 - LEAD);
    playback_free(playback);
    free(wanted);
}
END_TEST

START_TEST(drums_that_were_out_are_silent)
{
    float *wanted = calloc(COUNT, sizeof *wanted);
    struct playback_plan plan = plan_of(a, NULL);
    a->settings.practice = (struct practice){.play_bars = 1, .out_bars = 1};
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    render(playback, 0, COUNT);
    int sounding = 0;
    for (int i = 0; i < a->hit_count; i++)
        if (score->steps[score->hits[a->hits[i].hit].step].at.bar % 2 == 0)
            a->hits[sounding++] = a->hits[i];
    ck_assert_int_gt(sounding, 10);
    ck_assert_int_lt(sounding, a->hit_count - 10);
    a->hit_count = sounding;
    expect_hits(a, plan.first, COUNT - LEAD - RATE / 10, LEAD, wanted);
    same_sound(wanted, COUNT);
    playback_free(playback);
    free(wanted);
}
END_TEST

/* A guitar that says at every sample which one it is. */
static struct sound counting_guitar(int count)
{
    struct sound guitar = {.samples = calloc((size_t)count, sizeof(float)), .count = count};
    for (int i = 0; i < count; i++)
        guitar.samples[i] = (float)(i + 1) / (1 << 20);
    return guitar;
}

START_TEST(the_guitar_sounds_at_its_frame)
{
    a->hit_count = 0;
    struct playback_plan plan = plan_of(a, NULL);
    plan.guitar = counting_guitar(2 * RATE);
    plan.guitar_frame = RATE / 3;
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    render(playback, 0, 3 * RATE);
    for (int i = 0; i < 3 * RATE; i++) {
        int64_t sample = i - LEAD + plan.first - plan.guitar_frame;
        bool there = sample >= 0 && sample < plan.guitar.count;
        ck_assert_float_eq(output[i], there ? plan.guitar.samples[sample] : 0);
    }
    playback_free(playback);
    sound_clear(&plan.guitar);
}
END_TEST

START_TEST(a_loop_goes_round_at_its_seam)
{
    enum { FIRST = RATE + 11, END = 2 * RATE + 77, LENGTH = END - FIRST };
    float *wanted = calloc(COUNT + LENGTH, sizeof *wanted);
    struct playback_plan plan = plan_of(a, NULL);
    struct playback *playback = begin(&plan);
    playback_loop(playback, FIRST, END);
    playback_go(playback, true);
    render(playback, 0, COUNT);
    for (int at = LEAD; at < COUNT; at += LENGTH)
        expect_hits(a, FIRST, END, at, wanted);
    same_sound(wanted, COUNT);
    free(wanted);
    playback_free(playback);
}
END_TEST

/* The guitar's seam is faded, and nothing of it is shifted. */
START_TEST(a_guitar_loops_without_a_click)
{
    enum { FIRST = RATE, END = 3 * RATE / 2, LENGTH = END - FIRST };
    a->hit_count = 0;
    struct playback_plan plan = plan_of(a, NULL);
    plan.guitar = counting_guitar(2 * RATE);
    struct playback *playback = begin(&plan);
    playback_loop(playback, FIRST, END);
    playback_go(playback, true);
    render(playback, 0, 4 * LENGTH);
    for (int i = LEAD + 1; i < 4 * LENGTH; i++) {
        int at = (i - LEAD) % LENGTH;
        ck_assert_float_le(fabsf(output[i] - output[i - 1]), 0.0003f);
        if (at > RATE / 100)
            ck_assert_float_eq(output[i], plan.guitar.samples[FIRST + at]);
    }
    playback_free(playback);
    sound_clear(&plan.guitar);
}
END_TEST

/* However often it is swapped, every hit sounds once: from A or from B. */
START_TEST(a_swap_neither_doubles_nor_drops_a_hit)
{
    struct rng rng;
    rng_seed(&rng, 5);
    struct playback_plan plan = plan_of(a, b);
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    double sum = 0;
    for (int done = 0, turn = 0, n; done < COUNT; done += n, turn++) {
        n = 100 + (int)rng_below(&rng, 3000);
        n = n < COUNT - done ? n : COUNT - done;
        playback_choose(playback, turn % 2);
        render(playback, done, n);
    }
    for (int i = 0; i < COUNT; i++)
        sum += output[i] / 0.05;
    ck_assert_int_eq(lround(sum), score->hit_count);
    playback_free(playback);
}
END_TEST

START_TEST(the_other_drummer_is_heard_at_once)
{
    float *wanted = calloc(COUNT, sizeof *wanted);
    struct playback_plan plan = plan_of(a, b);
    struct playback *playback = begin(&plan);
    playback_choose(playback, 1);
    playback_go(playback, true);
    render(playback, 0, COUNT);
    expect_hits(b, plan.first, COUNT - LEAD - RATE / 10, LEAD, wanted);
    same_sound(wanted, COUNT);
    playback_free(playback);
    free(wanted);
}
END_TEST

START_TEST(a_pause_goes_on_where_it_was)
{
    float *wanted = calloc(COUNT, sizeof *wanted);
    struct playback_plan plan = plan_of(a, NULL);
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    render(playback, 0, RATE);
    playback_go(playback, false);
    render(playback, RATE, RATE);
    ck_assert(!playback_status(playback).going);
    playback_go(playback, true);
    render(playback, 2 * RATE, RATE);
    int64_t stopped = plan.first + RATE;
    expect_hits(a, plan.first, stopped, LEAD, wanted);
    expect_hits(a, stopped, stopped + RATE - LEAD, 2 * RATE + LEAD, wanted);
    same_sound(wanted, 3 * RATE);
    playback_free(playback);
    free(wanted);
}
END_TEST

START_TEST(it_stops_at_the_end_and_begins_anew)
{
    struct playback_plan plan = plan_of(a, NULL);
    plan.end = RATE;
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    render(playback, 0, 2 * RATE);
    ck_assert(!playback_status(playback).going);
    playback_go(playback, true);
    render(playback, 0, 1000);
    ck_assert(playback_status(playback).going);
    ck_assert_int_eq(playback_status(playback).frame, plan.first + 1000 - LEAD);
    playback_seek(playback, COUNT + 5000); /* no further than its end */
    render(playback, 0, 1000);
    ck_assert_int_eq(playback_status(playback).frame, RATE);
    playback_seek(playback, RATE / 2);
    playback_go(playback, true);
    render(playback, 0, 2000);
    ck_assert_int_eq(playback_status(playback).frame, RATE / 2 + 2000 - LEAD);
    playback_free(playback);
}
END_TEST

START_TEST(each_may_be_heard_alone)
{
    struct playback_plan plan = plan_of(a, NULL);
    plan.guitar = counting_guitar(2 * RATE);
    struct playback *playback = begin(&plan);
    playback_balance(playback, 0, 1);
    render(playback, 0, RATE);
    playback_go(playback, true);
    render(playback, 0, 2 * RATE);
    for (int i = LEAD + RATE / 10; i < 2 * RATE; i++)
        ck_assert_float_eq(output[i], plan.guitar.samples[i - LEAD - RATE / 10]);
    playback_balance(playback, 1, 0);
    render(playback, 0, RATE);
    for (int i = RATE / 2; i < RATE; i++)
        ck_assert(output[i] == 0 || output[i] >= 0.05f); /* hits and nothing else */
    playback_free(playback);
    sound_clear(&plan.guitar);
}
END_TEST

START_TEST(a_take_of_another_rate_keeps_its_time)
{
    float *wanted = calloc(COUNT, sizeof *wanted);
    struct playback_plan plan = plan_of(a, NULL);
    a->settings.rate = 2 * RATE;
    struct playback *playback = begin(&plan);
    playback_go(playback, true);
    render(playback, 0, COUNT);
    for (int i = 0; i < a->hit_count; i++)
        a->hits[i].frame = llround((double)a->hits[i].frame / 2);
    expect_hits(a, plan.first, COUNT - LEAD - RATE / 10, LEAD, wanted);
    same_sound(wanted, COUNT);
    playback_free(playback);
    free(wanted);
}
END_TEST

/* Plays a take with nobody heard, from the score's time 0 and what comes before it, into `sounded`.
 */
static struct take *play_take(struct engine *engine, const struct model *model, float *sounded,
                              int64_t *first, int *count)
{
    struct error err = {.text = ""};
    struct take_settings settings = plain_settings(3);
    settings.controls.expression = 1.0;
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct drummer *drummer =
        drummer_new(score, model, &settings, engine_from_drummer(engine), NULL, &err);
    ck_assert_msg(drummer && engine_start(engine, &take, &err), "%s", err.text);
    *first = engine_first_frame(engine);
    for (*count = 0; engine_status(engine).playing; *count += 64) {
        struct to_drummer message;
        ck_assert_int_lt(*count, COUNT * 2);
        engine_process(engine, NULL, sounded + (size_t)*count * 2, 64);
        while (ring_pop(engine_to_drummer(engine), &message))
            drummer_receive(drummer, &message);
    }
    struct take *record = drummer_give_take(drummer);
    drummer_free(drummer);
    return record;
}

/* To the bit, but for the last block, in which the take was faded out. */
START_TEST(a_take_sounds_as_it_did)
{
    struct error err = {.text = ""};
    int64_t first;
    int count;
    float *sounded = calloc((size_t)COUNT * 4, sizeof *sounded), again[2 * HEARING_CHUNK];
    struct engine *engine = engine_new(kit, RATE, &err);
    struct model *model = small_drummer();
    struct take *record = play_take(engine, model, sounded, &first, &count);
    ck_assert_int_gt(record->hit_count, 20);
    struct playback_plan plan = plan_of(record, NULL);
    plan.first = first;
    struct playback *playback = playback_new(&plan);
    playback_go(playback, true);
    engine_listen(engine, playback);
    engine_process(engine, NULL, again, LEAD);
    for (int at = 0; at < count - HEARING_CHUNK; at += HEARING_CHUNK) {
        engine_process(engine, NULL, again, HEARING_CHUNK);
        ck_assert_msg(memcmp(again, sounded + (size_t)at * 2, sizeof again) == 0, "block at %d",
                      at);
    }
    ck_assert(engine_status(engine).listening);
    engine_stop(engine);
    engine_process(engine, NULL, again, HEARING_CHUNK);
    ck_assert(!engine_status(engine).listening);
    playback_free(playback);
    engine_free(engine);
    model_close(model);
    take_free(record);
    free(sounded);
}
END_TEST

Suite *playback_suite(void)
{
    Suite *suite = suite_create("playback");
    TCase *tests = tcase_create("playback");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_hit_sounds_at_its_frame);
    tcase_add_test(tests, drums_that_were_out_are_silent);
    tcase_add_test(tests, the_guitar_sounds_at_its_frame);
    tcase_add_test(tests, a_loop_goes_round_at_its_seam);
    tcase_add_test(tests, a_guitar_loops_without_a_click);
    tcase_add_test(tests, a_swap_neither_doubles_nor_drops_a_hit);
    tcase_add_test(tests, the_other_drummer_is_heard_at_once);
    tcase_add_test(tests, a_pause_goes_on_where_it_was);
    tcase_add_test(tests, it_stops_at_the_end_and_begins_anew);
    tcase_add_test(tests, each_may_be_heard_alone);
    tcase_add_test(tests, a_take_of_another_rate_keeps_its_time);
    tcase_add_test(tests, a_take_sounds_as_it_did);
    suite_add_tcase(suite, tests);
    return suite;
}
