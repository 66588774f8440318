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
    grid_put(grid, row, MARGIN, ROLE_DIM, "the lesson           is off by       weight");
    for (int i = 0; i < TERMS; i++) {
        grid_put(grid, row + 1 + i, MARGIN + 2, ROLE_PLAIN, term_names[i]);
        int col = grid_print(grid, row + 1 + i, MARGIN + 20, ROLE_BOLD, "%8.2f ",
                             sqrt(fmax(progress->terms[i], 0)));
        grid_put(grid, row + 1 + i, col, ROLE_PLAIN, units[i]);
        grid_print(grid, row + 1 + i, MARGIN + 38, ROLE_PLAIN, "%4.1f",
                   screen->lesson.knobs.value[KNOB_VELOCITY + i]);
    }
    grid_put(grid, row + 2 + TERMS, MARGIN + 2, ROLE_PLAIN, "loss");
    grid_print(grid, row + 2 + TERMS, MARGIN + 20, ROLE_BOLD, "%8.2f", progress->loss);
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
    if (lesson->progress.epochs > 0)
        grid_print(grid, row + 3, MARGIN, ROLE_PLAIN, "pass %d of %d", lesson->progress.epoch,
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
    char before[16], after[16];
    snprintf(before, sizeof before, "%.0f", fmin(report->prediction_before_ms, 999));
    snprintf(after, sizeof after, "%.0f", fmin(report->prediction_after_ms, 999));
    grid_put(grid, row + 2, MARGIN, ROLE_BOLD, "EXPECTS YOU WITHIN");
    int col = widget_big(grid, row + 4, MARGIN, ROLE_DIM, before);
    col = grid_put(grid, row + 3 + BIG_ROWS, col, ROLE_PLAIN, "ms before  ");
    grid_put(grid, row + 4 + BIG_ROWS / 2, col - 6, ROLE_BOLD, "→");
    col = widget_big(grid, row + 4, col, widget_judge(report->prediction_after_ms), after);
    grid_put(grid, row + 3 + BIG_ROWS, col, ROLE_PLAIN, "ms now, in that take");
    grid_print(grid, row + 6 + BIG_ROWS, MARGIN, ROLE_PLAIN, "loss %.2f → %.2f   passes %d",
               report->loss_before, report->loss_after, report->epochs);
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
