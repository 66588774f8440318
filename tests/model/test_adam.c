#include "model/adam.h"

#include "suite.h"

#include <math.h>

START_TEST(follows_its_formula)
{
    enum { SIZE = 37 };
    struct adam *adam = adam_new(SIZE);
    float x[SIZE], grads[SIZE];
    double want[SIZE], mean[SIZE] = {0}, square[SIZE] = {0};
    adam->decay = .02F;
    for (int i = 0; i < SIZE; i++)
        want[i] = x[i] = (float)i - 10;
    for (int step = 1; step <= 20; step++) {
        for (int i = 0; i < SIZE; i++)
            grads[i] = sinf((float)(i * step));
        adam_step(adam, x, grads, .01F);
        for (int i = 0; i < SIZE; i++) {
            mean[i] = .9 * mean[i] + .1 * grads[i];
            square[i] = .98 * square[i] + .02 * grads[i] * grads[i];
            want[i] -= .01 * .02 * want[i];
            want[i] -= .01 * (mean[i] / (1 - pow(.9, step))) /
                       (sqrt(square[i] / (1 - pow(.98, step))) + 1e-8);
            ck_assert_double_eq_tol(x[i], want[i], 2e-5);
        }
    }
    adam_free(adam);
}
END_TEST

START_TEST(clips_the_norm_and_reports_it)
{
    float grads[] = {3, 4, 0};
    ck_assert_double_eq_tol(adam_clip(grads, 3, 10), 5, 1e-6);
    ck_assert_float_eq(grads[1], 4);
    ck_assert_double_eq_tol(adam_clip(grads, 3, 1), 5, 1e-6);
    ck_assert_float_eq_tol(grads[1], .8F, 1e-6F);
    grads[2] = NAN;
    ck_assert(!isfinite(adam_clip(grads, 3, 1)));
}
END_TEST

Suite *adam_suite(void);
Suite *adam_suite(void)
{
    Suite *suite = suite_create("adam");
    TCase *tests = tcase_create("adam");
    tcase_add_test(tests, follows_its_formula);
    tcase_add_test(tests, clips_the_norm_and_reports_it);
    suite_add_tcase(suite, tests);
    return suite;
}
