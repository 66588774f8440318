/* What is taken in during a take comes out of its recording. */
#include "audio/recording.h"
#include "rehearsal/recorder.h"
#include "stand.h"
#include "suites.h"
#include "support/rt_guard.h"

#include <time.h>

static struct error err;

/* One of 16 bits' own values, another each time. */
static float sample_at(int64_t i)
{
    return (float)(i * 7919 % 20011 - 10005) / 32768;
}

static void take_in(struct recorder *recorder, int64_t from, int count)
{
    float block[300];
    for (int done = 0, n = 1; done < count; done += n, n = n % 299 + 1) {
        n = n < count - done ? n : count - done;
        for (int i = 0; i < n; i++)
            block[i] = sample_at(from + done + i);
        rt_guard_begin();
        recorder_take_in(recorder, block, n);
        ck_assert_int_eq(rt_guard_end(), 0);
    }
}

static void expect_all(struct recorder *recorder, int count)
{
    struct take_recording recording;
    struct sound sound;
    ck_assert_msg(recorder_finish(recorder, &recording, &err), "%s", err.text);
    ck_assert_int_eq(recording.first_frame, -1234);
    ck_assert_msg(recording_read(recording.bytes, recording.size, 0, 100, &sound, &err), "%s",
                  err.text);
    ck_assert_int_eq(sound.count, count);
    for (int i = 0; i < count; i++)
        ck_assert_float_eq(sound.samples[i], sample_at(i));
    sound_clear(&sound);
    free(recording.bytes);
}

START_TEST(a_thread_encodes_it)
{
    struct recorder *recorder = recorder_new(RATE, &err);
    ck_assert(recorder && recorder_run(recorder, &err));
    recorder_begin(recorder, -1234);
    for (int second = 0; second < 4; second++) {
        take_in(recorder, second * RATE, RATE);
        nanosleep(&(struct timespec){.tv_nsec = 250000000}, NULL);
    }
    expect_all(recorder, 4 * RATE);
    recorder_free(recorder);
}
END_TEST

START_TEST(or_whoever_plays_it)
{
    struct recorder *recorder = recorder_new(RATE, &err);
    recorder_begin(recorder, -1234);
    for (int second = 0; second < 20; second++, recorder_encode(recorder))
        take_in(recorder, second * RATE, RATE);
    take_in(recorder, 20 * RATE, 100);
    expect_all(recorder, 20 * RATE + 100);
    recorder_free(recorder);
}
END_TEST

START_TEST(a_hole_makes_it_worthless)
{
    struct take_recording recording;
    struct recorder *recorder = recorder_new(RATE, &err);
    take_in(recorder, 0, 20 * RATE); /* and nobody takes it away */
    ck_assert(!recorder_finish(recorder, &recording, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too busy"));
    ck_assert_ptr_null(recording.bytes);
    recorder_free(recorder);
}
END_TEST

START_TEST(of_silence_nothing_is_kept)
{
    float silence[100] = {0};
    struct take_recording recording;
    struct recorder *recorder = recorder_new(RATE, &err);
    for (int i = 0; i < 1000; i++)
        recorder_take_in(recorder, silence, 100);
    ck_assert_msg(recorder_finish(recorder, &recording, &err), "%s", err.text);
    ck_assert_ptr_null(recording.bytes);
    recorder_free(recorder);
}
END_TEST

/* The sample that was taken in at a frame of the take is found at that frame, where the take begins
 * by itself and where it joins a guitar that sounds already. */
START_TEST(it_knows_when_it_began)
{
    enum { BEFORE = 1000, ZERO = 5000, PLUCK = 30000, BLOCK = 100 };
    struct take_settings settings = plain_settings(1);
    struct score *score = made_score(4, 120, 6);
    float input[BLOCK], output[2 * BLOCK];
    for (int joins = 0; joins < 2; joins++) {
        struct engine *engine = engine_new(NULL, RATE, &err);
        struct recorder *recorder = recorder_new(RATE, &err);
        struct take_recording recording;
        struct sound sound;
        struct engine_take take = {.score = score,
                                   .settings = &settings,
                                   .count_in_bars = 1,
                                   .listens = true,
                                   .recorder = recorder,
                                   .stop_frame = INT64_MAX,
                                   .joins = joins,
                                   .zero = ZERO};
        int plucked = 0;
        int64_t frame = 0;
        for (int clock = 0; clock < 60000; clock += BLOCK) {
            if (clock == BEFORE)
                ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
            if (clock == PLUCK)
                frame = engine_status(engine).frame;
            for (int i = 0; i < BLOCK; i++)
                input[i] = clock == PLUCK && i == 0 ? 0.5f : 0.0f;
            engine_process(engine, input, output, BLOCK);
        }
        engine_stop(engine);
        engine_process(engine, NULL, output, BLOCK);
        ck_assert(joins ? frame == PLUCK - ZERO : frame < 0);
        ck_assert_msg(recorder_finish(recorder, &recording, &err), "%s", err.text);
        ck_assert(recording_read(recording.bytes, recording.size, 0, 10, &sound, &err));
        while (plucked < sound.count && sound.samples[plucked] < 0.4f)
            plucked++;
        ck_assert_int_eq(recording.first_frame + plucked, frame);
        sound_clear(&sound);
        free(recording.bytes);
        recorder_free(recorder);
        engine_free(engine);
    }
    score_free(score);
}
END_TEST

/* A take that is given up leaves its thread and its memory behind nowhere. */
START_TEST(it_may_be_given_up)
{
    struct recorder *recorder = recorder_new(RATE, &err);
    ck_assert(recorder_run(recorder, &err));
    take_in(recorder, 0, 1000);
    recorder_free(recorder);
    recorder_free(NULL);
}
END_TEST

Suite *recorder_suite(void)
{
    Suite *suite = suite_create("recorder");
    TCase *tests = tcase_create("recorder");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_thread_encodes_it);
    tcase_add_test(tests, or_whoever_plays_it);
    tcase_add_test(tests, a_hole_makes_it_worthless);
    tcase_add_test(tests, of_silence_nothing_is_kept);
    tcase_add_test(tests, it_knows_when_it_began);
    tcase_add_test(tests, it_may_be_given_up);
    suite_add_tcase(suite, tests);
    return suite;
}
