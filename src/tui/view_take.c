#include "tui/view.h"

#include "tui/history.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 1, LABEL = 9, GROUP = 8, FIGURES = 19 };

static const double FULL_MS = 40.0; /* a bar's column is full here */

static void draw_heading(struct grid *grid, int row, const struct verdict *verdict)
{
    static const enum role roles[] = {
        [TAKE_UNDECIDED] = ROLE_WARN, [TAKE_ACCEPTED] = ROLE_GOOD, [TAKE_REJECTED] = ROLE_BAD};
    const struct session_take *take = &verdict->take;
    char length[16], right[64];
    widget_clock(verdict->length_s, length, sizeof length);
    int col = grid_print(grid, row, MARGIN, ROLE_BOLD, "Take %d", take->number);
    col = grid_print(grid, row, col + 3, ROLE_PLAIN, "%s", length);
    grid_put(grid, row, col + 3, roles[take->status], take_status_name(take->status));
    snprintf(right, sizeof right, "played by #%d   tempo %.0f %%", take->checkpoint,
             take->settings.tempo_percent);
    grid_put_right(grid, row, grid->cols - MARGIN, ROLE_DIM, right);
}

/* Why there are no figures, and what may help. */
static void draw_nothing_heard(struct grid *grid, int row, const struct verdict *verdict,
                               const struct sound *sound)
{
    bool began = verdict->take.summary.steps > 0;
    grid_put(grid, row, MARGIN, ROLE_WARN,
             began ? "no guitar was heard in this take"
                   : "it was stopped before the drums came in");
    if (began && !sound->virtual_guitar)
        grid_put(grid, row + 1, MARGIN, ROLE_PLAIN,
                 sound->silent ? "there is no sound card to hear you: 'rolypoly devices' lists them"
                               : "is the input the right one, and the level up?");
}

static void draw_together(struct grid *grid, int row, const struct verdict *verdict,
                          const struct sound *sound)
{
    const struct take_summary *summary = &verdict->take.summary;
    double together = summary->asynchrony_mae_ms, lean = summary->asynchrony_mean_ms;
    char digits[16];
    int col = MARGIN;
    if (summary->matched == 0) {
        draw_nothing_heard(grid, row + 2, verdict, sound);
        return;
    }
    snprintf(digits, sizeof digits, "%.0f", fmin(together, 999));
    grid_print(grid, row, col, ROLE_BOLD, "TOGETHER  %s", widget_verdict(together));
    if (verdict->flubs.count > 0) {
        char flubs[BARS_TEXT_SIZE];
        bars_text(&verdict->flubs, flubs, sizeof flubs);
        bool one = verdict->flubs.count == 1 &&
                   verdict->flubs.ranges[0].first == verdict->flubs.ranges[0].last;
        grid_print(grid, row, FIGURES, ROLE_WARN, "flubbed: %s %s", one ? "bar" : "bars", flubs);
    }
    col = widget_big(grid, row + 1, col, widget_judge(together), digits);
    grid_put(grid, row + BIG_ROWS, col, ROLE_PLAIN, "ms");
    col = FIGURES;
    grid_print(grid, row + 1, col, ROLE_PLAIN, "drums and guitar were %.1f ms apart", together);
    grid_print(grid, row + 2, col, ROLE_PLAIN, "with drums on the grid: %.1f ms", verdict->grid_ms);
    grid_print(grid, row + 3, col, ROLE_PLAIN, "you came %.1f ms %s the drums", fabs(lean),
               lean >= 0 ? "after" : "before");
    grid_print(grid, row + 4, col, ROLE_PLAIN, "expected you within %.1f ms",
               summary->prediction_mae_ms);
    grid_print(grid, row + 5, col,
               summary->deadline_misses || verdict->take.xruns ? ROLE_WARN : ROLE_PLAIN,
               "heard %d of %d, late plans %d, xruns %d", summary->matched, summary->steps,
               summary->deadline_misses, verdict->take.xruns);
}

/* The mean of the bars that share a column, NaN when none of them was heard. */
static double column_ms(const struct bar_figures *bars, int column, int per_column)
{
    double sum = 0;
    int heard = 0;
    for (int bar = column * per_column; bar < (column + 1) * per_column && bar < bars->count; bar++)
        if (isfinite(bars->ms[bar])) {
            sum += bars->ms[bar];
            heard++;
        }
    return heard ? sum / heard : NAN;
}

static int column_at(int column)
{
    return LABEL + column + column / GROUP;
}

/* How many of a column's bars, up to `last`, a lesson leaves out. */
static int left_out(const struct bars *chosen, int column, int per_column, int last)
{
    int out = 0;
    for (int bar = column * per_column + 1; bar <= (column + 1) * per_column && bar <= last; bar++)
        out += !bars_hold(chosen, bar);
    return out;
}

static void draw_strip(struct grid *grid, int row, const struct bar_figures *bars,
                       const struct bars *chosen, int per_column)
{
    grid_print(grid, row, MARGIN, ROLE_PLAIN, "take %d", bars->take);
    for (int k = 0; k * per_column < bars->count; k++) {
        double ms = column_ms(bars, k, per_column);
        int out = left_out(chosen, k, per_column, bars->count);
        bool whole = out == per_column || k * per_column + out == bars->count;
        if (out > 0)
            grid_put(grid, row, column_at(k), ROLE_WARN, whole ? "×" : "/");
        else
            widget_spark(grid, row, column_at(k), ms, FULL_MS, widget_judge(ms));
    }
}

int view_take_stride(int cols, int bars)
{
    int room = (cols - LABEL - MARGIN) * GROUP / (GROUP + 1);
    return bars > room && room > 0 ? (bars + room - 1) / room : 1;
}

/* Bar by bar, this take above the one before, and which bar is selected. */
static void draw_bars(struct grid *grid, int row, const struct verdict *verdict)
{
    int count = verdict->bars.count, per_column = view_take_stride(grid->cols, count);
    int first = (verdict->bar - 1) / per_column * per_column + 1;
    if (per_column == 1)
        grid_print(grid, row, MARGIN, ROLE_BOLD, "%s %d",
                   bars_hold(&verdict->flubs, first) ? "flub" : "bar", first);
    else
        grid_print(grid, row, MARGIN, ROLE_BOLD, "%d-%d", first, first + per_column - 1);
    for (int k = 0; k * per_column < count; k += GROUP)
        if (k % (2 * GROUP) == 0 || per_column == 1)
            grid_print(grid, row, column_at(k), ROLE_DIM, "%d", k * per_column + 1);
    draw_strip(grid, row + 1, &verdict->bars, &verdict->choice.bars, per_column);
    grid_paint(grid, row + 1, column_at((verdict->bar - 1) / per_column), 1, ROLE_SELECTED);
    if (verdict->before.count)
        draw_strip(grid, row + 2, &verdict->before, &bars_all, per_column);
}

/* The drums of the song with their keys; those a lesson leaves out are crossed out. */
static void draw_drums(struct grid *grid, int row, const struct screen *screen)
{
    const uint16_t struck = score_drums(screen->score);
    int col = MARGIN;
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        bool chosen = screen->verdict.choice.drums & 1u << drum;
        if (!(struck & 1u << drum))
            continue;
        col = grid_print(grid, row, col, chosen ? ROLE_PLAIN : ROLE_WARN, "%d%s%s", drum + 1,
                         chosen ? " " : "×", widget_drum(drum));
        col++;
    }
}

/* What `a` would learn from, or why it had better not. */
static void draw_advice(struct grid *grid, int row, const struct lesson_advice *advice)
{
    char reason[LESSON_REASON_SIZE];
    const enum lesson_doubt doubt = lesson_advice_next(advice, 0);
    if (doubt == LESSON_DOUBTS) {
        grid_print(grid, row, MARGIN, ROLE_PLAIN,
                   "a: learns from %d notes, %.1f ms off their places", advice->notes,
                   advice->spread_ms);
        return;
    }
    lesson_advice_reason(advice, doubt, reason);
    int col = grid_print(grid, row, MARGIN, ROLE_WARN, "! %s", reason);
    static const char verdict[] = "better not learnt";
    if (col + 1 + grid_width(verdict) + MARGIN <= grid->cols)
        grid_put_right(grid, row, grid->cols - MARGIN, ROLE_WARN, verdict);
}

static void draw_line(struct grid *grid, int row, const struct session_take *take, bool this_one)
{
    const struct take_summary *summary = &take->summary;
    enum role role = this_one ? ROLE_BOLD : ROLE_PLAIN;
    grid_print(grid, row, MARGIN, role, "%4d", take->number);
    if (summary->matched) {
        grid_print(grid, row, 8, role, "%5.1f ms", summary->asynchrony_mae_ms);
        widget_bar(grid, row, 18, 12, summary->asynchrony_mae_ms / FULL_MS,
                   widget_judge(summary->asynchrony_mae_ms));
        grid_print(grid, row, 33, role, "%5.1f ms", summary->prediction_mae_ms);
    } else {
        grid_put(grid, row, 8, ROLE_DIM, "no guitar heard");
    }
    grid_print(grid, row, 45, role, "#%d", take->checkpoint);
    grid_put(grid, row, 50, role, take_status_name(take->status));
}

static void draw_table(struct grid *grid, int row, int end, const struct screen *screen)
{
    const struct history *history = &screen->history;
    int last = 0;
    while (last < history->take_count && history->takes[last].number < screen->verdict.take.number)
        last++;
    int first = last - (end - row - 2);
    grid_put(grid, row, MARGIN, ROLE_DIM,
             "take   apart                    expected    by   verdict");
    for (int i = first < 0 ? 0 : first; i <= last && i < history->take_count; i++)
        draw_line(grid, ++row, &history->takes[i], i == last);
}

void view_take(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct verdict *verdict = &screen->verdict;
    bool roomy = area.end - area.first >= 21;
    int row = area.first;
    widget_rule(grid, row++);
    draw_heading(grid, row, verdict);
    row += roomy ? 2 : 1;
    draw_together(grid, row, verdict, &screen->sound);
    row += BIG_ROWS + 1;
    widget_rule(grid, row++);
    draw_bars(grid, row, verdict);
    row += 3;
    draw_drums(grid, row++, screen);
    draw_advice(grid, row++, &verdict->advice);
    widget_rule(grid, row++);
    draw_table(grid, row, area.end, screen);
}
