/* The views: each draws a part of the snapshot onto a grid and knows nothing else. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "tui/grid.h"
#include "tui/screen.h"

enum { VIEW_MIN_ROWS = 20, VIEW_MIN_COLS = 60 };

/* The whole screen: title, the view, the line of messages, the line of keys. On a grid that is too
 * small it says so. */
void view_draw(struct grid *grid, const struct screen *screen);

/* The rows a view has: first to end, end not included. */
struct area {
    int first, end;
};

void view_stage(struct grid *grid, struct area area, const struct screen *screen);
void view_entrance(struct grid *grid, struct area area, const struct screen *screen);
void view_take(struct grid *grid, struct area area, const struct screen *screen);
void view_lesson(struct grid *grid, struct area area, const struct screen *screen);
void view_history(struct grid *grid, struct area area, const struct screen *screen);
void view_listen(struct grid *grid, struct area area, const struct screen *screen);
void view_weights(struct grid *grid, struct area area, const struct screen *screen);
void view_practice(struct grid *grid, struct area area, const struct screen *screen);
void view_help(struct grid *grid, struct area area, const struct screen *screen);
void view_compare(struct grid *grid, struct area area, const struct screen *screen);
void view_library(struct grid *grid, struct area area, const struct screen *screen);

/* While it is open, instead of the line of messages and the line of keys. */
void view_prompt(struct grid *grid, int row, const struct prompt *prompt);
void view_prompt_hints(struct grid *grid, int row, const struct prompt *prompt);

/* Bytes at the beginning of `text` that `width` columns hold, broken at a space where there is one,
 * never within a character. */
int view_break_at(const char *text, int width);

/* Lines the history shows on a screen of this size. */
int view_history_page(int rows, int cols);

/* The furthest the help can be scrolled, in lines. */
int view_help_last(const struct screen *screen, int rows, int cols);

/* Items the library shows at least. */
int view_library_page(int rows);

#endif
