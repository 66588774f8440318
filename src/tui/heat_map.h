/* Bars by takes: how far apart guitar and drums were in every bar of a take and of those before it,
 * as height and as colour. */
#ifndef TUI_HEAT_MAP_H
#define TUI_HEAT_MAP_H

#include "tui/grid.h"
#include "tui/screen.h"

/* Bars that share a column on a screen this wide. */
int heat_map_stride(int cols, int bars);

/* Into rows `row` up to, but not including, `end`, three at the least: bar numbers, the take, as
 * many earlier ones as there is room for, what is selected. With room to spare the take itself
 * stands taller. */
void heat_map_draw(struct grid *grid, int row, int end, const struct screen *screen);

#endif
