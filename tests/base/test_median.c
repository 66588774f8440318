#include "base.h"
#include "base/median.h"

#include <math.h>

START_TEST(the_middle_one_or_the_mean_of_two)
{
    ck_assert_double_eq(median((double[]){9, -2, 4}, 3), 4);
    ck_assert_double_eq(median((double[]){9, -2, 4, 5}, 4), 4.5);
    ck_assert_double_eq(median((double[]){7}, 1), 7);
    ck_assert(isnan(median((double[]){7}, 0)));
}
END_TEST

Suite *median_suite(void)
{
    Suite *suite = suite_create("median");
    TCase *tests = tcase_create("median");
    tcase_add_test(tests, the_middle_one_or_the_mean_of_two);
    suite_add_tcase(suite, tests);
    return suite;
}
