/* A screen as plain cells: what the views draw on, and what tests read as text.
 *
 * Text is UTF-8. On a grid that is not `utf8` every sign of the house has an ASCII stand-in,
 * chosen here, so that views are written once. Drawing outside the grid is clipped;
 * control characters and broken UTF-8 become '?', whatever a file's name holds. */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stdint.h>

/* What a piece of text is, never how it looks: terminal.c chooses colours and attributes. */
enum role {
    ROLE_PLAIN,
    ROLE_DIM,
    ROLE_BOLD,
    ROLE_DRUMS,
    ROLE_GUITAR,
    ROLE_EXPECTED,
    ROLE_GOOD,
    ROLE_WARN,
    ROLE_BAD,
    ROLE_SELECTED,
    ROLE_COUNT
};

struct cell {
    char text[5]; /* one character; empty: the right half of a wide one */
    uint8_t role;
};

/* Where a click means something: a key, or one of several things that lie in a row. */
enum spot_kind {
    SPOT_KEY,  /* `number` is its code */
    SPOT_LINE, /* of a list: its index */
    SPOT_BAR   /* of the song, from 1 */
};

struct spot {
    int row, col, count; /* columns */
    enum spot_kind kind;
    int number;
};

struct grid {
    int rows, cols;
    bool utf8;
    struct cell *cells; /* rows * cols */
    struct spot *spots; /* room for rows * cols */
    int spot_count;
};

/* Sets the size; everything is blank afterwards. False when out of memory: the grid is then empty.
 */
bool grid_resize(struct grid *grid, int rows, int cols);
void grid_clear(struct grid *grid);
void grid_release(struct grid *grid);

/* Both return the column after the last character. */
int grid_put(struct grid *grid, int row, int col, enum role role, const char *text);
int grid_print(struct grid *grid, int row, int col, enum role role, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Ends before column `end`. Returns the column it begins at. */
int grid_put_right(struct grid *grid, int row, int end, enum role role, const char *text);

/* `text`, one character, `count` times to the right. */
void grid_fill(struct grid *grid, int row, int col, int count, enum role role, const char *text);

/* Gives cells another role and leaves their text. */
void grid_paint(struct grid *grid, int row, int col, int count, enum role role);

/* What a click there means; the last one that was put there counts. NULL: nothing. */
void grid_put_spot(struct grid *grid, struct spot spot);
const struct spot *grid_spot(const struct grid *grid, int row, int col);

/* Columns that `text` takes. */
int grid_width(const char *text);

/* A row as UTF-8 without trailing blanks; `size` bytes at `out`. */
void grid_row_text(const struct grid *grid, int row, char *out, int size);

#endif
