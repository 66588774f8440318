#include "fixture.h"

START_TEST(knobs_carry_every_setting)
{
    struct room_take_options take = {
        .settings = {.controls = {.follow = 0.25,
                                  .expression = 0.5,
                                  .leash_ms = 33,
                                  .leashed = 1u << DRUM_SNARE,
                                  .drum_leash_ms = {[DRUM_SNARE] = 12}},
                     .tempo_percent = 80},
        .sensitivity_db = -3,
        .reverb = 0.7};
    struct lesson_options lesson = lesson_defaults;
    lesson.weights = (struct lesson_weights){1, 2, 3, 4};
    lesson.strength = 0.4;
    struct knobs knobs = knobs_from(&take, &lesson);
    struct room_take_options take_after = {.settings = {.seed = 9}};
    struct lesson_options lesson_after = {.epochs = 5};
    knobs_apply(&knobs, &take_after, &lesson_after);
    const struct controls *controls = &take_after.settings.controls;
    ck_assert_double_eq(controls->follow, 0.25);
    ck_assert_double_eq(controls->expression, 0.5);
    ck_assert_double_eq(controls->leash_ms, 33);
    ck_assert_uint_eq(controls->leashed, 1u << DRUM_SNARE);
    ck_assert_double_eq(controls->drum_leash_ms[DRUM_SNARE], 12);
    ck_assert_mem_eq(&lesson_after.weights, &lesson.weights, sizeof lesson.weights);
    ck_assert_double_eq(take_after.settings.tempo_percent, 80);
    ck_assert_double_eq(take_after.reverb, 0.7);
    ck_assert_double_eq(take_after.sensitivity_db, -3);
    ck_assert_double_eq(lesson_after.strength, lesson.strength);
    ck_assert(knob_of_lesson(KNOB_STRENGTH) && !knob_of_lesson(KNOB_FOLLOW));
    ck_assert_uint_eq(take_after.settings.seed, 9);
    ck_assert_int_eq(lesson_after.epochs, 5);
}
END_TEST

START_TEST(turning_ends_at_the_limits)
{
    struct knobs knobs = {.value = {[KNOB_FOLLOW] = 0.75}};
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
    struct knobs knobs = {.value = {[KNOB_LEASH] = 400}}; /* the command line may go that far */
    ck_assert(!knobs_turn(&knobs, KNOB_LEASH, 1));
    ck_assert_double_eq(knobs.value[KNOB_LEASH], 400);
    ck_assert(knobs_turn(&knobs, KNOB_LEASH, -1));
    ck_assert_double_eq(knobs.value[KNOB_LEASH], 250);
}
END_TEST

/* A drum's own leash is shorter than that of all, or there is none. */
START_TEST(the_leash_of_a_drum_begins_where_that_of_all_ends)
{
    struct room_take_options take = {.settings = {.controls = {.leash_ms = 40}}}, after = {0};
    struct lesson_options lesson = lesson_defaults;
    struct knobs knobs = knobs_from(&take, &lesson);
    struct change change;
    char text[32];
    ck_assert(!knobs_turn(&knobs, KNOB_DRUM_LEASH, -1)); /* of which drum? */
    knobs.drum = DRUM_KICK;
    knobs_text(&knobs, KNOB_DRUM_LEASH, text, sizeof text);
    ck_assert_str_eq(text, "as all");
    ck_assert(!knobs_turn(&knobs, KNOB_DRUM_LEASH, 1));
    ck_assert(knobs_turn(&knobs, KNOB_DRUM_LEASH, -1));
    knobs_text(&knobs, KNOB_DRUM_LEASH, text, sizeof text);
    ck_assert_str_eq(text, "35 ms");
    ck_assert(knobs_change(&knobs, KNOB_DRUM_LEASH, &change));
    ck_assert(change.kind == CHANGE_LEASH && change.drum == DRUM_KICK && change.value == 35);
    knobs_apply(&knobs, &after, &lesson);
    ck_assert_uint_eq(after.settings.controls.leashed, 1u << DRUM_KICK);
    ck_assert(knobs_turn(&knobs, KNOB_DRUM_LEASH, 1));
    knobs_apply(&knobs, &after, &lesson);
    ck_assert_uint_eq(after.settings.controls.leashed, 0);
    ck_assert(knobs_change(&knobs, KNOB_DRUM_LEASH, &change) && change_is_valid(&change));
    ck_assert_double_ge(change.value, 40);
    for (int i = 0; i < 8; i++)
        ck_assert(knobs_turn(&knobs, KNOB_DRUM_LEASH, -1));
    ck_assert_double_eq(knobs_value(&knobs, KNOB_DRUM_LEASH), 0);
    ck_assert(!knobs_turn(&knobs, KNOB_DRUM_LEASH, -1));
    knobs.value[KNOB_LEASH] = 1000; /* the command line may go that far */
    knobs.drum_leash_ms[DRUM_KICK] = 250;
    ck_assert(knobs_turn(&knobs, KNOB_DRUM_LEASH, 1));
    ck_assert_double_eq(knobs_value(&knobs, KNOB_DRUM_LEASH), 1000);
}
END_TEST

START_TEST(a_take_heeds_at_once_what_it_can)
{
    struct room_take_options take = {
        .settings = {.controls = {.follow = 0.5, .leash_ms = 40}, .tempo_percent = 100}};
    struct knobs knobs = knobs_from(&take, &lesson_defaults);
    struct change change;
    ck_assert(knobs_change(&knobs, KNOB_FOLLOW, &change));
    ck_assert(change.kind == CHANGE_FOLLOW && change.value == 0.5 && change_is_valid(&change));
    ck_assert(knobs_change(&knobs, KNOB_EXPRESSION, &change) && change_is_valid(&change));
    ck_assert(knobs_change(&knobs, KNOB_LEASH, &change));
    ck_assert(change.kind == CHANGE_LEASH && change.drum == -1 && change.value == 40);
    ck_assert(!knobs_change(&knobs, KNOB_TEMPO, &change));
    ck_assert(!knobs_change(&knobs, KNOB_HUMAN, &change));
    ck_assert(!knobs_change(&knobs, KNOB_SENSITIVITY, &change));
}
END_TEST

START_TEST(sensitivity_has_a_sign)
{
    struct knobs knobs = {.value = {[KNOB_SENSITIVITY] = 11}};
    char text[32];
    ck_assert(knobs_turn(&knobs, KNOB_SENSITIVITY, 1));
    ck_assert(!knobs_turn(&knobs, KNOB_SENSITIVITY, 1));
    knobs_text(&knobs, KNOB_SENSITIVITY, text, sizeof text);
    ck_assert_str_eq(text, "+12 dB");
    for (int i = 0; i < 24; i++)
        ck_assert(knobs_turn(&knobs, KNOB_SENSITIVITY, -1));
    knobs_text(&knobs, KNOB_SENSITIVITY, text, sizeof text);
    ck_assert_str_eq(text, "-12 dB");
}
END_TEST

Suite *knobs_suite(void)
{
    Suite *suite = suite_create("knobs");
    TCase *tcase = tcase_create("knobs");
    tcase_add_test(tcase, knobs_carry_every_setting);
    tcase_add_test(tcase, turning_ends_at_the_limits);
    tcase_add_test(tcase, a_value_beyond_the_limits_never_turns_back);
    tcase_add_test(tcase, the_leash_of_a_drum_begins_where_that_of_all_ends);
    tcase_add_test(tcase, a_take_heeds_at_once_what_it_can);
    tcase_add_test(tcase, sensitivity_has_a_sign);
    suite_add_tcase(suite, tcase);
    return suite;
}
