#include "tui/frames.h"

#include "tui/terminal.h"
#include "tui/view.h"

bool frames_show(struct frames *frames, const struct screen *screen, int *rows, int *cols)
{
    struct grid *next = &frames->grids[!frames->shown], *last = &frames->grids[frames->shown];
    terminal_size(rows, cols);
    if ((next->rows != *rows || next->cols != *cols) && !grid_resize(next, *rows, *cols))
        return false;
    next->utf8 = terminal_utf8();
    view_draw(next, screen);
    terminal_show(next, last);
    frames->shown = !frames->shown;
    return true;
}

void frames_release(struct frames *frames)
{
    grid_release(&frames->grids[0]);
    grid_release(&frames->grids[1]);
}
