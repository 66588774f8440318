/* A rehearsal in the middle, made by hand: what the views show without a room behind them. */
#ifndef TESTS_TUI_FIXTURE_H
#define TESTS_TUI_FIXTURE_H

#include "made_score.h"
#include "suite.h"

#include <stdio.h>

#include "tui/grid.h"
#include "tui/screen.h"

Suite *entrance_suite(void);
Suite *command_suite(void);
Suite *flub_suite(void);
Suite *grid_suite(void);
Suite *help_suite(void);
Suite *history_suite(void);
Suite *key_file_suite(void);
Suite *keys_suite(void);
Suite *knobs_suite(void);
Suite *lesson_suite(void);
Suite *listen_suite(void);
Suite *library_suite(void);
Suite *moments_suite(void);
Suite *palette_suite(void);
Suite *player_suite(void);
Suite *practice_suite(void);
Suite *stage_suite(void);
Suite *time_left_suite(void);
Suite *verdict_suite(void);
Suite *prompt_suite(void);
Suite *remembered_suite(void);
Suite *view_history_suite(void);
Suite *spots_suite(void);
Suite *views_suite(void);

enum { FIXTURE_BARS = 16, FIXTURE_TAKES = 4, FIXTURE_DRUMMERS = 3 };
enum { FIXTURE_NOW_S = 1763560800 }; /* wednesday 19 november 2025, 14:00 UTC */

/* Three drummers: #2 and #3 both grew from #1. Takes 1 and 2 by #1, 3 by #2, 4 by #3, current; one
 * a day until now. */
struct screen *fixture_screen(void);
/* Take 4 of a song of `bars` beside takes 3 and 1: 3 ms apart, 39 and 18; of take 4 bar 5 is 60 ms
 * apart and bar 16 was not heard. */
void fixture_verdict(struct screen *screen, int bars);
void fixture_bar(struct take_bars *row, int bar, float ms); /* from 1; NaN: not heard */

void fixture_free(struct screen *screen);

/* Bars 1 to `bars` have been played: drums on the written time, the guitar `guitar_ms` after. */
void fixture_play(struct screen *screen, int bars, float guitar_ms);

/* The screen as lines of text, joined by newlines; valid until the next call. */
const char *fixture_draw(const struct screen *screen, int rows, int cols, bool utf8);

/* Row `row` of a drawn screen; valid until the next call. */
const char *line_of(const char *text, int row);

/* The row on which `part` stands, -1 when it stands nowhere. */
int row_of(const char *text, const char *part);

/* As the program comes. */
enum action keys_action(enum place place, int code);

#define ck_assert_has(text, part)                                                                  \
    ck_assert_msg(strstr(text, part) != NULL, "no '%s' in:\n%s", part, text)
#define ck_assert_has_not(text, part)                                                              \
    ck_assert_msg(strstr(text, part) == NULL, "'%s' in:\n%s", part, text)

#endif
