#include "fixture.h"

#include "tui/view.h"

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {20, 60}, {40, 120}};
enum { SIZES = sizeof sizes / sizeof *sizes, VIEWS = VIEW_HELP + 1 };

START_TEST(every_view_has_its_title_and_keys_at_every_size)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 3, 5);
    screen->transport.playing = _i % 2;
    for (int size = 0; size < SIZES; size++)
        for (int view = 0; view < VIEWS; view++)
            for (int utf8 = 0; utf8 < 2; utf8++) {
                screen->view = (enum view)view;
                const char *text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, utf8);
                ck_assert_int_eq(row_of(text, "made"), 0);
                ck_assert_has(text, "drummer #3 groove");
                ck_assert_int_eq(row_of(text, "? help   q quit"), sizes[size].rows - 1);
                for (const char *c = text; !utf8 && *c; c++)
                    ck_assert_msg((*c & 0x80) == 0, "not ASCII:\n%s", text);
            }
    fixture_free(screen);
}
END_TEST

START_TEST(no_size_breaks_a_view)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 3, 500); /* beyond the graph */
    snprintf(screen->message.text, sizeof screen->message.text, "%0500d", 0);
    screen->message.tone = TONE_ERROR;
    for (int view = 0; view < VIEWS; view++)
        for (int rows = 1; rows < 60; rows += 3)
            for (int cols = 1; cols < 250; cols += 7) {
                screen->view = (enum view)view;
                fixture_draw(screen, rows, cols, true);
            }
    fixture_free(screen);
}
END_TEST

START_TEST(the_title_names_who_plays)
{
    struct screen *screen = fixture_screen();
    screen->model = "straight"; /* asked for, and not yet there */
    ck_assert_has(fixture_draw(screen, 20, 60, true), "drummer straight ");
    strcpy(screen->history.checkpoints[1].model, "straight");
    ck_assert_has(fixture_draw(screen, 20, 60, true), "drummer #2 straight ");
    fixture_free(screen);
}
END_TEST

START_TEST(a_small_window_says_so)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 3, 5);
    const char *text = fixture_draw(screen, 19, 80, true);
    ck_assert_has(text, "80 x 19 here");
    ck_assert_has(text, "60 x 20 needed");
    ck_assert_has(text, "the take plays on");
    text = fixture_draw(screen, 5, 20, true);
    ck_assert_has(text, "20 x 5 here");
    ck_assert_has(text, "60 x 20 needed");
    ck_assert_has(text, "the take plays on");
    screen->transport.playing = false;
    ck_assert_has_not(fixture_draw(screen, 24, 59, true), "the take plays on");
    fixture_free(screen);
}
END_TEST

START_TEST(weights_can_be_read_and_turned)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_WEIGHTS;
    screen->knob = KNOB_LEASH;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(line_of(text, row_of(text, "leash")), "▶ leash");
    ck_assert_has(line_of(text, row_of(text, "leash")), "120 ms");
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        ck_assert_has(text, knob_kinds[knob].name);
    knobs_turn(&screen->knobs, KNOB_LEASH, 1);
    text = fixture_draw(screen, 20, 60, false);
    ck_assert_has(line_of(text, row_of(text, "leash")), "130 ms");
    ck_assert_has(line_of(text, row_of(text, "leash")), "*"); /* it was turned */
    fixture_free(screen);
}
END_TEST

START_TEST(long_errors_take_two_lines)
{
    struct screen *screen = fixture_screen();
    screen->message.tone = TONE_ERROR;
    snprintf(screen->message.text, sizeof screen->message.text,
             "cannot write '/a/path/that/is/rather/long/demo-take4.mid': no space left on device");
    snprintf(screen->message.hint, sizeof screen->message.hint, "free some space");
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_int_eq(row_of(text, "cannot write"), 21);
    ck_assert_int_eq(row_of(text, "(free some space)"), 22);
    fixture_free(screen);
}
END_TEST

START_TEST(all_knobs_leave_the_messages_their_line)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_WEIGHTS;
    screen->message.tone = TONE_INFO;
    snprintf(screen->message.text, sizeof screen->message.text, "short");
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, knob_kinds[KNOB_COUNT - 1].name);
    ck_assert_has(line_of(text, 18), "short");
    ck_assert_has_not(line_of(text, 18), "as it was");
    fixture_free(screen);
}
END_TEST

START_TEST(an_error_is_read_to_its_end)
{
    struct screen *screen = fixture_screen();
    screen->message.tone = TONE_ERROR;
    snprintf(
        screen->message.text, sizeof screen->message.text, "cannot write '%s': %s",
        "/a/folder/with/a/long/name/in/another/folder/with/a/name/even/longer/than/that/take.mid",
        "there is no such folder or it is on a disk that has gone");
    snprintf(screen->message.hint, sizeof screen->message.hint, "choose another folder");
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "choose another folder)");
    ck_assert_has(text, "take.mid'");
    screen->message.text[0] = '\0'; /* broken within a word, never within a character */
    screen->message.hint[0] = '\0';
    for (int i = 0; i < 80; i++)
        strcat(screen->message.text, i == 58 ? "é" : "ä");
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has_not(text, "?ä");
    ck_assert_has(line_of(text, 18), "éä");
    fixture_free(screen);
}
END_TEST

START_TEST(hints_are_of_keys_that_do_something)
{
    struct screen *screen = fixture_screen();
    ck_assert_has(fixture_draw(screen, 24, 80, true), "u undo");
    screen->history.current = 1;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "u undo");
    screen->view = VIEW_HISTORY;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "m let play");
    ck_assert_has(text, "esc back   ? help   q quit");
    ck_assert_has_not(text, "a accept");
    screen->browsing.selected = 1;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "a accept   r reject   enter look");
    ck_assert_has_not(text, "m let play");
    screen->transport.playing = true;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has_not(text, "a accept");
    ck_assert_has(text, "space stop");
    fixture_free(screen);
}
END_TEST

START_TEST(settings_say_when_they_count)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_WEIGHTS;
    ck_assert_has_not(fixture_draw(screen, 20, 60, true), "goes on as it began");
    screen->transport.playing = true;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "How takes are played (at once, but tempo)");
    ck_assert_has(text, "\n take 5 is being played: bar 1 of 16\n"); /* and nothing else there */
    ck_assert_has_not(text, "cares about (");
    screen->transport.playing = false;
    screen->lesson.running = true;
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "What the next lesson cares about (");
    ck_assert_has_not(text, "are played (");
    screen->view = VIEW_LESSON; /* shows the weights it runs with */
    screen->lesson.knobs = screen->knobs;
    screen->lesson.knobs.value[KNOB_HUMAN] = 2.5;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(line_of(text, row_of(text, "human")), "x2.5");
    fixture_free(screen);
}
END_TEST

START_TEST(a_prompt_shows_the_end_of_what_is_typed)
{
    struct screen *screen = fixture_screen();
    char name[120];
    snprintf(name, sizeof name, "%0100dä/end.mid", 0);
    prompt_open(&screen->prompt, "write to:", "enter write   esc cancel", name, NULL);
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(line_of(text, 18), "0ä/end.mid");
    ck_assert_has(line_of(text, 19), "esc cancel");
    screen->prompt.cursor = 0; /* or the place that is edited */
    ck_assert_has(line_of(fixture_draw(screen, 20, 60, true), 18), "write to: 000");
    fixture_free(screen);
}
END_TEST

Suite *views_suite(void)
{
    Suite *suite = suite_create("views");
    TCase *tcase = tcase_create("views");
    tcase_add_loop_test(tcase, every_view_has_its_title_and_keys_at_every_size, 0, 2);
    tcase_add_test(tcase, no_size_breaks_a_view);
    tcase_add_test(tcase, the_title_names_who_plays);
    tcase_add_test(tcase, a_small_window_says_so);
    tcase_add_test(tcase, weights_can_be_read_and_turned);
    tcase_add_test(tcase, long_errors_take_two_lines);
    tcase_add_test(tcase, all_knobs_leave_the_messages_their_line);
    tcase_add_test(tcase, an_error_is_read_to_its_end);
    tcase_add_test(tcase, hints_are_of_keys_that_do_something);
    tcase_add_test(tcase, settings_say_when_they_count);
    tcase_add_test(tcase, a_prompt_shows_the_end_of_what_is_typed);
    suite_add_tcase(suite, tcase);
    return suite;
}
