#include "base/rng.h"
#include "builder.h"
#include "score/smf.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 20000

static struct error err;

/* The drum note-ons of a file as smf_read tells them, left where they are. */
static struct smf_move *stay(const struct builder *builder, int multiply, int *count)
{
    struct smf_content content;
    ck_assert_msg(smf_read(builder->bytes, builder->size, &content, &err), "%s", err.text);
    struct smf_move *moves = calloc((size_t)content.note_count + 1, sizeof *moves);
    for (int i = 0; i < content.note_count; i++)
        moves[i] =
            (struct smf_move){content.notes[i].tick * multiply, content.notes[i].velocity, false};
    *count = content.note_count;
    smf_content_clear(&content);
    return moves;
}

static uint8_t *rewrite(const struct builder *builder, int multiply, const struct smf_move *moves,
                        int count, size_t *size)
{
    uint8_t *bytes = smf_rewrite(builder->bytes, builder->size, multiply, moves, count, size, &err);
    ck_assert_msg(bytes != NULL, "%s", err.text);
    return bytes;
}

static bool is_drum_note(const struct listed *event)
{
    return event->bytes[0] == 0x99 || event->bytes[0] == 0x89;
}

static bool is_end(const struct listed *event)
{
    return event->bytes[0] == 0xFF && event->bytes[1] == 0x2F;
}

/* Every event but drum notes is there, in the same order, at `multiply` times its tick. */
static void ck_others_survive(const uint8_t *before, size_t before_size, const uint8_t *after,
                              size_t after_size, int multiply, bool may_grow)
{
    static struct listed old[ROOM], new[ROOM];
    int olds = list_events(before, before_size, old, ROOM);
    int news = list_events(after, after_size, new, ROOM);
    ck_assert_int_eq(before[9], after[9]);
    ck_assert_int_eq((before[12] << 8 | before[13]) * multiply, after[12] << 8 | after[13]);
    int n = 0, compared = 0;
    for (int o = 0; o < olds; o++) {
        if (is_drum_note(&old[o]))
            continue;
        while (n < news && is_drum_note(&new[n]))
            n++;
        ck_assert_int_lt(n, news);
        ck_assert_int_eq(old[o].track, new[n].track);
        ck_assert_uint_eq(old[o].size, new[n].size);
        ck_assert_mem_eq(old[o].bytes, new[n].bytes, old[o].size);
        if (may_grow && is_end(&old[o]))
            ck_assert_int_ge(new[n].tick, old[o].tick * multiply);
        else
            ck_assert_int_eq(new[n].tick, old[o].tick * multiply);
        n++, compared++;
    }
    while (n < news && is_drum_note(&new[n]))
        n++;
    ck_assert_int_eq(n, news);
    ck_assert_int_gt(compared, 0);
}

/* One of everything that a file may legally hold. */
static struct builder everything(void)
{
    uint8_t text[5000];
    memset(text, 'x', sizeof text);
    struct builder builder = build(1, 4, 96);
    build_track(&builder);
    build_meta(&builder, 0, 0x00, "\0\x01", 2);
    build_meta(&builder, 0, 0x03, "Song", 4);
    build_meta(&builder, 0, 0x02, text, 127);
    build_meta(&builder, 0, 0x02, text, 128);
    build_meta(&builder, 0, 0x01, text, sizeof text);
    build_meta(&builder, 0, 0x01, "", 0);
    build_meta(&builder, 0, 0x54, "\x60\0\0\0\0", 5);
    build_meta(&builder, 0, 0x59, "\xFD\x01", 2);
    build_metre(&builder, 0, 6, 3);
    build_metre(&builder, 0, 4, 200);
    build_tempo(&builder, 0, 600000);
    build_tempo(&builder, 0, 500000);
    build_tempo(&builder, 100, 0);
    build_tempo(&builder, 300, 400000);
    build_meta(&builder, 300, 0x06, "Verse", 5);
    build_end(&builder, 90000); /* a long rest before the end */
    build_track(&builder);
    build_meta(&builder, 0, 0x7F, "\x7D\x01\x02", 3);
    build_meta(&builder, 0, 0x7F, "\0\0\0\x01", 4); /* looks like a token */
    build_meta(&builder, 0, 0x7F, "", 0);
    build_meta(&builder, 0, 0x4B, "M-LIVE", 6); /* a type nobody knows */
    build_meta(&builder, 0, 0x20, "\x09", 1);
    build_event(&builder, 0, "\xF0\x05\x7E\x7F\x09\x01\xF7", 7);
    build_event(&builder, 10, "\xF0\x03\x43\x12\x00", 5);     /* a message in two packets: */
    build_event(&builder, 20, "\xF7\x04\x43\x12\x00\xF7", 6); /* goes on */
    build_event(&builder, 30, "\xF7\x01\xF8", 3);             /* escaped clock */
    build_event(&builder, 30, "\xF7\x02\xF3\x01", 4);         /* escaped song select */
    build_event(&builder, 30, "\xF7\x00", 2);
    build_event(&builder, 30, "\xF0\x00", 2);
    build_tempo(&builder, 200, 450000);
    build_end(&builder, 200);
    build_track(&builder);
    build_message(&builder, 0, 0xC9, 16, 0);
    build_message(&builder, 0, 0xB9, 4, 90);
    build_stroke(&builder, 0, 36, 100);
    build_message(&builder, 5, 0x89, 77, 64); /* ends nothing */
    build_message(&builder, 24, 0xB9, 4, 20);
    build_message(&builder, 24, 0xA9, 42, 127);
    build_stroke(&builder, 24, 42, 70);
    build_message(&builder, 48, 0x99, 38, 90);
    build_message(&builder, 50, 0xE9, 0, 64);
    build_message(&builder, 52, 0x99, 38, 0);
    build_message(&builder, 60, 0xD9, 1, 0);
    build_message(&builder, 72, 0x99, 46, 90); /* never ended */
    build_end(&builder, 96);
    build_track(&builder);
    build_meta(&builder, 0, 0x03, "Bass", 4);
    build_message(&builder, 0, 0x91, 40, 90);
    build_message(&builder, 96, 0x81, 40, 3);
    build_end(&builder, 96);
    return builder;
}

/* Where no stroke is at a tick with something else, even the order of all events stays. */
START_TEST(nothing_moved_nothing_changes)
{
    struct builder builder = everything();
    for (int multiply = 1; multiply <= 5; multiply += 4) {
        int count;
        size_t size;
        struct smf_move *moves = stay(&builder, multiply, &count);
        ck_assert_int_eq(count, 4);
        uint8_t *bytes = rewrite(&builder, multiply, moves, count, &size);
        ck_others_survive(builder.bytes, builder.size, bytes, size, multiply, false);
        struct listed old[200], new[200];
        int olds = list_events(builder.bytes, builder.size, old, 200);
        ck_assert_int_eq(list_events(bytes, size, new, 200), olds);
        free(moves);
        free(bytes);
    }
    build_free(&builder);
}
END_TEST

START_TEST(format_and_single_tracks_stay)
{
    for (int format = 0; format < 2; format++) {
        struct builder builder = build(format, 1, 480);
        build_track(&builder);
        build_tempo(&builder, 0, 600000);
        build_stroke(&builder, 0, 38, 1);
        build_end(&builder, 480);
        int count;
        size_t size;
        struct smf_move *moves = stay(&builder, 1, &count);
        uint8_t *bytes = rewrite(&builder, 1, moves, count, &size);
        ck_assert_uint_eq(size, builder.size);
        ck_assert_mem_eq(bytes, builder.bytes, size);
        free(moves);
        free(bytes);
        build_free(&builder);
    }
}
END_TEST

/* The ons and offs of one key, as a synthesiser hears them: at every off the oldest note ends. */
static int sounding(const struct listed *events, int count, int key, int64_t *on, int64_t *off)
{
    int begun = 0, ended = 0;
    for (int i = 0; i < count; i++) {
        if (!is_drum_note(&events[i]) || events[i].bytes[1] != key)
            continue;
        if (events[i].bytes[0] == 0x99 && events[i].bytes[2]) {
            on[begun] = events[i].tick;
            off[begun++] = -1;
        } else if (ended < begun) {
            off[ended++] = events[i].tick;
        }
    }
    return begun;
}

START_TEST(a_note_keeps_its_length)
{
    struct builder builder = build(0, 1, 480);
    build_track(&builder);
    build_message(&builder, 100, 0x99, 38, 64);
    build_message(&builder, 130, 0x89, 38, 0);
    build_message(&builder, 500, 0x99, 38, 64);
    build_message(&builder, 540, 0x99, 38, 0);
    build_end(&builder, 1000);
    struct smf_move moves[] = {{90, 20, false}, {1200, 127, false}};
    size_t size;
    uint8_t *bytes = rewrite(&builder, 1, moves, 2, &size);
    struct listed events[8];
    int count = list_events(bytes, size, events, 8);
    int64_t on[4], off[4];
    ck_assert_int_eq(sounding(events, count, 38, on, off), 2);
    ck_assert_int_eq(on[0], 90);
    ck_assert_int_eq(off[0], 120);
    ck_assert_int_eq(on[1], 1200);
    ck_assert_int_eq(off[1], 1240);
    ck_assert_int_eq(events[0].bytes[2], 20);
    ck_assert_int_eq(events[2].bytes[2], 127);
    ck_assert_int_eq(events[count - 1].tick, 1240); /* End of Track makes room */
    free(bytes);
    build_free(&builder);
}
END_TEST

START_TEST(dropped_notes_leave_with_their_ends)
{
    struct builder builder = everything();
    int count;
    size_t size;
    struct smf_move *moves = stay(&builder, 5, &count);
    for (int i = 0; i < count; i++)
        moves[i].dropped = true;
    uint8_t *bytes = rewrite(&builder, 5, moves, count, &size);
    ck_others_survive(builder.bytes, builder.size, bytes, size, 5, false);
    struct listed events[200];
    int left = 0, events_left = list_events(bytes, size, events, 200);
    for (int i = 0; i < events_left; i++)
        left += is_drum_note(&events[i]);
    ck_assert_int_eq(left, 1); /* the note-off that ends nothing */
    free(moves);
    free(bytes);
    build_free(&builder);
}
END_TEST

/* Strokes thrown about at random: none is lost, none hangs, none is cut by another's end. */
START_TEST(moved_strokes_neither_hang_nor_cut)
{
    struct rng rng;
    rng_seed(&rng, 100 + (uint64_t)_i);
    struct builder builder = build(0, 1, 480);
    build_track(&builder);
    int count = 2 + (int)rng_below(&rng, 120);
    for (int i = 0; i < count; i++) {
        int64_t tick = builder.tick + rng_below(&rng, 60);
        int pitch = 38 + (int)rng_below(&rng, 2);
        build_message(&builder, tick, 0x99, pitch, 64);
        build_message(&builder, tick + rng_below(&rng, 40), 0x89, pitch, 0);
    }
    build_end(&builder, builder.tick);
    int found;
    size_t size;
    struct smf_move *moves = stay(&builder, 1, &found);
    ck_assert_int_eq(found, count);
    for (int i = 0; i < count; i++) {
        int64_t tick = moves[i].tick + (int)rng_below(&rng, 200) - 100;
        moves[i].tick = tick < 0 ? 0 : tick;
    }
    uint8_t *bytes = rewrite(&builder, 1, moves, count, &size);
    static struct listed events[400];
    int events_left = list_events(bytes, size, events, 400), notes = 0;
    for (int key = 38; key < 40; key++) {
        int64_t on[200], off[200];
        int begun = sounding(events, events_left, key, on, off);
        notes += begun;
        for (int n = 0; n < begun; n++) {
            ck_assert_int_gt(off[n], on[n]);
            for (int m = n + 1; m < begun; m++)
                ck_assert(on[m] == on[n] || off[n] <= on[m]);
        }
    }
    ck_assert_int_eq(notes, count);
    free(moves);
    free(bytes);
    build_free(&builder);
}
END_TEST

/* Longer than what libsmf is given as one track. */
START_TEST(long_tracks_stay_whole)
{
    struct builder builder = build(1, 2, 480);
    build_track(&builder);
    build_stroke(&builder, 0, 36, 64);
    build_end(&builder, 0x2000);
    build_track(&builder);
    for (int i = 0; i < 3000; i++) {
        build_message(&builder, i * 50, 0xB9, 4, i & 0x7F);
        build_meta(&builder, i * 50 + 10, 0x06, "mark", 4);
        build_stroke(&builder, i * 50 + 20, 42, 1 + i % 127);
    }
    build_end(&builder, 3000 * 50);
    int count;
    size_t size;
    struct smf_move *moves = stay(&builder, 1, &count);
    ck_assert_int_eq(count, 3001);
    uint8_t *bytes = rewrite(&builder, 1, moves, count, &size);
    ck_assert_uint_eq(size, builder.size);
    ck_assert_mem_eq(bytes, builder.bytes, size);
    for (int i = 1; i < count; i++)
        moves[i].tick += i % 40;
    uint8_t *moved = rewrite(&builder, 1, moves, count, &size);
    ck_others_survive(builder.bytes, builder.size, moved, size, 1, false);
    free(moves);
    free(bytes);
    free(moved);
    build_free(&builder);
}
END_TEST

START_TEST(too_far_behind_the_end_is_refused)
{
    struct builder builder = build_strokes(480, (int64_t[]){0}, 1);
    struct smf_move far = {0x0FFFFFFF, 64, false};
    size_t size;
    ck_assert_ptr_null(smf_rewrite(builder.bytes, builder.size, 1, &far, 1, &size, &err));
    ck_assert_str_eq(err.text, "a drum would be hit too long after the end");
    build_free(&builder);
}
END_TEST

START_TEST(the_multiplier_reaches_480)
{
    for (int ppq = 1; ppq < 32768; ppq++) {
        int multiply = smf_multiplier(ppq);
        ck_assert_int_ge(ppq * multiply, 480);
        ck_assert(multiply == 1 || ppq * (multiply - 1) < 480);
        ck_assert_int_le(ppq * multiply, 32767);
    }
}
END_TEST

Suite *rewrite_suite(void)
{
    Suite *suite = suite_create("rewrite");
    TCase *tests = tcase_create("rewrite");
    tcase_add_test(tests, nothing_moved_nothing_changes);
    tcase_add_test(tests, format_and_single_tracks_stay);
    tcase_add_test(tests, a_note_keeps_its_length);
    tcase_add_test(tests, dropped_notes_leave_with_their_ends);
    tcase_add_loop_test(tests, moved_strokes_neither_hang_nor_cut, 0, 40);
    tcase_add_test(tests, long_tracks_stay_whole);
    tcase_add_test(tests, too_far_behind_the_end_is_refused);
    tcase_add_test(tests, the_multiplier_reaches_480);
    suite_add_tcase(suite, tests);
    return suite;
}
