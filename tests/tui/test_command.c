/* What may be typed after a colon. */
#include "fixture.h"

#include "tui/command.h"

#include <sys/stat.h>
#include <unistd.h>

static struct typed typed;
static struct error err;

static bool reads(const char *line)
{
    err.text[0] = '\0';
    return command_read(line, &typed, &err);
}

START_TEST(every_action_is_a_word)
{
    for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        for (int part = 0; part < keys_parts((enum action)action); part++) {
            char name[KEYMAP_NAME];
            keymap_write_name((enum action)action, part, name);
            ck_assert_msg(reads(name), "%s", err.text);
            ck_assert(typed.kind == TYPED_ACTION && (int)typed.action == action);
            ck_assert_int_eq(typed.part, part);
        }
}
END_TEST

START_TEST(every_knob_takes_a_value)
{
    static const struct {
        const char *line;
        enum knob knob;
        int drum;
        double value;
    } lines[] = {
        {"follow 0.8", KNOB_FOLLOW, -1, 0.8},
        {"  tempo   85  ", KNOB_TEMPO, -1, 85},
        {"touch 2", KNOB_VELOCITY, -1, 2},
        {"human 0", KNOB_HUMAN, -1, 0},
        {"strength 0.5", KNOB_STRENGTH, -1, 0.5},
        {"leash 60", KNOB_LEASH, -1, 60},
        {"sensitivity -3", KNOB_SENSITIVITY, -1, -3},
        {"leash kick 20", KNOB_DRUM_LEASH, DRUM_KICK, 20},
        {"leash closed-hat 5", KNOB_DRUM_LEASH, DRUM_CLOSED_HAT, 5},
        {"leash ride 0", KNOB_DRUM_LEASH, DRUM_RIDE, 0},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ck_assert_msg(reads(lines[i].line), "%s: %s", lines[i].line, err.text);
        ck_assert(typed.kind == TYPED_KNOB && typed.knob == lines[i].knob);
        ck_assert_int_eq(typed.drum, lines[i].drum);
        ck_assert_double_eq(typed.value, lines[i].value);
    }
}
END_TEST

START_TEST(practice_is_typed_too)
{
    static const struct {
        const char *line;
        enum practice_knob knob;
        int number;
    } lines[] = {
        {"from 9", PRACTICE_FROM, 9},         {"to 12", PRACTICE_TO, 12},
        {"passes 8", PRACTICE_PASSES, 8},     {"ramp -5", PRACTICE_RAMP, -5},
        {"vamp on", PRACTICE_VAMP, 1},        {"vamp off", PRACTICE_VAMP, 0},
        {"drums-out 2", PRACTICE_OUT, 2},     {"drums-play 4", PRACTICE_PLAY, 4},
        {"count-in 0", PRACTICE_COUNT_IN, 0},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ck_assert_msg(reads(lines[i].line), "%s: %s", lines[i].line, err.text);
        ck_assert(typed.kind == TYPED_PRACTICE && typed.practice == lines[i].knob);
        ck_assert_int_eq(typed.number, lines[i].number);
    }
    ck_assert(!reads("passes") && !reads("passes 1.5") && !reads("passes 1e9") && !reads("vamp 3"));
}
END_TEST

START_TEST(a_beginning_is_enough_where_it_is_one_commands)
{
    ck_assert(reads("q") && typed.action == ACTION_QUIT);
    ck_assert(reads("acc") && typed.action == ACTION_ACCEPT);
    ck_assert(reads("tem 85") && typed.kind == TYPED_KNOB && typed.knob == KNOB_TEMPO);
    ck_assert(!reads("le"));                                     /* leash, leash-drum-1, ... */
    ck_assert(reads("delete") && typed.action == ACTION_DELETE); /* though delete-yes is one too */
}
END_TEST

START_TEST(songs_takes_and_drummers)
{
    ck_assert(reads("open ~/my songs/a b.mid") && typed.kind == TYPED_OPEN);
    ck_assert_str_eq(typed.text, "~/my songs/a b.mid");
    ck_assert(reads("export out.mid") && typed.kind == TYPED_EXPORT);
    ck_assert(reads("export") && typed.kind == TYPED_ACTION); /* asks for the name */
    ck_assert(reads("take 3") && typed.kind == TYPED_TAKE && typed.number == 3);
    ck_assert(reads("drummer 2") && typed.kind == TYPED_DRUMMER && typed.number == 2);
    ck_assert(reads("bar 17") && typed.kind == TYPED_BAR && typed.number == 17);
}
END_TEST

START_TEST(what_is_wrong_is_told)
{
    static const char *const lines[][2] = {
        {"folow 1", "there is no command 'folow'; is 'follow' meant?"},
        {"xyzzy", "there is no command 'xyzzy': tab shows them all"},
        {"follow 2", "follow is a number from 0 to 1, not '2'"},
        {"follow", "follow is a number from 0 to 1"},
        {"tempo fast", "tempo is a number from 40 to 160 %, not 'fast'"},
        {"tempo nan", "not 'nan'"},
        {"leash tuba 3", "there is no drum 'tuba'"},
        {"leash kick,snare 3", "there is no drum 'kick,snare'"},
        {"leash kick 9999", "not '9999'"},
        {"take", "take wants a number: take 3"},
        {"take 0", "take wants a number"},
        {"take 2.5", "take wants a number"},
        {"export-", "is 'export' meant?"},
        {"history 3", "history stands alone, without '3'"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ck_assert_msg(!reads(lines[i][0]), "'%s'", lines[i][0]);
        ck_assert_has(err.text, lines[i][1]);
    }
}
END_TEST

/* The line after tab. */
static const char *completed(const char *line)
{
    static char text[2 * PATH_MAX];
    struct completion completion;
    int begin = command_complete(line, 1u << DRUM_KICK | 1u << DRUM_RIDE, &completion);
    snprintf(text, sizeof text, "%.*s%s", begin, line,
             completion.count ? completion.common : line + begin);
    return text;
}

START_TEST(words_are_completed)
{
    ck_assert_str_eq(completed("fol"), "follow");
    ck_assert_str_eq(completed("calib"), "calibrate");
    ck_assert_str_eq(completed("  hist"), "  history");
    ck_assert_str_eq(completed("xyz"), "xyz");
    ck_assert_str_eq(completed("leash k"), "leash kick");
    ck_assert_str_eq(completed("leash s"), "leash s"); /* the song has no snare */
    struct completion completion;
    command_complete("fol", 0, &completion);
    ck_assert_str_eq(completion.list, "follow follow- follow+");
    command_complete("e", 0, &completion);
    ck_assert_has(completion.list, "export");
    ck_assert_ptr_null(strstr(strstr(completion.list, "export") + 1, "export")); /* once */
}
END_TEST

START_TEST(files_are_completed)
{
    char place[] = "/tmp/rolypoly-command-XXXXXX", path[128];
    static const char *const names[] = {"blue bossa.mid", "blue.txt", "b.MIDI", ".b.mid"};
    ck_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        fclose(fopen(names[i], "w"));
    ck_assert_int_eq(mkdir("sub", 0700), 0);
    ck_assert_str_eq(completed("open blu"), "open blue bossa.mid");
    ck_assert_str_eq(completed("open s"), "open sub/");
    ck_assert_str_eq(completed("open blue b"), "open blue bossa.mid");
    snprintf(path, sizeof path, "open %s/b.", place);
    ck_assert_has(completed(path), "b.MIDI");
    ck_assert_str_eq(completed("open /no such/x"), "open /no such/x");
    struct completion completion;
    command_complete("open ", 0, &completion);
    ck_assert_str_eq(completion.list, "b.MIDI blue bossa.mid sub/");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    rmdir("sub");
    ck_assert(chdir("/") == 0 && rmdir(place) == 0);
}
END_TEST

START_TEST(rubbish_is_refused)
{
    struct rng rng;
    rng_seed(&rng, 4);
    for (int round = 0; round < 5000; round++) {
        static const char signs[] = "leash kick 0.9openfollow -+\xc3\xff/~";
        char line[120];
        struct completion completion;
        int length = (int)rng_below(&rng, sizeof line - 1);
        for (int i = 0; i < length; i++)
            line[i] = signs[rng_below(&rng, sizeof signs - 1)];
        line[length] = '\0';
        ck_assert(reads(line) || err.text[0]);
        command_complete(line, KITMAP_ALL, &completion);
    }
}
END_TEST

Suite *command_suite(void)
{
    Suite *suite = suite_create("command");
    TCase *tcase = tcase_create("command");
    tcase_add_test(tcase, every_action_is_a_word);
    tcase_add_test(tcase, every_knob_takes_a_value);
    tcase_add_test(tcase, practice_is_typed_too);
    tcase_add_test(tcase, a_beginning_is_enough_where_it_is_one_commands);
    tcase_add_test(tcase, songs_takes_and_drummers);
    tcase_add_test(tcase, what_is_wrong_is_told);
    tcase_add_test(tcase, words_are_completed);
    tcase_add_test(tcase, files_are_completed);
    tcase_add_test(tcase, rubbish_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
