#include "learn/baseline.h"
#include "suites.h"

#include <math.h>

static double habit_ms(int bin)
{
    return bin % 3 * 10 - 5;
}

START_TEST(table_and_running_mean_find_a_table_and_a_constant)
{
    const struct baseline_options options = {.share = 0.1, .memory = 30, .shrink = 0.5};
    struct baseline baseline;
    baseline_init(&baseline, &options);
    for (int i = 0; i < 40 * SCORE_BINS; i++)
        baseline_hear(&baseline, i % SCORE_BINS, habit_ms(i % SCORE_BINS));
    for (int bin = 0; bin < SCORE_BINS; bin++)
        ck_assert_double_eq_tol(baseline_predict(&baseline, bin), habit_ms(bin), 0.2);
    for (int i = 0; i < SCORE_BINS; i++)
        baseline_hear(&baseline, i, habit_ms(i) + 20);
    double moved = baseline_predict(&baseline, 0) - habit_ms(0);
    ck_assert_double_gt(moved, 15);
    ck_assert_double_lt(moved, 21);
    baseline_start_take(&baseline);
    ck_assert_double_eq_tol(baseline_predict(&baseline, 0), habit_ms(0), 1);
}
END_TEST

/* One note of 30 ms beside half an imaginary one on the grid; then two of memory two. */
START_TEST(a_table_shrinks_and_forgets)
{
    const struct baseline_options options = {.memory = 2, .shrink = 0.5};
    struct baseline baseline;
    baseline_init(&baseline, &options);
    ck_assert_double_eq(baseline_predict(&baseline, 7), 0);
    baseline_hear(&baseline, 7, 30);
    ck_assert_double_eq_tol(baseline_predict(&baseline, 7), 20, 1e-9);
    baseline_hear(&baseline, 7, 0);
    baseline_hear(&baseline, 7, 0);
    ck_assert_double_eq_tol(baseline_predict(&baseline, 7), 7.5 * 3 / 3.5, 1e-9);
    ck_assert_double_eq(baseline_predict(&baseline, 8), 0);
}
END_TEST

START_TEST(a_running_mean_knows_no_places)
{
    const struct baseline_options options = {.share = 0.25};
    struct baseline baseline;
    baseline_init(&baseline, &options);
    baseline_hear(&baseline, 3, 16);
    baseline_hear(&baseline, 9, 0);
    ck_assert_double_eq_tol(baseline_predict(&baseline, 3), 3, 1e-9);
    ck_assert_double_eq_tol(baseline_predict(&baseline, 40), 3, 1e-9);
}
END_TEST

Suite *baseline_suite(void)
{
    Suite *suite = suite_create("baseline");
    TCase *tcase = tcase_create("baselines");
    tcase_add_test(tcase, table_and_running_mean_find_a_table_and_a_constant);
    tcase_add_test(tcase, a_table_shrinks_and_forgets);
    tcase_add_test(tcase, a_running_mean_knows_no_places);
    suite_add_tcase(suite, tcase);
    return suite;
}
