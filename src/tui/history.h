/* The history as lines: every drummer, and below each what was played with it. */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include "tui/screen.h"

struct history_row {
    int checkpoint; /* index into checkpoints; for a take, of the drummer that played it */
    int take;       /* index into takes, -1 for a drummer */
    int level;      /* 0 for the first line of descent, one more for each that branches off */
    bool last;      /* take of its drummer */
};

/* Drummers in the order they grew, each line of descent to its end; makes history->rows.
 * False when out of memory. */
bool history_arrange(struct history *history);

void history_release(struct history *history);

/* NULL when the number is not there. */
const struct session_take *history_take(const struct history *history, int number);
const struct session_checkpoint *history_checkpoint(const struct history *history, int number);

/* The newest accepted or undecided take, else the newest; 0 when there is none. */
int history_newest(const struct history *history);

/* Its number; 0 when a drummer is selected. */
int history_selected_take(const struct history *history);

/* The drummer that plays when `model` is asked for: the current one where it is of that model or
 * "" is asked for, else the newest of it. NULL when there is none yet: it comes with the take. */
const struct session_checkpoint *history_player(const struct history *history, const char *model);

/* Whether drummer `number`, or one it grew from, learnt from `take`. */
bool history_has_learnt(const struct history *history, int number, int take);

/* The newest drummer that learnt from take `number`, 0 when none did. */
int history_pupil(const struct history *history, int number);

/* Moves the selection and keeps it on a screen of `page` lines. */
void history_move(struct history *history, int by, int page);

#endif
