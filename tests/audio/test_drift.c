/* Two simulated sound cards whose callbacks come late by chance. */
#include "suite.h"

#include "audio/drift.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

enum { RATE = 48000, TONE_HZ = 750, WINDOW = RATE / TONE_HZ * 8 };

struct cards {
    double ppm;        /* the input's clock against the output's */
    int input, output; /* periods */
    double jitter;     /* the latest callback, in periods */
    double seconds;
    double hold_s; /* once, in the middle: no callback of the input for so long, then all */
    double lose_s; /* once, in the middle: so much of the input is lost, */
    bool tell;     /* and the driver says so */
};

struct result {
    double locked_s; /* when it was said, -1: never */
    double worst_ms; /* of the time of what was read, from then on */
    double unclean;  /* the largest difference from a pure tone, from then on */
    double late_ppm; /* error of the figure after 30 s and later */
    unsigned slips;
    double delay;
};

/* The phase of the tone in a window says where it was read; what is left is not tone. */
static void judge(const float *window, double first, const struct cards *cards, double delay,
                  struct result *result)
{
    double turn = 2 * M_PI * TONE_HZ / RATE, faster = 1 + 1e-6 * cards->ppm;
    double sum[2] = {0}, phase[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
        phase[i] = turn * (faster * (first + i) - delay);
        sum[0] += window[i] * sin(phase[i]);
        sum[1] += window[i] * cos(phase[i]);
    }
    double off = atan2(sum[1], sum[0]);
    result->worst_ms = fmax(result->worst_ms, fabs(off) / turn / RATE * 1000);
    for (int i = 0; i < WINDOW; i++)
        result->unclean = fmax(result->unclean, fabs(window[i] - 0.5 * sin(phase[i] + off)));
}

static struct result run(const struct cards *cards, uint64_t seed)
{
    struct result result = {.locked_s = -1};
    struct drift *drift = drift_new(RATE);
    struct rng rng;
    rng_seed(&rng, seed);
    float block[DEVICE_MAX_FRAMES], window[WINDOW];
    double faster = 1 + 1e-6 * cards->ppm;
    double in_s = cards->input / (RATE * faster), out_s = cards->output / (double)RATE;
    double next_in = in_s, next_out = out_s * 0.37, out_start = next_out;
    double late_in = 0, late_out = 0, held_until = -1;
    int64_t written = 0, read = 0;
    int filled = 0;
    bool done = false;
    while (next_out < cards->seconds) {
        if (next_in + late_in <= next_out + late_out) {
            bool lost = false, middle = !done && next_in > cards->seconds / 2;
            if (middle && cards->hold_s > 0)
                held_until = next_in + cards->hold_s;
            if (middle && cards->lose_s > 0) {
                next_in += cards->lose_s;
                lost = cards->tell;
            }
            done = done || middle;
            for (int i = 0; i < cards->input; i++, written++)
                block[i] = 0.5f * (float)sin(2 * M_PI * TONE_HZ / RATE * (double)(written % RATE));
            drift_write(drift, block, 1, cards->input, lost, next_in + late_in);
            next_in += in_s;
            late_in = rng_between(&rng, 0, cards->jitter * in_s);
            late_in = fmax(late_in, held_until - next_in);
        } else {
            drift_read(drift, block, cards->output, false, next_out + late_out);
            struct device_drift state = drift_state(drift);
            if (state.locked && result.locked_s < 0)
                result.locked_s = next_out;
            bool settled = result.locked_s >= 0 && next_out > result.locked_s + 1;
            if (settled && next_out > 30)
                result.late_ppm = fmax(result.late_ppm, fabs(state.ppm - cards->ppm));
            for (int i = 0; i < cards->output; i++, read++) {
                window[filled++] = block[i];
                if (filled < WINDOW)
                    continue;
                filled = 0;
                /* input frame 0 was taken at time 0, output frame 0 at out_start */
                if (settled && !cards->lose_s && !cards->hold_s)
                    judge(window, (double)(read + 1 - WINDOW) + out_start * RATE, cards,
                          drift_delay_frames(drift), &result);
            }
            next_out += out_s;
            late_out = rng_between(&rng, 0, cards->jitter * out_s);
        }
    }
    result.slips = drift_state(drift).slips;
    result.delay = drift_delay_frames(drift);
    drift_free(drift);
    return result;
}

/* Calls come up to half a period, then up to a whole one late, at random. */
START_TEST(clocks_are_brought_together)
{
    static const double ppms[] = {0, -1, 20, 200, -500};
    static const int periods[][2] = {{128, 128}, {64, 128}, {128, 64}, {64, 64}};
    const double ppm = ppms[_i / 4];
    const int *period = periods[_i % 4];
    for (int half = 1; half <= 2; half++) {
        struct cards cards = {.ppm = ppm,
                              .input = period[0],
                              .output = period[1],
                              .jitter = 0.5 * half,
                              .seconds = 60};
        struct result r = run(&cards, (uint64_t)(2 * _i + half));
        ck_assert_msg(r.locked_s >= 0 && r.locked_s < 30, "locked after %.1f s", r.locked_s);
        ck_assert_msg(r.worst_ms < 0.1, "%.3f ms off", r.worst_ms);
        ck_assert_msg(r.unclean < 0.02, "unclean by %.3f", r.unclean);
        ck_assert_msg(r.late_ppm < 2, "%.2f ppm off", r.late_ppm);
        ck_assert_uint_eq(r.slips, 0);
        ck_assert_double_gt(r.delay, period[0]);
        ck_assert_double_lt(r.delay, 4 * 128);
    }
}
END_TEST

/* A thread that was held up loses nothing, and the line does not follow it. */
START_TEST(a_callback_that_was_held_up_moves_nothing)
{
    struct cards cards = {
        .ppm = 80, .input = 128, .output = 128, .jitter = 0.3, .seconds = 60, .hold_s = 0.015};
    struct result r = run(&cards, 5);
    ck_assert_msg(r.late_ppm < 2, "%.2f ppm off", r.late_ppm);
    ck_assert_uint_le(r.slips, 6); /* what was not there when its time came */
}
END_TEST

/* Lost input is a jump, told or not; the clocks are known as well as before. */
START_TEST(lost_input_is_a_jump)
{
    struct cards cards = {.ppm = -80,
                          .input = 128,
                          .output = 128,
                          .jitter = 0.3,
                          .seconds = 60,
                          .lose_s = _i ? 0.004 : 0.1,
                          .tell = _i};
    struct result r = run(&cards, 6);
    ck_assert_uint_ge(r.slips, _i ? 0 : 1);
    ck_assert_uint_le(r.slips, 230);
    ck_assert_msg(r.late_ppm < 2, "%.2f ppm off", r.late_ppm);
}
END_TEST

START_TEST(nothing_is_silence)
{
    struct drift *drift = drift_new(RATE);
    float out[128] = {1}, bad[4] = {NAN, INFINITY, -INFINITY, 0};
    drift_read(drift, out, 128, false, 0);
    drift_read(drift, out, 128, false, 1);
    for (int i = 0; i < 128; i++)
        ck_assert_float_eq(out[i], 0);
    ck_assert(!drift_state(drift).locked);
    ck_assert_double_eq(drift_delay_frames(drift), 0);
    for (int n = 0; n < 400; n++) {
        drift_write(drift, bad, 2, 2, false, 2 + 2.0 * n / RATE);
        drift_read(drift, out, 2, false, 2 + 2.0 * n / RATE);
        ck_assert_float_eq(out[0], 0);
    }
    drift_free(drift);
    drift_free(NULL);
}
END_TEST

Suite *drift_suite(void);
Suite *drift_suite(void)
{
    Suite *suite = suite_create("drift");
    TCase *tcase = tcase_create("drift");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, clocks_are_brought_together, 0, 20);
    tcase_add_test(tcase, a_callback_that_was_held_up_moves_nothing);
    tcase_add_loop_test(tcase, lost_input_is_a_jump, 0, 2);
    tcase_add_test(tcase, nothing_is_silence);
    suite_add_tcase(suite, tcase);
    return suite;
}
