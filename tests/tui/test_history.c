#include "fixture.h"

#include "tui/history.h"

/* A row as "#1" or "t3", with its level. */
static void check_row(const struct history *history, int index, int drummer, int take, int level)
{
    const struct history_row *row = &history->rows[index];
    ck_assert_int_eq(history->checkpoints[row->checkpoint].number, drummer);
    ck_assert_int_eq(row->take < 0 ? 0 : history->takes[row->take].number, take);
    ck_assert_int_eq(row->level, level);
}

START_TEST(lines_of_descent_follow_each_other)
{
    struct screen *screen = fixture_screen();
    const struct history *history = &screen->history;
    ck_assert_int_eq(history->row_count, FIXTURE_TAKES + FIXTURE_DRUMMERS);
    check_row(history, 0, 1, 0, 0);
    check_row(history, 1, 1, 1, 0);
    check_row(history, 2, 1, 2, 0);
    check_row(history, 3, 2, 0, 0); /* the first child goes on */
    check_row(history, 4, 2, 3, 0);
    check_row(history, 5, 3, 0, 1); /* the second branches off */
    check_row(history, 6, 3, 4, 1);
    ck_assert(!history->rows[1].last && history->rows[2].last);
    fixture_free(screen);
}
END_TEST

START_TEST(a_family_in_a_circle_ends)
{
    struct screen *screen = fixture_screen();
    screen->history.checkpoints[0].parent = 3; /* no file of ours; damaged ones exist */
    ck_assert(history_arrange(&screen->history));
    ck_assert_int_le(screen->history.row_count, FIXTURE_TAKES + FIXTURE_DRUMMERS);
    fixture_free(screen);
}
END_TEST

START_TEST(the_selection_stays_on_the_screen)
{
    struct screen *screen = fixture_screen();
    struct history *history = &screen->history;
    history_move(history, 5, 3);
    ck_assert_int_eq(history->selected, 5);
    ck_assert_int_eq(history->first, 3);
    history_move(history, 100, 3);
    ck_assert_int_eq(history->selected, history->row_count - 1);
    history_move(history, -100, 3);
    ck_assert_int_eq(history->selected, 0);
    ck_assert_int_eq(history->first, 0);
    fixture_free(screen);
}
END_TEST

START_TEST(the_newest_take_is_not_a_rejected_one)
{
    struct screen *screen = fixture_screen();
    ck_assert_int_eq(history_newest(&screen->history), 4);
    screen->history.takes[3].status = TAKE_REJECTED;
    ck_assert_int_eq(history_newest(&screen->history), 2);
    screen->history.take_count = 0;
    ck_assert_int_eq(history_newest(&screen->history), 0);
    fixture_free(screen);
}
END_TEST

START_TEST(lessons_are_known_by_descent)
{
    struct screen *screen = fixture_screen();
    struct history *history = &screen->history;
    history->checkpoints[2].parent = 2; /* #1 without a lesson, #2 learnt take 1, #3 take 2 */
    ck_assert(history_has_learnt(history, 3, 2));
    ck_assert(history_has_learnt(history, 3, 1));
    ck_assert(!history_has_learnt(history, 2, 2));
    ck_assert(!history_has_learnt(history, 1, 1));
    ck_assert_int_eq(history_pupil(history, 1), 2);
    ck_assert_int_eq(history_pupil(history, 4), 0);
    history->checkpoints[0].parent = 3; /* a damaged file: in a circle */
    ck_assert(!history_has_learnt(history, 3, 4));
    fixture_free(screen);
}
END_TEST

START_TEST(the_player_is_of_the_model_asked_for)
{
    struct screen *screen = fixture_screen();
    struct history *history = &screen->history;
    history->current = 2;
    ck_assert_int_eq(history_player(history, "")->number, 2);
    ck_assert_int_eq(history_player(history, "groove")->number, 2);
    ck_assert(history_player(history, "straight") == NULL);
    strcpy(history->checkpoints[2].model, "straight");
    ck_assert_int_eq(history_player(history, "straight")->number, 3);
    fixture_free(screen);
}
END_TEST

START_TEST(a_drummer_is_no_selected_take)
{
    struct screen *screen = fixture_screen();
    ck_assert_int_eq(history_selected_take(&screen->history), 0);
    history_move(&screen->history, 2, 10);
    ck_assert_int_eq(history_selected_take(&screen->history), 2);
    screen->history.row_count = 0;
    ck_assert_int_eq(history_selected_take(&screen->history), 0);
    fixture_free(screen);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tcase = tcase_create("history");
    tcase_add_test(tcase, lines_of_descent_follow_each_other);
    tcase_add_test(tcase, a_family_in_a_circle_ends);
    tcase_add_test(tcase, the_selection_stays_on_the_screen);
    tcase_add_test(tcase, the_newest_take_is_not_a_rejected_one);
    tcase_add_test(tcase, lessons_are_known_by_descent);
    tcase_add_test(tcase, the_player_is_of_the_model_asked_for);
    tcase_add_test(tcase, a_drummer_is_no_selected_take);
    suite_add_tcase(suite, tcase);
    return suite;
}
