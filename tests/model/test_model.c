/* The table of models, the grid, and what the groove reads of a score. */
#include "model/features.h"
#include "model/model.h"
#include "suite.h"

#include "made_score.h"

#include <math.h>
#include <string.h>

START_TEST(table)
{
    for (int i = 0; model_kind(i); i++)
        ck_assert_ptr_eq(model_find(model_kind(i)->name), model_kind(i));
    ck_assert_ptr_null(model_kind(-1));
    ck_assert_ptr_nonnull(model_find("straight"));
    ck_assert_ptr_null(model_find("paper dart"));
}
END_TEST

START_TEST(unknown_models_are_refused)
{
    struct error err;
    struct checkpoint *c = checkpoint_new();
    ck_assert_ptr_null(model_open(c, &err));
    checkpoint_set(c, "model", "paper dart");
    ck_assert_ptr_null(model_open(c, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "paper dart"));
    ck_assert_ptr_nonnull(strstr(err.hint, "straight"));
    ck_assert_ptr_null(model_pretrained("paper dart", &err));
    checkpoint_free(c);
}
END_TEST

START_TEST(straight_plays_what_is_written)
{
    struct error err;
    struct score *score = made_score(8, 100, 3);
    struct checkpoint *c = model_pretrained("straight", &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    struct model *model = model_open(c, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    ck_assert_str_eq(model_ops(model)->name, "straight");
    struct performance *p = model_begin(model, score, &err);
    for (int i = 0; i < score->step_count; i++) {
        struct prediction out;
        performance_predict(p, i, &out);
        performance_hear(p, i, 30, 0);
        ck_assert_float_eq(out.guitar_ms, 0);
        for (int d = 0; d < DRUM_COUNT; d++) {
            ck_assert_float_eq(out.offset_ms[d], 0);
            if (score->steps[i].velocity[d])
                ck_assert_float_eq(out.velocity[d], score->steps[i].velocity[d]);
        }
    }
    ck_assert(performance_keep(p, c, &err));
    performance_end(p);
    model_close(model);
    checkpoint_free(c);
    score_free(score);
}
END_TEST

START_TEST(features_of_a_known_bar)
{
    struct smf_bytes bytes;
    smf_begin(&bytes, 4, 2, 90);
    smf_hit(&bytes, 0, 36, 127);
    smf_hit(&bytes, 0, 42, 64);
    smf_hit(&bytes, 480, 38, 100);
    smf_hit(&bytes, 480 + 120, 42, 50);
    smf_hit(&bytes, 480 * 11, 42, 50);
    struct score *score = smf_finish(&bytes);
    ck_assert_int_eq(score->step_count, 4);
    float x[4][FEATURE_COUNT], part[FEATURE_COUNT];
    features_compute(score, 0, 4, NULL, x[0]);
    ck_assert_float_eq(x[0][FEATURE_VELOCITY + DRUM_KICK], 1);
    ck_assert_float_eq_tol(x[0][FEATURE_VELOCITY + DRUM_CLOSED_HAT], 64 / 127.F, 1e-6F);
    ck_assert_float_eq(x[0][FEATURE_HIT + DRUM_SNARE], 0);
    ck_assert_float_eq(x[1][FEATURE_HIT + DRUM_SNARE], 1);
    for (int i = 0; i < 4; i++) {
        static const int bins[] = {0, 12, 15, 36};
        for (int b = 0; b < SCORE_BINS; b++)
            ck_assert_float_eq(x[i][FEATURE_BIN + b], b == bins[i]);
        ck_assert_float_eq_tol(x[i][FEATURE_TEMPO], -.5F, 1e-3F);
        ck_assert_float_eq_tol(x[i][FEATURE_TEMPO + 1], 166.667F / 100 - 1.2F, 1e-4F);
    }
    /* 16ths to the step before and after: 16 4; 4 1; 1 16 (far); 16 16 */
    static const float distances[4][2] = {{16, 4}, {4, 1}, {1, 16}, {16, 16}};
    for (int i = 0; i < 4; i++)
        for (int side = 0; side < 2; side++) {
            ck_assert_float_eq_tol(x[i][FEATURE_DISTANCE + side], distances[i][side] / 4 - 1,
                                   1e-6F);
            ck_assert_float_eq_tol(x[i][FEATURE_INVERSE + side], 1 / distances[i][side], 1e-6F);
        }
    const float velocity[DRUM_COUNT] = {10, 20, 30};
    features_compute(score, 1, 1, velocity, part);
    ck_assert_float_eq_tol(part[FEATURE_VELOCITY + DRUM_SNARE], 20 / 127.F, 1e-6F);
    ck_assert_float_eq(part[FEATURE_VELOCITY + DRUM_KICK], 0);
    ck_assert_mem_eq(part + FEATURE_HIT, x[1] + FEATURE_HIT,
                     (FEATURE_COUNT - FEATURE_HIT) * sizeof *part);
    score_free(score);
}
END_TEST

Suite *model_suite(void);
Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("model");
    tcase_add_test(tests, table);
    tcase_add_test(tests, unknown_models_are_refused);
    tcase_add_test(tests, straight_plays_what_is_written);
    tcase_add_test(tests, features_of_a_known_bar);
    suite_add_tcase(suite, tests);
    return suite;
}
