/* What is remembered from one rehearsal to the next. */
#include "fixture.h"

#include "tui/remembered.h"

#include <sys/stat.h>
#include <unistd.h>

static char place[64], file[96];
static struct remembered memory;
static struct error err;

static void set_up(void)
{
    strcpy(place, "/tmp/rolypoly-state-XXXXXX");
    ck_assert(mkdtemp(place) != NULL);
    snprintf(file, sizeof file, "%s/rolypoly/state.json", place);
    setenv("XDG_STATE_HOME", place, 1);
    remembered_init(&memory);
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", place);
    ck_assert_int_eq(system(command), 0);
}

static struct knobs as_it_comes(void)
{
    struct room_take_options take = {
        .settings = {.controls = {.follow = 1, .expression = 0.3, .leash_ms = 120},
                     .tempo_percent = 100},
        .reverb = 0.2};
    return knobs_from(&take, &lesson_defaults);
}

static struct knobs recalled(const char *song)
{
    struct knobs knobs = as_it_comes();
    remembered_recall(&memory, song, &knobs);
    return knobs;
}

static void rehearse(const char *song, enum knob knob, double value)
{
    struct knobs maker = as_it_comes(), began = recalled(song), ended = began;
    ended.value[knob] = value;
    remembered_keep(&memory, song, &maker, &began, &ended);
}

START_TEST(a_song_is_played_as_last_time_and_no_other)
{
    rehearse("1111", KNOB_TEMPO, 80);
    rehearse("1111", KNOB_FOLLOW, 0.5);
    rehearse("2222", KNOB_TEMPO, 90);
    ck_assert_double_eq(recalled("1111").value[KNOB_TEMPO], 80);
    ck_assert_double_eq(recalled("1111").value[KNOB_FOLLOW], 0.5);
    ck_assert_double_eq(recalled("2222").value[KNOB_TEMPO], 90);
    ck_assert_double_eq(recalled("2222").value[KNOB_FOLLOW], 1);
    ck_assert_double_eq(recalled("3333").value[KNOB_TEMPO], 100);
}
END_TEST

START_TEST(a_room_and_the_weights_are_for_all_songs)
{
    rehearse("1111", KNOB_REVERB, 0.7);
    rehearse("1111", KNOB_HUMAN, 3);
    ck_assert_double_eq(recalled("2222").value[KNOB_REVERB], 0.7);
    ck_assert_double_eq(recalled("2222").value[KNOB_HUMAN], 3);
}
END_TEST

START_TEST(what_was_not_turned_is_not_remembered)
{
    struct knobs maker = as_it_comes(), began = maker;
    began.value[KNOB_FOLLOW] = 0.2; /* the command line's */
    remembered_keep(&memory, "1111", &maker, &began, &began);
    ck_assert_double_eq(recalled("1111").value[KNOB_FOLLOW], 1);
    ck_assert_int_eq(memory.song_count, 0);
    rehearse("1111", KNOB_TEMPO, 80);
    rehearse("1111", KNOB_TEMPO, 100); /* back to where it came from */
    ck_assert_int_eq(memory.song_count, 0);
    rehearse("1111", KNOB_SENSITIVITY, 6); /* has a file of its own */
    ck_assert_double_eq(recalled("1111").value[KNOB_SENSITIVITY], 0);
}
END_TEST

START_TEST(it_is_the_same_when_it_is_read)
{
    struct knobs maker = as_it_comes(), ended = maker;
    ended.drum_leash_ms[DRUM_CLOSED_HAT] = 15;
    remembered_keep(&memory, "abcd", &maker, &maker, &ended);
    rehearse("1111", KNOB_TEMPO, 80);
    rehearse("1111", KNOB_REVERB, 0.4);
    strcpy(memory.input, "Scarlett \"2i2\"");
    strcpy(memory.folder, "/songs/\xc3\xa4");
    memory.rate = 44100;
    memory.period = 128;
    memory.channel = 2;
    memory.history = true;
    ck_assert_msg(remembered_save(&memory, &err), "%s", err.text);
    struct remembered kept = memory;
    ck_assert_msg(remembered_load(&memory, &err), "%s", err.text);
    ck_assert_str_eq(memory.input, kept.input);
    ck_assert_str_eq(memory.output, "");
    ck_assert_str_eq(memory.folder, kept.folder);
    ck_assert(memory.rate == 44100 && memory.period == 128 && memory.channel == 2);
    ck_assert(memory.history);
    ck_assert_double_eq(recalled("abcd").drum_leash_ms[DRUM_CLOSED_HAT], 15);
    ck_assert_double_eq(recalled("1111").value[KNOB_TEMPO], 80);
    ck_assert_double_eq(recalled("abcd").value[KNOB_REVERB], 0.4);
    ck_assert_str_eq(memory.songs[0].id, "1111"); /* the last one first */
}
END_TEST

START_TEST(old_songs_make_room)
{
    char id[17];
    for (int i = 0; i < REMEMBERED_SONGS + 5; i++) {
        snprintf(id, sizeof id, "%016d", i);
        rehearse(id, KNOB_TEMPO, 80);
    }
    ck_assert_int_eq(memory.song_count, REMEMBERED_SONGS);
    ck_assert_double_eq(recalled(id).value[KNOB_TEMPO], 80);
    ck_assert_double_eq(recalled("0000000000000000").value[KNOB_TEMPO], 100);
}
END_TEST

static void write_file(const char *text)
{
    ck_assert(remembered_save(&memory, NULL));
    FILE *out = fopen(file, "w");
    ck_assert(out && fputs(text, out) >= 0 && fclose(out) == 0);
}

START_TEST(rubbish_is_told_and_forgotten)
{
    ck_assert(remembered_load(&memory, &err)); /* none is none */
    rehearse("1111", KNOB_TEMPO, 80);
    write_file("{\"knobs\"");
    ck_assert(!remembered_load(&memory, &err) && err.text[0]);
    ck_assert_int_eq(memory.song_count, 0);
    static const char *const odd[] = {
        "[]",
        "null",
        "{\"songs\":5,\"sound\":[],\"knobs\":\"\",\"folder\":7,\"history\":0}",
        "{\"sound\":{\"rate\":1e9,\"period\":-1,\"channel\":0.5,\"input\":3}}",
        "{\"knobs\":{\"reverb\":7,\"human\":null,\"tempo\":50}}",
        "{\"songs\":[{},{\"id\":\"01234567890123456789\"},{\"id\":5},3,{\"id\":\"\"}]}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        write_file(odd[i]);
        ck_assert_msg(remembered_load(&memory, &err), "%s", odd[i]);
        ck_assert(memory.song_count == 0 && memory.rate == 0 && memory.period == 0 &&
                  memory.channel == 0 && !memory.input[0] && !memory.folder[0]);
        struct knobs now = recalled("1111"), maker = as_it_comes();
        ck_assert_mem_eq(&now, &maker, sizeof now);
    }
}
END_TEST

Suite *remembered_suite(void)
{
    Suite *suite = suite_create("remembered");
    TCase *tcase = tcase_create("remembered");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_song_is_played_as_last_time_and_no_other);
    tcase_add_test(tcase, a_room_and_the_weights_are_for_all_songs);
    tcase_add_test(tcase, what_was_not_turned_is_not_remembered);
    tcase_add_test(tcase, it_is_the_same_when_it_is_read);
    tcase_add_test(tcase, old_songs_make_room);
    tcase_add_test(tcase, rubbish_is_told_and_forgotten);
    suite_add_tcase(suite, tcase);
    return suite;
}
