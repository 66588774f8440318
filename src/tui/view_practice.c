#include "tui/view_practice.h"

#include "tui/view.h"
#include "tui/widgets.h"

#include <stdio.h>

enum { MARGIN = 1, NAME = 3, VALUE_END = 30, HELP = 33, BAR_NUMBERS = 8 };

/* ---- The view ---- */

/* The column at which a bar of the song (from 0) begins: bars are as wide as each other. */
static int col_of(const struct grid *grid, int bar, int bars)
{
    return MARGIN + bar * (grid->cols - 2 * MARGIN) / bars;
}

/* The song from left to right, what is played of it full, and its bars' numbers. */
static void draw_strip(struct grid *grid, int row, const struct screen *screen)
{
    const struct drill *drill = &screen->drill;
    int bars = drill->bar_count, free_col = 0;
    int first = drill->value[PRACTICE_FROM] - 1, last = drill->value[PRACTICE_TO] - 1;
    for (int bar = 0; bar < bars; bar++) {
        int col = col_of(grid, bar, bars), width = col_of(grid, bar + 1, bars) - col;
        bool in = bar >= first && bar <= last;
        bool on = drill->value[PRACTICE_VAMP] && bar > last; /* the song goes on there */
        grid_fill(grid, row, col, width, in ? ROLE_DRUMS : ROLE_DIM, in ? "█" : on ? "─" : "·");
        if (bars <= (grid->cols - 2 * MARGIN) / 2)
            grid_put(grid, row, col, in ? ROLE_BOLD : ROLE_DIM, "│");
        bool edge = bar == first || bar == last;
        if ((edge || bar % BAR_NUMBERS == 0) && col >= free_col)
            free_col =
                grid_print(grid, row + 1, col, edge ? ROLE_BOLD : ROLE_DIM, "%d", bar + 1) + 1;
    }
}

static void draw_knob(struct grid *grid, int row, const struct drill *drill,
                      enum practice_knob knob)
{
    char text[32];
    bool heeds = drill_heeds(drill, knob);
    drill_text(drill, knob, text, sizeof text);
    grid_put(grid, row, NAME, heeds ? ROLE_PLAIN : ROLE_DIM, practice_knob_names[knob]);
    grid_put_right(grid, row, VALUE_END, heeds ? ROLE_BOLD : ROLE_DIM, text);
    if (HELP + grid_width(practice_knob_helps[knob]) < grid->cols)
        grid_put(grid, row, HELP, ROLE_DIM, practice_knob_helps[knob]);
    if (knob != drill->selected)
        return;
    grid_put(grid, row, MARGIN, ROLE_BOLD, "▶");
    grid_paint(grid, row, NAME, VALUE_END - NAME, ROLE_SELECTED);
}

/* The tempo is that of all takes. */
static struct drill drill_shown(const struct screen *screen)
{
    struct drill drill = screen->drill;
    drill.value[PRACTICE_TEMPO] = (int)screen->knobs.value[KNOB_TEMPO];
    return drill;
}

void view_practice(struct grid *grid, struct area area, const struct screen *screen)
{
    struct drill drill = drill_shown(screen);
    bool roomy = area.end - area.first > 18;
    char summary[128];
    int row = area.first;
    drill_summary(&drill, summary, sizeof summary);
    widget_rule(grid, row++);
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, "Practice  ");
    grid_put(grid, row++, col, ROLE_PLAIN, summary[0] ? summary : "all of the song, once");
    row += roomy;
    draw_strip(grid, row, screen);
    row += 2 + roomy;
    for (int knob = 0; knob < PRACTICE_KNOBS; knob++)
        draw_knob(grid, row++, &drill, (enum practice_knob)knob);
    widget_rule(grid, row++);
    const char *help = practice_knob_helps[drill.selected];
    if (HELP + grid_width(help) >= grid->cols && row < area.end)
        grid_put(grid, row++, MARGIN, ROLE_PLAIN, help);
    if (row < area.end)
        grid_print(grid, row, MARGIN, ROLE_DIM, "%s plays; it stays so for the next takes until %s",
                   screen_key(screen, ACTION_PLAY), screen_key(screen, ACTION_WHOLE_SONG));
}

/* ---- On the stage ---- */

static int put_word(struct grid *grid, int row, int col, int end, enum role role, const char *text)
{
    if (!text[0] || col + grid_width(text) > end)
        return col;
    return grid_put(grid, row, col, role, text) + 2;
}

static void pass_text(const struct drill_now *now, char *out, int size)
{
    if (now->vamp)
        snprintf(out, (size_t)size, "vamp, pass %d", now->pass);
    else
        snprintf(out, (size_t)size, "pass %d of %d  %.0f %%", now->pass, now->passes,
                 now->tempo_percent);
}

int practice_draw_states(struct grid *grid, int row, int col, int end, const struct screen *screen)
{
    const struct drill_now *now = &screen->drill_now;
    char text[64];
    if (!screen->transport.playing) {
        struct drill drill = drill_shown(screen);
        char summary[128];
        drill_summary(&drill, summary, sizeof summary);
        return put_word(grid, row, col, end, ROLE_BOLD, summary);
    }
    if (!now->pass)
        return col;
    if (now->last_time)
        col = put_word(grid, row, col, end, ROLE_SELECTED, " LAST TIME ");
    pass_text(now, text, sizeof text);
    return put_word(grid, row, col, end, ROLE_BOLD, text);
}

static void draw_centred(struct grid *grid, int row, enum role role, const char *text)
{
    int col = (grid->cols - grid_width(text)) / 2 - 1;
    col = grid_put(grid, row, col > 0 ? col : 0, role, " ");
    col = grid_put(grid, row, col, role, text);
    grid_put(grid, row, col, role, " ");
}

/* As wide as can be read from far away. */
static void draw_wide(struct grid *grid, int row, enum role role, const char *text)
{
    char wide[160];
    int used = 0;
    for (const char *c = text; *c && used + 2 < (int)sizeof wide; c++) {
        wide[used++] = *c;
        wide[used++] = ' ';
    }
    wide[used > 0 ? used - 1 : 0] = '\0';
    draw_centred(grid, row, role, grid_width(wide) + 2 <= grid->cols ? wide : text);
}

void practice_draw_banner(struct grid *grid, int row, int rows, const struct screen *screen)
{
    const struct drill_now *now = &screen->drill_now;
    char text[80];
    if (!screen->transport.playing || screen->transport.count_in > 0 || rows < 1)
        return;
    int middle = row + rows / 2;
    if (now->out_bars) {
        snprintf(text, sizeof text, "DRUMS OUT  bar %d of %d", now->out_bar, now->out_bars);
        draw_wide(grid, middle, ROLE_SELECTED, text);
    } else if (now->drifted) {
        drill_now_drift(&now->dropout, text, sizeof text);
        draw_centred(grid, middle, ROLE_SELECTED, text);
    } else if (now->vamp && !now->last_time) {
        draw_wide(grid, middle, ROLE_BOLD, "vamp: waiting for you");
    }
}
