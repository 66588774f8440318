#include "base/rng.h"
#include "score/quantise.h"
#include "suites.h"

#include <math.h>

#define BEATS 64

/* Hits on a grid of `per_beat`, each moved by up to `loose` of a beat. */
static int play(double *quarters, double *truth, int per_beat, double loose, struct rng *rng)
{
    int count = 0;
    for (int i = 0; i < BEATS * per_beat; i++, count++) {
        truth[count] = (double)i / per_beat;
        quarters[count] = truth[count] + (i ? rng_between(rng, -loose, loose) : 0);
    }
    return count;
}

START_TEST(a_loose_piece_finds_its_grid)
{
    static const int grids[] = {2, 3, 4, 6};
    int per_beat = grids[_i];
    double quarters[BEATS * 6], truth[BEATS * 6];
    struct rng rng;
    rng_seed(&rng, 11);
    int count = play(quarters, truth, per_beat, 0.035, &rng);
    ck_assert(quantise(quarters, count));
    for (int i = 0; i < count; i++)
        ck_assert_double_eq_tol(quarters[i], truth[i], 1e-12);
}
END_TEST

/* In a piece of straight 16ths a single hit nearer to a triplet place is late, no triplet. */
START_TEST(one_loose_hit_cannot_pick_its_own_grid)
{
    double quarters[BEATS * 4], truth[BEATS * 4];
    struct rng rng;
    rng_seed(&rng, 5);
    int count = play(quarters, truth, 4, 0.02, &rng);
    quarters[41] = 10.3;
    ck_assert(quantise(quarters, count));
    ck_assert_double_eq(quarters[41], 10.25);
}
END_TEST

/* A straight piece keeps a fill in triplets. */
START_TEST(a_beat_of_triplets_stays)
{
    double quarters[] = {0,          0.25,       0.5, 0.75,       1,          1.25,
                         1.5,        1.75,       2,   2 + 1 / 6., 2 + 2 / 6., 2.5,
                         2 + 4 / 6., 2 + 5 / 6., 3,   3.25,       3.5,        3.75};
    int count = sizeof quarters / sizeof *quarters;
    double before[sizeof quarters / sizeof *quarters];
    for (int i = 0; i < count; i++)
        before[i] = quarters[i];
    ck_assert(quantise(quarters, count));
    for (int i = 0; i < count; i++)
        ck_assert_double_eq_tol(quarters[i], before[i], 1e-12);
}
END_TEST

START_TEST(places_are_twelfths)
{
    double quarters[2000];
    struct rng rng;
    rng_seed(&rng, 9);
    double at = 3;
    for (int i = 0; i < 2000; i++)
        quarters[i] = at += rng_between(&rng, 0, 0.4);
    ck_assert(quantise(quarters, 2000));
    for (int i = 0; i < 2000; i++) {
        double twelfths = rint(quarters[i] * 12);
        ck_assert(quarters[i] == twelfths / 12);
        ck_assert((int)twelfths % 3 == 0 || (int)twelfths % 2 == 0);
    }
    ck_assert(quantise(quarters, 0));
}
END_TEST

START_TEST(sixteenths_alone_take_the_nearest)
{
    double quarters[] = {0.1, 0.13, 1 + 1 / 3., 1.5, 1 + 2 / 3., 7.9};
    static const double expected[] = {0, 0.25, 1.25, 1.5, 1.75, 8};
    quantise_sixteenths(quarters, 6);
    for (int i = 0; i < 6; i++)
        ck_assert(quarters[i] == expected[i]);
}
END_TEST

Suite *quantise_suite(void)
{
    Suite *suite = suite_create("quantise");
    TCase *tests = tcase_create("quantise");
    tcase_add_loop_test(tests, a_loose_piece_finds_its_grid, 0, 4);
    tcase_add_test(tests, one_loose_hit_cannot_pick_its_own_grid);
    tcase_add_test(tests, a_beat_of_triplets_stays);
    tcase_add_test(tests, sixteenths_alone_take_the_nearest);
    tcase_add_test(tests, places_are_twelfths);
    suite_add_tcase(suite, tests);
    return suite;
}
