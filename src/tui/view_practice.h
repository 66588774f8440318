/* What the stage says of bars that are practised. The practice view itself is in view.h. */
#ifndef TUI_VIEW_PRACTICE_H
#define TUI_VIEW_PRACTICE_H

#include "tui/grid.h"
#include "tui/screen.h"

/* "pass 3 of 8  85 %", whole or not at all, before column `end`; between takes what the next one is
 * of. Returns where the next word goes. */
int practice_draw_states(struct grid *grid, int row, int col, int end, const struct screen *screen);

/* Over the lanes, to be read from two metres away: that the drums are out, how far the guitar has
 * drifted, that the vamp waits. */
void practice_draw_banner(struct grid *grid, int row, int rows, const struct screen *screen);

#endif
