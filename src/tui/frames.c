#include "tui/frames.h"

#include "tui/terminal.h"
#include "tui/view.h"

#include <string.h>

static bool same(const struct grid *a, const struct grid *b)
{
    return a->rows == b->rows && a->cols == b->cols &&
           memcmp(a->cells, b->cells, (size_t)a->rows * (size_t)a->cols * sizeof *a->cells) == 0;
}

bool frames_show(struct frames *frames, const struct screen *screen, int *rows, int *cols)
{
    struct grid *next = &frames->grids[!frames->shown], *last = &frames->grids[frames->shown];
    terminal_size(rows, cols);
    if ((next->rows != *rows || next->cols != *cols) && !grid_resize(next, *rows, *cols))
        return false;
    next->utf8 = terminal_utf8();
    view_draw(next, screen);
    if (same(last, next))
        return true;
    terminal_show(next);
    frames->shown = !frames->shown;
    return true;
}

void frames_release(struct frames *frames)
{
    grid_release(&frames->grids[0]);
    grid_release(&frames->grids[1]);
}
