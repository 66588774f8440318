#include "tui/lanes.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/*  late  40                    ·
 *        20        ○      ○    ·     TOGETHER
 *    on   0 ──●──●─│──◉───●──◉─·       7 ms
 *        20                    ·
 *  early 40                    ·
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

static void draw_legend(struct grid *grid, int row, int col, int room)
{
    bool wide = room >= 24;
    col = grid_put(grid, row, col, ROLE_GUITAR, "○");
    col = grid_put(grid, row, col, ROLE_PLAIN, wide ? " you " : "you ");
    col = grid_put(grid, row, col, ROLE_DRUMS, "●");
    col = grid_put(grid, row, col, ROLE_PLAIN, wide ? " drums " : "drums ");
    col = grid_put(grid, row, col, ROLE_EXPECTED, "◌");
    grid_put(grid, row, col, ROLE_PLAIN, wide ? " expected" : "exp.");
}

static void draw_figure(struct grid *grid, int row, int col, const char *title, enum role role,
                        const char *digits, const char *unit)
{
    grid_put(grid, row, col, ROLE_BOLD, title);
    int end = widget_big(grid, row + 1, col, role, digits);
    grid_put(grid, row + BIG_ROWS, end, ROLE_PLAIN, unit);
}

/* Right of now there is nothing to plot yet: there stand the figures to be read from afar. */
static void draw_panel(const struct frame *frame, const struct axis *axis,
                       const struct screen *screen)
{
    int col = axis->now + 3, room = axis->right - col;
    int top = frame->row + (frame->rows - BIG_ROWS - 2) / 2;
    char digits[16], title[48];
    const struct together *lately = &screen->lately;
    if (screen->transport.count_in > 0) {
        snprintf(digits, sizeof digits, "%d", screen->transport.count_in);
        draw_figure(frame->grid, top, col, "COUNT-IN", ROLE_BOLD, digits, "");
    } else if (lately->count > 0) {
        snprintf(digits, sizeof digits, "%.0f", fmin(lately->mean_ms, 999));
        snprintf(title, sizeof title, "TOGETHER  %s", widget_verdict(lately->mean_ms));
        draw_figure(frame->grid, top, col, title, widget_judge(lately->mean_ms), digits, "ms");
    } else if (screen->transport.playing) {
        draw_figure(frame->grid, top, col, "NO GUITAR YET", ROLE_DIM, "--", "");
    } else {
        grid_put(frame->grid, frame->middle - 1, col, ROLE_BOLD, "space: play");
        grid_put(frame->grid, frame->middle, col, ROLE_DIM, "after the count-in");
    }
    draw_legend(frame->grid, frame->row + frame->rows - 1, col, room);
}

void graph_draw(struct grid *grid, int row, int rows, const struct axis *axis,
                const struct screen *screen)
{
    int half = (rows - 1) / 2;
    struct frame frame = {grid, row, rows, row + half, screen->graph_ms / half};
    draw_scale(&frame, axis, screen->graph_ms);
    int first, end = axis_steps(axis, screen->played, &first);
    for (int s = first; s < end; s++) {
        int col = axis_col(axis, axis_step(screen->played, s));
        if (col <= axis->now)
            draw_moment(&frame, col, &screen->moments[s]);
    }
    draw_panel(&frame, axis, screen);
}
