#include "fixture.h"

START_TEST(reports_become_moments)
{
    struct moment moments[2] = {{0}};
    struct report planned = {.kind = REPORT_PLANNED, .step = 1, .guitar_ms = 12.0, .drums_ms = 8.0};
    struct report heard = {.kind = REPORT_HEARD, .step = 1, .guitar_ms = 20.0};
    struct report again = {.kind = REPORT_HEARD, .step = 1, .guitar_ms = 90.0};
    struct report missed = {.kind = REPORT_MISSED, .step = 1};
    ck_assert(moments_hear(moments, 2, &planned));
    ck_assert(moments_hear(moments, 2, &heard));
    ck_assert(!moments_hear(moments, 2, &again)); /* the first onset is the step's */
    ck_assert_float_eq(moments[1].guitar_ms, 20.0f);
    ck_assert_float_eq(moments[1].drums_ms, 8.0f);
    ck_assert_float_eq(moments[1].expected_ms, 12.0f);
    ck_assert(moments_hear(moments, 2, &missed)); /* the written hits sounded instead */
    ck_assert(moments[1].missed);
    ck_assert_float_eq(moments[1].drums_ms, 0.0f);
    ck_assert(!moments[0].planned && !moments[0].heard);
}
END_TEST

START_TEST(reports_about_no_step_are_no_news)
{
    struct moment moments[1] = {{0}};
    struct report stray = {.kind = REPORT_HEARD, .step = -1, .guitar_ms = 20.0};
    struct report beyond = {.kind = REPORT_PLANNED, .step = 1, .guitar_ms = 20.0};
    struct report ignored = {.kind = REPORT_IGNORED, .step = -1};
    struct report stopped = {.kind = REPORT_STOPPED, .step = 0};
    ck_assert(!moments_hear(moments, 1, &stray));
    ck_assert(!moments_hear(moments, 1, &beyond));
    ck_assert(!moments_hear(moments, 1, &ignored));
    ck_assert(!moments_hear(moments, 1, &stopped));
}
END_TEST

START_TEST(together_means_the_last_bars)
{
    struct screen *screen = fixture_screen();
    const struct score *score = screen->score;
    for (int i = 0; i < score->step_count; i++)
        screen->moments[i] = (struct moment){.planned = true,
                                             .heard = true,
                                             .expected_ms = 2,
                                             .guitar_ms = score->steps[i].at.bar < 4 ? 30 : -10};
    struct together lately = moments_together(score, screen->moments, 7, 4);
    ck_assert_double_eq_tol(lately.mean_ms, 10, 1e-6);
    ck_assert_double_eq_tol(lately.lean_ms, -10, 1e-6);
    ck_assert_double_eq_tol(lately.expecting_ms, 12, 1e-6);
    ck_assert_double_eq_tol(lately.now_ms, -10, 1e-6);
    struct together half = moments_together(score, screen->moments, 3, 4);
    ck_assert_double_eq_tol(half.mean_ms, 30, 1e-6);
    ck_assert_int_eq(moments_together(score, screen->moments, 0, 0).count, score->step_count);
    memset(screen->moments, 0, (size_t)score->step_count * sizeof *screen->moments);
    ck_assert_int_eq(moments_together(score, screen->moments, 0, 0).count, 0);
    fixture_free(screen);
}
END_TEST

Suite *moments_suite(void)
{
    Suite *suite = suite_create("moments");
    TCase *tcase = tcase_create("moments");
    tcase_add_test(tcase, reports_become_moments);
    tcase_add_test(tcase, reports_about_no_step_are_no_news);
    tcase_add_test(tcase, together_means_the_last_bars);
    suite_add_tcase(suite, tcase);
    return suite;
}
