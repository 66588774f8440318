#include "tui/panel.h"

#include "tui/position.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/*  LATE        TOGETHER  close
 *  ███  █ █ █    █ █
 *  ███  █ █ █    █ █      a needle from the graph's line for 0 ms; the newest notes; four bars
 *  ───
 *
 *  EARLY
 */

enum { GAP = 2, BLOCK = BIG_ROWS + 2, MOST_COUNTED = 8 };

static const double ON_MS = 2.5; /* nearer than this is neither early nor late */

static bool is_late(double ms)
{
    return ms >= ON_MS;
}

static bool is_early(double ms)
{
    return ms <= -ON_MS;
}

static const char *side_of(double ms)
{
    return is_late(ms) ? "ms late" : is_early(ms) ? "ms early" : "on time";
}

/* Digits of two rows a dot, where there is room for two figures of them. */
static int scale_of(const struct panel *panel)
{
    enum { NEEDED = 5 + 2 * GAP + 4 * 2 * BIG_COLS };
    return panel->rows >= 2 * BIG_ROWS + 4 && panel->end - panel->col >= NEEDED ? 2 : 1;
}

static int needle_cols(const struct panel *panel)
{
    return 2 * scale_of(panel) + 1;
}

/* In half rows from the line on, short of the word at its end. */
static void draw_needle(struct grid *grid, const struct panel *panel, double ms)
{
    enum role role = widget_judge(fabs(ms));
    int most = 2 * (panel->middle - panel->row - 1);
    int halves = (int)lround(2 * fabs(ms) / panel->ms_per_row), way = ms > 0 ? -1 : 1;
    if (halves > most)
        halves = most;
    int cols = needle_cols(panel);
    grid_fill(grid, panel->middle, panel->col, cols, ROLE_BOLD, "━");
    for (int i = 0; i < (halves + 1) / 2; i++) {
        const char *sign = 2 * i + 1 < halves ? "█" : way < 0 ? "▄" : "▀";
        grid_fill(grid, panel->middle + way * (i + 1), panel->col, cols, role, sign);
    }
    if (is_late(ms))
        grid_put(grid, panel->row, panel->col, ROLE_BOLD, "LATE");
    if (is_early(ms))
        grid_put(grid, 2 * panel->middle - panel->row, panel->col, ROLE_BOLD, "EARLY");
}

/* Title, digits `scale` times as large as small ones, and what they are. */
static void draw_figure(struct grid *grid, int row, int col, int scale, double ms, const char *unit)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%.0f", fmin(fabs(ms), 99));
    widget_large(grid, row, col, scale, scale, widget_judge(fabs(ms)), digits);
    grid_put(grid, row + scale * BIG_ROWS, col, ROLE_PLAIN, unit);
}

static void draw_figures(struct grid *grid, const struct panel *panel,
                         const struct together *lately)
{
    int scale = scale_of(panel);
    int block = scale * BIG_ROWS + 2, pair = scale * 2 * BIG_COLS;
    int row = panel->row + (panel->rows > block + BLOCK ? 0 : (panel->rows - block) / 2);
    int col = panel->col + needle_cols(panel) + GAP, last = col + pair + GAP;
    bool wide = last + pair <= panel->end;
    char text[32];
    if (wide) {
        snprintf(text, sizeof text, "TOGETHER  %s", widget_verdict(lately->mean_ms));
        int room = panel->end - grid_width(text);
        grid_put(grid, row, room < last ? room : last, ROLE_BOLD, text);
        draw_figure(grid, row + 1, col, scale, lately->now_ms, side_of(lately->now_ms));
        draw_figure(grid, row + 1, last, scale, lately->mean_ms, "ms in 4 bars");
    } else {
        double ms = lately->now_ms;
        if (is_late(ms) || is_early(ms))
            snprintf(text, sizeof text, "%.0f %s", fabs(ms), side_of(ms));
        else
            snprintf(text, sizeof text, "%s", side_of(ms));
        grid_put(grid, row, col, ROLE_BOLD, "TOGETHER");
        draw_figure(grid, row + 1, col, scale, lately->mean_ms, "");
        grid_put_right(grid, row + 1 + scale * BIG_ROWS, panel->end, ROLE_PLAIN, text);
    }
}

/* Where there is room: the bar, and below it how soon the next fill comes. */
static void draw_place(struct grid *grid, const struct panel *panel, const struct screen *screen)
{
    int fill = position_fill_ahead(screen);
    int row = panel->row + panel->rows - BLOCK, col = panel->col + needle_cols(panel) + GAP;
    char digits[16];
    if (panel->rows < 3 * BIG_ROWS + 5 || panel->end - col < 7 * BIG_COLS)
        return;
    snprintf(digits, sizeof digits, "%d", (screen->transport.bar + 1) % 1000);
    grid_put(grid, row, col, ROLE_BOLD, "BAR");
    widget_large(grid, row + 1, col, 1, 1, ROLE_BOLD, digits);
    if (fill < 0)
        return;
    col += 2 * (2 * BIG_COLS) + GAP;
    snprintf(digits, sizeof digits, "%d", fill);
    grid_put(grid, row, col, ROLE_BOLD, fill == 0 ? "FILL NOW" : "FILL IN");
    if (fill > 0)
        widget_large(grid, row + 1, col, 1, 1, ROLE_BOLD, digits);
}

static void draw_legend(struct grid *grid, int row, int col, int room)
{
    bool wide = room >= 24;
    col = grid_put(grid, row, col, ROLE_GUITAR, "○");
    col = grid_put(grid, row, col, ROLE_PLAIN, wide ? " you " : "you ");
    col = grid_put(grid, row, col, ROLE_DRUMS, "●");
    col = grid_put(grid, row, col, ROLE_PLAIN, wide ? " drums " : "drums ");
    col = grid_put(grid, row, col, ROLE_EXPECTED, "◌");
    grid_put(grid, row, col, ROLE_PLAIN, wide ? " expected" : "exp.");
}

static void draw_last_take(struct grid *grid, int row, int col, const struct history *history)
{
    if (history->take_count == 0) {
        grid_put(grid, row, col, ROLE_DIM, "no take yet");
        return;
    }
    const struct session_take *take = &history->takes[history->take_count - 1];
    grid_print(grid, row, col, ROLE_PLAIN, "take %d %s", take->number,
               take_status_name(take->status));
    if (take->summary.matched)
        grid_print(grid, row + 1, col, ROLE_PLAIN, "%.1f ms apart",
                   take->summary.asynchrony_mae_ms);
}

static void draw_idle(struct grid *grid, const struct panel *panel, const struct screen *screen)
{
    int row = panel->row + (panel->rows - 7) / 2;
    grid_print(grid, row, panel->col, ROLE_BOLD, "%s: play", screen_key(screen, ACTION_PLAY));
    grid_put(grid, row + 1, panel->col, ROLE_DIM, "after the count-in");
    draw_last_take(grid, row + 3, panel->col, &screen->history);
    draw_legend(grid, row + 6, panel->col, panel->end - panel->col);
}

void panel_draw(struct grid *grid, const struct panel *panel, const struct screen *screen)
{
    if (!screen->transport.playing) {
        draw_idle(grid, panel, screen);
        return;
    }
    draw_place(grid, panel, screen);
    if (screen->lately.count > 0) {
        draw_needle(grid, panel, screen->lately.now_ms);
        draw_figures(grid, panel, &screen->lately);
        return;
    }
    grid_put(grid, panel->middle - 1, panel->col, ROLE_BOLD, "NO GUITAR YET");
    if (screen->whole.count)
        grid_put(grid, panel->middle, panel->col, ROLE_DIM, "none in four bars");
}

static void draw_beat(struct grid *grid, int row, int rows, int col, int width, int beat,
                      bool sounds)
{
    int scale = rows >= 2 * BIG_ROWS + 3 ? 2 : 1;
    enum role role = sounds ? ROLE_BOLD : ROLE_DIM;
    char digits[16];
    snprintf(digits, sizeof digits, "%d", beat);
    widget_large(grid, row + (rows - scale * BIG_ROWS) / 2, col, scale, 2 * scale, role, digits);
    if (sounds && rows > scale * BIG_ROWS + 2)
        grid_fill(grid, row + rows - 1, col, width - 2, role, "█");
}

void panel_draw_count(struct grid *grid, int row, int rows, int left, int right,
                      const struct transport *transport)
{
    int beats = transport->numerator <= MOST_COUNTED ? transport->numerator : 1;
    int width = (right - left) / beats;
    grid_put(grid, row, left, ROLE_BOLD, "COUNT-IN");
    if (beats == 1)
        draw_beat(grid, row + 1, rows - 1, left, width, transport->count_in, true);
    for (int beat = 1; beats > 1 && beat <= transport->count_in; beat++)
        draw_beat(grid, row + 1, rows - 1, left + (beat - 1) * width, width, beat,
                  beat == transport->count_in);
}
