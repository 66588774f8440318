#include "suite.h"

#include "base/rng.h"
#include "drums/limiter.h"

#include <math.h>
#include <string.h>

enum { RATE = 48000, LENGTH = RATE / 2 };

static const float knee = 0.8f;

/* Full of hits up to three times too loud. */
static void make_noise(float *stereo, struct rng *rng, double loudest)
{
    double level[2] = {0, 0};
    for (int i = 0; i < 2 * LENGTH; i++) {
        if (rng_below(rng, 2000) == 0)
            level[i & 1] = rng_between(rng, 0, loudest);
        level[i & 1] *= 0.9995;
        stereo[i] = (float)(level[i & 1] * rng_between(rng, -1, 1));
    }
}

START_TEST(quiet_sound_is_left_alone)
{
    static float before[2 * LENGTH], after[2 * LENGTH];
    struct limiter limiter;
    struct rng rng;
    rng_seed(&rng, 1);
    make_noise(before, &rng, knee);
    memcpy(after, before, sizeof after);
    limiter_init(&limiter, RATE);
    limiter_process(&limiter, after, LENGTH);
    ck_assert_mem_eq(before, after, sizeof after);
}
END_TEST

START_TEST(nothing_is_above_full_scale)
{
    static float before[2 * LENGTH], after[2 * LENGTH];
    struct limiter limiter;
    struct rng rng;
    rng_seed(&rng, 2);
    make_noise(before, &rng, 3);
    memcpy(after, before, sizeof after);
    limiter_init(&limiter, RATE);
    limiter_process(&limiter, after, LENGTH);
    int bent = 0;
    for (int i = 0; i < LENGTH; i++) {
        float *in = before + 2 * i, *out = after + 2 * i;
        ck_assert(fabsf(out[0]) <= 1 && fabsf(out[1]) <= 1);
        ck_assert(fabsf(out[0]) <= fabsf(in[0]) && fabsf(out[1]) <= fabsf(in[1]));
        /* one gain for both sides: the drums stay where they are */
        ck_assert_double_lt(fabs((double)out[0] * in[1] - (double)out[1] * in[0]), 1e-6);
        bent += out[0] != in[0];
    }
    ck_assert_int_gt(bent, LENGTH / 10);
    ck_assert_int_lt(bent, LENGTH);
}
END_TEST

/* After a peak the gain comes back without a step, and all the way. */
START_TEST(it_lets_go_smoothly)
{
    static float stereo[2 * LENGTH];
    struct limiter limiter;
    limiter_init(&limiter, RATE);
    for (int i = 0; i < 2 * LENGTH; i++)
        stereo[i] = i < 2 ? 2.5f : 0.1f;
    limiter_process(&limiter, stereo, LENGTH);
    ck_assert_float_lt(stereo[2], 0.05f);
    for (int i = 2; i < LENGTH; i++) {
        ck_assert_float_ge(stereo[2 * i], stereo[2 * i - 2]);
        ck_assert_float_lt(stereo[2 * i] - stereo[2 * i - 2], 1e-4f);
    }
    ck_assert_float_eq(stereo[2 * LENGTH - 1], 0.1f);
}
END_TEST

START_TEST(blocks_make_no_difference)
{
    static float whole[2 * LENGTH], cut[2 * LENGTH];
    struct limiter limiter;
    struct rng rng;
    rng_seed(&rng, 3);
    make_noise(whole, &rng, 2);
    memcpy(cut, whole, sizeof cut);
    limiter_init(&limiter, RATE);
    limiter_process(&limiter, whole, LENGTH);
    limiter_init(&limiter, RATE);
    for (int done = 0, count; done < LENGTH; done += count) {
        count = 1 + (int)rng_below(&rng, 300);
        count = count < LENGTH - done ? count : LENGTH - done;
        limiter_process(&limiter, cut + 2 * done, count);
    }
    ck_assert_mem_eq(whole, cut, sizeof cut);
}
END_TEST

START_TEST(what_is_no_number_comes_out_clean)
{
    float stereo[] = {NAN, 0.5f, INFINITY, -INFINITY, -1e30f, 1e30f, 0, 0};
    struct limiter limiter;
    limiter_init(&limiter, RATE);
    limiter_process(&limiter, stereo, 4);
    ck_assert_float_eq(stereo[0], 0);
    ck_assert_float_eq(stereo[1], 0.5f);
    ck_assert(stereo[2] > 0.99f && stereo[2] <= 1 && stereo[3] < -0.99f && stereo[3] >= -1);
    ck_assert(stereo[4] >= -1 && stereo[5] <= 1);
    ck_assert(stereo[6] == 0 && stereo[7] == 0);
}
END_TEST

Suite *limiter_suite(void);
Suite *limiter_suite(void)
{
    Suite *suite = suite_create("limiter");
    TCase *tcase = tcase_create("limiter");
    tcase_add_test(tcase, quiet_sound_is_left_alone);
    tcase_add_test(tcase, nothing_is_above_full_scale);
    tcase_add_test(tcase, it_lets_go_smoothly);
    tcase_add_test(tcase, blocks_make_no_difference);
    tcase_add_test(tcase, what_is_no_number_comes_out_clean);
    suite_add_tcase(suite, tcase);
    return suite;
}
