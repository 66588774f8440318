#include "tui/lanes.h"
#include "tui/view.h"
#include "tui/view_practice.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { MARGIN = 1, LONGEST_WORD = 11 }; /* " own drums " */

static const double NOTABLE_LOAD = 0.25, TIGHT_LOAD = 0.7;
static const double APART_MS = 50.0; /* here the bar of togetherness is empty */

static void draw_position(struct grid *grid, int row, const struct screen *screen)
{
    const struct transport *transport = &screen->transport;
    char now[16], length[16], right[48], left[48];
    widget_clock(transport->shown_s, now, sizeof now);
    widget_clock(transport->length_s, length, sizeof length);
    if (transport->count_in > 0)
        snprintf(left, sizeof left, "count-in %d of %d", transport->count_in, transport->numerator);
    else
        snprintf(left, sizeof left, "bar %d of %d", transport->bar + 1, screen->score->bar_count);
    snprintf(right, sizeof right, "%s of %s", now, length);
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, left);
    if (screen->robot)
        col = grid_put(grid, row, col, ROLE_BOLD, "  ROBOT");
    if (transport->stopping)
        col = grid_put(grid, row, col, ROLE_WARN, "  stopping");
    col = col < 16 ? 18 : col + 2;
    col = practice_draw_states(grid, row, col, grid->cols - 20, screen);
    int end = grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, right) - 2;
    if (end > col)
        widget_bar(grid, row, col, end - col, transport->shown_s / fmax(transport->length_s, 1e-3),
                   ROLE_PLAIN);
}

static void side(char *out, int size, double ms)
{
    snprintf(out, (size_t)size, "%.0f ms %s", fabs(ms), ms >= 0 ? "late" : "early");
}

static void draw_last_take(struct grid *grid, int row, const struct history *history)
{
    if (history->take_count == 0) {
        grid_put(grid, row, MARGIN, ROLE_DIM, "no take yet");
        return;
    }
    const struct session_take *take = &history->takes[history->take_count - 1];
    int col = grid_print(grid, row, MARGIN, ROLE_PLAIN, "take %d ", take->number);
    if (take->summary.matched)
        col = grid_print(grid, row, col, ROLE_PLAIN, "%.1f ms apart, expected within %.1f ms  ",
                         take->summary.asynchrony_mae_ms, take->summary.prediction_mae_ms);
    grid_put(grid, row, col, ROLE_DIM, take_status_name(take->status));
}

/* Everything the graph says, in words; `end` is where the row is taken. */
static void draw_lately(struct grid *grid, int row, int end, const struct screen *screen)
{
    const struct together *lately = &screen->lately;
    char text[48];
    if (lately->count == 0) {
        grid_put(grid, row, MARGIN, ROLE_DIM,
                 screen->transport.count_in > 0 ? "the song begins after the count-in"
                 : screen->whole.count == 0     ? "no guitar heard yet"
                                                : "no guitar heard in the last four bars");
        return;
    }
    side(text, sizeof text, lately->now_ms);
    int col = grid_print(grid, row, MARGIN, ROLE_PLAIN, "now %-13s", text);
    col = grid_print(grid, row, col, ROLE_BOLD, "together ");
    col = grid_print(grid, row, col, ROLE_PLAIN, "%3.0f ms ", fmin(lately->mean_ms, 999));
    widget_bar(grid, row, col, 10, 1.0 - lately->mean_ms / APART_MS, widget_judge(lately->mean_ms));
    col += 12;
    snprintf(text, sizeof text, "expected within %.0f ms", lately->expecting_ms);
    if (col + grid_width(text) < end)
        col = grid_put(grid, row, col, ROLE_PLAIN, text) + 2;
    side(text, sizeof text, lately->lean_ms);
    if (col + 7 + grid_width(text) < end)
        grid_print(grid, row, col, ROLE_PLAIN, "you %s", text);
}

static void draw_figures(struct grid *grid, int row, const struct screen *screen)
{
    char heard[32];
    if (!screen->transport.playing) {
        draw_last_take(grid, row, &screen->history);
        return;
    }
    snprintf(heard, sizeof heard, "heard %d", screen->heard);
    int end = grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, heard);
    draw_lately(grid, row, end, screen);
}

static int draw_level(struct grid *grid, int row, const struct sound *sound)
{
    static const double FLOOR_DB = -60.0;
    int col = grid_put(grid, row, MARGIN, ROLE_PLAIN, "in ");
    bool clipped = sound->peak_db > -0.1;
    widget_bar(grid, row, col, 10, 1.0 - sound->level_db / FLOOR_DB,
               clipped                 ? ROLE_BAD
               : sound->peak_db > -6.0 ? ROLE_WARN
                                       : ROLE_GOOD);
    if (clipped)
        return grid_put(grid, row, col + 11, ROLE_BAD, "CLIPS!");
    if (sound->peak_db <= FLOOR_DB)
        return grid_put(grid, row, col + 11, ROLE_DIM, "silent");
    return grid_print(grid, row, col + 11, ROLE_PLAIN, "%3.0f dB", sound->peak_db);
}

/* Whole or not at all: half a figure misleads. Returns where the next one goes. */
static int put_whole(struct grid *grid, int row, int col, enum role role, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static int put_whole(struct grid *grid, int row, int col, enum role role, const char *format, ...)
{
    char text[192];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (col + grid_width(text) > grid->cols - MARGIN)
        return col;
    return grid_put(grid, row, col, role, text) + 2;
}

/* What has gone wrong comes before what is merely so: on a narrow screen it is what is left. */
static int draw_trouble(struct grid *grid, int row, int col, const struct screen *screen)
{
    const struct sound *sound = &screen->sound;
    if (sound->lost)
        col = put_whole(grid, row, col, ROLE_BAD, "the sound card has vanished");
    if (screen->late_plans > 0)
        col = put_whole(grid, row, col, ROLE_BAD, "late plans %d", screen->late_plans);
    if (screen->xruns > 0)
        col = put_whole(grid, row, col, ROLE_BAD, "xruns %d", screen->xruns);
    if (screen->refused > 0)
        col = put_whole(grid, row, col, ROLE_BAD, "keys lost %d", screen->refused);
    if (screen->transport.playing && sound->load > NOTABLE_LOAD)
        col = put_whole(grid, row, col, sound->load > TIGHT_LOAD ? ROLE_BAD : ROLE_WARN,
                        "load %.0f%%", 100 * sound->load);
    return col;
}

static int draw_way(struct grid *grid, int row, int col, const struct sound *sound)
{
    if (!sound->virtual_guitar && !sound->lost && sound->round_trip != ROUND_TRIP_NONE)
        col = put_whole(grid, row, col,
                        sound->round_trip == ROUND_TRIP_STALE ? ROLE_WARN : ROLE_PLAIN,
                        "round trip %.1f ms %s", sound->round_trip_ms,
                        round_trip_source_name(sound->round_trip));
    if (sound->two_clocks && sound->clocks_known)
        col = put_whole(grid, row, col, ROLE_PLAIN, "clocks %+.0f ppm", sound->drift_ppm);
    else if (sound->two_clocks)
        col = put_whole(grid, row, col, ROLE_WARN, "clocks unknown yet");
    return col;
}

static void draw_sound(struct grid *grid, int row, const struct screen *screen)
{
    const struct sound *sound = &screen->sound;
    int col = draw_level(grid, row, sound) + 2;
    col = draw_trouble(grid, row, col, screen);
    col = draw_way(grid, row, col, sound);
    if (screen->late_plans == 0)
        col = put_whole(grid, row, col, ROLE_PLAIN, "late plans 0");
    if (sound->lost)
        return;
    if (sound->no_priority)
        col = put_whole(grid, row, col, ROLE_DIM, "no priority: rolypoly doctor");
    enum role role = sound->silent ? ROLE_WARN : ROLE_DIM;
    const char *name = sound->silent ? "no sound card: silent" : sound->device;
    char right[192];
    snprintf(right, sizeof right, "%s%s", sound->virtual_guitar ? "virtual guitarist, " : "", name);
    if (col + grid_width(right) < grid->cols - MARGIN)
        grid_put_right(grid, row, grid->cols - MARGIN, role, right);
    else
        put_whole(grid, row, col, role, "%s", name);
}

/* A rule that tells what was heard of the player in the last two seconds, the newest below `now`,
 * and what became of it: a mark for each onset, a word for the last. */
static void draw_ear(struct grid *grid, int row, const struct axis *axis,
                     const struct screen *screen)
{
    static const char *const signs[] = {
        [MARK_HEARD] = "○", [MARK_BETWEEN] = "+", [MARK_IGNORED] = "×"};
    static const enum role roles[] = {
        [MARK_HEARD] = ROLE_GUITAR, [MARK_BETWEEN] = ROLE_PLAIN, [MARK_IGNORED] = ROLE_WARN};
    const double cell_s = MARKS_LAST_S / (axis->now - axis->left);
    widget_rule(grid, row);
    grid_put(grid, row, 0, ROLE_PLAIN, " heard ");
    for (int col = axis->left; col < axis->now; col++) {
        double ago_s = (axis->now - 1 - col) * cell_s;
        enum mark_kind kind = marks_within(&screen->marks, screen->now_s, ago_s, ago_s + cell_s);
        if (kind != MARK_NONE)
            grid_put(grid, row, col, roles[kind], signs[kind]);
    }
    struct mark newest = marks_newest(&screen->marks, screen->now_s);
    if (newest.kind != MARK_NONE)
        grid_print(grid, row, axis->now, roles[newest.kind], " %s ", mark_word(&newest));
    char text[32];
    snprintf(text, sizeof text, " sensitivity %+.0f ", screen->knobs.value[KNOB_SENSITIVITY]);
    if (axis->now + LONGEST_WORD + grid_width(text) <= grid->cols - MARGIN)
        grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, text);
}

void view_stage(struct grid *grid, struct area area, const struct screen *screen)
{
    int rows = area.end - area.first;
    int fixed = 1 + 1 + 1 + 1 + 2; /* position, three rules, two lines of figures */
    int least_graph = rows >= 21 ? 9 : 7;
    int lanes = lanes_count(screen->score, rows - fixed - least_graph);
    int graph = rows - fixed - lanes;
    struct axis axis = axis_make(grid->cols, screen->transport.quarters);

    int row = area.first;
    draw_position(grid, row++, screen);
    widget_rule(grid, row++);
    lanes_draw(grid, row, lanes, &axis, screen);
    practice_draw_banner(grid, row, lanes, screen);
    row += lanes;
    widget_rule(grid, row++);
    graph_draw(grid, row, graph, &axis, screen);
    row += graph;
    draw_ear(grid, row++, &axis, screen);
    draw_figures(grid, row++, screen);
    draw_sound(grid, row, screen);
}
