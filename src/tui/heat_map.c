#include "tui/heat_map.h"

#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum {
    MARGIN = 1,
    LABEL = 4,       /* a take's number */
    WIDE_LABEL = 15, /* and how far apart it was */
    FIGURE = 4,      /* what is selected, at the right */
    WIDE_COLS = 100,
    GROUP = 8,   /* columns between two gaps */
    TALLEST = 6, /* rows */
};

static const double FULL_MS = 40.0; /* a column is full here */

static int label_width(int cols)
{
    return cols >= WIDE_COLS ? WIDE_LABEL : LABEL;
}

int heat_map_stride(int cols, int bars)
{
    int room = (cols - label_width(cols) - FIGURE - MARGIN + 1) * GROUP / (GROUP + 1);
    return bars > room && room > 0 ? (bars + room - 1) / room : 1;
}

/* What the parts of the drawing share. */
struct map {
    struct grid *grid;
    const struct verdict *verdict;
    int bars, stride, label;
    struct bar_range selected;
};

static int column_at(const struct map *map, int bar)
{
    int column = (bar - 1) / map->stride;
    return map->label + column + column / GROUP;
}

static void draw_numbers(const struct map *map, int row)
{
    const int every = map->stride == 1 ? GROUP : 2 * GROUP;
    for (int bar = 1; bar <= map->bars; bar += every * map->stride)
        grid_print(map->grid, row, column_at(map, bar), ROLE_DIM, "%d", bar);
    grid_put_right(map->grid, row, map->grid->cols - MARGIN, ROLE_DIM, "ms");
}

/* The bars of a column that a lesson leaves out: "×" for all, "/" for some. */
static const char *left_out(const struct map *map, int first, int last)
{
    int out = 0;
    for (int bar = first; bar <= last; bar++)
        out += !bars_hold(&map->verdict->choice.bars, bar);
    return out == 0 ? NULL : out == last - first + 1 ? "×" : "/";
}

static void draw_strip(const struct map *map, int index, int row, int height)
{
    const struct take_bars *bars = &map->verdict->judged.rows[index];
    const bool compared = index > 0 && index == map->verdict->row;
    const enum role role = index == 0 || compared ? ROLE_BOLD : ROLE_PLAIN;
    const double selected_ms = take_bars_apart_ms(bars, map->selected.first, map->selected.last);
    grid_print(map->grid, row, 0, role, "%s%2d", compared ? "▶" : " ", bars->take);
    if (map->label == WIDE_LABEL)
        grid_print(map->grid, row, LABEL, role, "%5.1f ms",
                   take_bars_apart_ms(bars, 1, bars->count));
    for (int first = 1; first <= map->bars; first += map->stride) {
        const int last = first + map->stride <= map->bars ? first + map->stride - 1 : map->bars;
        const int col = column_at(map, first);
        const double ms = take_bars_apart_ms(bars, first, last);
        widget_column(map->grid, row, col, height, ms, FULL_MS, widget_judge(ms));
        const char *out = index == 0 ? left_out(map, first, last) : NULL;
        if (out)
            grid_put(map->grid, row, col, ROLE_WARN, out);
        if (index == 0 && first >= map->selected.first && last <= map->selected.last)
            grid_paint(map->grid, row, col, 1, ROLE_SELECTED);
        for (int i = 0; i < height; i++)
            grid_put_spot(map->grid, (struct spot){row - i, col, 1, SPOT_BAR, first});
    }
    char figure[16] = "·";
    if (!isnan(selected_ms))
        snprintf(figure, sizeof figure, "%.0f", fmin(selected_ms, 999));
    grid_put_right(map->grid, row, map->grid->cols - MARGIN,
                   isnan(selected_ms) ? ROLE_DIM : widget_judge(selected_ms), figure);
}

/* What can be done with it, where there is room to say so. */
static void draw_choosing(const struct map *map, const struct screen *screen, int row, int col)
{
    const struct verdict *verdict = map->verdict;
    const int end = map->grid->cols - MARGIN;
    char text[64];
    snprintf(text, sizeof text,
             bars_hold(&verdict->choice.bars, verdict->bar) ? "%s leaves it out, %s a drum"
                                                            : "%s takes it in again",
             screen_key(screen, ACTION_BAR_OUT), screen_key(screen, ACTION_DRUM));
    if (verdict->take.status != TAKE_ACCEPTED && col + 2 + grid_width(text) <= end)
        grid_put_right(map->grid, row, end, ROLE_DIM, text);
}

/* "bars 17-20   34 ms apart, you 30 early   flub   left out   take 3: 9" */
static void draw_selected(const struct map *map, const struct screen *screen, int row)
{
    const struct verdict *verdict = map->verdict;
    const struct bar_range *at = &map->selected;
    const struct take_bars *own = &verdict->judged.rows[0];
    const double ms = take_bars_apart_ms(own, at->first, at->last);
    const double lean_ms = take_bars_lean_ms(own, at->first, at->last);
    int col = MARGIN;
    if (at->first == at->last)
        col = grid_print(map->grid, row, col, ROLE_BOLD, "bar %d", at->first);
    else
        col = grid_print(map->grid, row, col, ROLE_BOLD, "bars %d-%d", at->first, at->last);
    if (verdict->stretching)
        col = grid_print(map->grid, row, col, ROLE_WARN, "  %s: that far",
                         screen_key(screen, ACTION_STRETCH));
    if (isnan(ms))
        col = grid_put(map->grid, row, col + 3, ROLE_DIM, "not heard");
    else if (fabs(lean_ms) < 0.5)
        col = grid_print(map->grid, row, col + 3, ROLE_PLAIN, "%.0f ms apart, you on time", ms);
    else
        col = grid_print(map->grid, row, col + 3, ROLE_PLAIN, "%.0f ms apart, you %.0f %s", ms,
                         fabs(lean_ms), lean_ms < 0 ? "early" : "late");
    if (bars_hold(&verdict->flubs, verdict->bar))
        col = grid_put(map->grid, row, col + 3, ROLE_WARN, "flub");
    if (!bars_hold(&verdict->choice.bars, verdict->bar))
        col = grid_put(map->grid, row, col + 3, ROLE_WARN, "left out");
    if (verdict->row > 0) {
        const struct take_bars *other = &verdict->judged.rows[verdict->row];
        const double other_ms = take_bars_apart_ms(other, at->first, at->last);
        if (!isnan(other_ms))
            col = grid_print(map->grid, row, col + 3, ROLE_PLAIN, "take %d: %.0f", other->take,
                             other_ms);
    }
    draw_choosing(map, screen, row, col);
}

void heat_map_draw(struct grid *grid, int row, int end, const struct screen *screen)
{
    const struct verdict *verdict = &screen->verdict;
    struct map map = {.grid = grid, .verdict = verdict, .bars = verdict_bars(verdict)};
    map.stride = heat_map_stride(grid->cols, map.bars);
    map.label = label_width(grid->cols);
    map.selected = verdict_selected(verdict, map.stride);
    const int earlier = verdict->judged.row_count - 1, room = end - row - 2;
    int height = room - earlier;
    height = height < 1 ? 1 : height > TALLEST ? TALLEST : height;
    draw_numbers(&map, row);
    draw_strip(&map, 0, row + height, height);
    const int lines = room - height; /* of earlier takes; the one compared with is among them */
    const int first = verdict->row > lines ? verdict->row - lines + 1 : 1;
    for (int i = 0; i < lines && first + i <= earlier; i++)
        draw_strip(&map, first + i, row + height + 1 + i, 1);
    draw_selected(&map, screen, row + height + 1 + (lines < earlier ? lines : earlier));
}
