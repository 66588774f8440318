/* A rehearsal in the middle, made by hand: what the views show without a room behind them. */
#ifndef TESTS_TUI_FIXTURE_H
#define TESTS_TUI_FIXTURE_H

#include "made_score.h"
#include "suite.h"

#include <stdio.h>

#include "tui/grid.h"
#include "tui/screen.h"

Suite *entrance_suite(void);
Suite *flub_suite(void);
Suite *grid_suite(void);
Suite *history_suite(void);
Suite *keys_suite(void);
Suite *knobs_suite(void);
Suite *moments_suite(void);
Suite *player_suite(void);
Suite *prompt_suite(void);
Suite *views_suite(void);

enum { FIXTURE_BARS = 16, FIXTURE_TAKES = 4, FIXTURE_DRUMMERS = 3 };

/* Three drummers: #2 and #3 both grew from #1. Takes 1 and 2 by #1, 3 by #2, 4 by #3, current. */
struct screen *fixture_screen(void);
void fixture_free(struct screen *screen);

/* Bars 1 to `bars` have been played: drums on the written time, the guitar `guitar_ms` after. */
void fixture_play(struct screen *screen, int bars, float guitar_ms);

/* The screen as lines of text, joined by newlines; valid until the next call. */
const char *fixture_draw(const struct screen *screen, int rows, int cols, bool utf8);

/* Row `row` of a drawn screen; valid until the next call. */
const char *line_of(const char *text, int row);

/* The row on which `part` stands, -1 when it stands nowhere. */
int row_of(const char *text, const char *part);

#define ck_assert_has(text, part)                                                                  \
    ck_assert_msg(strstr(text, part) != NULL, "no '%s' in:\n%s", part, text)
#define ck_assert_has_not(text, part)                                                              \
    ck_assert_msg(strstr(text, part) == NULL, "'%s' in:\n%s", part, text)

#endif
