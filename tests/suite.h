/* How a room's tests are run: each tests/ROOM/test_*.c defines one `Suite *x_suite(void)`,
 * tests/ROOM/main.c lists them. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

static inline int run_suites(Suite *(*const suites[])(void), int count)
{
    SRunner *runner = srunner_create(suites[0]());
    for (int i = 1; i < count; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* RUN_SUITES(a_suite, b_suite) is the body of a main(). */
#define RUN_SUITES(...)                                                                            \
    do {                                                                                           \
        Suite *(*const suites[])(void) = {__VA_ARGS__};                                            \
        return run_suites(suites, (int)(sizeof suites / sizeof suites[0]));                        \
    } while (0)

#endif
