#include "tui/view.h"

#include "tui/when.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, LABEL = 16, FIGURE = 11, STRIP = 9, WIDEST = 4, HIGHEST = 6 };

static const double FULL_MS = 40.0; /* a bar's column is full here */

/* ---- figures ---- */

static void put_figure(struct grid *grid, int row, int which, double value, const char *unit)
{
    int end = MARGIN + LABEL + (which + 1) * FIGURE;
    char text[32];
    if (isfinite(value))
        snprintf(text, sizeof text, "%.1f%s", value, unit);
    else
        snprintf(text, sizeof text, "-");
    grid_put_right(grid, row, end, ROLE_PLAIN, text);
}

/* A figure of both and how much better the second is; `good` -1: less is better, 0: it is a matter
 * of taste. */
static void draw_figure(struct grid *grid, int row, const char *name, double first, double second,
                        const char *unit, int good)
{
    double gain = second - first;
    grid_put(grid, row, MARGIN, ROLE_DIM, name);
    put_figure(grid, row, 0, first, unit);
    put_figure(grid, row, 1, second, unit);
    if (!isfinite(gain) || fabs(gain) < 0.05)
        return;
    int at = MARGIN + LABEL + 2 * FIGURE + 2;
    at = grid_put(grid, row, at, ROLE_PLAIN, gain > 0 ? "▲" : "▼");
    at = grid_print(grid, row, at + 1, ROLE_PLAIN, "%.1f%s", fabs(gain), unit);
    if (good)
        grid_put(grid, row, at + 1, gain * good > 0 ? ROLE_GOOD : ROLE_WARN,
                 gain * good > 0 ? "better" : "worse");
}

static int draw_takes(struct grid *grid, int row, const struct comparison *comparison,
                      int64_t now_s)
{
    const struct session_take *takes = comparison->takes;
    const struct take_summary *first = &takes[0].summary, *second = &takes[1].summary;
    bool heard[2] = {first->matched > 0, second->matched > 0};
    char text[32];
    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "take %d", takes[i].number);
        grid_put_right(grid, row, MARGIN + LABEL + (i + 1) * FIGURE, ROLE_BOLD, text);
        when_day(takes[i].date_s, now_s, text);
        grid_put_right(grid, row + 1, MARGIN + LABEL + (i + 1) * FIGURE, ROLE_PLAIN, text);
        snprintf(text, sizeof text, "#%d", takes[i].checkpoint);
        grid_put_right(grid, row + 2, MARGIN + LABEL + (i + 1) * FIGURE, ROLE_PLAIN, text);
    }
    grid_put(grid, ++row, MARGIN, ROLE_DIM, "day");
    grid_put(grid, ++row, MARGIN, ROLE_DIM, "drummer");
#define HEARD(member) heard[0] ? first->member : NAN, heard[1] ? second->member : NAN
    draw_figure(grid, ++row, "apart", HEARD(asynchrony_mae_ms), " ms", -1);
    draw_figure(grid, ++row, "expected within", HEARD(prediction_mae_ms), " ms", -1);
    draw_figure(grid, ++row, "late (- early)", HEARD(asynchrony_mean_ms), " ms", 0);
#undef HEARD
    draw_figure(grid, ++row, "heard", first->steps ? 100.0 * first->matched / first->steps : NAN,
                second->steps ? 100.0 * second->matched / second->steps : NAN, " %", 0);
    draw_figure(grid, ++row, "tempo", takes[0].settings.tempo_percent,
                takes[1].settings.tempo_percent, " %", 0);
    draw_figure(grid, ++row, "follow", takes[0].settings.controls.follow,
                takes[1].settings.controls.follow, "", 0);
    return row + 1;
}

static void draw_lessons(struct grid *grid, int row, const struct comparison *comparison, int which)
{
    int count = comparison->taught_count[which];
    int col = grid_print(grid, row, MARGIN, ROLE_PLAIN,
                         count ? "only #%d has learnt take" : "#%d has learnt nothing of its own",
                         comparison->checkpoints[which].number);
    for (int i = 0; i < count && col < grid->cols - 8; i++)
        col = grid_print(grid, row, col, ROLE_PLAIN, "%s %d", i ? "," : "",
                         comparison->taught[which][i]);
}

static void draw_drum(struct grid *grid, int row, const char *name,
                      const struct compared_drum *drum)
{
    grid_put(grid, row, MARGIN, ROLE_PLAIN, name);
    int at = grid_print(grid, row, MARGIN + 6, ROLE_DIM, "%4d", drum->hits);
    at = grid_print(grid, row, at + 1, ROLE_PLAIN, "%5.1f ms %-7s", fabs(drum->ms),
                    drum->ms < 0 ? "earlier" : "later");
    at = grid_print(grid, row, at + 2, widget_judge(drum->apart_ms), "%5.1f apart", drum->apart_ms);
    grid_print(grid, row, at + 2, ROLE_PLAIN, "%4.1f %s", fabs(drum->velocity),
               drum->velocity < 0 ? "softer" : "louder");
}

static int draw_drummers(struct grid *grid, int row, int end, const struct comparison *comparison)
{
    grid_print(grid, row++, MARGIN, ROLE_BOLD, "#%d beside #%d, with no guitar heard",
               comparison->checkpoints[1].number, comparison->checkpoints[0].number);
    draw_drum(grid, row++, "all", &comparison->all);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (comparison->drums[drum].hits > 0 && row < end - 2)
            draw_drum(grid, row++, widget_drum(drum), &comparison->drums[drum]);
    draw_lessons(grid, row++, comparison, 0);
    draw_lessons(grid, row++, comparison, 1);
    return row;
}

/* ---- bars ---- */

/* Bars in one column, so that the song fits. */
static int stride_of(int cols, int bars)
{
    int room = cols - 2 * MARGIN - STRIP, stride = 1;
    while (bars > room * stride)
        stride++;
    return stride;
}

/* The worst bar of a column says most. */
static double worst(const struct comparison *comparison, int which, int bar, int stride)
{
    double ms = NAN;
    for (int i = bar; i < bar + stride && i < comparison->bar_count; i++)
        ms = fmax(ms, (double)comparison->bar_ms[which][i]);
    return ms;
}

/* `rows` high, up from row `bottom`. */
static void draw_strip(struct grid *grid, int bottom, int rows, const char *name,
                       const struct comparison *comparison, int which)
{
    int stride = stride_of(grid->cols, comparison->bar_count), col = MARGIN + STRIP;
    grid_put(grid, bottom, MARGIN, ROLE_DIM, name);
    for (int bar = 0; bar < comparison->bar_count; bar += stride) {
        double ms = worst(comparison, which, bar, stride);
        widget_column(grid, bottom, col++, rows, ms, FULL_MS, widget_judge(ms));
    }
}

static void draw_widest(struct grid *grid, int row, const struct comparison *comparison)
{
    int bars[WIDEST], count = comparison_widest(comparison, bars, WIDEST);
    int col = grid_put(grid, row, MARGIN, ROLE_PLAIN,
                       count ? "they differ most in bar" : "no bar differs");
    for (int i = 0; i < count && col < grid->cols - 14; i++)
        col = grid_print(grid, row, col, ROLE_PLAIN, "%s %d (%.0f ms)", i ? "," : "", bars[i] + 1,
                         comparison_ms(comparison, bars[i]));
}

/* As high as there is room for, a row between them. */
static void draw_bars(struct grid *grid, int row, int end, const struct comparison *comparison)
{
    int stride = stride_of(grid->cols, comparison->bar_count);
    int strips = comparison->drummers ? 1 : 2, high = (end - row - 1 - strips) / strips;
    high = high > HIGHEST ? HIGHEST : high < 1 ? 1 : high;
    int gap = high > 1;
    for (int bar = 0; bar < comparison->bar_count; bar += 8 * stride)
        grid_print(grid, row, MARGIN + STRIP + bar / stride, ROLE_DIM, "%d", bar + 1);
    grid_put(grid, row, MARGIN, ROLE_DIM, "bar");
    for (int i = 0; i < strips; i++) {
        char name[32] = "apart";
        if (!comparison->drummers)
            snprintf(name, sizeof name, "take %d", comparison->takes[i].number);
        draw_strip(grid, row + high + i * (high + gap), high, name, comparison, i);
    }
    draw_widest(grid, row + strips * high + (strips - 1) * gap + 1, comparison);
}

void view_compare(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct comparison *comparison = &screen->comparison;
    int row = area.first, bars = comparison->drummers ? 3 : 4;
    widget_rule(grid, row++);
    if (comparison->drummers)
        row = draw_drummers(grid, row, area.end - bars, comparison);
    else
        row = draw_takes(grid, row, comparison, screen->browsing.now_s);
    if (row < area.end - bars)
        widget_rule(grid, row++);
    draw_bars(grid, row, area.end, comparison);
}
