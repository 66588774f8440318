#include "score/kitmap.h"
#include "suites.h"

#include <string.h>

/* The mapping of the Groove MIDI Dataset, class by class. */
static const int kit[DRUM_COUNT][5] = {
    {35, 36}, {38, 37, 40}, {42, 22, 44},     {46, 26},     {43, 58},
    {47, 45}, {50, 48},     {49, 52, 55, 57}, {51, 53, 59},
};

START_TEST(the_dataset_keys_have_its_classes)
{
    int keys = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        for (int k = 0; k < 5 && kit[drum][k]; k++, keys++) {
            ck_assert_int_eq(kitmap_drum(kit[drum][k]), drum);
            ck_assert(kitmap_is_kit(kit[drum][k]));
        }
    for (int pitch = -300; pitch < 300; pitch++)
        keys -= kitmap_is_kit(pitch);
    ck_assert_int_eq(keys, 0); /* and no others */
}
END_TEST

START_TEST(every_percussion_key_has_a_class)
{
    for (int pitch = 35; pitch <= 81; pitch++) {
        ck_assert_int_ge(kitmap_drum(pitch), 0);
        ck_assert_int_lt(kitmap_drum(pitch), DRUM_COUNT);
    }
}
END_TEST

START_TEST(only_kicks_are_kicks)
{
    for (int pitch = -1; pitch < 129; pitch++)
        ck_assert_int_eq(kitmap_drum(pitch) == DRUM_KICK, pitch == 35 || pitch == 36);
    ck_assert_int_eq(kitmap_drum(41), DRUM_LOW_TOM); /* the low floor tom */
    ck_assert(!kitmap_is_kit(41));
}
END_TEST

/* Heads, rims, bows, edges and bells of a Roland TD-11 as it leaves the factory. */
START_TEST(every_td11_key_has_a_class)
{
    static const int keys[] = {36, 38, 40, 37, 48, 50, 45, 47, 43, 58, 42,
                               22, 46, 26, 44, 49, 55, 57, 52, 51, 59, 53};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert(kitmap_is_kit(keys[i]));
}
END_TEST

START_TEST(other_keys_are_no_drums)
{
    for (int pitch = -200; pitch < 400; pitch++)
        if ((pitch < 35 && pitch != 22 && pitch != 26) || pitch > 81)
            ck_assert_int_eq(kitmap_drum(pitch), -1);
}
END_TEST

START_TEST(names_tell_the_classes_apart)
{
    for (int a = 0; a < DRUM_COUNT; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(kitmap_name((enum drum)a), kitmap_name((enum drum)b));
    ck_assert_str_eq(kitmap_name(DRUM_CLOSED_HAT), "closed hat");
}
END_TEST

START_TEST(sets_are_read_and_told_by_name)
{
    char text[KITMAP_TEXT_SIZE];
    uint16_t drums;
    ck_assert(kitmap_read("snare,closed-hat,kick", &drums));
    ck_assert_uint_eq(drums, 1 << DRUM_KICK | 1 << DRUM_SNARE | 1 << DRUM_CLOSED_HAT);
    kitmap_text(drums, text);
    ck_assert_str_eq(text, "kick,snare,closed-hat");
    kitmap_text(KITMAP_ALL, text);
    ck_assert(kitmap_read(text, &drums));
    ck_assert_uint_eq(drums, KITMAP_ALL);
    static const char *const wrong[] = {"",      "cowbell",    "kick,",       ",kick", "kic",
                                        "kicks", "kick snare", "kick,,snare", "Kick",  "closed"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!kitmap_read(wrong[i], &drums), "'%s'", wrong[i]);
}
END_TEST

Suite *kitmap_suite(void)
{
    Suite *suite = suite_create("kitmap");
    TCase *tests = tcase_create("kitmap");
    tcase_add_test(tests, the_dataset_keys_have_its_classes);
    tcase_add_test(tests, every_percussion_key_has_a_class);
    tcase_add_test(tests, only_kicks_are_kicks);
    tcase_add_test(tests, every_td11_key_has_a_class);
    tcase_add_test(tests, other_keys_are_no_drums);
    tcase_add_test(tests, names_tell_the_classes_apart);
    tcase_add_test(tests, sets_are_read_and_told_by_name);
    suite_add_tcase(suite, tests);
    return suite;
}
