/* The tree of takes and drummers. */
#include "rehearsal/history.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAKES = 6, DRUMMERS = 5 };

/* #1 played takes 1 and 2 and became #2 and #3; #3 played 3, and became #4; #2 played 4 and 5, and
 * became #5, which plays now and played 6. */
static struct history made(void)
{
    static const int players[TAKES] = {1, 1, 3, 2, 2, 5}, parents[DRUMMERS] = {0, 1, 1, 3, 2},
                     taught[DRUMMERS] = {0, 1, 2, 3, 4};
    struct history history = {.take_count = TAKES, .checkpoint_count = DRUMMERS, .current = 5};
    history.takes = calloc(TAKES, sizeof *history.takes);
    history.checkpoints = calloc(DRUMMERS, sizeof *history.checkpoints);
    for (int i = 0; i < TAKES; i++) {
        struct session_take *take = &history.takes[i];
        take->number = i + 1;
        take->checkpoint = players[i];
        take->status = i < 4 ? TAKE_ACCEPTED : TAKE_UNDECIDED;
        take->summary.matched = 100;
        take->summary.asynchrony_mae_ms = 20 - 2 * i;
        take->date_s = 1764180000 + i; /* 2025-11-26, in the afternoon of UTC */
    }
    for (int i = 0; i < DRUMMERS; i++) {
        struct session_checkpoint *drummer = &history.checkpoints[i];
        drummer->number = i + 1;
        drummer->parent = parents[i];
        drummer->take = taught[i];
        strcpy(drummer->model, "groove");
        drummer->date_s = 1764180000;
    }
    ck_assert(history_arrange(&history));
    return history;
}

/* The tree as lines, drummers as "#1" and takes as "1". */
static const char *drawn(const struct history *history, int most)
{
    static char text[4096];
    char rails[64];
    int used = 0;
    for (int i = 0; i < history->row_count; i++) {
        const struct history_row *row = &history->rows[i];
        history_rails(row, most, rails, sizeof rails);
        used += snprintf(text + used, sizeof text - (size_t)used, "%s%s%d\n", rails,
                         row->take < 0 ? "#" : "",
                         row->take < 0 ? history->checkpoints[row->checkpoint].number
                                       : history->takes[row->take].number);
    }
    return text;
}

START_TEST(the_main_line_leads_to_who_plays_now)
{
    struct history history = made();
    ck_assert_str_eq(drawn(&history, 9), "#1\n"
                                         "├─ 1\n"
                                         "├─ 2\n"
                                         "├─#3\n"
                                         "│ ├─ 3\n"
                                         "│ #4\n"
                                         "#2\n"
                                         "├─ 4\n"
                                         "├─ 5\n"
                                         "#5\n"
                                         "└─ 6\n");
    history.current = 3;
    ck_assert(history_arrange(&history));
    ck_assert_str_eq(drawn(&history, 9), "#1\n"
                                         "├─ 1\n"
                                         "├─ 2\n"
                                         "├─#2\n"
                                         "│ ├─ 4\n"
                                         "│ ├─ 5\n"
                                         "│ #5\n"
                                         "│ └─ 6\n"
                                         "#3\n"
                                         "├─ 3\n"
                                         "#4\n");
    history_release(&history);
}
END_TEST

START_TEST(deep_branches_keep_to_their_room)
{
    struct history_row row = {.level = 7, .take = -1, .branches = true};
    char rails[64];
    history_rails(&row, 9, rails, sizeof rails);
    ck_assert_str_eq(rails, "│ │ │ │ │ │ ├─");
    history_rails(&row, 2, rails, sizeof rails);
    ck_assert_str_eq(rails, "… │ ├─");
    row = (struct history_row){.level = 3, .take = 0, .last = true};
    history_rails(&row, 0, rails, sizeof rails);
    ck_assert_str_eq(rails, "└─ ");
}
END_TEST

START_TEST(a_family_in_a_circle_ends)
{
    struct history history = made();
    history.checkpoints[0].parent = 3; /* no file of ours; damaged ones exist */
    ck_assert(history_arrange(&history));
    ck_assert_int_le(history.row_count, TAKES + DRUMMERS);
    ck_assert(!history_has_learnt(&history, 3, 5));
    history_release(&history);
}
END_TEST

START_TEST(the_newest_take_is_not_a_rejected_one)
{
    struct history history = made();
    ck_assert_int_eq(history_newest(&history), 6);
    history.takes[5].status = history.takes[4].status = TAKE_REJECTED;
    ck_assert_int_eq(history_newest(&history), 4);
    history.take_count = 0;
    ck_assert_int_eq(history_newest(&history), 0);
    history_release(&history);
}
END_TEST

START_TEST(lessons_are_known_by_descent)
{
    struct history history = made();
    ck_assert(history_has_learnt(&history, 5, 4));
    ck_assert(history_has_learnt(&history, 5, 1));
    ck_assert(!history_has_learnt(&history, 5, 2));
    ck_assert(!history_has_learnt(&history, 1, 1));
    ck_assert_int_eq(history_pupil(&history, 1), 2);
    ck_assert_int_eq(history_pupil(&history, 6), 0);
    history_release(&history);
}
END_TEST

START_TEST(the_player_is_of_the_model_asked_for)
{
    struct history history = made();
    history.current = 2;
    ck_assert_int_eq(history_player(&history, "")->number, 2);
    ck_assert_int_eq(history_player(&history, "groove")->number, 2);
    ck_assert_ptr_null(history_player(&history, "straight"));
    strcpy(history.checkpoints[2].model, "straight");
    ck_assert_int_eq(history_player(&history, "straight")->number, 3);
    history_release(&history);
}
END_TEST

static int found(const struct history *history, const char *words)
{
    int count = 0;
    for (int i = 0; i < history->row_count; i++)
        count += history_finds(history, &history->rows[i], words);
    return count;
}

START_TEST(words_are_found_in_whatever_a_row_says)
{
    struct history history = made();
    strcpy(history.takes[2].note, "Rushed the bridge, schön");
    strcpy(history.checkpoints[1].note, "tuesday's");
    ck_assert_int_eq(found(&history, "rushed THE"), 1);
    ck_assert_int_eq(found(&history, "schön"), 1);
    ck_assert_int_eq(found(&history, "Tuesday"), 1);
    ck_assert_int_eq(found(&history, "take 3"), 1);
    ck_assert_int_eq(found(&history, "#2"), 1);
    ck_assert_int_eq(found(&history, "undecided"), 2);
    ck_assert_int_eq(found(&history, "2025-11-2"), TAKES + DRUMMERS);
    ck_assert_int_eq(found(&history, "26 nov"), TAKES + DRUMMERS);
    ck_assert_int_eq(found(&history, "nowhere"), 0);
    history_release(&history);
}
END_TEST

START_TEST(days_have_figures_of_what_counted)
{
    enum { DAY_S = 86400 };
    struct history history = made();
    int count;
    history.takes[1].status = TAKE_REJECTED;
    history.takes[1].summary.asynchrony_mae_ms = 1;
    history.takes[3].summary.matched = 0;
    for (int i = 3; i < TAKES; i++)
        history.takes[i].date_s += DAY_S * (i < 5 ? 1 : 3);
    struct history_day *days = history_days(&history, &count);
    ck_assert_int_eq(count, 3);
    ck_assert_int_eq(days[0].takes, 2);
    ck_assert_double_eq(days[0].mean_ms, 18);
    ck_assert_double_eq(days[0].best_ms, 16);
    ck_assert_double_eq(days[0].last_ms, 16);
    ck_assert_int_eq(days[1].takes, 1);
    ck_assert_double_eq(days[1].best_ms, 12);
    ck_assert_double_eq(days[2].last_ms, 10);
    free(days);
    history.take_count = 0;
    days = history_days(&history, &count);
    ck_assert_int_eq(count, 0);
    free(days);
    history_release(&history);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tcase = tcase_create("history");
    tcase_add_test(tcase, the_main_line_leads_to_who_plays_now);
    tcase_add_test(tcase, deep_branches_keep_to_their_room);
    tcase_add_test(tcase, a_family_in_a_circle_ends);
    tcase_add_test(tcase, the_newest_take_is_not_a_rejected_one);
    tcase_add_test(tcase, lessons_are_known_by_descent);
    tcase_add_test(tcase, the_player_is_of_the_model_asked_for);
    tcase_add_test(tcase, words_are_found_in_whatever_a_row_says);
    tcase_add_test(tcase, days_have_figures_of_what_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
