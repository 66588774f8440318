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

Suite *hearing_suite(void)
{
    Suite *suite = suite_create("hearing");
    TCase *tests = tcase_create("hearing");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_own_drums_come_back_and_are_known);
    suite_add_tcase(suite, tests);
    return suite;
}
