#include "tui/view.h"

#include "tui/history.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MARGIN = 1, AROUND = 6, INDENT = 3 }; /* AROUND: rows that are no list */

int view_history_page(int rows)
{
    return rows - 3 - AROUND; /* title, messages and keys are not the view's */
}

static void date_text(int64_t date_s, char *out, int size)
{
    time_t when = (time_t)date_s;
    struct tm local;
    if (!localtime_r(&when, &local) || strftime(out, (size_t)size, "%a %d %b %H:%M", &local) == 0)
        snprintf(out, (size_t)size, "?");
}

static void draw_drummer(struct grid *grid, int row, int col,
                         const struct session_checkpoint *drummer, bool current)
{
    char date[32];
    date_text(drummer->date_s, date, sizeof date);
    grid_put(grid, row, col, current ? ROLE_GOOD : ROLE_DIM, current ? "▶" : "·");
    int at = grid_print(grid, row, col + 2, ROLE_BOLD, "#%d ", drummer->number);
    at = grid_put(grid, row, at, ROLE_PLAIN, drummer->model);
    if (drummer->parent)
        grid_print(grid, row, at + 2, ROLE_PLAIN, "from #%d, learnt take %d", drummer->parent,
                   drummer->take);
    else
        grid_put(grid, row, at + 2, ROLE_PLAIN, "as it came");
    grid_put_right(grid, row, grid->cols - MARGIN, ROLE_DIM, date);
}

static void draw_take(struct grid *grid, int row, int col, const struct session_take *take,
                      bool last)
{
    static const enum role roles[] = {
        [TAKE_UNDECIDED] = ROLE_WARN, [TAKE_ACCEPTED] = ROLE_GOOD, [TAKE_REJECTED] = ROLE_DIM};
    const struct take_summary *summary = &take->summary;
    grid_put(grid, row, col, ROLE_DIM, last ? "└─" : "├─");
    int at = grid_print(grid, row, col + 3, ROLE_PLAIN, "take %-3d", take->number);
    if (summary->matched) {
        at = grid_print(grid, row, at + 1, ROLE_PLAIN, "%5.1f ms apart ",
                        summary->asynchrony_mae_ms);
        widget_bar(grid, row, at, 10, summary->asynchrony_mae_ms / 40.0,
                   widget_judge(summary->asynchrony_mae_ms));
        if (at + 46 < grid->cols)
            grid_print(grid, row, at + 12, ROLE_PLAIN, "expected within %.1f",
                       summary->prediction_mae_ms);
    } else {
        grid_put(grid, row, at + 1, ROLE_DIM, "no guitar heard");
    }
    grid_put_right(grid, row, grid->cols - MARGIN, roles[take->status],
                   take_status_name(take->status));
}

static void describe_take(struct grid *grid, int row, const struct session_take *take)
{
    const struct take_settings *settings = &take->settings;
    char date[32];
    date_text(take->date_s, date, sizeof date);
    grid_print(grid, row, MARGIN, ROLE_PLAIN, "take %d  %s  heard %d of %d  late %d  xruns %d",
               take->number, date, take->summary.matched, take->summary.steps,
               take->summary.deadline_misses, take->xruns);
    grid_print(grid, row + 1, MARGIN, ROLE_PLAIN,
               "follow %.1f   expression %.1f   leash %.0f ms   tempo %.0f %%",
               settings->controls.follow, settings->controls.expression,
               settings->controls.leash_ms, settings->tempo_percent);
}

static void describe_drummer(struct grid *grid, int row, const struct session_checkpoint *drummer,
                             bool current)
{
    grid_print(grid, row, MARGIN, ROLE_PLAIN, "drummer #%d%s   %.1f MB", drummer->number,
               current ? " plays now" : "", (double)drummer->size / 1e6);
    if (isfinite(drummer->loss_before))
        grid_print(grid, row + 1, MARGIN, ROLE_PLAIN, "lesson: loss %.2f → %.2f, %d passes, %.1f s",
                   drummer->loss_before, drummer->loss_after, drummer->epochs, drummer->seconds);
}

static void draw_row(struct grid *grid, int row, const struct history *history, int index)
{
    const struct history_row *line = &history->rows[index];
    int col = MARGIN + INDENT * line->level;
    if (col > grid->cols / 3)
        col = grid->cols / 3;
    const struct session_checkpoint *drummer = &history->checkpoints[line->checkpoint];
    if (line->take < 0)
        draw_drummer(grid, row, col, drummer, drummer->number == history->current);
    else
        draw_take(grid, row, col + 2, &history->takes[line->take], line->last);
    grid_put_spot(grid, (struct spot){row, 0, grid->cols, SPOT_LINE, index});
    if (index == history->selected)
        grid_paint(grid, row, 0, grid->cols, ROLE_SELECTED);
}

void view_history(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct history *history = &screen->history;
    int row = area.first, page = area.end - area.first - AROUND;
    widget_rule(grid, row++);
    grid_print(grid, row++, MARGIN, ROLE_BOLD, "%d take%s, %d drummer%s", history->take_count,
               history->take_count == 1 ? "" : "s", history->checkpoint_count,
               history->checkpoint_count == 1 ? "" : "s");
    for (int i = history->first; i < history->row_count && i < history->first + page; i++)
        draw_row(grid, row + i - history->first, history, i);
    row += page;
    widget_rule(grid, row++);
    if (history->selected >= history->row_count)
        return;
    const struct history_row *line = &history->rows[history->selected];
    const struct session_checkpoint *drummer = &history->checkpoints[line->checkpoint];
    if (line->take >= 0)
        describe_take(grid, row, &history->takes[line->take]);
    else
        describe_drummer(grid, row, drummer, drummer->number == history->current);
}
