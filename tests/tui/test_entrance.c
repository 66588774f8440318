#include "fixture.h"

static struct screen *listening(int strums)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_ENTRANCE;
    screen->now_s = 100;
    screen->entrance.cue =
        (struct entrance_cue){.strums = strums, .beats = 4, .tempo_percent = 100, .beat_s = 0.5};
    for (int i = 0; i < strums; i++) {
        struct report report = {.kind = REPORT_HEARD, .step = -1};
        marks_add(&screen->marks, &report, false, 100 - 0.5 * (strums - 1 - i));
    }
    return screen;
}

START_TEST(it_says_what_to_do)
{
    struct screen *screen = listening(0);
    ck_assert_has(fixture_draw(screen, 24, 80, true), "begin: the drums come in on your beat");
    ck_assert_has(fixture_draw(screen, 24, 80, true), "not known yet");
    ck_assert_has(fixture_draw(screen, 24, 80, true), "space give up");
    screen->entrance.cue.strums = 3;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "play on");
    fixture_free(screen);
}
END_TEST

START_TEST(the_beat_is_shown_and_counted_down)
{
    static const int sizes[][2] = {{24, 80}, {40, 120}, {20, 60}};
    struct screen *screen = listening(8);
    struct entrance_cue *cue = &screen->entrance.cue;
    cue->found = cue->sure = true;
    cue->certainty = 0.96;
    cue->beat_s = 0.6;
    cue->tempo_percent = 83.3;
    cue->bar_s = 1.3;
    for (int i = 0; i < 6; i++) {
        bool utf8 = i < 3;
        const char *text = fixture_draw(screen, sizes[i % 3][0], sizes[i % 3][1], utf8);
        ck_assert_has(text, "beats a minute");
        ck_assert_has(text, "83.3 % of what is written");
        ck_assert_has(text, "96 %   heard 8");
        ck_assert_has(text, "the drums come in: 3 2 1");
        ck_assert_has(text, utf8 ? "● drums" : "drums");
        if (utf8) /* on the line of time, above its legend */
            ck_assert_int_lt(row_of(text, "○"), row_of(text, "○ you"));
    }
    cue->sure = false;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "3 2 1");
    fixture_free(screen);
}
END_TEST

START_TEST(its_keys_are_of_no_other_place)
{
    ck_assert_int_eq(keys_action(AT_STAGE, 'g'), ACTION_AWAIT);
    ck_assert_int_eq(keys_action(AT_PLAYING, 'g'), ACTION_NONE);
    ck_assert_int_eq(keys_action(AT_ENTRANCE, ' '), ACTION_GIVE_UP);
    ck_assert_int_eq(keys_action(AT_ENTRANCE, PRESS_ESCAPE), ACTION_GIVE_UP);
    ck_assert_int_eq(keys_action(AT_ENTRANCE, PRESS_LEFT), ACTION_BEAT);
    ck_assert_int_eq(keys_parts(ACTION_BEAT), 2);
    ck_assert_int_eq(keys_action(AT_ENTRANCE, 'c'), ACTION_NONE);
}
END_TEST

Suite *entrance_suite(void)
{
    Suite *suite = suite_create("entrance");
    TCase *tests = tcase_create("entrance");
    tcase_add_test(tests, it_says_what_to_do);
    tcase_add_test(tests, the_beat_is_shown_and_counted_down);
    tcase_add_test(tests, its_keys_are_of_no_other_place);
    suite_add_tcase(suite, tests);
    return suite;
}
