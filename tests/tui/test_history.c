/* Walking the tree. */
#include "fixture.h"

#include "tui/history.h"

#include <string.h>

START_TEST(the_selection_stays_on_the_screen)
{
    struct screen *screen = fixture_screen();
    struct browsing *browsing = &screen->browsing;
    browsing_move(browsing, &screen->history, 5, 3);
    ck_assert_int_eq(browsing->selected, 5);
    ck_assert_int_eq(browsing->first, 3);
    browsing_move(browsing, &screen->history, 100, 3);
    ck_assert_int_eq(browsing->selected, screen->history.row_count - 1);
    browsing_move(browsing, &screen->history, -100, 3);
    ck_assert_int_eq(browsing->selected, 0);
    ck_assert_int_eq(browsing->first, 0);
    fixture_free(screen);
}
END_TEST

START_TEST(what_is_selected_is_found_again)
{
    struct screen *screen = fixture_screen();
    struct history *history = &screen->history;
    struct browsing *browsing = &screen->browsing;
    browsing_select(browsing, history, 6, 10);
    struct history_mark before = browsing->at;
    ck_assert_int_eq(before.take, 4);
    history->current = 2; /* its line moves up */
    ck_assert(history_arrange(history));
    browsing_find_again(browsing, history);
    ck_assert(history_mark_same(history_mark(history, browsing->selected), before));
    ck_assert_int_ne(browsing->selected, 6);
    history->take_count = 0; /* it is gone */
    ck_assert(history_arrange(history));
    browsing_find_again(browsing, history);
    ck_assert_int_lt(browsing->selected, history->row_count);
    fixture_free(screen);
}
END_TEST

START_TEST(a_search_goes_round)
{
    struct screen *screen = fixture_screen();
    const struct history *history = &screen->history;
    struct browsing *browsing = &screen->browsing;
    strcpy(browsing->words, "take");
    int first = browsing_search(browsing, history, 0, 1);
    ck_assert_int_eq(history_mark(history, first).take, 1);
    int last = browsing_search(browsing, history, first - 1, -1);
    ck_assert_int_eq(history_mark(history, last).take, 4);
    ck_assert_int_eq(browsing_search(browsing, history, last + 1, 1), first);
    strcpy(browsing->words, "nowhere");
    ck_assert_int_eq(browsing_search(browsing, history, 0, 1), -1);
    fixture_free(screen);
}
END_TEST

START_TEST(lineage_leads_back_and_on)
{
    struct screen *screen = fixture_screen();
    const struct history *history = &screen->history;
    struct history_mark at = {.take = 4};
    static const struct history_mark back[] = {{0, 3}, {2, 0}, {0, 1}, {0, 0}, {0, 0}},
                                     on[] = {{1, 0}, {0, 2}, {3, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
        at = history_origin(history, at);
        ck_assert(history_mark_same(at, back[i]));
    }
    at = (struct history_mark){.drummer = 1};
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        at = history_outcome(history, at);
        ck_assert(history_mark_same(at, on[i]));
    }
    ck_assert_int_eq(history_row(history, (struct history_mark){.drummer = 1}), 0);
    ck_assert_int_eq(history_row(history, (struct history_mark){.take = 9}), -1);
    fixture_free(screen);
}
END_TEST

START_TEST(a_drummer_is_no_selected_take)
{
    struct screen *screen = fixture_screen();
    struct browsing *browsing = &screen->browsing;
    ck_assert_int_eq(history_selected_take(&screen->history, browsing), 0);
    browsing_move(browsing, &screen->history, 2, 10);
    ck_assert_int_eq(history_selected_take(&screen->history, browsing), 2);
    screen->history.row_count = 0;
    ck_assert_int_eq(history_selected_take(&screen->history, browsing), 0);
    fixture_free(screen);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tcase = tcase_create("history");
    tcase_add_test(tcase, the_selection_stays_on_the_screen);
    tcase_add_test(tcase, what_is_selected_is_found_again);
    tcase_add_test(tcase, a_search_goes_round);
    tcase_add_test(tcase, lineage_leads_back_and_on);
    tcase_add_test(tcase, a_drummer_is_no_selected_take);
    suite_add_tcase(suite, tcase);
    return suite;
}
