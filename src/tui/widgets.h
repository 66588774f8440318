/* Small drawings that several views share. */
#ifndef TUI_WIDGETS_H
#define TUI_WIDGETS_H

#include "tui/grid.h"

/* A horizontal bar, `fraction` of `width` full; the rest is dotted. */
void widget_bar(struct grid *grid, int row, int col, int width, double fraction, enum role role);

/* One column, an eighth to eight eighths high, for `value` of `most`; a dot for NaN. */
void widget_spark(struct grid *grid, int row, int col, double value, double most, enum role role);

/* The same `height` rows high, from `row` up. */
void widget_column(struct grid *grid, int row, int col, int height, double value, double most,
                   enum role role);

/* Digits five rows high and four columns apart; '-' and ' ' too. Returns the column after. */
int widget_big(struct grid *grid, int row, int col, enum role role, const char *digits);
enum { BIG_ROWS = 5, BIG_COLS = 4 };

/* The same with each dot `rows` by `cols` large. */
int widget_large(struct grid *grid, int row, int col, int rows, int cols, enum role role,
                 const char *digits);

/* A dim rule across the screen. */
void widget_rule(struct grid *grid, int row);

/* What an asynchrony in ms deserves: good within 10, a warning within 25. */
enum role widget_judge(double ms);
const char *widget_verdict(double ms); /* "tight", "close", "apart" */

/* "kick", "hat", "lo": a class in at most five columns. */
const char *widget_drum(int drum);

/* Text that ends before column `end`, cut with an ellipsis where it does not fit; nothing where
 * there is no room at all. Returns the column after it. */
int widget_cut(struct grid *grid, int row, int col, int end, enum role role, const char *text);

/* "0:29" */
void widget_clock(double seconds, char *out, int size);

#endif
