#include "tui/view_history.h"

#include "tui/view.h"
#include "tui/when.h"
#include "tui/widgets.h"

#include <stdio.h>
#include <string.h>

enum {
    MARGIN = 1,
    HEAD = 2,    /* rows above the tree */
    FIGURES = 9, /* columns of "take 123" */
    APART = 8,   /* and of "123.4 ms" */
    BAR = 10,
    DATE = 16,
    BELOW = 3, /* rows of what is selected, below the tree */
    PANE = 42, /* or its columns, beside it */
    GRAPH = 7, /* rows of the days, where there is room */
};

static const double FULL_MS = 40.0; /* a take's bar is full here */

/* Where what stands. */
struct layout {
    bool pane; /* what is selected stands beside the tree, not below */
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
        layout.page -= BELOW + 1;
    return layout;
}

int view_history_page(int rows, int cols)
{
    return lay_out(rows, cols).page;
}

/* ---- the tree ---- */

static int put_note(struct grid *grid, int row, int col, int end, const char *note)
{
    char quoted[SESSION_NOTE_SIZE + 2];
    if (!note[0])
        return col;
    snprintf(quoted, sizeof quoted, "\"%s\"", note);
    return widget_cut(grid, row, col, end, ROLE_PLAIN, quoted);
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
    at = widget_cut(grid, row, at + 2, end, roles[take->status], status);
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

/* The screen may have another size than when one last moved. */
static int first_shown(const struct history *history, const struct browsing *browsing, int page)
{
    int first = browsing->first, last = history->row_count > page ? history->row_count - page : 0;
    if (browsing->selected >= first + page)
        first = browsing->selected - page + 1;
    return first < last ? first : last;
}

static void draw_tree(struct grid *grid, int row, const struct screen *screen,
                      const struct layout *layout)
{
    const struct history *history = &screen->history;
    int first = first_shown(history, &screen->browsing, layout->page);
    int levels = levels_shown(history, layout->cols);
    for (int i = 0; i < layout->page && first + i < history->row_count; i++)
        draw_row(grid, row + i, screen, first + i, layout, levels);
    if (first > 0)
        grid_put(grid, row, 0, ROLE_DIM, "↑");
    if (first + layout->page < history->row_count)
        grid_put(grid, row + layout->page - 1, 0, ROLE_DIM, "↓");
}

/* What there is; beside it the keys for which the line of keys has no room. */
static void draw_head(struct grid *grid, int row, const struct screen *screen)
{
    const struct history *history = &screen->history;
    int found = 0, end = grid->cols - MARGIN;
    for (int i = key_count - 1; i >= 0; i--)
        if ((keys[i].places & AT_HISTORY) && keys[i].brief &&
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
    if (MARGIN + grid_width(text) > end) /* the takes alone */
        text[strcspn(text, ",")] = '\0';
    widget_cut(grid, row, MARGIN, end, searching && found == 0 ? ROLE_WARN : ROLE_BOLD, text);
}

void view_history(struct grid *grid, struct area area, const struct screen *screen)
{
    struct layout layout = lay_out(grid->rows, grid->cols);
    int row = area.first, end = row + HEAD + layout.page, col_end = grid->cols - MARGIN;
    widget_rule(grid, row++);
    draw_head(grid, row++, screen);
    draw_tree(grid, row, screen, &layout);
    for (int i = row; layout.pane && i < end; i++)
        grid_put(grid, i, layout.cols, ROLE_DIM, "│");
    widget_rule(grid, end);
    struct box pane = {row, end, layout.cols + 2, col_end};
    struct box below = {end + 1, end + 1 + BELOW, MARGIN, col_end};
    view_history_selected(grid, layout.pane ? pane : below, layout.pane, screen);
    int days = layout.pane ? end + 1 : below.end + 1;
    if (!layout.pane)
        widget_rule(grid, below.end);
    view_history_days(grid, (struct box){days, days + layout.graph, MARGIN, col_end}, screen);
}
