/* The parts of the history's view that have files of their own. */
#ifndef TUI_VIEW_HISTORY_H
#define TUI_VIEW_HISTORY_H

#include "tui/grid.h"
#include "tui/screen.h"

/* Rows `row` to `end`, columns `col` on, neither end included. */
struct box {
    int row, end, col, col_end;
};

/* What is selected, in words; with `wrap` broken into lines, else each cut. */
void view_history_selected(struct grid *grid, struct box box, bool wrap,
                           const struct screen *screen);

/* How far apart, day by day: a line of columns, or bars where there are rows for them. */
void view_history_days(struct grid *grid, struct box box, const struct screen *screen);

#endif
