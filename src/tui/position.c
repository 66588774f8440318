#include "tui/position.h"

#include "tui/view_practice.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

enum { MARGIN = 1, NOTICE_BARS = 4 /* so long before a fill it is told of */ };

static const double APART_MS = 40.0; /* as high as a column gets */

/* Whole or not at all. Returns where the next word goes. */
static int put_word(struct grid *grid, int row, int col, int end, enum role role, const char *text)
{
    if (!text[0] || col + grid_width(text) > end)
        return col;
    return grid_put(grid, row, col, role, text) + 2;
}

/* States of the take that its player must know of, the most pressing first. */
static int draw_states(struct grid *grid, int row, int col, int end, const struct screen *screen)
{
    if (screen->transport.stopping)
        col = put_word(grid, row, col, end, ROLE_SELECTED, " stopping ");
    if (screen->robot)
        col = put_word(grid, row, col, end, ROLE_SELECTED, " ROBOT ");
    return practice_draw_states(grid, row, col, end, screen);
}

static void fill_text(const struct screen *screen, char *out, int size)
{
    const struct transport *transport = &screen->transport;
    int fill = form_next_fill(screen->form, transport->bar), ahead = fill - transport->bar;
    out[0] = '\0';
    if (!transport->playing || transport->count_in > 0 || fill < 0 || ahead > NOTICE_BARS)
        return;
    if (ahead == 0)
        snprintf(out, (size_t)size, "FILL");
    else if (ahead == 1)
        snprintf(out, (size_t)size, "fill in the next bar");
    else
        snprintf(out, (size_t)size, "fill in %d bars", ahead);
}

void position_draw(struct grid *grid, int row, const struct screen *screen)
{
    const struct transport *transport = &screen->transport;
    char now[16], length[16], text[48];
    widget_clock(transport->shown_s, now, sizeof now);
    widget_clock(transport->length_s, length, sizeof length);
    snprintf(text, sizeof text, "%s of %s", now, length);
    int end = grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, text) - 2;
    if (transport->count_in > 0)
        snprintf(text, sizeof text, "count-in %d of %d", transport->count_in, transport->numerator);
    else
        snprintf(text, sizeof text, "bar %d of %d", transport->bar + 1, screen->score->bar_count);
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, text) + 2;
    col =
        put_word(grid, row, col, end, ROLE_BOLD, form_section(screen->form, transport->bar)->name);
    col = draw_states(grid, row, col, end, screen);
    fill_text(screen, text, sizeof text);
    if (text[0] && end - grid_width(text) >= col)
        grid_put_right(grid, row, end, text[0] == 'F' ? ROLE_SELECTED : ROLE_BOLD, text);
}

/* ---- The song as a bar ---- */

/* The column at which a bar of the song begins: as long as it lasts, so wide it is. */
static int col_of(const struct grid *grid, const struct screen *screen, int bar)
{
    const struct score *score = screen->score;
    double share = score_bar_s(score, bar + 1) / fmax(score->duration_s, 1e-3);
    return MARGIN + (int)lround(share * (grid->cols - 2 * MARGIN));
}

void position_draw_progress(struct grid *grid, int row, const struct screen *screen)
{
    const struct transport *transport = &screen->transport;
    const struct form *form = screen->form;
    int width = grid->cols - 2 * MARGIN;
    double share = transport->shown_s / fmax(transport->length_s, 1e-3);
    int reached = MARGIN + (int)ceil(fmin(share, 1.0) * width);
    widget_bar(grid, row, MARGIN, width, share, ROLE_PLAIN);
    for (int bar = 0; (bar = form_next_fill(form, bar)) >= 0; bar++) {
        int col = col_of(grid, screen, bar);
        if (col >= reached && col < grid->cols - MARGIN)
            grid_put(grid, row, col, ROLE_PLAIN, "▒");
    }
    for (int i = 1; i < form->section_count; i++)
        grid_put(grid, row, col_of(grid, screen, form->sections[i].first_bar), ROLE_PLAIN, "│");
}

void position_draw_sections(struct grid *grid, int row, const struct screen *screen)
{
    const struct form *form = screen->form;
    const struct section *here = form_section(form, screen->transport.bar);
    for (int i = 0; i < form->section_count; i++) {
        const struct section *section = &form->sections[i];
        int col = col_of(grid, screen, section->first_bar);
        int end = col_of(grid, screen, section->first_bar + section->bar_count);
        put_word(grid, row, col + (i > 0), end - 1, section == here ? ROLE_BOLD : ROLE_DIM,
                 section->name);
    }
}

struct column { /* of the steps that share it */
    int col, count;
    double sum_ms;
};

static void end_column(struct grid *grid, int row, const struct column *column)
{
    double mean_ms = column->sum_ms / column->count;
    if (column->count)
        widget_spark(grid, row, column->col, mean_ms, APART_MS, widget_judge(mean_ms));
}

void position_draw_togetherness(struct grid *grid, int row, const struct screen *screen)
{
    const struct score *score = screen->score;
    double cols_per_s = (grid->cols - 2 * MARGIN) / fmax(score->duration_s, 1e-3);
    struct column column = {0};
    for (int s = 0; s < score->step_count; s++) {
        const struct moment *moment = &screen->moments[s];
        int col = MARGIN + (int)(score->steps[s].time_s * cols_per_s);
        if (!moment->planned || !moment->heard)
            continue;
        if (col != column.col) {
            end_column(grid, row, &column);
            column = (struct column){.col = col};
        }
        column.sum_ms += fabs(moment->guitar_ms - moment->drums_ms);
        column.count++;
    }
    end_column(grid, row, &column);
}
