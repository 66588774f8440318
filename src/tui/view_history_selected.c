#include "tui/view_history.h"

#include "tui/view.h"
#include "tui/when.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 6, LINE = 400 };

static int describe_take(const struct history *history, const struct session_take *take,
                         const char *date, char lines[LINES][LINE])
{
    const struct take_settings *settings = &take->settings;
    const struct take_summary *summary = &take->summary;
    double lean = summary->asynchrony_mean_ms;
    int used = snprintf(lines[0], LINE, "take %d   %s   by #%d   heard %d of %d", take->number,
                        date, take->checkpoint, summary->matched, summary->steps);
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

/* Breaks between facts, which stand three spaces apart, where it can, else between words. */
static int break_at(const char *text, int width)
{
    const int length = view_break_at(text, width);
    const char *gap = NULL;
    if (!text[length])
        return length;
    for (const char *at = strstr(text, "   "); at && at <= text + length;
         at = strstr(at + 3, "   "))
        gap = at;
    return gap ? (int)(gap - text) : length;
}

/* Returns the row after the last. */
static int put_wrapped(struct grid *grid, int row, int end_row, int col, int width,
                       const char *text)
{
    while (*text && row < end_row) {
        char part[LINE];
        int length = break_at(text, width);
        snprintf(part, sizeof part, "%.*s", length, text);
        grid_put(grid, row++, col, ROLE_PLAIN, part);
        text += length;
        text += strspn(text, " ");
    }
    return row;
}

void view_history_selected(struct grid *grid, struct box box, bool wrap,
                           const struct screen *screen)
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
    for (int i = 0, row = box.row; i < count && row < box.end; i++)
        if (wrap)
            row = put_wrapped(grid, row, box.end, box.col, box.col_end - box.col, lines[i]);
        else
            widget_cut(grid, row++, box.col, box.col_end, ROLE_PLAIN, lines[i]);
}
