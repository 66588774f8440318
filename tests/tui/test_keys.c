#include "fixture.h"

enum { MOST_HELP = 27 };

START_TEST(no_key_means_two_things_in_one_place)
{
    for (int a = 0; a < key_count; a++)
        for (int b = a + 1; b < key_count; b++)
            for (int i = 0; i < 3 && keys[a].codes[i]; i++)
                for (int k = 0; k < 3 && keys[b].codes[k]; k++)
                    ck_assert_msg(
                        keys[a].codes[i] != keys[b].codes[k] || !(keys[a].places & keys[b].places),
                        "'%s' means both '%s' and '%s'", keys[a].name, keys[a].help, keys[b].help);
}
END_TEST

START_TEST(every_action_has_a_key)
{
    for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        bool found = false;
        for (int i = 0; i < key_count; i++)
            found = found || keys[i].action == (enum action)action;
        ck_assert_msg(found, "action %d", action);
    }
}
END_TEST

START_TEST(every_action_has_a_name_of_its_own)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const char *name = keys_action_name((enum action)a);
        ck_assert_msg(name && name[0] && !strchr(name, ' '), "action %d", a);
        for (int b = a + 1; b < ACTION_COUNT; b++)
            ck_assert_str_ne(name, keys_action_name((enum action)b));
    }
}
END_TEST

START_TEST(help_fits_its_column)
{
    for (int i = 0; i < key_count; i++) {
        ck_assert_int_le(grid_width(keys[i].name), 9);
        ck_assert_msg(grid_width(keys[i].help) <= MOST_HELP, "'%s'", keys[i].help);
    }
}
END_TEST

START_TEST(the_first_key_of_a_pair_goes_back)
{
    static const struct {
        enum action action;
        int first, second;
    } pairs[] = {{ACTION_BAR, PRESS_LEFT, PRESS_RIGHT},
                 {ACTION_MOVE, PRESS_UP, PRESS_DOWN},
                 {ACTION_PAGE, PRESS_PAGE_UP, PRESS_PAGE_DOWN},
                 {ACTION_TURN, PRESS_LEFT, PRESS_RIGHT},
                 {ACTION_FOLLOW, '-', '+'},
                 {ACTION_FOLLOW, '-', '='},
                 {ACTION_LEASH, '[', ']'},
                 {ACTION_SENSITIVITY, ',', '.'}};
    struct keymap map;
    keymap_init(&map);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ck_assert_int_eq(keys_parts(pairs[i].action), 2);
        ck_assert(keymap_holds(&map, pairs[i].action, 0, pairs[i].first) &&
                  keymap_holds(&map, pairs[i].action, 1, pairs[i].second));
    }
}
END_TEST

static bool is_word(int code) /* a key with a name, that another can stand for */
{
    return code == PRESS_ENTER || code == PRESS_ESCAPE || code == PRESS_BACKSPACE;
}

/* Several keys are several parts of the action, or one of them is a word: ways to say the same. */
START_TEST(keys_in_pairs_are_known_as_such)
{
    for (int i = 0; i < key_count; i++) {
        const int *codes = keys[i].codes;
        int parts = keys_parts(keys[i].action);
        bool words = is_word(codes[0]) || is_word(codes[1]);
        ck_assert_msg(words || parts == (codes[8] ? 9 : codes[1] ? 2 : 1), "'%s'", keys[i].help);
        ck_assert_msg(!words || parts == 1, "'%s'", keys[i].help);
    }
}
END_TEST

START_TEST(there_is_a_way_out_of_every_place)
{
    for (int at = 1; at < PLACE_END; at <<= 1) {
        enum place place = (enum place)at;
        ck_assert_int_eq(keys_action(place, 'q'), ACTION_QUIT);
        ck_assert_int_eq(keys_action(place, '?'), place == AT_HELP ? ACTION_BACK : ACTION_HELP);
        if (place != AT_STAGE && place != AT_PLAYING)
            ck_assert_int_ne(keys_action(place, PRESS_ESCAPE), ACTION_NONE);
        ck_assert_int_eq(keys_action(place, 'Z'), ACTION_NONE);
        ck_assert_int_eq(keys_action(place, PRESS_NONE), ACTION_NONE);
    }
}
END_TEST

START_TEST(the_keys_of_a_rehearsal)
{
    ck_assert_int_eq(keys_action(AT_STAGE, ' '), ACTION_PLAY);
    ck_assert_int_eq(keys_action(AT_PLAYING, ' '), ACTION_STOP);
    ck_assert_int_eq(keys_action(AT_TAKE, 'a'), ACTION_ACCEPT);
    ck_assert_int_eq(keys_action(AT_TAKE, 'r'), ACTION_REJECT);
    ck_assert_int_eq(keys_action(AT_PLAYING, 'a'), ACTION_NONE);
    ck_assert_int_eq(keys_action(AT_PLAYING, 'u'), ACTION_NONE);
    ck_assert_int_eq(keys_action(AT_LESSON, 'x'), ACTION_CANCEL);
    ck_assert_int_eq(keys_action(AT_STAGE, '='), ACTION_FOLLOW);
    ck_assert_int_eq(keys_action(AT_PLAYING, '-'), ACTION_FOLLOW);
    ck_assert_int_eq(keys_action(AT_PLAYING, '['), ACTION_LEASH);
    ck_assert_int_eq(keys_action(AT_PLAYING, '3'), ACTION_LEASH_DRUM);
    ck_assert_int_eq(keys_action(AT_TAKE, '3'), ACTION_DRUM);
    ck_assert_int_eq(keys_action(AT_PLAYING, 'r'), ACTION_ROBOT);
    ck_assert_int_eq(keys_action(AT_PLAYING, 'f'), ACTION_FLUB);
    ck_assert_int_eq(keys_action(AT_STAGE, 'f'), ACTION_NONE);
    for (int at = 1; at < PLACE_END; at <<= 1) /* heard all the time, and set all the time */
        ck_assert(at == AT_LIBRARY || keys_action((enum place)at, ',') == ACTION_SENSITIVITY);
    ck_assert_int_eq(keys_action(AT_HISTORY, PRESS_ENTER), ACTION_LOOK);
}
END_TEST

Suite *keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *tcase = tcase_create("keys");
    tcase_add_test(tcase, no_key_means_two_things_in_one_place);
    tcase_add_test(tcase, every_action_has_a_key);
    tcase_add_test(tcase, every_action_has_a_name_of_its_own);
    tcase_add_test(tcase, help_fits_its_column);
    tcase_add_test(tcase, the_first_key_of_a_pair_goes_back);
    tcase_add_test(tcase, keys_in_pairs_are_known_as_such);
    tcase_add_test(tcase, there_is_a_way_out_of_every_place);
    tcase_add_test(tcase, the_keys_of_a_rehearsal);
    suite_add_tcase(suite, tcase);
    return suite;
}
