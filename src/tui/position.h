/* Where we are in the song: bar, section, what is special, the next fill, and how far it is. */
#ifndef TUI_POSITION_H
#define TUI_POSITION_H

#include "tui/grid.h"
#include "tui/screen.h"

/* Bar, section and what is out of the ordinary on the left, the fill that comes and the time on the
 * right. */
void position_draw(struct grid *grid, int row, const struct screen *screen);

/* Bars until the next fill that will be played, 0 while it is; -1 where none comes in as many as
 * can be told. */
int position_fill_ahead(const struct screen *screen);
enum { POSITION_FILL_MOST = 9 };

/* The song as a bar, parted where its sections begin, fills marked in what is to come. */
void position_draw_progress(struct grid *grid, int row, const struct screen *screen);

/* The names of the sections, below that bar. */
void position_draw_sections(struct grid *grid, int row, const struct screen *screen);

/* How far apart drums and guitar have been, all along that bar: the higher, the further. Of
 * bars that are played again, the last time. */
void position_draw_togetherness(struct grid *grid, int row, const struct screen *screen);

#endif
