#include "tui/view.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, LEAST_ROWS = 14 };

static const double PAST_S = 6, AHEAD_S = 3; /* on the line of time */

static void draw_tempo(struct grid *grid, int row, const struct entrance_cue *cue)
{
    char digits[16];
    snprintf(digits, sizeof digits, cue->found ? "%.0f" : "-", 60 / cue->beat_s);
    int col = widget_big(grid, row, MARGIN + 1, cue->sure ? ROLE_GOOD : ROLE_PLAIN, digits) + 1;
    grid_put(grid, row + BIG_ROWS - 2, col, ROLE_PLAIN, "beats a minute");
    if (cue->found)
        grid_print(grid, row + BIG_ROWS - 1, col, ROLE_PLAIN, "%.1f %% of what is written",
                   cue->tempo_percent);
    else
        grid_put(grid, row + BIG_ROWS - 1, col, ROLE_DIM, "not known yet");
}

static void draw_certainty(struct grid *grid, int row, const struct entrance_cue *cue)
{
    int col = grid_put(grid, row, MARGIN, ROLE_PLAIN, "sure ");
    widget_bar(grid, row, col, 20, cue->certainty, cue->sure ? ROLE_GOOD : ROLE_WARN);
    grid_print(grid, row, col + 21, ROLE_PLAIN, "%3.0f %%   heard %d", 100 * cue->certainty,
               cue->strums);
}

/* "comes in in 3 2 1" */
static void draw_promise(struct grid *grid, int row, const struct entrance_cue *cue)
{
    int beats = (int)ceil(cue->bar_s / cue->beat_s);
    if (cue->strums == 0)
        grid_put(grid, row, MARGIN, ROLE_BOLD, "begin: the drums come in on your beat");
    else if (!cue->sure)
        grid_put(grid, row, MARGIN, ROLE_PLAIN, "play on: they come in when your beat is certain");
    else {
        int col = grid_put(grid, row, MARGIN, ROLE_BOLD, "the drums come in: ");
        for (int beat = beats; beat > 0 && beat > beats - 4; beat--)
            col = grid_print(grid, row, col, beat == beats ? ROLE_GOOD : ROLE_DIM, "%d ", beat);
    }
}

/* The column of a time from now. */
static int column(const struct grid *grid, double from_now_s)
{
    return (int)floor((from_now_s + PAST_S) / (PAST_S + AHEAD_S) * grid->cols);
}

static void draw_beats(struct grid *grid, int row, int rows, const struct entrance_cue *cue)
{
    if (!cue->found)
        return;
    int first = (int)floor((-PAST_S - cue->bar_s) / cue->beat_s);
    for (int k = first; cue->bar_s + k * cue->beat_s < AHEAD_S; k++) {
        int col = column(grid, cue->bar_s + k * cue->beat_s);
        bool bar = k % cue->beats == 0;
        for (int i = 0; i < rows && col >= 0 && col < grid->cols; i++)
            if (bar || i == rows / 2)
                grid_put(grid, row + i, col, ROLE_DIM, bar ? "│" : "·");
    }
}

/* What was played, on the beats that were found, and when the drums come in. */
static void draw_time(struct grid *grid, int row, int rows, const struct screen *screen)
{
    const struct entrance_cue *cue = &screen->entrance.cue;
    int middle = row + rows / 2, now = column(grid, 0);
    draw_beats(grid, row, rows, cue);
    for (int col = 0; col < now; col++) {
        double cell_s = (PAST_S + AHEAD_S) / grid->cols, ago_s = (now - 1 - col) * cell_s;
        enum mark_kind kind = marks_within(&screen->marks, screen->now_s, ago_s, ago_s + cell_s);
        if (kind == MARK_HEARD)
            grid_put(grid, middle, col, ROLE_GUITAR, "○");
        else if (kind == MARK_IGNORED)
            grid_put(grid, middle, col, ROLE_WARN, "×");
    }
    for (int i = 0; i < rows; i++)
        grid_put(grid, row + i, now, ROLE_BOLD, "┃");
    if (cue->sure && column(grid, cue->bar_s) < grid->cols)
        grid_put(grid, middle, column(grid, cue->bar_s), ROLE_GOOD, "●");
}

void view_entrance(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct entrance_cue *cue = &screen->entrance.cue;
    int rows = area.end - area.first, row = area.first;
    int spare = rows > LEAST_ROWS + 3;
    widget_rule(grid, row);
    grid_put(grid, row, 0, ROLE_BOLD, " you begin, the drums come in ");
    row += 1 + spare;
    draw_tempo(grid, row, cue);
    row += BIG_ROWS + 1;
    draw_certainty(grid, row++, cue);
    draw_promise(grid, row++, cue);
    row += spare;
    widget_rule(grid, row++);
    draw_time(grid, row, area.end - row - 1, screen);
    widget_rule(grid, area.end - 1);
    grid_put(grid, area.end - 1, 0, ROLE_PLAIN, " ○ you  · beat  │ bar  ● drums ");
}
