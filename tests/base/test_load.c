#include "base.h"
#include "base/load.h"
#include "base/rng.h"
#include "base/stopwatch.h"

#include <math.h>
#include <stdlib.h>

static struct load_meter meter;

START_TEST(nothing_counted_is_nothing)
{
    load_clear(&meter);
    struct load load = load_read(&meter);
    ck_assert_uint_eq(load.count, 0);
    ck_assert(load.p50 == 0 && load.p99 == 0 && load.max == 0);
}
END_TEST

/* Beside the exact figures of the same shares, over six orders of magnitude. */
START_TEST(figures_are_near_the_truth)
{
    enum { SHARES = 20000 };
    double *shares = calloc(SHARES, sizeof *shares);
    struct rng rng;
    rng_seed(&rng, 6);
    load_clear(&meter);
    unsigned over = 0;
    for (int i = 0; i < SHARES; i++) {
        shares[i] = pow(10, rng_between(&rng, -4, 0.8));
        over += shares[i] > 1;
        load_count(&meter, shares[i]);
    }
    struct spread exact = spread_of(shares, SHARES);
    struct load load = load_read(&meter);
    ck_assert_uint_eq(load.count, SHARES);
    ck_assert_uint_eq(load.over, over);
    ck_assert_double_lt(fabs(load.p50 / exact.p50 - 1), 0.1);
    ck_assert_double_lt(fabs(load.p99 / exact.p99 - 1), 0.1);
    ck_assert_double_lt(fabs(load.max / exact.max - 1), 1e-6);
    free(shares);
}
END_TEST

START_TEST(odd_shares_have_a_place)
{
    load_clear(&meter);
    load_count(&meter, 0);
    load_count(&meter, -1);
    load_count(&meter, NAN);
    load_count(&meter, 1e9);
    struct load load = load_read(&meter);
    ck_assert_uint_eq(load.count, 4);
    ck_assert_uint_eq(load.over, 1);
    ck_assert_double_eq(load.max, 1e9);
    ck_assert_double_lt(load.p50, 1e-4);
    load_clear(&meter);
    ck_assert_uint_eq(load_read(&meter).count, 0);
}
END_TEST

START_TEST(turns_are_timed)
{
    static struct load_watch watch;
    double busy = 0;
    for (int turn = 0; turn < 20; turn++) {
        load_turn_begins(&watch);
        for (double end = stopwatch_s() + 1e-4; stopwatch_s() < end;)
            busy++;
        load_turn_ends(&watch, 1e-4);
    }
    struct load work = load_read(&watch.work), late = load_read(&watch.late);
    ck_assert(busy > 0);
    ck_assert_uint_eq(work.count, 20);
    ck_assert_uint_eq(work.over, 20); /* never shorter than it was busy */
    ck_assert_uint_eq(late.count, 19);
    load_watch_clear(&watch);
    ck_assert_uint_eq(load_read(&watch.work).count, 0);
}
END_TEST

Suite *load_suite(void)
{
    Suite *suite = suite_create("load");
    TCase *tests = tcase_create("load");
    tcase_add_test(tests, nothing_counted_is_nothing);
    tcase_add_test(tests, figures_are_near_the_truth);
    tcase_add_test(tests, odd_shares_have_a_place);
    tcase_add_test(tests, turns_are_timed);
    suite_add_tcase(suite, tests);
    return suite;
}
