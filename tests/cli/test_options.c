#include "cli/options.h"
#include "suite.h"

#include <limits.h>
#include <math.h>
#include <string.h>

Suite *options_suite(void);

static const struct option_row rows[] = {
    OPTION_IS_FLAG("json", json, "a flag"),
    OPTION_IS_TEXT("session", session, "FILE", "a text"),
    OPTION_IS_TEXT("o", output, "OUT", "a letter"),
    OPTION_IS_NUMBER("follow", follow, "F", 0, 1, "a number"),
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "a whole number"),
    {OPTION_SEED, "seed", "N", "a seed", OPTION_PLACE(seed), 0, 0},
    {OPTION_BARS, "bars", "A-B", "bars", OPTION_PLACE(bars), 0, 0},
    {OPTION_BAR_LIST, "list", "BARS", "many bars", OPTION_PLACE(choice.bars), 0, 0},
    {OPTION_DRUMS, "drums", "DRUMS", "classes", OPTION_PLACE(choice.drums), 0, 0},
    {OPTION_LEASHES, "leash-drums", "DRUMS", "leashes", OPTION_PLACE(leashes), 0, 0},
    {OPTION_PAIR, "takes", "A,B", "two numbers", OPTION_PLACE(takes), 0, 0},
    {OPTION_WEIGHTS, "weights", "V,O,G,R", "weights", OPTION_PLACE(weights), 0, 0},
    {OPTION_END, NULL, NULL, NULL, 0, 0, 0},
};

static struct arguments arguments;
static struct error error;
static bool help;

/* Words are separated by single spaces. */
static bool parse(const char *line)
{
    static char copy[512];
    char *argv[32] = {"command"}, *rest = copy;
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    while (rest && *rest)
        argv[argc++] = strsep(&rest, " ");
    arguments_init(&arguments);
    error = (struct error){0};
    return options_parse(rows, "SONG", argc, argv, &arguments, &help, &error);
}

START_TEST(nothing_given_is_the_default)
{
    ck_assert(parse("a.mid"));
    ck_assert_str_eq(arguments.operand, "a.mid");
    ck_assert(!help && !arguments.json && !arguments.session && !arguments.output);
    ck_assert(isnan(arguments.follow));
    ck_assert_int_eq(arguments.take, 0);
    ck_assert_int_eq(arguments.seed, 1);
    ck_assert_double_nan(arguments.weights.human);
    ck_assert_int_eq(arguments.choice.bars.count, 0); /* all but the flubs */
    ck_assert_uint_eq(arguments.leashes.drums, 0);
    ck_assert(isnan(arguments.sensitivity_db));
    ck_assert_uint_eq(arguments.choice.drums, KITMAP_ALL);
    ck_assert_double_eq(arguments.strength, 1);
}
END_TEST

START_TEST(every_kind_is_read)
{
    ck_assert(parse("--json --session s.db a.mid -o out.mid --follow 0.25 --take 7 --bars 3-9"
                    " --seed 18446744073709551615 --weights 1,0.5,2,0"));
    ck_assert(arguments.json);
    ck_assert_str_eq(arguments.session, "s.db");
    ck_assert_str_eq(arguments.operand, "a.mid");
    ck_assert_str_eq(arguments.output, "out.mid");
    ck_assert_double_eq(arguments.follow, 0.25);
    ck_assert_int_eq(arguments.take, 7);
    ck_assert_int_eq(arguments.bars.first, 3);
    ck_assert_int_eq(arguments.bars.last, 9);
    ck_assert(arguments.seed == UINT64_MAX);
    ck_assert_double_eq(arguments.weights.velocity, 1);
    ck_assert_double_eq(arguments.weights.offset, 0.5);
    ck_assert_double_eq(arguments.weights.guitar, 2);
    ck_assert_double_eq(arguments.weights.human, 0);
}
END_TEST

START_TEST(bars_may_be_open_or_one)
{
    ck_assert(parse("a.mid --bars 5"));
    ck_assert(arguments.bars.first == 5 && arguments.bars.last == 5);
    ck_assert(parse("a.mid --bars=5-"));
    ck_assert(arguments.bars.first == 5 && arguments.bars.last == 0);
    ck_assert(!parse("a.mid --bars 5,6")); /* one range is asked for, however it is put */
    ck_assert(!parse("a.mid --bars 5,9-"));
    ck_assert_ptr_nonnull(strstr(error.text, "like 9-16, 9 or 9-"));
}
END_TEST

START_TEST(bars_and_drums_may_be_several)
{
    ck_assert(parse("a.mid --list 1-8,13,17- --drums closed-hat,kick"));
    ck_assert(bars_hold(&arguments.choice.bars, 13) && !bars_hold(&arguments.choice.bars, 14));
    ck_assert(bars_hold(&arguments.choice.bars, 1000));
    ck_assert_uint_eq(arguments.choice.drums, 1 << DRUM_KICK | 1 << DRUM_CLOSED_HAT);
    ck_assert(!parse("a.mid --list 1-8,x"));
    ck_assert_ptr_nonnull(strstr(error.text, "like 1-8,13,17-"));
    ck_assert(!parse("a.mid --drums kick,cowbell"));
    ck_assert_ptr_nonnull(strstr(error.text, "like kick,snare"));
    ck_assert_ptr_nonnull(strstr(error.hint, "open-hat"));
}
END_TEST

START_TEST(drums_have_leashes)
{
    ck_assert(parse("a.mid --leash-drums kick=10,closed-hat=0,ride=1000"));
    ck_assert_uint_eq(arguments.leashes.drums,
                      1 << DRUM_KICK | 1 << DRUM_CLOSED_HAT | 1 << DRUM_RIDE);
    ck_assert_double_eq(arguments.leashes.ms[DRUM_KICK], 10);
    ck_assert_double_eq(arguments.leashes.ms[DRUM_CLOSED_HAT], 0);
    ck_assert_double_eq(arguments.leashes.ms[DRUM_RIDE], 1000);
}
END_TEST

START_TEST(two_numbers_are_two)
{
    static const char *const none[] = {"3", "3,", ",3", "3,3", "0,3", "3,4,5", "3,x", "3.5,4"};
    char line[64];
    ck_assert(parse("a.mid --takes 3,15"));
    ck_assert(arguments.takes[0] == 3 && arguments.takes[1] == 15);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        snprintf(line, sizeof line, "a.mid --takes %s", none[i]);
        ck_assert_msg(!parse(line), "%s", none[i]);
        ck_assert_ptr_nonnull(strstr(error.text, "two numbers, like 3,5"));
    }
}
END_TEST

START_TEST(a_second_word_may_be_left_out)
{
    char *argv[] = {"note", "a.db", "some words", "more"};
    arguments_init(&arguments);
    ck_assert(options_parse(rows, "S [TEXT]", 2, argv, &arguments, &help, &error));
    ck_assert_ptr_null(arguments.text);
    ck_assert(options_parse(rows, "S [TEXT]", 3, argv, &arguments, &help, &error));
    ck_assert_str_eq(arguments.operand, "a.db");
    ck_assert_str_eq(arguments.text, "some words");
    ck_assert(!options_parse(rows, "S [TEXT]", 4, argv, &arguments, &help, &error));
    ck_assert_str_eq(error.text, "unexpected argument 'more'");
    ck_assert(!options_parse(rows, "S [TEXT]", 1, argv, &arguments, &help, &error));
    ck_assert_str_eq(error.text, "S is missing");
}
END_TEST

START_TEST(the_ends_of_a_range_belong_to_it)
{
    ck_assert(parse("a.mid --follow 0") && arguments.follow == 0);
    ck_assert(parse("a.mid --follow 1") && arguments.follow == 1);
    ck_assert(parse("a.mid --follow +1e-3") && arguments.follow == 1e-3);
}
END_TEST

static const char *const bad_lines[][2] = {
    {"a.mid --follow 1.0001", "from 0 to 1"},
    {"a.mid --follow -0.1", "from 0 to 1"},
    {"a.mid --follow nan", "'nan'"},
    {"a.mid --follow inf", "'inf'"},
    {"a.mid --follow 0x1", "'0x1'"},
    {"a.mid --follow 1e999", "'1e999'"},
    {"a.mid --follow 0.5x", "'0.5x'"},
    {"a.mid --follow 0,5", "'0,5'"},
    {"a.mid --follow", "needs a value"},
    {"a.mid --take 0", "from 1 up"},
    {"a.mid --take 1.5", "'1.5'"},
    {"a.mid --take 3000000000", "'3000000000'"},
    {"a.mid --seed -1", "'-1'"},
    {"a.mid --seed 18446744073709551616", "whole number"},
    {"a.mid --seed 1.0", "'1.0'"},
    {"a.mid --bars 0-4", "'0-4'"},
    {"a.mid --bars 9-4", "'9-4'"},
    {"a.mid --bars -4", "'-4'"},
    {"a.mid --bars 1-4-8", "'1-4-8'"},
    {"a.mid --bars 1-99999999999", "bars"},
    {"a.mid --weights 1,2,3", "four numbers"},
    {"a.mid --weights 1,2,3,4,5", "four numbers"},
    {"a.mid --weights 1,2,,4", "four numbers"},
    {"a.mid --weights 1,2,3,-4", "four numbers"},
    {"a.mid --weights 1,2,3,1000.1", "from 0 to 1000"},
    {"a.mid --leash-drums kick", "like kick=10,snare=25"},
    {"a.mid --leash-drums kick=", "like kick=10,snare=25"},
    {"a.mid --leash-drums =5", "like kick=10,snare=25"},
    {"a.mid --leash-drums kick=10,", "like kick=10,snare=25"},
    {"a.mid --leash-drums kick=-1", "like kick=10,snare=25"},
    {"a.mid --leash-drums kick=1001", "0 to 1000 ms"},
    {"a.mid --leash-drums cowbell=10", "like kick=10,snare=25"},
    {"a.mid --json=yes", "takes no value"},
    {"a.mid --loud", "unknown option '--loud'"},
    {"a.mid -q", "unknown option '-q'"},
    {"a.mid -o", "needs a value"},
    {"a.mid b.mid", "unexpected argument 'b.mid'"},
    {"--json", "SONG is missing"},
};

START_TEST(nonsense_is_refused)
{
    ck_assert_msg(!parse(bad_lines[_i][0]), "taken: %s", bad_lines[_i][0]);
    ck_assert_msg(strstr(error.text, bad_lines[_i][1]), "'%s' of: %s", error.text,
                  bad_lines[_i][0]);
}
END_TEST

START_TEST(an_empty_text_is_refused)
{
    char *argv[] = {"command", "a.mid", "--session", "", NULL};
    arguments_init(&arguments);
    ck_assert(!options_parse(rows, "SONG", 4, argv, &arguments, &help, &error));
    ck_assert(strstr(error.text, "--session"));
}
END_TEST

START_TEST(help_needs_nothing_else)
{
    ck_assert(parse("--help"));
    ck_assert(help);
}
END_TEST

START_TEST(a_command_without_operand_takes_none)
{
    char *argv[] = {"command", "--json", "extra", NULL};
    arguments_init(&arguments);
    ck_assert(options_parse(rows, NULL, 2, argv, &arguments, &help, &error));
    ck_assert(!options_parse(rows, NULL, 3, argv, &arguments, &help, &error));
}
END_TEST

START_TEST(help_comes_from_the_table)
{
    char text[2048] = {0};
    FILE *out = fmemopen(text, sizeof text - 1, "w");
    options_print(rows, out);
    fclose(out);
    ck_assert(strstr(text, "  --follow F            a number\n"));
    ck_assert(strstr(text, "  -o OUT                a letter\n"));
    ck_assert(strstr(text, "  --json                a flag\n"));
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_test(tests, nothing_given_is_the_default);
    tcase_add_test(tests, every_kind_is_read);
    tcase_add_test(tests, bars_may_be_open_or_one);
    tcase_add_test(tests, bars_and_drums_may_be_several);
    tcase_add_test(tests, drums_have_leashes);
    tcase_add_test(tests, two_numbers_are_two);
    tcase_add_test(tests, a_second_word_may_be_left_out);
    tcase_add_test(tests, the_ends_of_a_range_belong_to_it);
    tcase_add_loop_test(tests, nonsense_is_refused, 0, sizeof bad_lines / sizeof *bad_lines);
    tcase_add_test(tests, an_empty_text_is_refused);
    tcase_add_test(tests, help_needs_nothing_else);
    tcase_add_test(tests, a_command_without_operand_takes_none);
    tcase_add_test(tests, help_comes_from_the_table);
    suite_add_tcase(suite, tests);
    return suite;
}
