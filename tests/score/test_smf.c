#include "builder.h"
#include "score/smf.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static struct smf_content content;
static struct error err;

static bool reads(const struct builder *builder)
{
    memset(&err, 0, sizeof err);
    smf_content_clear(&content);
    return smf_read(builder->bytes, builder->size, &content, &err);
}

static void ck_refused(struct builder *builder, const char *sentence)
{
    ck_assert(!reads(builder));
    ck_assert_str_eq(err.text, sentence);
    ck_assert_str_eq(err.hint,
                     "re-export it from your editor as a Standard MIDI File, format 0 or 1");
    build_free(builder);
}

static void ck_read(struct builder *builder, int notes)
{
    ck_assert_msg(reads(builder), "%s", err.text);
    ck_assert_int_eq(content.note_count, notes);
    build_free(builder);
}

/* A format 0 file whose only track holds these bytes. */
static struct builder one_track(const void *bytes, size_t size)
{
    struct builder builder = build(0, 1, 96);
    build_track(&builder);
    build_raw(&builder, bytes, size);
    build_close(&builder);
    return builder;
}

#define ONE_TRACK(text) one_track(text, sizeof text - 1)

START_TEST(tracks_are_merged_by_time)
{
    struct builder builder = build(1, 3, 480);
    build_track(&builder);
    build_tempo(&builder, 0, 400000);
    build_tempo(&builder, 960, 300000);
    build_end(&builder, 960);
    build_track(&builder);
    build_stroke(&builder, 480, 36, 100);
    build_stroke(&builder, 960, 36, 101);
    build_end(&builder, 2000);
    build_track(&builder);
    build_metre(&builder, 0, 7, 3);
    build_stroke(&builder, 0, 42, 60);
    build_tempo(&builder, 700, 350000);
    build_stroke(&builder, 960, 42, 61);
    build_end(&builder, 2000);
    ck_assert(reads(&builder));
    static const int expected[][3] = {{0, 42, 60}, {480, 36, 100}, {960, 36, 101}, {960, 42, 61}};
    ck_assert_int_eq(content.note_count, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(content.notes[i].tick, expected[i][0]);
        ck_assert_int_eq(content.notes[i].pitch, expected[i][1]);
        ck_assert_int_eq(content.notes[i].velocity, expected[i][2]);
    }
    static const int tempos[][2] = {{0, 400000}, {700, 350000}, {960, 300000}};
    ck_assert_int_eq(content.tempo_count, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(content.tempos[i].tick, tempos[i][0]);
        ck_assert_double_eq(content.tempos[i].us_per_quarter, tempos[i][1]);
    }
    ck_assert_int_eq(content.metre_count, 1);
    ck_assert_int_eq(content.metres[0].numerator, 7);
    ck_assert_int_eq(content.metres[0].denominator, 8);
    build_free(&builder);
}
END_TEST

START_TEST(running_status_and_silent_note_ons)
{
    /* note-on, running: note-on, note-on of velocity 0; then the status survives a text event */
    struct builder builder = ONE_TRACK("\x00\x99\x26\x40\x10\x2A\x50\x10\x2A\x00\x00\xFF\x01\x02hi"
                                       "\x05\x24\x70\x00\xFF\x2F\x00");
    ck_assert(reads(&builder));
    ck_assert_int_eq(content.note_count, 3);
    ck_assert_int_eq(content.notes[1].tick, 16);
    ck_assert_int_eq(content.notes[2].tick, 37);
    ck_assert_int_eq(content.notes[2].pitch, 36);
    build_free(&builder);
}
END_TEST

START_TEST(channel_ten_wins_over_names)
{
    struct builder builder = build(1, 2, 96);
    build_track(&builder);
    build_meta(&builder, 0, 3, "Steel Drums", 11);
    build_message(&builder, 0, 0x93, 60, 80);
    build_end(&builder, 96);
    build_track(&builder);
    build_stroke(&builder, 0, 38, 80);
    build_end(&builder, 96);
    ck_read(&builder, 1);
}
END_TEST

static void ck_named(const char *name, int notes)
{
    struct builder builder = build(1, 2, 96);
    build_track(&builder);
    build_meta(&builder, 0, 3, name, strlen(name));
    build_message(&builder, 0, 0x92, 38, 80);
    build_message(&builder, 48, 0x92, 36, 80);
    build_end(&builder, 96);
    build_track(&builder);
    build_meta(&builder, 0, 3, "Bass", 4);
    build_message(&builder, 0, 0x93, 40, 80);
    build_end(&builder, 96);
    ck_read(&builder, notes);
}

START_TEST(without_channel_ten_the_name_counts)
{
    ck_named("Drums", 2);
    ck_named("MY DRUMKIT", 2);
    ck_named("Percussion (GM)", 2);
    ck_named("Batterie", 2);
    ck_named("kit 1", 2);
    ck_named("Kitharode", 0);
    ck_named("Guitar", 0);
    ck_named("", 0);
}
END_TEST

START_TEST(nonsense_in_tempo_and_metre_is_passed_over)
{
    struct builder builder = build(0, 1, 96);
    build_track(&builder);
    build_tempo(&builder, 0, 0);
    build_meta(&builder, 0, 0x51, "\x07", 1);
    build_metre(&builder, 0, 0, 2);
    build_metre(&builder, 0, 4, 200);
    build_meta(&builder, 0, 0x58, "", 0);
    build_stroke(&builder, 0, 38, 80);
    build_end(&builder, 96);
    ck_read(&builder, 1);
    ck_assert_int_eq(content.tempo_count, 0);
    ck_assert_int_eq(content.metre_count, 0);
}
END_TEST

/* What real files get wrong, one by one, around the same two tracks. */
static struct builder two_tracks(int declared)
{
    struct builder builder = build(1, declared, 96);
    build_track(&builder);
    build_stroke(&builder, 0, 38, 80);
    build_end(&builder, 96);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 80);
    build_end(&builder, 96);
    return builder;
}

START_TEST(a_wrong_number_of_tracks_is_forgiven)
{
    for (int declared = 0; declared < 6; declared++) {
        struct builder builder = two_tracks(declared);
        ck_read(&builder, 2);
    }
    struct builder builder = two_tracks(2);
    builder.bytes[9] = 0; /* two tracks in a file of format 0 */
    ck_read(&builder, 2);
}
END_TEST

START_TEST(garbage_after_the_end_is_forgiven)
{
    static const char *const garbage[] = {"\0", "\x1A", "MTr", "TAG of some other program",
                                          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0"};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct builder builder = two_tracks(2);
        build_raw(&builder, garbage[i], i == 4 ? 14 : strlen(garbage[i]) + 1);
        ck_read(&builder, 2);
    }
}
END_TEST

START_TEST(alien_chunks_are_skipped)
{
    struct builder builder = build(1, 2, 96);
    build_raw(&builder, "XFIH\0\0\0\x05hello", 13);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 80);
    build_end(&builder, 96);
    build_raw(&builder, "junk\0\0\0\0", 8);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 80);
    build_end(&builder, 96);
    ck_read(&builder, 2);
}
END_TEST

START_TEST(a_long_header_is_read)
{
    struct builder builder = {0};
    build_raw(&builder, "MThd\0\0\0\x08\0\0\0\x01\0\x60zz", 16);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 80);
    build_end(&builder, 96);
    ck_read(&builder, 1);
}
END_TEST

START_TEST(a_missing_end_of_track_is_forgiven)
{
    struct builder builder = ONE_TRACK("\x00\x99\x26\x40");
    ck_read(&builder, 1);
    builder = ONE_TRACK("");
    ck_read(&builder, 0);
}
END_TEST

START_TEST(a_wrong_track_length_is_forgiven_where_the_events_are_whole)
{
    struct builder builder = two_tracks(2);
    builder.bytes[14 + 7] = 200; /* the first track is said to hold the second, too, and more */
    ck_read(&builder, 2);
    builder = two_tracks(2);
    builder.bytes[14 + 7] = 30; /* it reaches into the second */
    ck_read(&builder, 2);
}
END_TEST

START_TEST(what_follows_end_of_track_in_its_chunk_is_passed_over)
{
    struct builder builder = build(1, 2, 96);
    build_track(&builder);
    build_tempo(&builder, 0, 400000);
    build_raw(&builder, "\0\xFF\x2F\0padding", 11);
    build_close(&builder);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 100);
    build_end(&builder, 96);
    ck_read(&builder, 1);
}
END_TEST

START_TEST(headers_are_refused_in_a_sentence)
{
    struct builder builder = {0};
    ck_refused(&builder, "the file is empty");
    build_raw(&builder, "RIFF\0\0\0\0RMID", 12);
    ck_refused(&builder, "it is no Standard MIDI File (byte 0 is not 'MThd')");
    build_raw(&builder, "MThd\0\0\0\x06\0\0\0", 11);
    ck_refused(&builder, "it ends in the middle of its header (byte 11)");
    build_raw(&builder, "MThd\x7F\xFF\xFF\xFF\0\0\0\x01\0\x60", 14);
    ck_refused(&builder, "it ends in the middle of its header (byte 14)");
    build_raw(&builder, "MThd\0\0\0\x04\0\0\0\x01\0\x60", 14);
    ck_refused(&builder, "its header is 4 bytes long, not 6 (byte 4)");
    builder = build(2, 1, 96);
    ck_refused(&builder, "its format is 2, and only 0 and 1 are scores (byte 8)");
    builder = build(1, 1, 0xE728);
    ck_refused(&builder, "it counts film frames, not fractions of a beat (byte 12)");
    builder = build(1, 1, 0);
    ck_refused(&builder, "it has 0 ticks to a quarter note (byte 12)");
    builder = build(1, 1, 96);
    ck_refused(&builder, "it holds no track");
}
END_TEST

START_TEST(damaged_tracks_are_refused_with_their_place)
{
    struct builder builder = two_tracks(2);
    builder.size -= 6;
    ck_refused(&builder, "track 2 ends in the middle of an event (byte 48)");
    builder = ONE_TRACK("\x00\x99\x26");
    ck_refused(&builder, "track 1 ends in the middle of an event (byte 25)");
    builder = ONE_TRACK("\x81\x82\x83\x84\x05\x99\x26\x40");
    ck_refused(&builder, "track 1 has a number of more than four bytes (byte 22)");
    builder = ONE_TRACK("\x00\x26\x40");
    ck_refused(&builder, "track 1 has data before any status byte (byte 23)");
    builder = ONE_TRACK("\x00\x99\x26\xC0\x00");
    ck_refused(&builder, "track 1 has a status byte where data should be (byte 25)");
    builder = ONE_TRACK("\x00\xF2\x01\x02");
    ck_refused(&builder, "track 1 has an event that no file may hold (byte 23)");
    builder = ONE_TRACK("\x00\xFF\x01\x10hello");
    ck_refused(&builder, "track 1 ends in the middle of an event (byte 31)");
    builder = ONE_TRACK("\x00\xF0\x8F\xFF\xFF\x7F");
    ck_refused(&builder, "track 1 ends in the middle of an event (byte 28)");
}
END_TEST

START_TEST(what_is_too_big_is_refused)
{
    struct builder builder = build(0, 1, 96);
    build_track(&builder);
    for (int i = 0; i < 60; i++)
        build_message(&builder, builder.tick + 1000000, 0xB9, 1, 1);
    build_end(&builder, builder.tick);
    ck_assert(!reads(&builder));
    ck_assert_str_eq(err.text, "it has more ticks in a track than the 53477376 that can be read");
    ck_assert_str_eq(err.hint, "");
    build_free(&builder);
    builder = build(1, 300 & 0xFF, 96);
    for (int i = 0; i < 300; i++) {
        build_track(&builder);
        build_end(&builder, 0);
    }
    ck_assert(!reads(&builder));
    ck_assert_str_eq(err.text, "it has more tracks than the 256 that can be read");
    build_free(&builder);
    uint8_t *zeros = calloc(17, 1 << 20);
    builder = one_track(zeros, 17 << 20);
    free(zeros);
    ck_assert(!reads(&builder));
    ck_assert_str_eq(err.text, "it has more bytes than the 16777216 that can be read");
    build_free(&builder);
}
END_TEST

Suite *smf_suite(void)
{
    Suite *suite = suite_create("smf");
    TCase *tests = tcase_create("smf");
    tcase_add_test(tests, tracks_are_merged_by_time);
    tcase_add_test(tests, running_status_and_silent_note_ons);
    tcase_add_test(tests, channel_ten_wins_over_names);
    tcase_add_test(tests, without_channel_ten_the_name_counts);
    tcase_add_test(tests, nonsense_in_tempo_and_metre_is_passed_over);
    tcase_add_test(tests, a_wrong_number_of_tracks_is_forgiven);
    tcase_add_test(tests, garbage_after_the_end_is_forgiven);
    tcase_add_test(tests, alien_chunks_are_skipped);
    tcase_add_test(tests, a_long_header_is_read);
    tcase_add_test(tests, a_missing_end_of_track_is_forgiven);
    tcase_add_test(tests, a_wrong_track_length_is_forgiven_where_the_events_are_whole);
    tcase_add_test(tests, what_follows_end_of_track_in_its_chunk_is_passed_over);
    tcase_add_test(tests, headers_are_refused_in_a_sentence);
    tcase_add_test(tests, damaged_tracks_are_refused_with_their_place);
    tcase_add_test(tests, what_is_too_big_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
