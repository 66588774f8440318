/* What the terminal shows, kept, so that a screen like it costs nothing. */
#ifndef TUI_FRAMES_H
#define TUI_FRAMES_H

#include "tui/grid.h"

struct screen;

struct frames {
    struct grid grids[2];
    int shown; /* which of them the terminal shows */
};

/* Draws the snapshot at the size the terminal has now, which is *rows and *cols. False when out of
 * memory. */
bool frames_show(struct frames *frames, const struct screen *screen, int *rows, int *cols);
void frames_release(struct frames *frames);

#endif
