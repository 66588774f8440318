/* Loops that are simulated, with everything that can go wrong with one. */
#include "suite.h"

#include "base/rng.h"
#include "listen/loop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLICKS = 10, SINC = 32 };

struct way {
    double delay_ms, gain;
};

struct loop {
    int rate;
    double level;       /* of the click as it is played */
    struct way ways[2]; /* the sound itself, an echo */
    int way_count;
    double room_s, room_gain; /* decay, and level against the sound itself */
    double high_hz, low_hz;   /* what a loudspeaker lets through; 0: everything */
    double noise, hum;        /* against full scale */
    double wow_ms;            /* the delay swings so far */
    int drop_outs;
    int lost;    /* frames that vanish halfway */
    double gain; /* of the input */
};

/* Adds the click at a time between two frames. */
static void put(float *out, int64_t length, const float *click, int count, double at, double gain)
{
    int64_t whole = (int64_t)floor(at);
    double part = at - (double)whole, taps[2 * SINC], sum = 0;
    for (int k = 0; k < 2 * SINC; k++) {
        double x = k - SINC + 1 - part;
        double window = 0.5 + 0.5 * cos(M_PI * x / (SINC + 1));
        taps[k] = fabs(x) < 1e-9 ? 1 : window * sin(M_PI * x) / (M_PI * x);
        sum += taps[k];
    }
    for (int i = -SINC; i < count + SINC; i++) {
        double y = 0;
        for (int k = 0; k < 2 * SINC; k++) {
            int j = i - (k - SINC + 1);
            y += j >= 0 && j < count ? taps[k] * click[j] : 0;
        }
        if (whole + i >= 0 && whole + i < length)
            out[whole + i] += (float)(gain * y / sum);
    }
}

/* A second-order Butterworth filter, in place. */
static void filter(float *x, int64_t count, int rate, double hz, bool high)
{
    double w = tan(M_PI * hz / rate), q = sqrt(2), n = 1 / (1 + q * w + w * w);
    double b = high ? n : w * w * n, a1 = 2 * (w * w - 1) * n, a2 = (1 - q * w + w * w) * n;
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (int64_t i = 0; i < count; i++) {
        double y = b * (x[i] + (high ? -2 : 2) * x1 + x2) - a1 * y1 - a2 * y2;
        x2 = x1;
        x1 = x[i];
        y2 = y1;
        y1 = y;
        x[i] = (float)y;
    }
}

/* Reflections that grow weaker; each click meets the same ones. */
static void add_room(const struct loop *loop, float *out, int64_t length, const float *click,
                     int count, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    double after_s = 0.001 + loop->ways[0].delay_ms / 1000;
    for (int n = 0; n < 60; n++) {
        after_s += rng_between(&rng, 0.0003, 0.004);
        double gain = loop->room_gain * exp(-6.9 * after_s / loop->room_s) * rng_normal(&rng);
        int64_t first = (int64_t)(after_s * loop->rate);
        for (int i = 0; i < count && first + i < length; i++)
            out[first + i] += (float)(gain * click[i]);
    }
}

/* What comes back of one click that was played at frame 0, the delay being so much longer. */
static void answer(const struct loop *loop, float *out, int64_t length, double more_ms,
                   uint64_t seed)
{
    float click[LOOP_LONGEST_CLICK];
    int count = loop_click(loop->rate, click);
    memset(out, 0, sizeof *out * (size_t)length);
    for (int i = 0; i < count; i++)
        click[i] *= (float)loop->level;
    for (int w = 0; w < loop->way_count; w++)
        put(out, length, click, count, (loop->ways[w].delay_ms + more_ms) * loop->rate / 1000,
            loop->ways[w].gain);
    if (loop->room_gain > 0)
        add_room(loop, out, length, click, count, seed);
}

static float *record(const struct loop *loop, const struct loop_plan *plan, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    int64_t long_enough = (int64_t)(0.4 * loop->rate);
    float *one = calloc((size_t)long_enough, sizeof *one);
    float *out = calloc((size_t)plan->length, sizeof *out);
    for (int k = 0; k < plan->clicks; k++) {
        double swing_ms = loop->wow_ms * sin(2 * M_PI * 0.6 * (double)plan->frame[k] / loop->rate);
        if (k == 0 || loop->wow_ms > 0)
            answer(loop, one, long_enough, swing_ms, seed + 7);
        for (int64_t i = 0; i < long_enough && plan->frame[k] + i < plan->length; i++)
            out[plan->frame[k] + i] += one[i];
    }
    free(one);
    if (loop->high_hz > 0)
        filter(out, plan->length, loop->rate, loop->high_hz, false);
    if (loop->low_hz > 0)
        filter(out, plan->length, loop->rate, loop->low_hz, true);
    for (int n = 0; n < loop->drop_outs; n++) {
        int64_t at = (int64_t)rng_between(&rng, 0, (double)plan->length);
        int64_t end = at + (int64_t)(rng_between(&rng, 0.005, 0.2) * loop->rate);
        for (; at < end && at < plan->length; at++)
            out[at] = 0;
    }
    if (loop->lost)
        memmove(out + plan->length / 2, out + plan->length / 2 + loop->lost,
                sizeof *out * (size_t)(plan->length - plan->length / 2 - loop->lost));
    double hum[4000]; /* a period of it */
    int period = loop->rate / 50;
    for (int i = 0; i < period; i++) {
        double t = 2 * M_PI * i / period;
        hum[i] = loop->hum * (sin(t) + 0.5 * sin(3 * t + 1) + 0.3 * sin(13 * t));
    }
    for (int64_t i = 0; i < plan->length; i++) {
        double x = loop->gain * out[i] + hum[i % period];
        x += loop->noise * sqrt(12) * (rng_uniform(&rng) - 0.5);
        out[i] = (float)fmax(-1, fmin(x, 1));
    }
    return out;
}

static struct loop_result measure(const struct loop *loop, uint64_t seed)
{
    struct loop_plan plan = loop_plan_make(loop->rate, CLICKS, seed);
    struct loop_result result;
    float *input = record(loop, &plan, seed + 1);
    ck_assert(loop_measure(&plan, input, &result, NULL));
    free(input);
    return result;
}

static double error_ms(const struct loop *loop, const struct loop_result *result)
{
    return 1000 * result->latency_frames / loop->rate - loop->ways[0].delay_ms;
}

static const struct loop cable = {
    .rate = 48000, .level = 0.03, .ways = {{9.3, 1}}, .way_count = 1, .gain = 1, .noise = 1e-5};

static bool chance(struct rng *rng, double part)
{
    return rng_uniform(rng) < part;
}

static double between_db(struct rng *rng, double low, double high)
{
    return pow(10, rng_between(rng, low, high) / 20);
}

static struct loop any_loop(struct rng *rng)
{
    static const int rates[] = {48000, 48000, 44100, 96000};
    struct loop loop = {
        .rate = rates[rng_below(rng, 4)], .level = between_db(rng, -30, -6), .way_count = 1};
    loop.ways[0] = (struct way){rng_between(rng, 3, 40), chance(rng, 0.3) ? -1 : 1};
    loop.gain = between_db(rng, -50, 0);
    loop.noise = loop.level * loop.gain * between_db(rng, -70, -10);
    if (chance(rng, 0.4)) {
        loop.way_count = 2;
        loop.ways[1] = (struct way){loop.ways[0].delay_ms + rng_between(rng, 0.2, 20),
                                    between_db(rng, -20, 10) * (chance(rng, 0.5) ? -1 : 1)};
    }
    if (chance(rng, 0.4)) {
        loop.room_s = rng_between(rng, 0.1, 0.8);
        loop.room_gain = between_db(rng, -20, 0);
    }
    if (chance(rng, 0.4)) {
        loop.high_hz = rng_between(rng, 4000, 12000);
        loop.low_hz = rng_between(rng, 60, 300);
    }
    if (chance(rng, 0.3))
        loop.hum = loop.level * loop.gain * between_db(rng, -30, 10);
    if (chance(rng, 0.15))
        loop.wow_ms = between_db(rng, -60, 0);
    if (chance(rng, 0.2))
        loop.drop_outs = 1 + (int)rng_below(rng, 6);
    if (chance(rng, 0.1))
        loop.lost = 16 + (int)rng_below(rng, 1000);
    if (chance(rng, 0.05))
        loop.gain *= 30;
    return loop;
}

/* Never a wrong figure; and not by refusing everything. */
START_TEST(right_or_refused)
{
    struct rng rng;
    int verdicts[LOOP_VERDICTS] = {0};
    enum { LOOPS = 1000 };
    for (int n = 0; n < LOOPS; n++) {
        rng_seed(&rng, 1000 + (uint64_t)n);
        struct loop loop = any_loop(&rng);
        struct loop_result result = measure(&loop, (uint64_t)n);
        verdicts[result.verdict]++;
        if (result.verdict == LOOP_MEASURED)
            ck_assert_msg(fabs(error_ms(&loop, &result)) <= 0.1, "loop %d: %.3f ms off", n,
                          error_ms(&loop, &result));
    }
    ck_assert_msg(verdicts[LOOP_MEASURED] > 3 * LOOPS / 4, "%d measured", verdicts[LOOP_MEASURED]);
}
END_TEST

START_TEST(a_cable_is_measured_to_a_microsecond)
{
    static const int rates[] = {8000, 44100, 48000, 96000, 192000};
    struct loop loop = cable;
    loop.rate = rates[_i];
    for (double ms = 3; ms < 40; ms += 7.43) {
        loop.ways[0].delay_ms = ms;
        loop.ways[0].gain = -loop.ways[0].gain;
        struct loop_result result = measure(&loop, 5);
        ck_assert_int_eq(result.verdict, LOOP_MEASURED);
        ck_assert_int_eq(result.used, CLICKS);
        ck_assert_double_lt(fabs(error_ms(&loop, &result)), 0.001 * fmax(1, 48000.0 / loop.rate));
        ck_assert_double_lt(result.spread_ms, 0.002);
        ck_assert_double_eq_tol(result.level_db, 20 * log10(0.03), 1);
        ck_assert_double_eq_tol(result.noise_db, -100, 1);
    }
}
END_TEST

static void refused(const struct loop *loop, enum loop_verdict verdict)
{
    struct loop_result result = measure(loop, 3);
    ck_assert_msg(result.verdict == verdict, "%s", loop_reason(result.verdict));
    ck_assert_double_eq(result.latency_frames, 0);
    ck_assert(loop_reason(verdict)[0] && loop_remedy(verdict)[0]);
}

START_TEST(each_trouble_has_its_reason)
{
    struct loop loop = cable;
    loop.gain = 0;
    refused(&loop, LOOP_NOTHING);
    loop.noise = 0; /* not even noise */
    refused(&loop, LOOP_NOTHING);
    loop.noise = 0.1;
    refused(&loop, LOOP_NOISY);
    loop = cable;
    loop.gain = 50;
    refused(&loop, LOOP_CLIPPED);
    loop = cable;
    loop.wow_ms = 0.4;
    refused(&loop, LOOP_UNEVEN);
    loop = cable;
    loop.lost = 128;
    refused(&loop, LOOP_UNEVEN);
    loop = cable;
    loop.way_count = 2; /* the sound itself a quarter of its echo */
    loop.ways[1] = (struct way){12, 4};
    refused(&loop, LOOP_ECHOES);
    loop = cable;
    loop.ways[0].delay_ms = 280;
    refused(&loop, LOOP_TOO_LONG);
    loop.ways[0].delay_ms = -3;
    refused(&loop, LOOP_TOO_LONG);
}
END_TEST

START_TEST(a_louder_echo_is_not_taken_for_the_sound)
{
    struct loop loop = cable;
    loop.way_count = 2;
    for (double after_ms = 0.5; after_ms < 20; after_ms *= 1.7) {
        loop.ways[1] = (struct way){loop.ways[0].delay_ms + after_ms, -1.6};
        struct loop_result result = measure(&loop, 9);
        ck_assert_int_eq(result.verdict, LOOP_MEASURED);
        ck_assert_double_lt(fabs(error_ms(&loop, &result)), 0.05);
    }
}
END_TEST

START_TEST(what_is_no_number_is_silence)
{
    struct loop_plan plan = loop_plan_make(48000, CLICKS, 1);
    float *input = malloc(sizeof *input * (size_t)plan.length);
    for (int64_t i = 0; i < plan.length; i++)
        input[i] = i % 3 ? NAN : INFINITY;
    struct loop_result result;
    ck_assert(loop_measure(&plan, input, &result, NULL));
    ck_assert_int_eq(result.verdict, LOOP_NOTHING);
    free(input);
}
END_TEST

START_TEST(clicks_keep_their_distance)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct loop_plan plan = loop_plan_make(44100, LOOP_MOST_CLICKS, seed);
        ck_assert_int_eq(plan.frame[0], 88200);
        for (int k = 1; k < plan.clicks; k++)
            ck_assert_int_ge(plan.frame[k] - plan.frame[k - 1], 44100 * 2 / 5);
        ck_assert_int_ge(plan.length - plan.frame[plan.clicks - 1], 44100 * 2 / 5);
    }
    float click[LOOP_LONGEST_CLICK];
    ck_assert_int_eq(loop_click(48000, click), 768);
    for (int i = 0; i < 768; i++)
        ck_assert_float_le(fabsf(click[i]), 1);
}
END_TEST

Suite *loop_suite(void);
Suite *loop_suite(void)
{
    Suite *suite = suite_create("loop");
    TCase *tcase = tcase_create("loop");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, right_or_refused);
    tcase_add_loop_test(tcase, a_cable_is_measured_to_a_microsecond, 0, 5);
    tcase_add_test(tcase, each_trouble_has_its_reason);
    tcase_add_test(tcase, a_louder_echo_is_not_taken_for_the_sound);
    tcase_add_test(tcase, what_is_no_number_is_silence);
    tcase_add_test(tcase, clicks_keep_their_distance);
    suite_add_tcase(suite, tcase);
    return suite;
}
