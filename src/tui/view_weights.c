#include "tui/view.h"

#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, VALUE = 18, BAR = 27, HELP = BAR + 15 };

static void knob_name(const struct knobs *knobs, enum knob knob, char *out, int size)
{
    if (knob != KNOB_DRUM_LEASH)
        snprintf(out, (size_t)size, "%s", knob_kinds[knob].name);
    else
        snprintf(out, (size_t)size, "leash of %s",
                 knobs->drum < 0 ? "a drum" : widget_drum(knobs->drum));
}

static void draw_knob(struct grid *grid, int row, const struct screen *screen, enum knob knob)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    struct knobs before = screen->knobs_before;
    before.drum = screen->knobs.drum;
    double value = knobs_value(&screen->knobs, knob);
    char name[32], text[32];
    knob_name(&screen->knobs, knob, name, sizeof name);
    knobs_text(&screen->knobs, knob, text, sizeof text);
    grid_put(grid, row, MARGIN + 2, ROLE_PLAIN, name);
    grid_put_right(grid, row, VALUE + 8, ROLE_BOLD, text);
    widget_bar(grid, row, BAR, 12, (value - kind->low) / (kind->high - kind->low), ROLE_DRUMS);
    if (fabs(value - knobs_value(&before, knob)) > 1e-9)
        grid_put(grid, row, BAR - 1 + 13, ROLE_WARN, "*");
    grid_put_spot(grid, (struct spot){row, 0, grid->cols, SPOT_LINE, (int)knob});
    if (knob != screen->knob)
        return;
    grid_put(grid, row, MARGIN, ROLE_BOLD, "▶");
    grid_paint(grid, row, MARGIN + 2, BAR - MARGIN - 3, ROLE_SELECTED);
}

/* When what is turned here comes to count. */
static void draw_heading(struct grid *grid, int row, const char *text, const char *when)
{
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, text);
    if (when)
        grid_print(grid, row, col, ROLE_PLAIN, " (%s)", when);
}

static bool help_fits(const struct grid *grid, enum knob knob)
{
    return HELP + grid_width(knob_kinds[knob].help) <= grid->cols;
}

void view_weights(struct grid *grid, struct area area, const struct screen *screen)
{
    bool roomy = area.end - area.first > 20;
    int row = area.first;
    widget_rule(grid, row++);
    draw_heading(grid, row++, "What the next lesson cares about",
                 screen->lesson.running ? "this one goes on as it began" : NULL);
    for (int knob = 0; knob < KNOB_COUNT; knob++) {
        if (knob == KNOB_FOLLOW) {
            row += roomy;
            draw_heading(grid, row++, "How takes are played",
                         screen->transport.playing ? "at once, but tempo" : NULL);
        }
        draw_knob(grid, row, screen, (enum knob)knob);
        if (help_fits(grid, (enum knob)knob))
            grid_put(grid, row, HELP, ROLE_DIM, knob_kinds[knob].help);
        row++;
    }
    row += roomy;
    widget_rule(grid, row++);
    if (!help_fits(grid, screen->knob))
        grid_put(grid, row++, MARGIN, ROLE_PLAIN, knob_kinds[screen->knob].help);
    if (row < area.end)
        grid_put(grid, row++, MARGIN, ROLE_DIM,
                 "up, down: choose   left, right: turn   0: as it was");
    if (row < area.end)
        grid_put(grid, row, MARGIN, ROLE_DIM,
                 "* changed by you, and kept: how takes are played with the song");
}
