#include "tui/view.h"

#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, TERMS = 4 };

static const char *const term_names[TERMS] = {"touch", "meeting", "expecting", "human"};

/* The terms are squares; their roots can be read. */
static void draw_terms(struct grid *grid, int row, const struct screen *screen)
{
    static const char *const units[TERMS] = {"", "ms", "ms", ""};
    const struct lesson_progress *progress = &screen->lesson.progress;
    const bool begun = progress->loss > 0; /* before, the take is only heard again */
    grid_put(grid, row, MARGIN, ROLE_DIM, "the lesson           is off by       weight");
    for (int i = 0; i < TERMS; i++) {
        grid_put(grid, row + 1 + i, MARGIN + 2, ROLE_PLAIN, term_names[i]);
        if (begun) {
            int col = grid_print(grid, row + 1 + i, MARGIN + 20, ROLE_BOLD, "%8.2f ",
                                 sqrt(fmax(progress->terms[i], 0)));
            grid_put(grid, row + 1 + i, col, ROLE_PLAIN, units[i]);
        }
        grid_print(grid, row + 1 + i, MARGIN + 38, ROLE_PLAIN, "%4.1f",
                   screen->lesson.knobs.value[KNOB_VELOCITY + i]);
    }
    grid_put(grid, row + 2 + TERMS, MARGIN + 2, ROLE_PLAIN, "loss");
    if (begun)
        grid_print(grid, row + 2 + TERMS, MARGIN + 20, ROLE_BOLD, "%8.2f", progress->loss);
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

static void draw_running(struct grid *grid, int row, const struct screen *screen)
{
    const struct lesson_state *lesson = &screen->lesson;
    char percent[16];
    snprintf(percent, sizeof percent, "%3.0f %%", 100.0 * lesson->progress.done);
    grid_print(grid, row, MARGIN, ROLE_BOLD, "The drummer learns from take %d", lesson->take);
    widget_bar(grid, row + 2, MARGIN, grid->cols - 2 * MARGIN - 7, lesson->progress.done,
               ROLE_GOOD);
    grid_put_right(grid, row + 2, grid->cols - MARGIN, ROLE_BOLD, percent);
    draw_choice(grid, row + 1, &lesson->choice);
    int col = grid_put(grid, row + 3, MARGIN, ROLE_PLAIN,
                       lesson->progress.doing ? lesson->progress.doing : "");
    if (lesson->progress.loss > 0)
        grid_print(grid, row + 3, col, ROLE_PLAIN, ": pass %d of %d", lesson->progress.epoch,
                   lesson->progress.epochs);
    draw_terms(grid, row + 5, screen);
}

static void draw_learnt(struct grid *grid, int row, const struct screen *screen)
{
    const struct lesson_state *lesson = &screen->lesson;
    const struct lesson_report *report = &lesson->report;
    if (lesson->checkpoint == 0) {
        grid_print(grid, row, MARGIN, ROLE_WARN, "Nothing was learnt from take %d", lesson->take);
        grid_put(grid, row + 2, MARGIN, ROLE_PLAIN, "The drummer is the one it was.");
        return;
    }
    grid_print(grid, row, MARGIN, ROLE_BOLD, "Drummer #%d has learnt from take %d",
               lesson->checkpoint, lesson->take);
    grid_print(grid, row, grid->cols - 24, ROLE_DIM, "%d notes in %.1f s", report->onsets,
               report->seconds);
    draw_choice(grid, row + 1, &lesson->choice);
    char before[16], after[16];
    snprintf(before, sizeof before, "%.0f", fmin(report->prediction_before_ms, 999));
    snprintf(after, sizeof after, "%.0f", fmin(report->prediction_after_ms, 999));
    grid_put(grid, row + 2, MARGIN, ROLE_BOLD, "EXPECTS YOU WITHIN");
    int col = widget_big(grid, row + 4, MARGIN, ROLE_DIM, before);
    col = grid_put(grid, row + 3 + BIG_ROWS, col, ROLE_PLAIN, "ms before  ");
    grid_put(grid, row + 4 + BIG_ROWS / 2, col - 6, ROLE_BOLD, "→");
    col = widget_big(grid, row + 4, col, widget_judge(report->prediction_after_ms), after);
    grid_put(grid, row + 3 + BIG_ROWS, col, ROLE_PLAIN, "ms now, in that take");
    if (!isnan(report->prediction_unseen_ms))
        grid_print(grid, row + 5 + BIG_ROWS, MARGIN, report->worse ? ROLE_BAD : ROLE_PLAIN,
                   "half of it, from the other half alone: %.1f ms (%.1f before)",
                   report->prediction_unseen_ms, report->prediction_before_ms);
    grid_print(grid, row + 6 + BIG_ROWS, MARGIN, ROLE_PLAIN, "loss %.2f → %.2f   passes %d",
               report->loss_before, report->loss_after, report->epochs);
    if (report->begins_anew)
        grid_put(grid, row + 7 + BIG_ROWS, MARGIN, ROLE_WARN,
                 "Played in another way: what was known of you is put aside");
    if (report->worse)
        grid_put(grid, row + 8 + BIG_ROWS, MARGIN, ROLE_BAD,
                 "This lesson does harm.   u: back to the drummer before");
    else
        grid_put(grid, row + 8 + BIG_ROWS, MARGIN, ROLE_PLAIN,
                 "space: play it once more   u: back to the drummer before");
}

void view_lesson(struct grid *grid, struct area area, const struct screen *screen)
{
    int row = area.first;
    widget_rule(grid, row);
    if (screen->lesson.running)
        draw_running(grid, row + 2, screen);
    else
        draw_learnt(grid, row + 2, screen);
}
