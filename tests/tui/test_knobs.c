#include "fixture.h"

START_TEST(knobs_carry_every_setting)
{
    struct room_take_options take = {.settings = {.controls = {0.25, 0.5, 33}, .tempo_percent = 80},
                                     .reverb = 0.7};
    struct lesson_options lesson = lesson_defaults;
    lesson.weights = (struct lesson_weights){1, 2, 3, 4};
    lesson.strength = 0.4;
    struct knobs knobs = knobs_from(&take, &lesson);
    struct room_take_options take_after = {.settings = {.seed = 9}};
    struct lesson_options lesson_after = {.epochs = 5};
    knobs_apply(&knobs, &take_after, &lesson_after);
    ck_assert_mem_eq(&take_after.settings.controls, &take.settings.controls,
                     sizeof take.settings.controls);
    ck_assert_mem_eq(&lesson_after.weights, &lesson.weights, sizeof lesson.weights);
    ck_assert_double_eq(take_after.settings.tempo_percent, 80);
    ck_assert_double_eq(take_after.reverb, 0.7);
    ck_assert_double_eq(lesson_after.strength, lesson.strength);
    ck_assert(knob_of_lesson(KNOB_STRENGTH) && !knob_of_lesson(KNOB_FOLLOW));
    ck_assert_uint_eq(take_after.settings.seed, 9);
    ck_assert_int_eq(lesson_after.epochs, 5);
}
END_TEST

START_TEST(turning_ends_at_the_limits)
{
    struct knobs knobs = {{[KNOB_FOLLOW] = 0.75}};
    ck_assert(knobs_turn(&knobs, KNOB_FOLLOW, 1)); /* to the next round value */
    ck_assert_double_eq_tol(knobs.value[KNOB_FOLLOW], 0.8, 1e-9);
    while (knobs_turn(&knobs, KNOB_FOLLOW, 1))
        ;
    ck_assert_double_eq(knobs.value[KNOB_FOLLOW], 1.0);
    for (int i = 0; i < 10; i++)
        ck_assert(knobs_turn(&knobs, KNOB_FOLLOW, -1));
    ck_assert_double_eq_tol(knobs.value[KNOB_FOLLOW], 0.0, 1e-9);
    ck_assert(!knobs_turn(&knobs, KNOB_FOLLOW, -1));
}
END_TEST

START_TEST(a_value_beyond_the_limits_never_turns_back)
{
    struct knobs knobs = {{[KNOB_LEASH] = 400}}; /* the command line may go that far */
    ck_assert(!knobs_turn(&knobs, KNOB_LEASH, 1));
    ck_assert_double_eq(knobs.value[KNOB_LEASH], 400);
    ck_assert(knobs_turn(&knobs, KNOB_LEASH, -1));
    ck_assert_double_eq(knobs.value[KNOB_LEASH], 250);
}
END_TEST

Suite *knobs_suite(void)
{
    Suite *suite = suite_create("knobs");
    TCase *tcase = tcase_create("knobs");
    tcase_add_test(tcase, knobs_carry_every_setting);
    tcase_add_test(tcase, turning_ends_at_the_limits);
    tcase_add_test(tcase, a_value_beyond_the_limits_never_turns_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
