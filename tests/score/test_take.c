#include "builder.h"
#include "score/take.h"
#include "suites.h"

/* Four steps: an onset after the plan, one before it, none, one at a step the plan missed. */
static struct take *make_take(void)
{
    int64_t ticks[] = {0, 480, 960, 1440, 1920};
    struct builder builder = build_strokes(480, ticks, 5);
    struct score *score = parse_builder(&builder, NULL);
    struct take_settings settings = {.seed = 5, .rate = 48000};
    struct take *take = take_new(score, &settings, 4, 0);
    ck_assert_ptr_nonnull(take);
    static const struct take_step steps[] = {
        {0, true, 5, 2, 4}, {1, true, -10, 2, -8}, {2, true, 1, 2, 1}, {4, false, 0, 2, 0}};
    static const struct take_onset onsets[] = {{.step = 0, .deviation_ms = 8},
                                               {.step = -1, .deviation_ms = 0},
                                               {.step = 1, .deviation_ms = -12},
                                               {.step = 4, .deviation_ms = 6}};
    for (int i = 0; i < 4; i++) {
        take->steps[take->step_count++] = steps[i];
        take->onsets[take->onset_count++] = onsets[i];
    }
    for (int i = 0; i < 5; i++)
        take->hits[take->hit_count++] = (struct take_hit){i, 64, 0};
    score_free(score);
    build_free(&builder);
    return take;
}

START_TEST(an_empty_take_sums_up_to_nothing)
{
    struct builder builder = build_strokes(96, (int64_t[]){0}, 1);
    struct score *score = parse_builder(&builder, NULL);
    struct take_settings settings = {.seed = 9};
    struct take *take = take_new(score, &settings, 0, 0);
    struct take_summary summary = take_summarise(take);
    ck_assert_uint_eq(take->settings.seed, 9);
    ck_assert_int_eq(summary.steps + summary.hits + summary.onsets + summary.matched, 0);
    ck_assert_double_eq(summary.asynchrony_mae_ms, 0);
    take_free(take);
    take_free(NULL);
    score_free(score);
    build_free(&builder);
}
END_TEST

START_TEST(means_are_over_steps_with_a_guitar)
{
    struct take *take = make_take();
    struct take_summary summary = take_summarise(take);
    ck_assert_int_eq(summary.steps, 4);
    ck_assert_int_eq(summary.hits, 5);
    ck_assert_int_eq(summary.onsets, 4);
    ck_assert_int_eq(summary.matched, 3);
    ck_assert_int_eq(summary.deadline_misses, 1);
    ck_assert_double_eq_tol(summary.prediction_mae_ms, (3 + 2 + 6) / 3., 1e-12);
    ck_assert_double_eq_tol(summary.asynchrony_mae_ms, (4 + 4 + 6) / 3., 1e-12);
    ck_assert_double_eq_tol(summary.asynchrony_mean_ms, (4 - 4 + 6) / 3., 1e-12);
    take_free(take);
}
END_TEST

/* The guitar went on after the drums were stopped. */
START_TEST(onsets_behind_the_stop_count_as_unmatched)
{
    struct take *take = make_take();
    take->step_count = 1;
    struct take_summary summary = take_summarise(take);
    ck_assert_int_eq(summary.onsets, 4);
    ck_assert_int_eq(summary.matched, 1);
    ck_assert_double_eq_tol(summary.asynchrony_mean_ms, 4, 1e-12);
    take_free(take);
}
END_TEST

START_TEST(not_heard_is_not_on_the_grid)
{
    struct take *take = make_take();
    double deviation_ms = 99;
    ck_assert(take_heard(take, 1, &deviation_ms));
    ck_assert_double_eq(deviation_ms, -12);
    ck_assert(!take_heard(take, 2, &deviation_ms));
    ck_assert(take_heard(take, 3, &deviation_ms));
    ck_assert_double_eq(deviation_ms, 6);
    take_free(take);
}
END_TEST

Suite *take_suite(void)
{
    Suite *suite = suite_create("take");
    TCase *tests = tcase_create("take");
    tcase_add_test(tests, an_empty_take_sums_up_to_nothing);
    tcase_add_test(tests, means_are_over_steps_with_a_guitar);
    tcase_add_test(tests, onsets_behind_the_stop_count_as_unmatched);
    tcase_add_test(tests, not_heard_is_not_on_the_grid);
    suite_add_tcase(suite, tests);
    return suite;
}
