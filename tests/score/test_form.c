#include "suites.h"

#include "builder.h"

#include "score/form.h"

#include <check.h>
#include <string.h>

enum { PPQ = 96, BAR = 4 * PPQ, CRASH = 49, SNARE = 38, KICK = 36, HAT = 42, RIDE = 51, TOM = 45 };

static void stroke(struct builder *builder, int64_t tick, int pitch, int velocity)
{
    build_message(builder, tick, 0x99, pitch, velocity);
}

/* A bar by a letter: 'a' and 'b' are beats of their own, capitals the same with a crash to begin
 * with; 'f' is 'a' with a fill on its last beat, 's' one of two strokes. */
static void put_bar(struct builder *builder, int64_t start, char kind)
{
    bool crash = kind < 'a', fill = kind == 'f' || kind == 's', beat_b = kind == 'b' || kind == 'B';
    for (int place = 0; place < 16; place++) {
        int64_t tick = start + place * BAR / 16;
        if (place == 0 && crash)
            stroke(builder, tick, CRASH, 100);
        if (place % 8 == 0 || (beat_b && place % 8 == 6))
            stroke(builder, tick, KICK, 100);
        if (place % 8 == 4)
            stroke(builder, tick, SNARE, 100);
        if (place % 2 == 0)
            stroke(builder, tick, beat_b ? RIDE : HAT, 80);
        if (fill && place > (kind == 'f' ? 12 : 13))
            stroke(builder, tick, TOM, 90);
        if (kind == 'f' && place == 13)
            stroke(builder, tick, SNARE, 90);
    }
}

static struct builder begin_song(void)
{
    struct builder builder = build(0, 1, PPQ);
    build_track(&builder);
    return builder;
}

static struct form *finish(struct builder *builder, int bars, struct score **score)
{
    build_end(builder, (int64_t)bars * BAR);
    build_close(builder);
    *score = parse_builder(builder, NULL);
    build_free(builder);
    struct form *form = form_new(*score);
    ck_assert(form != NULL);
    ck_assert_int_eq(form->bar_count, bars);
    return form;
}

static struct form *form_of(const char *bars, struct score **score)
{
    struct builder builder = begin_song();
    for (int bar = 0; bars[bar]; bar++)
        put_bar(&builder, (int64_t)bar * BAR, bars[bar]);
    return finish(&builder, (int)strlen(bars), score);
}

static void release(struct form *form, struct score *score)
{
    form_free(form);
    score_free(score);
}

static void check_section(const struct form *form, int index, const char *name, int first_bar)
{
    ck_assert_int_gt(form->section_count, index);
    ck_assert_str_eq(form->sections[index].name, name);
    ck_assert_int_eq(form->sections[index].first_bar, first_bar);
}

START_TEST(likeness_makes_parts)
{
    struct score *score;
    struct form *form = form_of("aaaaaaaabbbbaaaaaaaabbbbbb", &score);
    ck_assert_int_eq(form->section_count, 4);
    check_section(form, 0, "part A", 0);
    check_section(form, 1, "part B", 8);
    check_section(form, 2, "part A 2", 12);
    check_section(form, 3, "part B 2", 20); /* the two bars that are left belong to it */
    ck_assert_int_eq(form->sections[3].bar_count, 6);
    for (int bar = 0; bar < form->bar_count; bar++) {
        const struct section *section = form_section(form, bar);
        ck_assert_int_ge(bar, section->first_bar);
        ck_assert_int_lt(bar, section->first_bar + section->bar_count);
    }
    ck_assert_int_eq(form_next_fill(form, 0), -1);
    release(form, score);
}
END_TEST

START_TEST(phrases_begin_where_crashes_stand)
{
    struct score *score;
    struct form *form = form_of("bAaaaAaaaBbbb", &score);
    ck_assert_int_eq(form->section_count, 3);
    check_section(form, 0, "intro", 0);
    check_section(form, 1, "part A", 1);
    check_section(form, 2, "part B", 9);
    release(form, score);
}
END_TEST

START_TEST(fills_leave_the_pattern)
{
    struct score *score;
    struct form *form = form_of("aaafaaafaaasAaaasaaa", &score);
    ck_assert_int_eq(form->section_count, 1);
    ck_assert_int_eq(form_next_fill(form, 0), 3);
    ck_assert_int_eq(form_next_fill(form, 3), 3);
    ck_assert_int_eq(form_next_fill(form, 4), 7);
    ck_assert_int_eq(form_next_fill(form, 8), 11);  /* two strokes, and a crash after them */
    ck_assert_int_eq(form_next_fill(form, 12), -1); /* two strokes alone are none */
    ck_assert_int_eq(form_next_fill(form, -4), 3);
    ck_assert_int_eq(form_next_fill(form, 20), -1);
    release(form, score);
}
END_TEST

START_TEST(what_is_always_played_is_no_fill)
{
    struct score *score;
    struct form *form = form_of("ffffffff", &score);
    ck_assert_int_eq(form_next_fill(form, 0), -1);
    release(form, score);
}
END_TEST

static void put_marker(struct builder *builder, int bar, const char *name)
{
    build_meta(builder, (int64_t)bar * BAR, 6, name, strlen(name));
}

START_TEST(markers_come_first)
{
    struct score *score;
    struct builder builder = begin_song();
    for (int bar = 0; bar < 12; bar++) {
        if (bar == 2)
            put_marker(&builder, bar, " verse\r\n");
        if (bar == 4)
            put_marker(&builder, bar, "  ");
        if (bar == 6)
            put_marker(&builder, bar, "chorus");
        if (bar == 8)
            put_marker(&builder, bar, "wrong");
        if (bar == 8)
            put_marker(&builder, bar, "verse");
        if (bar == 10)
            put_marker(&builder, bar, "a \x1b[31m name of more than thirty-one bytes");
        put_bar(&builder, (int64_t)bar * BAR, bar < 8 ? 'a' : 'b');
    }
    put_marker(&builder, 40, "after the end");
    build_end(&builder, (int64_t)40 * BAR);
    build_close(&builder);
    score = parse_builder(&builder, NULL);
    build_free(&builder);
    struct form *form = form_new(score);
    ck_assert_int_eq(form->section_count, 5);
    check_section(form, 0, "intro", 0);
    check_section(form, 1, "verse", 2);
    check_section(form, 2, "chorus", 6);
    check_section(form, 3, "verse 2", 8);
    check_section(form, 4, "a \x1b[31m name of more than thirt", 10);
    ck_assert_int_eq(form->sections[4].bar_count, 2);
    release(form, score);
}
END_TEST

START_TEST(one_bar_is_a_song)
{
    struct score *score;
    struct form *form = form_of("f", &score);
    ck_assert_int_eq(form->section_count, 1);
    check_section(form, 0, "part A", 0);
    ck_assert_ptr_eq(form_section(form, 0), form->sections);
    release(form, score);
}
END_TEST

START_TEST(letters_run_out)
{
    struct score *score;
    struct builder builder = begin_song();
    static const int drums[] = {HAT, KICK, RIDE};
    for (int bar = 0; bar < 4 * 40; bar++) { /* each phrase is another drum's, or elsewhere */
        int64_t start = (int64_t)bar * BAR;
        for (int hit = 0; hit < 3; hit++)
            stroke(&builder, start + (bar / 4 % 14 + hit) * BAR / 16, drums[bar / 4 / 14], 90);
    }
    struct form *form = finish(&builder, 4 * 40, &score);
    check_section(form, form->section_count - 1, "part Z", form_section(form, 159)->first_bar);
    release(form, score);
}
END_TEST

Suite *form_suite(void)
{
    Suite *suite = suite_create("form");
    TCase *tests = tcase_create("form");
    tcase_add_test(tests, likeness_makes_parts);
    tcase_add_test(tests, phrases_begin_where_crashes_stand);
    tcase_add_test(tests, fills_leave_the_pattern);
    tcase_add_test(tests, what_is_always_played_is_no_fill);
    tcase_add_test(tests, markers_come_first);
    tcase_add_test(tests, one_bar_is_a_song);
    tcase_add_test(tests, letters_run_out);
    suite_add_tcase(suite, tests);
    return suite;
}
