#include "tui/view.h"

#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, GAP = 2, TALLEST = 12, HEAD = 2 };

static const double LEAST_RANGE = 0.1; /* of a curve's highest value: less is drawn flat */

/* A loss term as it is shown: the terms are squares, and their roots can be read. */
static const struct {
    const char *name, *unit;
} terms[LESSON_TERMS] = {{"touch", ""}, {"meeting", " ms"}, {"expecting", " ms"}, {"human", ""}};

static double point(const struct lesson_curve *curve, int i, int term)
{
    return sqrt(fmax((double)curve->terms[i][term], 0));
}

/* A term's values from epoch to epoch, the lesson as wide as the room. */
static void draw_curve(struct grid *grid, int row, int height, int col, int width, int term,
                       const struct lesson_progress *progress)
{
    const struct lesson_curve *curve = &progress->curve;
    double low = INFINITY, high = 0;
    for (int i = 0; i < curve->count; i++) {
        low = fmin(low, point(curve, i, term));
        high = fmax(high, point(curve, i, term));
    }
    const double range = fmax(high - low, LEAST_RANGE * high);
    const double bottom = high - 1.25 * range; /* the lowest is still to be seen */
    for (int x = 0; x < width; x++) {
        const int i = x * (progress->epochs + 1) / width / curve->every;
        if (i < curve->count)
            widget_column(grid, row, col + x, height, point(curve, i, term) - bottom, high - bottom,
                          ROLE_EXPECTED);
    }
}

/* The four terms side by side: name and weight, first and last value, curve. */
static void draw_curves(struct grid *grid, int row, int end, const struct lesson_state *lesson)
{
    const struct lesson_curve *curve = &lesson->progress.curve;
    const int width = (grid->cols - 2 * MARGIN + GAP) / LESSON_TERMS - GAP;
    int height = end - row - HEAD;
    height = height > TALLEST ? TALLEST : height;
    if (height < 1)
        return;
    for (int term = 0; term < LESSON_TERMS; term++) {
        const int col = MARGIN + term * (width + GAP);
        char weight[16];
        grid_put(grid, row, col, ROLE_BOLD, terms[term].name);
        snprintf(weight, sizeof weight, "x%.1f", lesson->knobs.value[KNOB_VELOCITY + term]);
        if (grid_width(terms[term].name) + 1 + grid_width(weight) <= width)
            grid_put_right(grid, row, col + width, ROLE_DIM, weight);
        if (curve->count == 0)
            continue;
        int at = grid_print(grid, row + 1, col, ROLE_PLAIN, "%.1f", point(curve, 0, term));
        if (curve->count > 1)
            at = grid_print(grid, row + 1, at, ROLE_PLAIN, " → %.1f",
                            point(curve, curve->count - 1, term));
        grid_put(grid, row + 1, at, ROLE_PLAIN, terms[term].unit);
        draw_curve(grid, row + HEAD + height - 1, height, col, width, term, &lesson->progress);
    }
}

/* What of the take the lesson is of, where that is not all of it. */
static void draw_choice(struct grid *grid, int row, const struct lesson_choice *choice)
{
    char bars[BARS_TEXT_SIZE], drums[KITMAP_TEXT_SIZE];
    if (lesson_is_of_all(choice))
        return;
    bars_text(&choice->bars, bars, sizeof bars);
    int out = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        out += !(choice->drums & 1u << drum);
    bool few_out = 2 * out < DRUM_COUNT; /* the shorter list says it */
    kitmap_text(few_out ? KITMAP_ALL & ~choice->drums : choice->drums, drums);
    int col = MARGIN;
    if (!bars_are_all(&choice->bars))
        col = grid_print(grid, row, col, ROLE_PLAIN, "bars %s", bars) + 3;
    if (out)
        grid_print(grid, row, col, ROLE_PLAIN, "%s %s", few_out ? "all drums but" : "drums", drums);
}

static void draw_running(struct grid *grid, int row, int end, const struct lesson_state *lesson)
{
    const struct lesson_progress *progress = &lesson->progress;
    const int left_s = time_left_s(&lesson->left);
    char percent[16], left[32];
    snprintf(percent, sizeof percent, "%3.0f %%", 100.0 * progress->done);
    grid_print(grid, row, MARGIN, ROLE_BOLD, "The drummer learns from take %d", lesson->take);
    if (left_s >= 0) {
        snprintf(left, sizeof left, left_s ? "about %d s left" : "nearly there", left_s);
        grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, left);
    }
    draw_choice(grid, row + 1, &lesson->choice);
    widget_bar(grid, row + 2, MARGIN, grid->cols - 2 * MARGIN - 7, progress->done, ROLE_GOOD);
    grid_put_right(grid, row + 2, grid->cols - MARGIN, ROLE_BOLD, percent);
    int col = grid_put(grid, row + 3, MARGIN, ROLE_PLAIN, progress->doing ? progress->doing : "");
    if (progress->curve.count > 0 && progress->epoch < progress->epochs)
        grid_print(grid, row + 3, col, ROLE_PLAIN, ": pass %d of %d, loss %.3f", progress->epoch,
                   progress->epochs, progress->loss);
    draw_curves(grid, row + 5, end, lesson);
}

/* How far off it was, and is, in figures that are read from afar. */
static void draw_expecting(struct grid *grid, int row, const struct lesson_report *report)
{
    char before[16], after[16];
    snprintf(before, sizeof before, "%.0f", fmin(report->prediction_before_ms, 999));
    snprintf(after, sizeof after, "%.0f", fmin(report->prediction_after_ms, 999));
    int col = widget_big(grid, row, MARGIN, ROLE_DIM, before);
    col = grid_put(grid, row + BIG_ROWS - 1, col, ROLE_PLAIN, "ms before  ");
    grid_put(grid, row + BIG_ROWS / 2, col - 6, ROLE_BOLD, "→");
    col = widget_big(grid, row, col, widget_judge(report->prediction_after_ms), after);
    grid_put(grid, row + BIG_ROWS - 1, col, ROLE_PLAIN, "ms now, in that take");
}

static void draw_learnt(struct grid *grid, int row, int end, const struct screen *screen)
{
    const struct lesson_state *lesson = &screen->lesson;
    const char *undo = screen_key(screen, ACTION_UNDO);
    const struct lesson_report *report = &lesson->report;
    char right[64];
    if (lesson->checkpoint == 0) {
        grid_print(grid, row, MARGIN, ROLE_WARN, "Nothing was learnt from take %d", lesson->take);
        grid_put(grid, row + 2, MARGIN, ROLE_PLAIN, "The drummer is the one it was.");
        return;
    }
    grid_print(grid, row, MARGIN, ROLE_BOLD, "Drummer #%d has learnt from take %d",
               lesson->checkpoint, lesson->take);
    snprintf(right, sizeof right, "%d notes in %.1f s", report->onsets, report->seconds);
    grid_put_right(grid, row, grid->cols - MARGIN, ROLE_DIM, right);
    grid_put(grid, row + 1, MARGIN,
             report->worse         ? ROLE_BAD
             : report->begins_anew ? ROLE_WARN
                                   : ROLE_GOOD,
             lesson_report_says(report));
    draw_choice(grid, row + 2, &lesson->choice);
    grid_put(grid, row + 3, MARGIN, ROLE_BOLD, "EXPECTS YOU WITHIN");
    draw_expecting(grid, row + 4, report);
    row += 4 + BIG_ROWS;
    if (!isnan(report->prediction_unseen_ms))
        grid_print(grid, row, MARGIN, report->worse ? ROLE_BAD : ROLE_PLAIN,
                   "on bars it had not learnt from: %.1f ms (%.1f before)",
                   report->prediction_unseen_ms, report->prediction_before_ms);
    if (report->worse)
        grid_print(grid, row + 1, MARGIN, ROLE_BAD,
                   "This lesson does harm.   %s: back to the drummer before", undo);
    else
        grid_print(grid, row + 1, MARGIN, ROLE_PLAIN,
                   "%s: play it once more   %s: back to the drummer before",
                   screen_key(screen, ACTION_PLAY), undo);
    if (report->worse && report->begins_anew)
        grid_put(grid, row + 2, MARGIN, ROLE_WARN,
                 "Played in another way: it has begun anew with you");
    if (report->epochs > 0)
        draw_curves(grid, row + 3, end, lesson);
}

void view_lesson(struct grid *grid, struct area area, const struct screen *screen)
{
    const bool roomy = area.end - area.first >= 21;
    const int row = area.first + (roomy ? 2 : 1);
    widget_rule(grid, area.first);
    if (screen->lesson.running)
        draw_running(grid, row, area.end, &screen->lesson);
    else
        draw_learnt(grid, row, area.end, screen);
}
