#include "tui/view.h"

#include "tui/widgets.h"

#include <math.h>

enum { MARGIN = 1, VALUE = 18, BAR = 27, HELP = BAR + 15 };

static void draw_knob(struct grid *grid, int row, const struct screen *screen, enum knob knob)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    double value = screen->knobs.value[knob], before = screen->knobs_before.value[knob];
    char text[32];
    knobs_text(&screen->knobs, knob, text, sizeof text);
    grid_put(grid, row, MARGIN + 2, ROLE_PLAIN, kind->name);
    grid_put_right(grid, row, VALUE + 8, ROLE_BOLD, text);
    widget_bar(grid, row, BAR, 12, (value - kind->low) / (kind->high - kind->low), ROLE_DRUMS);
    if (fabs(value - before) > 1e-9)
        grid_put(grid, row, BAR - 1 + 13, ROLE_WARN, "*");
    if (knob != screen->knob)
        return;
    grid_put(grid, row, MARGIN, ROLE_BOLD, "▶");
    grid_paint(grid, row, MARGIN + 2, BAR - MARGIN - 3, ROLE_SELECTED);
}

/* When what is turned here comes to count. */
static void draw_heading(struct grid *grid, int row, const char *text, bool under_way)
{
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, text);
    if (under_way)
        grid_put(grid, row, col, ROLE_PLAIN, " (this one goes on as it began)");
}

static bool help_fits(const struct grid *grid, enum knob knob)
{
    return HELP + grid_width(knob_kinds[knob].help) <= grid->cols;
}

void view_weights(struct grid *grid, struct area area, const struct screen *screen)
{
    int row = area.first;
    widget_rule(grid, row++);
    draw_heading(grid, row++, "What the next lesson cares about", screen->lesson.running);
    for (int knob = 0; knob < KNOB_COUNT; knob++) {
        if (knob == KNOB_FOLLOW) {
            row++;
            draw_heading(grid, row++, "How the next take is played", screen->transport.playing);
        }
        draw_knob(grid, row, screen, (enum knob)knob);
        if (help_fits(grid, (enum knob)knob))
            grid_put(grid, row, HELP, ROLE_DIM, knob_kinds[knob].help);
        row++;
    }
    if (area.end - row > 4)
        row++;
    widget_rule(grid, row++);
    if (!help_fits(grid, screen->knob))
        grid_put(grid, row++, MARGIN, ROLE_PLAIN, knob_kinds[screen->knob].help);
    grid_put(grid, row++, MARGIN, ROLE_DIM, "up, down: choose   left, right: turn   0: as it was");
    grid_put(grid, row, MARGIN, ROLE_DIM, "* changed by you; it stays so until you quit");
}
