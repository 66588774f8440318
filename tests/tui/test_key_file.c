/* The player's own keys. */
#include "fixture.h"

#include "tui/key_file.h"
#include "tui/key_names.h"
#include "tui/nearest.h"

static struct key_settings settings;

static void read_text(const char *text)
{
    key_settings_init(&settings);
    key_settings_read(&settings, text);
}

static enum action action_of(enum place place, int code)
{
    int part;
    return keymap_action(&settings.map, place, code, &part);
}

static int part_of(enum place place, int code)
{
    int part;
    keymap_action(&settings.map, place, code, &part);
    return part;
}

static const char *name_of(enum action action)
{
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action)
            return settings.map.rows[i].name;
    return NULL;
}

START_TEST(an_action_has_the_keys_that_its_line_names)
{
    read_text("# mine\n  play =  F5 ctrl-p \r\n\n");
    ck_assert_int_eq(settings.problem_count, 0);
    ck_assert_int_eq(action_of(AT_STAGE, PRESS_F1 + 4), ACTION_PLAY);
    ck_assert_int_eq(action_of(AT_STAGE, 'P' - '@'), ACTION_PLAY);
    ck_assert_int_eq(action_of(AT_STAGE, ' '), ACTION_NONE);
    ck_assert_int_eq(action_of(AT_PLAYING, ' '), ACTION_STOP); /* has a line of its own */
    ck_assert_str_eq(name_of(ACTION_PLAY), "F5");
}
END_TEST

START_TEST(a_pair_is_two_and_the_drums_are_nine)
{
    read_text("follow- = z\nfollow+ = v V\nleash-drum-9 = F9\n");
    ck_assert_int_eq(settings.problem_count, 0);
    ck_assert_int_eq(action_of(AT_PLAYING, 'z'), ACTION_FOLLOW);
    ck_assert_int_eq(part_of(AT_PLAYING, 'z'), 0);
    ck_assert_int_eq(part_of(AT_PLAYING, 'V'), 1);
    ck_assert_str_eq(name_of(ACTION_FOLLOW), "z v");
    ck_assert_int_eq(action_of(AT_PLAYING, '-'), ACTION_NONE);
    ck_assert_int_eq(part_of(AT_PLAYING, PRESS_F1 + 8), 8);
    ck_assert_int_eq(part_of(AT_PLAYING, '8'), 7);
    ck_assert_int_eq(action_of(AT_PLAYING, '9'), ACTION_NONE);
}
END_TEST

START_TEST(a_key_is_taken_from_the_action_that_had_it_there)
{
    read_text("robot = f\nflub = r\n"); /* swapped: none is left without a key */
    ck_assert_int_eq(action_of(AT_PLAYING, 'f'), ACTION_ROBOT);
    ck_assert_int_eq(action_of(AT_PLAYING, 'r'), ACTION_FLUB);
    ck_assert_int_eq(action_of(AT_TAKE, 'r'), ACTION_REJECT); /* elsewhere, it stays */
    read_text("robot = f\n");
    ck_assert_int_eq(settings.problem_count, 1);
    ck_assert_str_eq(settings.problems[0], "line 1: no key is left for 'flub'");
    ck_assert_int_eq(action_of(AT_PLAYING, 'f'), ACTION_ROBOT);
    ck_assert_str_eq(name_of(ACTION_FLUB), "");
}
END_TEST

START_TEST(what_does_not_hold_is_told_by_line_and_the_rest_holds)
{
    read_text("fulb = F1\nflub = F13\nplay\nplay = q\nplay = F2\nstop = F3\nrobot = F3\n"
              "mouse = sometimes\nquit = F4\n");
    static const char *const problems[] = {
        "line 1: there is no action 'fulb'; is 'flub' meant?",
        "line 2: there is no key 'F13'",
        "line 3: 'play' is no 'action = key'",
        "line 4: q always quits",
        "line 7: 'F3' does 'stop' already, by line 6",
        "line 8: mouse is on or off, not 'sometimes'",
        "line 9: q always quits: name it too",
    };
    ck_assert_int_eq(settings.problem_count, sizeof problems / sizeof *problems);
    for (int i = 0; i < settings.problem_count; i++)
        ck_assert_str_eq(settings.problems[i], problems[i]);
    ck_assert_int_eq(action_of(AT_STAGE, PRESS_F1 + 1), ACTION_PLAY);
    ck_assert_int_eq(action_of(AT_PLAYING, PRESS_F1 + 2), ACTION_STOP);
    ck_assert_int_eq(action_of(AT_PLAYING, 'f'), ACTION_FLUB);
    ck_assert_int_eq(action_of(AT_STAGE, 'q'), ACTION_QUIT);
}
END_TEST

START_TEST(a_pedal_is_a_key)
{
    read_text("pedal = hw:1,0\nflub = f midi:cc64\nstop = space pedal\nrobot = midi:note36\n");
    ck_assert_int_eq(settings.problem_count, 0);
    ck_assert_str_eq(settings.pedal, "hw:1,0");
    ck_assert_int_eq(action_of(AT_PLAYING, PRESS_MIDI_CONTROLLER + 64), ACTION_FLUB);
    ck_assert_int_eq(action_of(AT_PLAYING, PRESS_MIDI_NOTE + 36), ACTION_ROBOT);
    ck_assert_int_eq(action_of(AT_PLAYING, PRESS_MIDI_PROGRAM + 3), ACTION_STOP); /* any other */
    ck_assert_int_eq(action_of(AT_PLAYING, ' '), ACTION_STOP);
    ck_assert_int_eq(action_of(AT_STAGE, PRESS_MIDI_PROGRAM + 3), ACTION_NONE);
    ck_assert_str_eq(name_of(ACTION_FLUB), "f");
    ck_assert_str_eq(name_of(ACTION_ROBOT), "note36");
}
END_TEST

/* What is printed changes nothing when it is read, and all of it when it was changed. */
static void print_and_read(const char *text)
{
    read_text(text);
    struct key_settings before = settings;
    char *printed;
    size_t size;
    FILE *file = open_memstream(&printed, &size);
    key_settings_print(&settings, file);
    fclose(file);
    read_text(printed);
    ck_assert_int_eq(settings.problem_count, 0);
    ck_assert_str_eq(settings.pedal, before.pedal);
    for (int place = 1; place < PLACE_END; place <<= 1)
        for (int code = 1; code < PRESS_MIDI_END; code++) {
            int part, own_part;
            enum action action = keymap_action(&before.map, (enum place)place, code, &part);
            ck_assert_int_eq(keymap_action(&settings.map, (enum place)place, code, &own_part),
                             action);
            ck_assert_int_eq(own_part, part);
            if (code == 300)
                code = PRESS_UP - 1;
        }
    free(printed);
}

START_TEST(the_printed_table_is_such_a_file)
{
    print_and_read("");
    print_and_read("play = F5 midi:pc3\npedal = /dev/midi1\nfollow- = a F7\nmouse = off\n");
}
END_TEST

START_TEST(every_key_has_a_name_that_is_read_back)
{
    static const int codes[] = {' ',
                                'a',
                                'Z',
                                '#',
                                '=',
                                0xe9,
                                '\t',
                                1,
                                26 - 2,
                                PRESS_UP,
                                PRESS_END,
                                PRESS_F1,
                                PRESS_F1 + 11,
                                PRESS_ENTER,
                                PRESS_PEDAL,
                                PRESS_MIDI_CONTROLLER,
                                PRESS_MIDI_NOTE + 127,
                                PRESS_MIDI_PROGRAM + 5};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char name[KEY_NAME_SIZE];
        int code;
        key_write(codes[i], name);
        ck_assert_msg(key_read(name, &code) && code == codes[i], "'%s'", name);
    }
    static const char *const none[] = {"",        "ab",          "F0",     "F13",    "F1x",
                                       "ctrl-",   "ctrl-c",      "ctrl-z", "ctrl-m", "midi:cc128",
                                       "midi:cc", "midi:note-1", "\xff"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int code;
        ck_assert_msg(!key_read(none[i], &code), "'%s'", none[i]);
    }
}
END_TEST

START_TEST(rubbish_does_no_harm)
{
    struct rng rng;
    rng_seed(&rng, 3);
    for (int round = 0; round < 2000; round++) {
        static const char signs[] = "play=flub stop#\n\t-+19midi:cc64F5q\xff\xc3";
        char text[200];
        int length = (int)rng_below(&rng, sizeof text - 1);
        for (int i = 0; i < length; i++)
            text[i] = signs[rng_below(&rng, sizeof signs - 1)];
        text[length] = '\0';
        read_text(text);
        ck_assert_int_eq(action_of(AT_PLAYING, 'q'), ACTION_QUIT);
    }
}
END_TEST

START_TEST(what_was_meant)
{
    static const struct {
        const char *word, *meant;
    } cases[] = {{"folow", "follow"},
                 {"flolow", "follow"},
                 {"expr", "expression"},
                 {"xyzzy", ""},
                 {"q", ""},
                 {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nearest nearest = {.word = cases[i].word};
        nearest_try(&nearest, "expression");
        nearest_try(&nearest, "fellow");
        nearest_try(&nearest, "follow");
        nearest_try(&nearest, "flub");
        ck_assert_str_eq(nearest.name, cases[i].meant);
    }
}
END_TEST

Suite *key_file_suite(void)
{
    Suite *suite = suite_create("key_file");
    TCase *tcase = tcase_create("key_file");
    tcase_add_test(tcase, an_action_has_the_keys_that_its_line_names);
    tcase_add_test(tcase, a_pair_is_two_and_the_drums_are_nine);
    tcase_add_test(tcase, a_key_is_taken_from_the_action_that_had_it_there);
    tcase_add_test(tcase, what_does_not_hold_is_told_by_line_and_the_rest_holds);
    tcase_add_test(tcase, a_pedal_is_a_key);
    tcase_add_test(tcase, the_printed_table_is_such_a_file);
    tcase_add_test(tcase, every_key_has_a_name_that_is_read_back);
    tcase_add_test(tcase, rubbish_does_no_harm);
    tcase_add_test(tcase, what_was_meant);
    suite_add_tcase(suite, tcase);
    return suite;
}
