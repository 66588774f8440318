#include "made_score.h"
#include "model/dynamics.h"
#include "suite.h"

enum { BARS = 16, STEPS = 8 * BARS };

/* Hats on the eighths, at the velocity that `loud` gives each, and one crash. */
static struct score *hats(int (*loud)(int eighth))
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, 120);
    for (int i = 0; i < STEPS; i++) {
        if (i == STEPS / 2)
            smf_hit(bytes, 240 * i, 49, 99);
        smf_hit(bytes, 240 * i, 42, loud(i));
    }
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

struct dynamics {
    float level[STEPS][DRUM_COUNT], freedom[STEPS][DRUM_COUNT];
};

static struct dynamics dynamics_of(int (*loud)(int eighth))
{
    struct dynamics dynamics;
    struct score *score = hats(loud);
    ck_assert_int_eq(score->step_count, STEPS);
    ck_assert(dynamics_compute(score, dynamics.level[0], dynamics.freedom[0]));
    score_free(score);
    return dynamics;
}

static int flat(int eighth)
{
    (void)eighth;
    return 70;
}

START_TEST(one_velocity_leaves_all_freedom)
{
    struct dynamics dynamics = dynamics_of(flat);
    for (int i = 0; i < STEPS; i++) {
        ck_assert_float_eq_tol(dynamics.level[i][DRUM_CLOSED_HAT], 70, 1e-4F);
        ck_assert_float_eq_tol(dynamics.freedom[i][DRUM_CLOSED_HAT], 1, 1e-4F);
        ck_assert_float_eq(dynamics.level[i][DRUM_SNARE], 0);
        ck_assert_float_eq(dynamics.freedom[i][DRUM_SNARE], 0);
    }
    ck_assert_float_eq_tol(dynamics.level[STEPS / 2][DRUM_CRASH], 99, 1e-4F);
    ck_assert_float_eq_tol(dynamics.freedom[STEPS / 2][DRUM_CRASH], 1, 1e-4F);
}
END_TEST

static int accents(int eighth)
{
    return eighth % 2 ? 50 : 90;
}

/* 50 and 90 in turn are 70 with an SD of 20: a fifth of the freedom is left. */
START_TEST(accents_take_it)
{
    struct dynamics dynamics = dynamics_of(accents);
    for (int i = 8; i < STEPS - 8; i++) {
        ck_assert_float_eq_tol(dynamics.level[i][DRUM_CLOSED_HAT], 70, 4);
        ck_assert_float_eq_tol(dynamics.freedom[i][DRUM_CLOSED_HAT], 0.2F, 0.02F);
    }
}
END_TEST

static int sections(int eighth)
{
    return eighth < STEPS / 2 ? 40 : 100;
}

/* Weights fall by e a bar: four bars from a change next to nothing of it is left. */
START_TEST(a_section_has_a_level_of_its_own)
{
    struct dynamics dynamics = dynamics_of(sections);
    int change = STEPS / 2, far = 8 * 4;
    ck_assert_float_eq_tol(dynamics.level[0][DRUM_CLOSED_HAT], 40, 0.1F);
    ck_assert_float_eq_tol(dynamics.level[STEPS - 1][DRUM_CLOSED_HAT], 100, 0.1F);
    ck_assert_float_eq_tol(dynamics.level[change - far][DRUM_CLOSED_HAT], 40, 1);
    ck_assert_float_eq_tol(dynamics.level[change + far][DRUM_CLOSED_HAT], 100, 1);
    ck_assert_float_eq_tol(dynamics.level[change][DRUM_CLOSED_HAT], 70, 4);
    ck_assert_float_lt(dynamics.freedom[change][DRUM_CLOSED_HAT], 0.15F);
    ck_assert_float_gt(dynamics.freedom[change + far][DRUM_CLOSED_HAT], 0.7F);
}
END_TEST

Suite *dynamics_suite(void);

Suite *dynamics_suite(void)
{
    Suite *suite = suite_create("dynamics");
    TCase *tests = tcase_create("dynamics");
    tcase_add_test(tests, one_velocity_leaves_all_freedom);
    tcase_add_test(tests, accents_take_it);
    tcase_add_test(tests, a_section_has_a_level_of_its_own);
    suite_add_tcase(suite, tests);
    return suite;
}
