/* What a lesson leaves to be looked at: its curve, and what it was worth in words. */
#include "learn/lesson.h"

#include "suites.h"

#include <math.h>
#include <string.h>

START_TEST(a_curve_keeps_every_epoch_while_there_is_room)
{
    struct lesson_curve curve = {.count = 0};
    for (int epoch = 0; epoch < LESSON_CURVE_POINTS; epoch++)
        lesson_curve_add(&curve, (double[LESSON_TERMS]){epoch, 2 * epoch, 0, 1});
    ck_assert_int_eq(curve.count, LESSON_CURVE_POINTS);
    ck_assert_int_eq(curve.every, 1);
    ck_assert_float_eq(curve.terms[100][1], 200);
}
END_TEST

START_TEST(a_long_curve_is_thinned_out)
{
    for (int epochs = 1; epochs < 1100; epochs += 7) {
        struct lesson_curve curve = {.count = 0};
        for (int epoch = 0; epoch < epochs; epoch++)
            lesson_curve_add(&curve, (double[LESSON_TERMS]){epoch});
        ck_assert_int_le(curve.count, LESSON_CURVE_POINTS);
        ck_assert_int_eq(curve.count, (epochs - 1) / curve.every + 1); /* up to the newest */
        ck_assert(curve.every == 1 || 2 * curve.count >= LESSON_CURVE_POINTS);
        for (int i = 0; i < curve.count; i++)
            ck_assert_float_eq(curve.terms[i][0], (float)(i * curve.every));
    }
}
END_TEST

START_TEST(what_it_was_worth_is_said)
{
    static const struct {
        struct lesson_report report;
        const char *begins;
    } cases[] = {
        {{.prediction_before_ms = 9, .prediction_after_ms = 6, .prediction_unseen_ms = 7},
         "It has learnt how you play"},
        {{.prediction_before_ms = 9, .prediction_after_ms = 6, .prediction_unseen_ms = 8.9},
         "It knows this take better"},
        {{.prediction_before_ms = 9, .prediction_after_ms = 6, .prediction_unseen_ms = NAN},
         "It knows this take better"},
        {{.prediction_before_ms = 9, .prediction_after_ms = 8.5, .prediction_unseen_ms = 8},
         "Little was left to learn"},
        {{.prediction_before_ms = 19, .prediction_after_ms = 6, .begins_anew = true},
         "Played in another way"},
        {{.prediction_before_ms = 9, .prediction_after_ms = 6, .begins_anew = true, .worse = true},
         "It does harm"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *says = lesson_report_says(&cases[i].report);
        ck_assert_msg(strncmp(says, cases[i].begins, strlen(cases[i].begins)) == 0, "%s", says);
        ck_assert_uint_le(strlen(says), 58);
    }
}
END_TEST

Suite *lesson_report_suite(void)
{
    Suite *suite = suite_create("lesson_report");
    TCase *tests = tcase_create("lesson_report");
    tcase_add_test(tests, a_curve_keeps_every_epoch_while_there_is_room);
    tcase_add_test(tests, a_long_curve_is_thinned_out);
    tcase_add_test(tests, what_it_was_worth_is_said);
    suite_add_tcase(suite, tests);
    return suite;
}
