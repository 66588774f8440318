/* Right of now there is nothing to plot yet: there stands what is to be read from two metres. */
#ifndef TUI_PANEL_H
#define TUI_PANEL_H

#include "tui/grid.h"
#include "tui/screen.h"

/* Where the figures stand: beside the graph, with its line for 0 ms and its scale. */
struct panel {
    int row, rows, middle;
    int col, end; /* columns, `end` not included */
    double ms_per_row;
};

/* A needle that points up for late and down for early, as far as the last notes were off; how far
 * that was, and how far apart the last four bars were, in large figures. Between takes, what to do
 * and how the last one went. */
void panel_draw(struct grid *grid, const struct panel *panel, const struct screen *screen);

/* The beats that are counted before the song begins, over all of `rows` rows and the columns from
 * `left` to `right`. */
void panel_draw_count(struct grid *grid, int row, int rows, int left, int right,
                      const struct transport *transport);

#endif
