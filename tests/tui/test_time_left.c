#include "fixture.h"
#include "tui/time_left.h"

START_TEST(nothing_is_told_before_it_is_known)
{
    struct time_left left = {.begun = false};
    ck_assert_int_eq(time_left_s(&left), -1);
    time_left_update(&left, 50, 0);
    ck_assert_int_eq(time_left_s(&left), -1);
    time_left_update(&left, 50.1, 0.5); /* too soon to tell */
    ck_assert_int_eq(time_left_s(&left), -1);
    time_left_update(&left, 51, 0.5);
    ck_assert_int_eq(time_left_s(&left), 1);
}
END_TEST

START_TEST(steady_work_is_told_to_the_second)
{
    struct time_left left = {.begun = false};
    for (int i = 0; i <= 80; i++) {
        time_left_update(&left, 9 + 0.1 * i, i / 80.0);
        if (i >= 3)
            ck_assert_int_eq(time_left_s(&left), (int)ceil(8 - 0.1 * i - 0.06));
    }
    ck_assert_int_eq(time_left_s(&left), 0);
}
END_TEST

/* Work that comes in pieces, as a lesson's does: the figure falls, and goes up by no more than one
 * rounding. */
START_TEST(uneven_work_does_not_make_it_jump)
{
    struct time_left left = {.begun = false};
    struct rng rng;
    double done = 0;
    int last = -1;
    rng_seed(&rng, 2);
    for (int i = 0; done < 1; i++) {
        done += 0.01 * rng_uniform(&rng); /* about two hundred of a thirtieth of a second */
        time_left_update(&left, i / 30.0, done);
        int now = time_left_s(&left);
        if (i > 30 && last >= 0)
            ck_assert_msg(now <= last + 1, "from %d to %d", last, now);
        last = now;
    }
    ck_assert_int_le(last, 1);
}
END_TEST

START_TEST(long_times_are_round)
{
    struct time_left left = {.begun = false};
    time_left_update(&left, 0, 0);
    time_left_update(&left, 10, 0.1);
    ck_assert_int_eq(time_left_s(&left), 90);
    time_left_update(&left, 12, 0.12);
    ck_assert_int_eq(time_left_s(&left), 90);
    time_left_update(&left, 16, 0.16);
    ck_assert_int_eq(time_left_s(&left), 85);
}
END_TEST

Suite *time_left_suite(void)
{
    Suite *suite = suite_create("time_left");
    TCase *tests = tcase_create("time_left");
    tcase_add_test(tests, nothing_is_told_before_it_is_known);
    tcase_add_test(tests, steady_work_is_told_to_the_second);
    tcase_add_test(tests, uneven_work_does_not_make_it_jump);
    tcase_add_test(tests, long_times_are_round);
    suite_add_tcase(suite, tests);
    return suite;
}
