#include "tui/view_history.h"

#include "tui/when.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_COLS = 13 };

/* Some days in a row, as one: there may be more of them than columns. */
static double mean_of(const struct history_day *days, int count)
{
    double sum_ms = 0;
    int takes = 0;
    for (int i = 0; i < count; i++) {
        sum_ms += days[i].mean_ms * days[i].takes;
        takes += days[i].takes;
    }
    return sum_ms / takes;
}

/* How many days share one of `columns`. */
static int stride_of(int count, int columns)
{
    return columns > 0 ? (count + columns - 1) / columns : count;
}

static double most_of(const struct history_day *days, int count, int stride)
{
    double most = 0;
    for (int i = 0; i < count; i += stride)
        most = fmax(most, mean_of(days + i, i + stride < count ? stride : count - i));
    return most;
}

/* "last 9.1   best 7.9 ms tue 18 nov" at the right; returns where it begins. */
static int draw_summary(struct grid *grid, struct box box, const struct history_day *days,
                        int count, int64_t now_s)
{
    const struct history_day *best = days;
    char day[WHEN_SIZE], text[80];
    for (int i = 1; i < count; i++)
        if (days[i].best_ms < best->best_ms)
            best = &days[i];
    when_day(best->date_s, now_s, day);
    snprintf(text, sizeof text, "last %.1f   best %.1f ms %s", days[count - 1].last_ms,
             best->best_ms, day);
    return grid_put_right(grid, box.row, box.col_end, ROLE_PLAIN, text);
}

/* The days as columns, `width` apart, from the left. */
static void draw_columns(struct grid *grid, int bottom, int rows, int col, int width,
                         const struct history_day *days, int count, int stride)
{
    double most = most_of(days, count, stride);
    for (int i = 0; i < count; i += stride, col += width) {
        double ms = mean_of(days + i, i + stride < count ? stride : count - i);
        for (int k = 0; k < (width + 1) / 2; k++)
            widget_column(grid, bottom, col + k, rows, ms, most, widget_judge(ms));
    }
}

/* One row. */
static void draw_short_days(struct grid *grid, struct box box, const struct history_day *days,
                            int count, int64_t now_s)
{
    int end = draw_summary(grid, box, days, count, now_s);
    int col = grid_put(grid, box.row, box.col, ROLE_DIM, "ms by day "), columns = end - 2 - col;
    draw_columns(grid, box.row, 1, col, 1, days, count, stride_of(count, columns));
}

/* Several rows, the figure beside each day and its name below; of many days only the first and the
 * last are named. */
static void draw_tall_days(struct grid *grid, struct box box, const struct history_day *days,
                           int count, int64_t now_s)
{
    int columns = box.col_end - box.col, bottom = box.end - 2;
    bool named = count * DAY_COLS <= columns;
    int width = named ? DAY_COLS : 2, stride = named ? 1 : stride_of(count, columns / width);
    char name[WHEN_SIZE];
    draw_columns(grid, bottom, bottom - box.row, box.col, width, days, count, stride);
    for (int i = 0; named && i < count; i++) {
        int col = box.col + i * width;
        grid_print(grid, bottom, col + (width + 1) / 2 + 1, ROLE_PLAIN, "%.1f", days[i].mean_ms);
        when_day(days[i].date_s, now_s, name);
        widget_cut(grid, bottom + 1, col, col + width - 1, ROLE_DIM, name);
    }
    if (!named) {
        when_day(days[0].date_s, now_s, name);
        grid_put(grid, bottom + 1, box.col, ROLE_DIM, name);
        when_day(days[count - 1].date_s, now_s, name);
        grid_put_right(grid, bottom + 1, box.col + (count + stride - 1) / stride * width, ROLE_DIM,
                       name);
    }
    grid_print(grid, box.row, box.col, ROLE_DIM, "ms apart by day, at most %.1f",
               most_of(days, count, stride));
    draw_summary(grid, box, days, count, now_s);
}

void view_history_days(struct grid *grid, struct box box, const struct screen *screen)
{
    int count;
    struct history_day *days = history_days(&screen->history, &count);
    int64_t now_s = screen->browsing.now_s;
    if (count == 0)
        grid_put(grid, box.row, box.col, ROLE_DIM, "no day with a guitar yet");
    else if (box.end - box.row < 3)
        draw_short_days(grid, box, days, count, now_s);
    else
        draw_tall_days(grid, box, days, count, now_s);
    free(days);
}
