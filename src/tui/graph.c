#include "tui/lanes.h"
#include "tui/panel.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/*  late  40                    ┊
 *        20        ○      ○    ┊
 *    on   0 ──●──●─│──◉───●──◉─┊
 *        20                    ┊
 *  early 40                    ┊
 *
 * ● drums, ○ you, ◉ both, ◌ where you were expected. The line between ● and ○ is how far
 * apart the two were: the longer, the worse. */

struct frame {
    struct grid *grid;
    int row, rows, middle;
    double ms_per_row;
};

static int row_of(const struct frame *frame, double ms, bool *beyond)
{
    int up = (int)lround(ms / frame->ms_per_row);
    int most = frame->middle - frame->row;
    *beyond = abs(up) > most;
    up = up > most ? most : up < -most ? -most : up;
    return frame->middle - up;
}

static void draw_scale(const struct frame *frame, const struct axis *axis, double reach)
{
    struct grid *grid = frame->grid;
    int half = (frame->middle - frame->row) / 2, end = axis->left - 1;
    char text[16];
    snprintf(text, sizeof text, "%.0f", reach);
    grid_put(grid, frame->row, 1, ROLE_BOLD, "late");
    grid_put_right(grid, frame->row, end, ROLE_DIM, text);
    grid_put(grid, 2 * frame->middle - frame->row, 1, ROLE_BOLD, "early");
    grid_put_right(grid, 2 * frame->middle - frame->row, end, ROLE_DIM, text);
    grid_put(grid, frame->middle, 1, ROLE_PLAIN, "on");
    grid_put_right(grid, frame->middle, end, ROLE_DIM, "0 ms");
    snprintf(text, sizeof text, "%.0f", half * frame->ms_per_row);
    grid_put_right(grid, frame->middle - half, end, ROLE_DIM, text);
    grid_put_right(grid, frame->middle + half, end, ROLE_DIM, text);
    grid_fill(grid, frame->middle, axis->left, axis->now - axis->left, ROLE_DIM, "─");
    for (int i = 0; i < frame->rows; i++)
        grid_put(grid, frame->row + i, axis->now, ROLE_DIM, "┊");
}

static void draw_mark(const struct frame *frame, int col, double ms, enum role role,
                      const char *sign)
{
    bool beyond;
    int row = row_of(frame, ms, &beyond);
    grid_put(frame->grid, row, col, role, beyond ? (ms > 0 ? "▲" : "▼") : sign);
}

static void draw_moment(const struct frame *frame, int col, const struct moment *moment)
{
    bool beyond;
    int drums = row_of(frame, moment->drums_ms, &beyond);
    int guitar = row_of(frame, moment->guitar_ms, &beyond);
    if (moment->planned)
        draw_mark(frame, col, moment->expected_ms, ROLE_EXPECTED, "◌");
    if (moment->planned && moment->heard) {
        int low = drums < guitar ? drums : guitar, high = drums < guitar ? guitar : drums;
        for (int row = low + 1; row < high; row++)
            grid_put(frame->grid, row, col,
                     widget_judge(fabs(moment->guitar_ms - moment->drums_ms)), "│");
    }
    if (moment->missed)
        grid_put(frame->grid, frame->middle, col, ROLE_BAD, "!");
    else if (moment->planned)
        draw_mark(frame, col, moment->drums_ms, ROLE_DRUMS, "●");
    if (moment->heard) {
        bool met = moment->planned && drums == guitar;
        draw_mark(frame, col, moment->guitar_ms, met ? ROLE_GOOD : ROLE_GUITAR, met ? "◉" : "○");
    }
}

void graph_draw(struct grid *grid, int row, int rows, const struct axis *axis,
                const struct screen *screen)
{
    int half = (rows - 1) / 2;
    if (screen->transport.count_in > 0) { /* nothing has been played */
        panel_draw_count(grid, row, rows, axis->left, axis->right, &screen->transport);
        return;
    }
    struct frame frame = {grid, row, rows, row + half, screen->graph_ms / half};
    draw_scale(&frame, axis, screen->graph_ms);
    int first, end = axis_steps(axis, screen->played, &first);
    for (int s = first; s < end; s++) {
        int col = axis_col(axis, axis_step(screen->played, s));
        if (col <= axis->now)
            draw_moment(&frame, col, &screen->moments[s]);
    }
    struct panel panel = {row, rows, frame.middle, axis->now + 2, axis->right, frame.ms_per_row};
    panel_draw(grid, &panel, screen);
}
