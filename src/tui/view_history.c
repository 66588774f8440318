#include "tui/view.h"

#include "tui/when.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MARGIN = 1,
    HEAD = 2,    /* rows above the tree */
    FIGURES = 9, /* columns of "take 123" */
    APART = 8,   /* and of "123.4 ms" */
    BAR = 10,
    DATE = 16,
    LINES = 6,
    LINE = 400,
    NARROW_LINES = 3, /* of the details, below the tree */
    PANE = 42,        /* columns of them beside it */
    GRAPH = 7,        /* rows of the days, where there is room */
    DAY_COLS = 13,
};

static const double FULL_MS = 40.0; /* a take's bar is full here */

/* Where what stands. */
struct layout {
    bool pane; /* the details beside the tree, not below */
    int cols;  /* of the tree */
    int page;  /* its rows */
    int graph; /* rows of the days */
};

static struct layout lay_out(int rows, int cols)
{
    struct layout layout = {.pane = cols >= 110, .graph = rows >= 36 ? GRAPH : 1};
    layout.cols = layout.pane ? cols - PANE : cols;
    layout.page =
        rows - 3 - HEAD - 1 - layout.graph; /* title, messages and keys are not the view's */
    if (!layout.pane)
        layout.page -= NARROW_LINES + 1;
    return layout;
}

int view_history_page(int rows, int cols)
{
    return lay_out(rows, cols).page;
}

/* ---- the tree ---- */

/* Text that ends before column `end`, cut where it does not fit. */
static int put_cut(struct grid *grid, int row, int col, int end, enum role role, const char *text)
{
    char part[LINE];
    int room = end - col;
    snprintf(part, sizeof part, "%s", text);
    if (room < 2)
        return col;
    if (grid_width(part) <= room)
        return grid_put(grid, row, col, role, part);
    size_t length = strlen(part);
    while (length > 0 && grid_width(part) > room - 1) {
        do
            length--;
        while (length > 0 && (part[length] & 0xc0) == 0x80);
        part[length] = '\0';
    }
    return grid_put(grid, row, grid_put(grid, row, col, role, part), ROLE_DIM, "…");
}

static int put_note(struct grid *grid, int row, int col, int end, const char *note)
{
    char quoted[SESSION_NOTE_SIZE + 2];
    if (!note[0])
        return col;
    snprintf(quoted, sizeof quoted, "\"%s\"", note);
    return put_cut(grid, row, col, end, ROLE_PLAIN, quoted);
}

static void draw_drummer(struct grid *grid, int row, int col, int end,
                         const struct session_checkpoint *drummer, bool current)
{
    grid_put(grid, row, col, current ? ROLE_GOOD : ROLE_DIM, current ? "▶" : "○");
    int at = grid_print(grid, row, col + 2, ROLE_BOLD, "#%d ", drummer->number);
    at = grid_put(grid, row, at, ROLE_PLAIN, drummer->model);
    if (drummer->parent && drummer->take)
        at = grid_print(grid, row, at + 2, ROLE_PLAIN, "from #%d, learnt take %d", drummer->parent,
                        drummer->take);
    else
        at = grid_put(grid, row, at + 2, ROLE_PLAIN, "as it came");
    put_note(grid, row, at + 2, end, drummer->note);
}

static void status_text(const struct history *history, const struct session_take *take, char *out,
                        size_t size)
{
    int pupil = history_pupil(history, take->number);
    if (pupil)
        snprintf(out, size, "accepted → #%d", pupil);
    else
        snprintf(out, size, "%s", take_status_name(take->status));
}

static void draw_take(struct grid *grid, int row, int col, int figures, int end,
                      const struct history *history, const struct session_take *take)
{
    static const enum role roles[] = {
        [TAKE_UNDECIDED] = ROLE_WARN, [TAKE_ACCEPTED] = ROLE_GOOD, [TAKE_REJECTED] = ROLE_DIM};
    const struct take_summary *summary = &take->summary;
    bool bars = end - figures > APART + 3 + BAR + 22;
    char status[32];
    grid_print(grid, row, col, ROLE_PLAIN, "take %d", take->number);
    int at = figures + APART + (bars ? 1 + BAR : 0);
    if (summary->matched) {
        grid_print(grid, row, figures, ROLE_PLAIN, "%5.1f ms", summary->asynchrony_mae_ms);
        if (bars)
            widget_bar(grid, row, figures + APART + 1, BAR, summary->asynchrony_mae_ms / FULL_MS,
                       widget_judge(summary->asynchrony_mae_ms));
    } else {
        grid_put(grid, row, figures, ROLE_DIM, bars ? "no guitar heard" : "unheard");
    }
    status_text(history, take, status, sizeof status);
    at = put_cut(grid, row, at + 2, end, roles[take->status], status);
    put_note(grid, row, at + 2, end, take->note);
}

/* Levels that a screen this wide shows, and the deepest there is among them. */
static int levels_shown(const struct history *history, int cols)
{
    int most = cols / 20, deepest = 0;
    for (int i = 0; i < history->row_count; i++)
        if (history->rows[i].level > deepest)
            deepest = history->rows[i].level;
    return deepest < most ? deepest : most;
}

static void draw_row(struct grid *grid, int row, const struct screen *screen, int index,
                     const struct layout *layout, int levels)
{
    const struct history *history = &screen->history;
    const struct browsing *browsing = &screen->browsing;
    const struct history_row *line = &history->rows[index];
    const struct session_checkpoint *drummer = &history->checkpoints[line->checkpoint];
    char rails[128], date[WHEN_SIZE];
    int end = layout->cols - MARGIN - DATE;
    history_rails(line, levels, rails, sizeof rails);
    int col = grid_put(grid, row, MARGIN + 1, ROLE_DIM, rails);
    if (line->take < 0)
        draw_drummer(grid, row, col, end, drummer, drummer->number == history->current);
    else
        draw_take(grid, row, col, MARGIN + 1 + 3 + 2 * levels + FIGURES, end, history,
                  &history->takes[line->take]);
    when_text(line->take < 0 ? drummer->date_s : history->takes[line->take].date_s, browsing->now_s,
              date);
    grid_put_right(grid, row, layout->cols - MARGIN, ROLE_DIM, date);
    if (browsing->words[0] && !history_finds(history, line, browsing->words))
        grid_paint(grid, row, 0, layout->cols, ROLE_DIM);
    if (history_mark_same(history_mark(history, index), browsing->compared))
        grid_put(grid, row, 0, ROLE_WARN, "c");
    grid_put_spot(grid, (struct spot){row, 0, layout->cols, SPOT_LINE, index});
    if (index == browsing->selected)
        grid_paint(grid, row, 0, layout->cols, ROLE_SELECTED);
}

static void draw_tree(struct grid *grid, int row, const struct screen *screen,
                      const struct layout *layout)
{
    const struct history *history = &screen->history;
    int first = screen->browsing.first, levels = levels_shown(history, layout->cols);
    for (int i = 0; i < layout->page && first + i < history->row_count; i++)
        draw_row(grid, row + i, screen, first + i, layout, levels);
    if (first > 0)
        grid_put(grid, row, 0, ROLE_DIM, "↑");
    if (first + layout->page < history->row_count)
        grid_put(grid, row + layout->page - 1, 0, ROLE_DIM, "↓");
}

/* ---- what is selected ---- */

static int describe_take(const struct history *history, const struct session_take *take,
                         const char *date, char lines[LINES][LINE])
{
    const struct take_settings *settings = &take->settings;
    const struct take_summary *summary = &take->summary;
    double lean = summary->asynchrony_mean_ms;
    int used = snprintf(lines[0], LINE, "take %d   %s   played by #%d   heard %d of %d",
                        take->number, date, take->checkpoint, summary->matched, summary->steps);
    if (summary->deadline_misses || take->xruns)
        snprintf(lines[0] + used, LINE - (size_t)used, "   late %d   xruns %d",
                 summary->deadline_misses, take->xruns);
    int count = 1;
    if (summary->matched)
        snprintf(lines[count++], LINE, "%.1f ms apart   expected within %.1f   you %.1f %s",
                 summary->asynchrony_mae_ms, summary->prediction_mae_ms, fabs(lean),
                 lean < 0 ? "early" : "late");
    if (take->note[0])
        snprintf(lines[count++], LINE, "\"%s\"", take->note);
    snprintf(lines[count++], LINE, "follow %.1f   expression %.1f   leash %.0f ms   tempo %.0f %%",
             settings->controls.follow, settings->controls.expression, settings->controls.leash_ms,
             settings->tempo_percent);
    int taught = 0;
    for (int i = 0; i < history->checkpoint_count; i++)
        if (history->checkpoints[i].take == take->number) {
            used = taught++ ? (int)strlen(lines[count]) : snprintf(lines[count], LINE, "taught");
            snprintf(lines[count] + used, LINE - (size_t)used, " #%d",
                     history->checkpoints[i].number);
        }
    return count + (taught > 0);
}

/* The takes that it and those before it learnt from, the last first. */
static void lessons_text(const struct history *history, const struct session_checkpoint *drummer,
                         char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    const struct session_checkpoint *at = drummer;
    while (at && used < size) {
        if (at->take)
            used += (size_t)snprintf(out + used, size - used, used ? ", %d" : "taught by take %d",
                                     at->take);
        at = at->parent < at->number ? history_checkpoint(history, at->parent) : NULL;
    }
}

static int describe_drummer(const struct history *history, const struct session_checkpoint *drummer,
                            const char *date, char lines[LINES][LINE])
{
    int count = 1;
    snprintf(lines[0], LINE, "drummer #%d%s   %s   %s   %.1f MB", drummer->number,
             drummer->number == history->current ? " plays now" : "", drummer->model, date,
             (double)drummer->size / 1e6);
    if (drummer->take)
        lessons_text(history, drummer, lines[count++], LINE);
    if (drummer->note[0])
        snprintf(lines[count++], LINE, "\"%s\"", drummer->note);
    if (isfinite(drummer->loss_before))
        snprintf(lines[count++], LINE, "lesson: loss %.2f → %.2f, %d passes, %.1f s",
                 drummer->loss_before, drummer->loss_after, drummer->epochs, drummer->seconds);
    return count;
}

/* Breaks at spaces; returns the row after the last. */
static int put_wrapped(struct grid *grid, int row, int end_row, int col, int width,
                       const char *text)
{
    while (*text && row < end_row) {
        char part[LINE];
        int length = view_break_at(text, width);
        snprintf(part, sizeof part, "%.*s", length, text);
        grid_put(grid, row++, col, ROLE_PLAIN, part);
        text += length;
        text += strspn(text, " ");
    }
    return row;
}

static void draw_details(struct grid *grid, int row, const struct screen *screen,
                         const struct layout *layout)
{
    const struct history *history = &screen->history;
    char lines[LINES][LINE], date[WHEN_SIZE];
    if (screen->browsing.selected >= history->row_count)
        return;
    const struct history_row *line = &history->rows[screen->browsing.selected];
    const struct session_checkpoint *drummer = &history->checkpoints[line->checkpoint];
    const struct session_take *take = line->take < 0 ? NULL : &history->takes[line->take];
    when_text(take ? take->date_s : drummer->date_s, screen->browsing.now_s, date);
    int count = take ? describe_take(history, take, date, lines)
                     : describe_drummer(history, drummer, date, lines);
    if (!layout->pane) {
        for (int i = 0; i < count && i < NARROW_LINES; i++)
            put_cut(grid, row + i, MARGIN, grid->cols - MARGIN, ROLE_PLAIN, lines[i]);
        return;
    }
    int end = row + layout->page;
    for (int i = row; i < end; i++)
        grid_put(grid, i, layout->cols, ROLE_DIM, "│");
    for (int i = 0; i < count; i++)
        row = put_wrapped(grid, row, end, layout->cols + 2, PANE - 2 - MARGIN, lines[i]);
}

/* ---- the days ---- */

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
static int draw_summary(struct grid *grid, int row, const struct history_day *days, int count,
                        int64_t now_s)
{
    const struct history_day *best = days;
    char day[WHEN_SIZE], text[80];
    for (int i = 1; i < count; i++)
        if (days[i].best_ms < best->best_ms)
            best = &days[i];
    when_day(best->date_s, now_s, day);
    snprintf(text, sizeof text, "last %.1f   best %.1f ms %s", days[count - 1].last_ms,
             best->best_ms, day);
    return grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, text);
}

/* One column, `rows` high from the bottom up. */
static void draw_column(struct grid *grid, int bottom, int rows, int col, double share,
                        enum role role)
{
    for (int i = 0; i < rows && share * rows > i; i++)
        widget_spark(grid, bottom - i, col, fmin(share * rows - i, 1.0) - 1e-6, 1.0, role);
}

/* The days as columns, `width` apart, from the left. */
static void draw_columns(struct grid *grid, int bottom, int rows, int col, int width,
                         const struct history_day *days, int count, int stride)
{
    double most = most_of(days, count, stride);
    for (int i = 0; i < count; i += stride, col += width) {
        double ms = mean_of(days + i, i + stride < count ? stride : count - i);
        for (int k = 0; k < (width + 1) / 2; k++)
            draw_column(grid, bottom, rows, col + k, ms / most, widget_judge(ms));
    }
}

/* One row. */
static void draw_short_days(struct grid *grid, int row, const struct history_day *days, int count,
                            int64_t now_s)
{
    int end = draw_summary(grid, row, days, count, now_s);
    int col = grid_put(grid, row, MARGIN, ROLE_DIM, "ms by day "), columns = end - 2 - col;
    draw_columns(grid, row, 1, col, 1, days, count, stride_of(count, columns));
}

/* Several rows, the figure beside each day and its name below; of many days only the first and the
 * last are named. */
static void draw_tall_days(struct grid *grid, int row, int rows, const struct history_day *days,
                           int count, int64_t now_s)
{
    int columns = grid->cols - 2 * MARGIN, bottom = row + rows - 2;
    bool named = count * DAY_COLS <= columns;
    int width = named ? DAY_COLS : 2, stride = named ? 1 : stride_of(count, columns / width);
    char name[WHEN_SIZE];
    draw_columns(grid, bottom, rows - 2, MARGIN, width, days, count, stride);
    for (int i = 0; named && i < count; i++) {
        int col = MARGIN + i * width;
        grid_print(grid, bottom, col + (width + 1) / 2 + 1, ROLE_PLAIN, "%.1f", days[i].mean_ms);
        when_day(days[i].date_s, now_s, name);
        put_cut(grid, bottom + 1, col, col + width - 1, ROLE_DIM, name);
    }
    if (!named) {
        when_day(days[0].date_s, now_s, name);
        grid_put(grid, bottom + 1, MARGIN, ROLE_DIM, name);
        when_day(days[count - 1].date_s, now_s, name);
        grid_put_right(grid, bottom + 1, MARGIN + (count + stride - 1) / stride * width, ROLE_DIM,
                       name);
    }
    grid_print(grid, row, MARGIN, ROLE_DIM, "ms apart by day, at most %.1f",
               most_of(days, count, stride));
    draw_summary(grid, row, days, count, now_s);
}

static void draw_days(struct grid *grid, int row, const struct screen *screen,
                      const struct layout *layout)
{
    int count;
    struct history_day *days = history_days(&screen->history, &count);
    int64_t now_s = screen->browsing.now_s;
    if (count == 0)
        grid_put(grid, row, MARGIN, ROLE_DIM, "no day with a guitar yet");
    else if (layout->graph == 1)
        draw_short_days(grid, row, days, count, now_s);
    else
        draw_tall_days(grid, row, layout->graph, days, count, now_s);
    free(days);
}

/* ---- all of it ---- */

/* What there is; beside it the keys for which the line of keys has no room. */
static void draw_head(struct grid *grid, int row, const struct screen *screen)
{
    const struct history *history = &screen->history;
    int found = 0, end = grid->cols - MARGIN;
    for (int i = key_count - 1; i >= 0; i--)
        if (keys[i].places == AT_HISTORY && keys[i].brief &&
            (keys[i].action == ACTION_COMPARE || keys[i].action == ACTION_NOTE ||
             keys[i].action == ACTION_DELETE || keys[i].action == ACTION_SEARCH)) {
            end = grid_put_right(grid, row, end, ROLE_PLAIN, keys[i].brief) - 1;
            end = grid_put_right(grid, row, end, ROLE_BOLD, keys[i].name) - 3;
        }
    for (int i = 0; screen->browsing.words[0] && i < history->row_count; i++)
        found += history_finds(history, &history->rows[i], screen->browsing.words);
    bool searching = screen->browsing.words[0] != '\0';
    char text[64];
    if (searching)
        snprintf(text, sizeof text, "%d found", found);
    else
        snprintf(text, sizeof text, "%d take%s, %d drummer%s", history->take_count,
                 history->take_count == 1 ? "" : "s", history->checkpoint_count,
                 history->checkpoint_count == 1 ? "" : "s");
    put_cut(grid, row, MARGIN, end, searching && found == 0 ? ROLE_WARN : ROLE_BOLD, text);
}

void view_history(struct grid *grid, struct area area, const struct screen *screen)
{
    struct layout layout = lay_out(grid->rows, grid->cols);
    int row = area.first;
    widget_rule(grid, row++);
    draw_head(grid, row++, screen);
    draw_tree(grid, row, screen, &layout);
    if (layout.pane)
        draw_details(grid, row, screen, &layout);
    row += layout.page;
    widget_rule(grid, row++);
    if (!layout.pane) {
        draw_details(grid, row, screen, &layout);
        row += NARROW_LINES + 1;
        widget_rule(grid, row - 1);
    }
    draw_days(grid, row, screen, &layout);
}
