#include "base/rng.h"
#include "rehearsal/engine.h"
#include "rehearsal/message.h"
#include "rehearsal/timeline.h"
#include "stand.h"
#include "suites.h"
#include "support/rt_guard.h"

#include <stdio.h>

/* A drummer who answers every request with random places within a hit's reach, or not at all. */
struct dice {
    struct rng rng;
    double silence; /* share of requests that are not answered */
    int64_t *planned;
    bool *sounds, *answered;
    int missed, stops;
    int64_t stop_frame;
};

static void answer(struct dice *dice, struct engine *engine, const struct score *score)
{
    struct to_drummer message;
    while (ring_pop(engine_to_drummer(engine), &message)) {
        if (message.kind == TO_DRUMMER_MISSED) {
            ck_assert(!dice->answered[message.step]);
            dice->missed++;
        } else if (message.kind == TO_DRUMMER_STOP) {
            dice->stops++;
            dice->stop_frame = message.frame;
        } else if (message.kind == TO_DRUMMER_PLAN) {
            const struct step *step = &score->steps[message.step];
            dice->answered[message.step] = rng_uniform(&dice->rng) >= dice->silence;
            for (int h = step->first_hit; h < step->first_hit + step->hit_count; h++) {
                double offset_ms = rng_between(&dice->rng, -50, 50);
                dice->sounds[h] = true;
                dice->planned[h] = llround(score->hits[h].scored_s * RATE);
                if (!dice->answered[message.step])
                    continue;
                dice->planned[h] += llround(offset_ms * RATE / 1000);
                struct to_engine hit = {TO_ENGINE_HIT, h, 100, dice->planned[h]};
                ck_assert(ring_push(engine_from_drummer(engine), &hit));
            }
            struct to_engine done = {.kind = TO_ENGINE_STEP, .index = message.step};
            if (dice->answered[message.step])
                ck_assert(ring_push(engine_from_drummer(engine), &done));
        }
    }
}

struct recording {
    float *left;
    int64_t first, count;
};

/* Plays a take in blocks of random size and returns what sounded. */
static struct recording record(struct engine *engine, const struct engine_take *take,
                               struct dice *dice, int longest)
{
    struct error err = {.text = ""};
    ck_assert_msg(engine_start(engine, take, &err), "%s", err.text);
    struct recording made = {.first = engine_first_frame(engine)};
    int64_t room = engine_last_frame(engine) - made.first + 2 * ENGINE_MAX_BLOCK;
    made.left = calloc((size_t)room, sizeof *made.left);
    float *block = calloc(2 * ENGINE_MAX_BLOCK, sizeof *block);
    ck_assert(made.left && block);
    while (engine_status(engine).playing) {
        int frames = 1 + (int)rng_below(&dice->rng, (uint32_t)longest);
        engine_process(engine, NULL, block, frames);
        for (int i = 0; i < frames; i++)
            made.left[made.count++] = block[2 * i];
        ck_assert_int_lt(made.count, room);
        answer(dice, engine, take->score);
    }
    free(block);
    return made;
}

static struct dice new_dice(const struct score *score, uint64_t seed, double silence)
{
    struct dice dice = {.silence = silence};
    rng_seed(&dice.rng, seed);
    dice.planned = calloc((size_t)score->hit_count, sizeof *dice.planned);
    dice.sounds = calloc((size_t)score->hit_count, sizeof *dice.sounds);
    dice.answered = calloc((size_t)score->step_count, sizeof *dice.answered);
    ck_assert(dice.planned && dice.sounds && dice.answered);
    return dice;
}

static void free_dice(struct dice *dice)
{
    free(dice->planned);
    free(dice->sounds);
    free(dice->answered);
}

/* Every hit is heard at its frame, and nothing is heard anywhere else. */
static void expect_hits(const struct recording *made, const struct dice *dice,
                        const struct score *score)
{
    int *expected = calloc((size_t)made->count, sizeof *expected);
    ck_assert_ptr_nonnull(expected);
    for (int h = 0; h < score->hit_count; h++) {
        int64_t at = dice->planned[h] - made->first;
        ck_assert(dice->sounds[h] && at >= 0 && at < made->count);
        expected[at]++;
    }
    int wrong = 0;
    for (int64_t i = 0; i < made->count; i++)
        wrong += (made->left[i] != 0.0f) != (expected[i] > 0);
    ck_assert_msg(wrong == 0, "%d frames sound wrongly", wrong);
    free(expected);
}

static void play_dice(uint64_t seed, double silence, int attack, int longest, int *missed)
{
    struct error err = {.text = ""};
    struct score *score = made_score(16, 130, seed);
    struct kit *kit = impulse_kit(attack);
    struct engine *engine = engine_new(kit, RATE, &err);
    ck_assert_msg(engine != NULL, "%s", err.text);
    struct take_settings settings = plain_settings(seed);
    settings.lead_frames = engine_lead_frames(RATE, longest);
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct dice dice = new_dice(score, seed, silence);
    struct recording made = record(engine, &take, &dice, longest);
    expect_hits(&made, &dice, score);
    struct engine_status status = engine_status(engine);
    ck_assert_uint_eq(status.late_frames, 0);
    ck_assert_uint_eq(status.lost, 0);
    ck_assert_uint_eq(status.missed, (unsigned)dice.missed);
    ck_assert_int_eq(dice.stops, 1);
    *missed = dice.missed;
    free(made.left);
    free_dice(&dice);
    engine_free(engine);
    kit_free(kit);
    score_free(score);
}

START_TEST(plans_sound_at_their_frame)
{
    int missed;
    play_dice(11 + (uint64_t)_i, 0.0, 40 * _i, 64 << _i, &missed);
    ck_assert_int_eq(missed, 0);
}
END_TEST

START_TEST(a_silent_drummer_never_moves_the_clock)
{
    int missed;
    play_dice(21, 0.3, 100, 200, &missed);
    ck_assert_int_gt(missed, 20);
    play_dice(22, 1.0, 100, 200, &missed);
    ck_assert_int_gt(missed, 100);
}
END_TEST

/* The messages of a take with given onsets, as text, for a block size. */
static char *messages(const struct score *score, int longest, const struct take_onset *onsets,
                      int count)
{
    struct error err = {.text = ""};
    struct engine *engine = engine_new(NULL, RATE, &err);
    ck_assert_msg(engine != NULL, "%s", err.text);
    struct take_settings settings = plain_settings(1);
    struct engine_take take = {.score = score,
                               .settings = &settings,
                               .listens = true,
                               .onsets = onsets,
                               .onset_count = count,
                               .stop_frame = 400000};
    ck_assert(engine_start(engine, &take, &err));
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    static float block[2 * ENGINE_MAX_BLOCK];
    while (engine_status(engine).playing) {
        engine_process(engine, NULL, block, longest);
        struct to_drummer m;
        while (ring_pop(engine_to_drummer(engine), &m))
            fprintf(out, "%d %d %lld\n", (int)m.kind, m.step, (long long)m.frame);
    }
    fclose(out);
    engine_free(engine);
    return text;
}

START_TEST(the_order_of_messages_does_not_depend_on_the_block)
{
    struct score *score = made_score(8, 110, 5);
    struct rng rng;
    rng_seed(&rng, 9);
    struct take_onset onsets[64];
    int64_t frame = 0;
    for (int i = 0; i < 64; i++) {
        frame += 2000 + rng_below(&rng, 8000);
        onsets[i] = (struct take_onset){.frame = frame - 100, .heard_frame = frame, .step = -1};
    }
    char *reference = messages(score, 1, onsets, 64);
    static const int sizes[] = {7, 64, 128, 256, 1000, 4096};
    for (int k = 0; k < 6; k++) {
        char *other = messages(score, sizes[k], onsets, 64);
        ck_assert_str_eq(reference, other);
        free(other);
    }
    free(reference);
    score_free(score);
}
END_TEST

/* "Every onset heard until that frame counts", and the frame itself is still within. */
START_TEST(an_onset_known_at_the_frame_of_a_plan_counts_for_it)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 110, 5);
    struct take_settings settings = plain_settings(1);
    struct timeline *timeline = timeline_new(score, &settings, 0, &err);
    ck_assert_ptr_nonnull(timeline);
    for (int late = 0; late < 2; late++) {
        int64_t heard = timeline->plan[7] + late;
        struct take_onset onset = {.frame = heard - 200, .heard_frame = heard, .step = -1};
        char *text = messages(score, 128, &onset, 1), heard_line[64], plan_line[64];
        snprintf(heard_line, sizeof heard_line, "%d -1 %lld\n", TO_DRUMMER_HEARD,
                 (long long)onset.frame);
        snprintf(plan_line, sizeof plan_line, "%d 7 ", TO_DRUMMER_PLAN);
        const char *first = strstr(text, heard_line), *second = strstr(text, plan_line);
        ck_assert(first && second);
        ck_assert_int_eq(first > second, late);
        free(text);
    }
    timeline_free(timeline);
    score_free(score);
}
END_TEST

/* More messages than the ring holds, and a drummer who wakes up in between. */
START_TEST(a_record_has_no_hole)
{
    enum { ONSETS = 70000 };
    struct error err = {.text = ""};
    struct score *score = made_score(16, 240, 5);
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct take_settings settings = plain_settings(1);
    struct take_onset *onsets = calloc(ONSETS, sizeof *onsets);
    ck_assert(engine && onsets);
    for (int i = 0; i < ONSETS; i++)
        onsets[i].frame = onsets[i].heard_frame = 8 * i;
    struct engine_take take = {.score = score,
                               .settings = &settings,
                               .listens = true,
                               .onsets = onsets,
                               .onset_count = ONSETS,
                               .stop_frame = INT64_MAX};
    ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
    static float block[2 * ENGINE_MAX_BLOCK];
    while (engine_status(engine).lost == 0)
        engine_process(engine, NULL, block, 256);
    struct to_drummer message = {.step = -1};
    int64_t heard = 0, next_step = 0;
    bool stopped = false;
    for (int received = 0; !stopped; received++) {
        ck_assert(ring_pop(engine_to_drummer(engine), &message));
        if (received < 8) /* one place is free */
            engine_process(engine, NULL, block, 256);
        if (message.kind == TO_DRUMMER_HEARD)
            ck_assert_int_eq(message.frame, 8 * heard++);
        else if (message.kind == TO_DRUMMER_PLAN)
            ck_assert_int_eq(message.step, next_step++);
        stopped = message.kind == TO_DRUMMER_STOP;
    }
    ck_assert(!engine_status(engine).playing);
    ck_assert(!ring_pop(engine_to_drummer(engine), &message));
    free(onsets);
    engine_free(engine);
    score_free(score);
}
END_TEST

START_TEST(a_stop_ends_the_take_quietly)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 100, 3);
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct take_settings settings = plain_settings(1);
    struct engine_take take = {
        .score = score, .settings = &settings, .count_in_bars = 1, .stop_frame = INT64_MAX};
    float block[256];
    ck_assert(engine_start(engine, &take, &err));
    ck_assert_int_lt(engine_first_frame(engine), -2 * RATE);
    for (int i = 0; i < 100; i++)
        engine_process(engine, NULL, block, 128);
    ck_assert(engine_status(engine).playing);
    engine_stop(engine);
    engine_process(engine, NULL, block, 128);
    ck_assert(!engine_status(engine).playing);
    engine_process(engine, NULL, block, 128);
    for (int i = 0; i < 256; i++)
        ck_assert_float_eq(block[i], 0.0f);
    ck_assert_msg(engine_start(engine, &take, &err), "the engine can play again");
    engine_free(engine);
    score_free(score);
}
END_TEST

START_TEST(rubbish_at_the_input_is_silence)
{
    struct error err = {.text = ""};
    struct engine *engine = engine_new(NULL, RATE, &err);
    float in[128], out[256];
    for (int i = 0; i < 128; i++)
        in[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : 0.25f;
    engine_process(engine, in, out, 128);
    ck_assert_float_eq(engine_status(engine).input_peak, 0.25f);
    for (int i = 0; i < 256; i++)
        ck_assert_float_eq(out[i], 0.0f);
    engine_free(engine);
}
END_TEST

/* What a guitarist's take sounds like, and how many onsets are heard, with noise at the input. */
static float *guitar_sound(struct engine *engine, const struct score *score, float noise,
                           unsigned *onsets)
{
    enum { BLOCKS = 1500 };
    struct error err = {.text = ""};
    struct take_settings settings = plain_settings(1);
    struct guitarist *guitarist = guitarist_new(score, &(struct guitarist_options){0}, &err);
    ck_assert_ptr_nonnull(guitarist);
    guitarist_start(guitarist, 0);
    struct engine_take take = {.score = score,
                               .settings = &settings,
                               .listens = true,
                               .guitarist = guitarist,
                               .monitor = 1.0f,
                               .stop_frame = INT64_MAX};
    ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
    float *sound = calloc((size_t)BLOCKS * 256, sizeof *sound), input[128];
    struct rng rng;
    rng_seed(&rng, 1);
    for (int block = 0; block < BLOCKS; block++) {
        for (int i = 0; i < 128; i++)
            input[i] = block % 100 < 50 ? noise * (float)rng_normal(&rng) : 0.0f;
        engine_process(engine, input, sound + (size_t)block * 256, 128);
    }
    engine_stop(engine);
    engine_process(engine, NULL, (float[256]){0}, 128);
    *onsets = engine_status(engine).onsets;
    guitarist_free(guitarist);
    return sound;
}

/* A microphone would be fed back by the monitor; a chord of the take before would be heard as one
 * of this. */
START_TEST(a_virtual_guitarist_is_heard_alone)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 120, 3);
    struct engine *engine = engine_new(NULL, RATE, &err);
    unsigned quiet, noisy;
    float *one = guitar_sound(engine, score, 0.0f, &quiet);
    float *two = guitar_sound(engine, score, 0.3f, &noisy);
    ck_assert_uint_gt(quiet, 5);
    ck_assert_uint_eq(quiet, noisy);
    ck_assert_mem_eq(one, two, 1500 * 256 * sizeof *one);
    free(one);
    free(two);
    engine_free(engine);
    score_free(score);
}
END_TEST

/* The frames of the first eight onsets heard of a click every quarter second. */
static void hear_clicks(struct engine *engine, const struct score *score, int64_t round_trip,
                        int64_t frames[8])
{
    struct error err = {.text = ""};
    struct take_settings settings = plain_settings(1);
    settings.round_trip_frames = round_trip;
    struct engine_take take = {
        .score = score, .settings = &settings, .listens = true, .stop_frame = INT64_MAX};
    ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
    float input[RATE / 4] = {0}, output[2 * 4000];
    for (int i = 0; i < 8000; i++)
        input[4000 + i] = 0.5f * sinf(0.06f * (float)i) * expf(-0.002f * (float)i);
    for (int got = 0; got < 8;) {
        struct to_drummer message;
        for (int at = 0; at < RATE / 4; at += 4000)
            engine_process(engine, input + at, output, 4000);
        ck_assert(engine_status(engine).playing);
        while (ring_pop(engine_to_drummer(engine), &message))
            if (message.kind == TO_DRUMMER_HEARD && got < 8)
                frames[got++] = message.frame;
    }
    engine_stop(engine);
    engine_process(engine, NULL, output, 128);
}

START_TEST(the_round_trip_is_taken_off_what_is_heard)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 120, 3);
    struct engine *engine = engine_new(NULL, RATE, &err);
    int64_t near[8], far[8];
    hear_clicks(engine, score, 0, near);
    hear_clicks(engine, score, 480, far);
    int64_t first = engine_first_frame(engine);
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(near[i] - far[i], 480);
        int64_t struck = first + 4000 + i * (RATE / 4);
        ck_assert_int_le(llabs(near[i] - struck), RATE / 500);
    }
    engine_free(engine);
    score_free(score);
}
END_TEST

START_TEST(rates_nobody_plays_at_are_refused)
{
    struct error err = {.text = ""};
    ck_assert_ptr_null(engine_new(NULL, 1000, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "1000 frames a second"));
    ck_assert_ptr_null(engine_new(NULL, 1000000, &err));
}
END_TEST

/* The whole of a take under the guard: real drums, a guitar that is heard, a drummer who answers.
 */
START_TEST(a_block_allocates_and_locks_nothing)
{
    struct error err = {.text = ""};
    struct score *score = made_score(16, 125, 4);
    struct take_settings settings = plain_settings(1);
    struct guitarist *guitarist =
        guitarist_new(score, &(struct guitarist_options){.name = "swinger"}, &err);
    char soundfont[4096];
    bool pitches[128] = {[36] = true, [38] = true, [42] = true, [49] = true};
    struct kit *kit = kit_find_soundfont(NULL, soundfont, sizeof soundfont, &err)
                          ? kit_load(soundfont, pitches, RATE, &err)
                          : impulse_kit(50);
    struct engine *engine = engine_new(kit, RATE, &err);
    ck_assert(guitarist && kit && engine);
    guitarist_start(guitarist, 0);
    struct engine_take take = {.score = score,
                               .settings = &settings,
                               .count_in_bars = 1,
                               .listens = true,
                               .guitarist = guitarist,
                               .monitor = 0.5f,
                               .stop_frame = INT64_MAX};
    struct dice dice = new_dice(score, 3, 0.1);
    float input[128] = {0}, block[256];
    int blocks = 0, calls = 0;
    ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
    for (; engine_status(engine).playing; blocks++) {
        rt_guard_begin();
        engine_process(engine, input, block, 128);
        calls += rt_guard_end();
        answer(&dice, engine, score);
    }
    ck_assert_int_gt(blocks, 10000);
    ck_assert_uint_gt(engine_status(engine).onsets, 60);
    ck_assert_msg(calls == 0, "%d calls in %d blocks", calls, blocks);
    free_dice(&dice);
    engine_free(engine);
    kit_free(kit);
    guitarist_free(guitarist);
    score_free(score);
}
END_TEST

Suite *engine_suite(void)
{
    Suite *suite = suite_create("engine");
    TCase *tests = tcase_create("engine");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, plans_sound_at_their_frame, 0, 5);
    tcase_add_test(tests, a_silent_drummer_never_moves_the_clock);
    tcase_add_test(tests, the_order_of_messages_does_not_depend_on_the_block);
    tcase_add_test(tests, an_onset_known_at_the_frame_of_a_plan_counts_for_it);
    tcase_add_test(tests, a_record_has_no_hole);
    tcase_add_test(tests, the_round_trip_is_taken_off_what_is_heard);
    tcase_add_test(tests, a_stop_ends_the_take_quietly);
    tcase_add_test(tests, rubbish_at_the_input_is_silence);
    tcase_add_test(tests, a_virtual_guitarist_is_heard_alone);
    tcase_add_test(tests, rates_nobody_plays_at_are_refused);
    tcase_add_test(tests, a_block_allocates_and_locks_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
