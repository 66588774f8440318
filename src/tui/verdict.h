/* What there is to say about a stored take, and what of it the player has chosen. */
#ifndef TUI_VERDICT_H
#define TUI_VERDICT_H

#include "rehearsal/room.h"

struct verdict {
    struct session_take take;
    double length_s;
    struct room_verdict judged;  /* row 0 is the take's own */
    struct bars flubs;           /* marked while it was played */
    struct lesson_choice choice; /* what a lesson would be of */
    struct lesson_advice advice; /* against that lesson */
    int bar, anchor;             /* selected: from one to the other, in any order; from 1 */
    bool stretching;             /* the anchor stays while the bar moves */
    int row;                     /* of `judged`, that this take is looked at beside; 0: none */
};

/* Reads take `number` and those before it, and selects the bars that stick out, else the first. The
 * verdict that was there is released; on failure it stays. */
bool verdict_load(struct verdict *verdict, struct room *room, int number, struct error *err);
void verdict_release(struct verdict *verdict);

/* The song's bars; 0 before anything was loaded. */
int verdict_bars(const struct verdict *verdict);

/* What is selected, where columns of `stride` bars are shown: whole columns. */
struct bar_range verdict_selected(const struct verdict *verdict, int stride);

/* Nowhere, when there is no such bar. */
void verdict_go_to_bar(struct verdict *verdict, int bar);
void verdict_move_bar(struct verdict *verdict, int stride, int direction);
void verdict_stretch(struct verdict *verdict); /* from this bar on; once more: enough */
void verdict_move_row(struct verdict *verdict, int direction);

/* Leaves the selected bars out of the lesson, or takes them in again. False, and nothing changed,
 * where too many pieces would be left. */
bool verdict_toggle_bars(struct verdict *verdict, int stride);

#endif
