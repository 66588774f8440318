/* What the terminal shows, kept, so that a screen like it costs nothing. */
#ifndef TUI_FRAMES_H
#define TUI_FRAMES_H

#include "tui/grid.h"
#include "tui/running.h"

struct frames {
    struct grid grids[2];
    int shown; /* which of them the terminal shows */
};

/* Draws the snapshot at the size the terminal has now. False when out of memory. */
bool frames_show(struct frames *frames, struct tui *tui);
void frames_release(struct frames *frames);

#endif
