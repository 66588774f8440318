/* The song as it scrolls by: drum lanes above, the timing graph below, one axis for both. */
#ifndef TUI_LANES_H
#define TUI_LANES_H

#include "tui/grid.h"
#include "tui/screen.h"

/* Columns are musical time, so that a beat is as wide at every tempo and the picture moves as a
 * whole. What has sounded is left of `now`, what comes is right of it. */
struct axis {
    int left, right; /* columns, right not included */
    int now;
    int per_quarter; /* columns */
    int64_t now_place;
};

struct axis axis_make(int cols, double quarters);
int axis_col(const struct axis *axis, double quarters);
double axis_step(const struct score *score, int step); /* quarters since the song's beginning */

/* Steps that the axis can show: from *first up to but not including the result. */
int axis_steps(const struct axis *axis, const struct score *score, int *first);

/* How many lanes the score wants when at most `most` fit. */
int lanes_count(const struct score *score, int most);
void lanes_draw(struct grid *grid, int row, int rows, const struct axis *axis,
                const struct screen *screen);

/* Early and late, in ms around the line in the middle; an odd number of rows is best. */
void graph_draw(struct grid *grid, int row, int rows, const struct axis *axis,
                const struct screen *screen);

#endif
