#include "guitarist/string.h"
#include "rehearsal/engine.h"
#include "rehearsal/message.h"
#include "stand.h"
#include "suites.h"

#include <string.h>

enum { BLOCK = 64, MOST_DELAY = 4096 };

struct tally {
    int heard, own_drums, ignored, played;
};

/* A take that nobody plans: the engine strikes the scored hits, and they come back to the input
 * `delay` frames later, softer. */
static struct tally hear_own_drums(struct score *score, int delay, int64_t round_trip)
{
    static float past[MOST_DELAY]; /* the output as mono, a ring */
    struct error err = {.text = ""};
    struct kit *kit = impulse_kit(0);
    struct engine *engine = engine_new(kit, RATE, &err);
    struct take_settings settings = plain_settings(1);
    settings.round_trip_frames = round_trip;
    struct engine_take take = {
        .score = score, .settings = &settings, .listens = true, .stop_frame = INT64_MAX};
    ck_assert_msg(engine && engine_start(engine, &take, &err), "%s", err.text);
    memset(past, 0, sizeof past);
    struct tally tally = {.played = score->step_count};
    float input[BLOCK], output[2 * BLOCK];
    for (int64_t at = 0; engine_status(engine).playing; at += BLOCK) {
        for (int i = 0; i < BLOCK; i++)
            input[i] = 0.3f * past[(at + i - delay + MOST_DELAY) % MOST_DELAY];
        engine_process(engine, input, output, BLOCK);
        for (int i = 0; i < BLOCK; i++)
            past[(at + i) % MOST_DELAY] = output[2 * i];
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message)) {
            tally.heard += message.kind == TO_DRUMMER_HEARD;
            tally.ignored += message.kind == TO_DRUMMER_IGNORED;
            tally.own_drums +=
                message.kind == TO_DRUMMER_IGNORED && message.verdict == ONSET_OWN_DRUMS;
        }
    }
    ck_assert_uint_eq(engine_status(engine).onsets, (unsigned)tally.heard);
    engine_free(engine);
    kit_free(kit);
    return tally;
}

START_TEST(the_own_drums_come_back_and_are_known)
{
    static const int delays[] = {BLOCK, 777, 2400};
    struct score *score = made_score(16, 110, 5);
    for (int i = 0; i < 3; i++) {
        struct tally known = hear_own_drums(score, delays[i], delays[i]);
        struct tally unknown = hear_own_drums(score, delays[i], delays[i] + 1500);
        ck_assert_msg(known.heard < known.played / 5 && known.own_drums > known.played / 2 &&
                          unknown.heard > unknown.played / 2,
                      "%d steps back after %d frames: %d heard, %d known; with a wrong round trip "
                      "%d heard",
                      known.played, delays[i], known.heard, known.own_drums, unknown.heard);
    }
    score_free(score);
}
END_TEST

enum { GUITAR_S = 12, MOST_HEARD = 200 };

/* A strum three times a second. */
static float *made_guitar(void)
{
    float *samples = calloc((size_t)GUITAR_S * RATE, sizeof *samples);
    struct guitar_string *string = string_new(RATE, 3);
    ck_assert(samples && string);
    for (int at = 0; at < GUITAR_S * RATE; at += RATE / 3) {
        string_strum(string, 100 + at % 61, 110, 0.8);
        string_render(string, samples + at, RATE / 3);
    }
    string_free(string);
    return samples;
}

/* The onsets of a take whose guitar comes in `round_trip` frames late. */
static int hear_late(struct score *score, const float *guitar, int round_trip,
                     struct to_drummer onsets[MOST_HEARD])
{
    struct error err = {.text = ""};
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct take_settings settings = plain_settings(1);
    settings.round_trip_frames = round_trip;
    struct engine_take take = {
        .score = score, .settings = &settings, .listens = true, .stop_frame = 10 * RATE};
    ck_assert_msg(engine && engine_start(engine, &take, &err), "%s", err.text);
    float input[BLOCK], output[2 * BLOCK];
    int count = 0;
    for (int at = -round_trip; engine_status(engine).playing; at += BLOCK) {
        for (int i = 0; i < BLOCK; i++)
            input[i] = at + i < 0 ? 0.01f : guitar[at + i]; /* before the take something else */
        engine_process(engine, input, output, BLOCK);
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            if (message.kind == TO_DRUMMER_HEARD && message.heard_frame < 9 * RATE)
                onsets[count++] = message;
    }
    engine_free(engine);
    return count;
}

START_TEST(a_take_hears_the_same_at_every_round_trip)
{
    static const int round_trips[] = {64, 100, 777, 2400};
    struct score *score = made_score(8, 110, 5);
    float *guitar = made_guitar();
    struct to_drummer at_once[MOST_HEARD], late[MOST_HEARD];
    int count = hear_late(score, guitar, 0, at_once);
    ck_assert_int_gt(count, 20);
    for (int i = 0; i < 4; i++) {
        int round_trip = round_trips[i], heard = hear_late(score, guitar, round_trip, late);
        ck_assert_int_le(heard, count); /* one may come after the end */
        ck_assert_int_ge(heard, count - 1);
        for (int k = 0; k < heard; k++) {
            ck_assert_int_eq(late[k].frame, at_once[k].frame);
            ck_assert_int_eq(late[k].heard_frame, at_once[k].heard_frame + round_trip);
        }
    }
    free(guitar);
    score_free(score);
}
END_TEST

Suite *hearing_suite(void)
{
    Suite *suite = suite_create("hearing");
    TCase *tests = tcase_create("hearing");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_own_drums_come_back_and_are_known);
    tcase_add_test(tests, a_take_hears_the_same_at_every_round_trip);
    suite_add_tcase(suite, tests);
    return suite;
}
