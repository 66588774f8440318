#include "suite.h"

#include "base/rng.h"
#include "drums/reverb.h"

#include <math.h>
#include <string.h>

enum { RATE = 48000, LENGTH = RATE };

/* A click in the middle, and the room's answer to it. */
static void answer_to_click(struct reverb *reverb, float *stereo, int length, float amount)
{
    memset(stereo, 0, sizeof *stereo * 2 * (size_t)length);
    stereo[0] = stereo[1] = 1;
    reverb_clear(reverb);
    reverb_process(reverb, stereo, length, amount);
    ck_assert_float_eq(stereo[0], 1);
    stereo[0] = stereo[1] = 0;
}

static double energy(const float *stereo, int from, int to)
{
    double sum = 0;
    for (int i = 2 * from; i < 2 * to; i++)
        sum += (double)stereo[i] * stereo[i];
    return sum;
}

/* Nothing before the nearest wall, a crowd of echoes soon, and silence within a second, at every
 * rate. */
START_TEST(it_rings_like_a_small_room)
{
    static const int rates[] = {8000, 44100, 48000, 96000, 192000};
    int rate = rates[_i], length = rate;
    struct reverb *reverb = reverb_new(rate);
    float *stereo = malloc(sizeof *stereo * 2 * (size_t)length);
    answer_to_click(reverb, stereo, length, 1);
    ck_assert(energy(stereo, 0, rate / 100) == 0);
    int echoes = 0;
    for (int i = rate / 20; i < rate / 10; i++)
        echoes += fabsf(stereo[2 * i]) > 1e-6f;
    ck_assert_int_gt(echoes, rate / 40);
    double early = energy(stereo, 0, rate / 20),
           late = energy(stereo, rate / 2, rate / 2 + rate / 20);
    double fall_db = 10 * log10(early / late);
    ck_assert_msg(fall_db > 50 && fall_db < 110, "%g dB in half a second", fall_db);
    free(stereo);
    reverb_free(reverb);
}
END_TEST

/* What enters at the middle comes back from both sides, as strong, and not the same. */
START_TEST(both_sides_answer)
{
    static float stereo[2 * LENGTH];
    struct reverb *reverb = reverb_new(RATE);
    answer_to_click(reverb, stereo, LENGTH, 1);
    double sides[2] = {0, 0}, both = 0;
    for (int i = 0; i < LENGTH; i++) {
        sides[0] += (double)stereo[2 * i] * stereo[2 * i];
        sides[1] += (double)stereo[2 * i + 1] * stereo[2 * i + 1];
        both += (double)stereo[2 * i] * stereo[2 * i + 1];
    }
    ck_assert_double_lt(fabs(10 * log10(sides[0] / sides[1])), 2);
    ck_assert_double_lt(fabs(both) / sqrt(sides[0] * sides[1]), 0.3);
    reverb_free(reverb);
}
END_TEST

START_TEST(twice_the_amount_is_twice_as_much)
{
    static float half[2 * LENGTH], whole[2 * LENGTH];
    struct reverb *reverb = reverb_new(RATE);
    answer_to_click(reverb, half, LENGTH, 0.25f);
    answer_to_click(reverb, whole, LENGTH, 0.5f);
    for (int i = 0; i < 2 * LENGTH; i++)
        ck_assert_double_lt(fabs(whole[i] - 2 * half[i]), 1e-6);
    reverb_free(reverb);
}
END_TEST

static void make_noise(float *stereo, struct rng *rng)
{
    for (int i = 0; i < 2 * LENGTH; i++)
        stereo[i] = (float)rng_between(rng, -0.5, 0.5);
}

START_TEST(off_is_off)
{
    static float before[2 * LENGTH], after[2 * LENGTH];
    struct reverb *reverb = reverb_new(RATE);
    struct rng rng;
    rng_seed(&rng, 4);
    make_noise(before, &rng);
    memcpy(after, before, sizeof after);
    reverb_process(reverb, after, LENGTH, 0);
    ck_assert_mem_eq(before, after, sizeof after);
    /* turned off while it rings: it fades, and nothing of it comes back later */
    reverb_process(reverb, after, LENGTH, 1);
    memcpy(after, before, sizeof after);
    reverb_process(reverb, after, LENGTH, 0);
    ck_assert(after[2] != before[2] && after[2 * LENGTH - 1] != 0);
    memcpy(after, before, sizeof after);
    reverb_process(reverb, after, LENGTH, 0);
    ck_assert_mem_eq(before, after, sizeof after);
    memset(after, 0, sizeof after);
    reverb_process(reverb, after, LENGTH, 1);
    ck_assert(energy(after, 0, LENGTH) == 0);
    reverb_free(reverb);
}
END_TEST

START_TEST(blocks_cannot_be_heard)
{
    static float whole[2 * LENGTH], cut[2 * LENGTH];
    struct reverb *reverb = reverb_new(RATE);
    struct rng rng;
    rng_seed(&rng, 5);
    make_noise(whole, &rng);
    memcpy(cut, whole, sizeof cut);
    reverb_process(reverb, whole, LENGTH, 0.2f);
    reverb_clear(reverb);
    for (int done = 0, count; done < LENGTH; done += count) {
        count = 1 + (int)rng_below(&rng, 300);
        count = count < LENGTH - done ? count : LENGTH - done;
        reverb_process(reverb, cut + 2 * done, count, 0.2f);
    }
    ck_assert_mem_eq(whole, cut, sizeof cut);
    reverb_free(reverb);
}
END_TEST

START_TEST(rubbish_does_not_ring_on)
{
    static float stereo[2 * LENGTH];
    struct reverb *reverb = reverb_new(RATE);
    memset(stereo, 0, sizeof stereo);
    stereo[0] = NAN;
    stereo[3] = INFINITY;
    reverb_process(reverb, stereo, LENGTH, 1);
    for (int i = 4; i < 2 * LENGTH; i++)
        ck_assert(isfinite(stereo[i]));
    reverb_free(reverb);
}
END_TEST

Suite *reverb_suite(void);
Suite *reverb_suite(void)
{
    Suite *suite = suite_create("reverb");
    TCase *tcase = tcase_create("reverb");
    tcase_add_loop_test(tcase, it_rings_like_a_small_room, 0, 5);
    tcase_add_test(tcase, both_sides_answer);
    tcase_add_test(tcase, twice_the_amount_is_twice_as_much);
    tcase_add_test(tcase, off_is_off);
    tcase_add_test(tcase, blocks_cannot_be_heard);
    tcase_add_test(tcase, rubbish_does_not_ring_on);
    suite_add_tcase(suite, tcase);
    return suite;
}
