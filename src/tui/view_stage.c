#include "tui/lanes.h"
#include "tui/position.h"
#include "tui/view.h"
#include "tui/view_practice.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { MARGIN = 1, LONGEST_WORD = 11 }; /* " own drums " */

static const double NOTABLE_LOAD = 0.25, TIGHT_LOAD = 0.7;

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

/* How the sound goes: while a take plays only what makes it doubtful. */
static int draw_way(struct grid *grid, int row, int col, const struct screen *screen)
{
    const struct sound *sound = &screen->sound;
    bool playing = screen->transport.playing;
    bool doubtful = sound->round_trip != ROUND_TRIP_MEASURED;
    if (!sound->virtual_guitar && !sound->lost && sound->round_trip != ROUND_TRIP_NONE &&
        (doubtful || !playing))
        col = put_whole(grid, row, col,
                        sound->round_trip == ROUND_TRIP_STALE ? ROLE_WARN : ROLE_PLAIN,
                        "round trip %.1f ms %s", sound->round_trip_ms,
                        round_trip_source_name(sound->round_trip));
    if (sound->two_clocks && !sound->clocks_known)
        col = put_whole(grid, row, col, ROLE_WARN, "clocks unknown yet");
    else if (sound->two_clocks && !playing)
        col = put_whole(grid, row, col, ROLE_PLAIN, "clocks %+.0f ppm", sound->drift_ppm);
    return col;
}

/* How well the drummer knows the player: for a longer look. */
static int draw_acquaintance(struct grid *grid, int row, int col, const struct screen *screen)
{
    const struct together *lately = &screen->lately;
    if (!screen->transport.playing || lately->count == 0)
        return col;
    col = put_whole(grid, row, col, ROLE_PLAIN, "expected within %.0f ms", lately->expecting_ms);
    return put_whole(grid, row, col, ROLE_PLAIN, "you %.0f ms %s", fabs(lately->lean_ms),
                     lately->lean_ms >= 0 ? "late" : "early");
}

static void draw_device(struct grid *grid, int row, int col, const struct screen *screen)
{
    const struct sound *sound = &screen->sound;
    if (sound->lost || (screen->transport.playing && !sound->silent))
        return;
    enum role role = sound->silent ? ROLE_WARN : ROLE_DIM;
    const char *name = sound->silent ? "no sound card: silent" : sound->device;
    char right[192];
    snprintf(right, sizeof right, "%s%s", sound->virtual_guitar ? "virtual guitarist, " : "", name);
    if (col + grid_width(right) <= grid->cols - MARGIN)
        grid_put_right(grid, row, grid->cols - MARGIN, role, right);
    else if (col + grid_width(name) <= grid->cols - MARGIN)
        grid_put_right(grid, row, grid->cols - MARGIN, role, name);
}

static void draw_sound(struct grid *grid, int row, const struct screen *screen)
{
    int col = draw_level(grid, row, &screen->sound) + 2;
    col = draw_trouble(grid, row, col, screen);
    col = draw_way(grid, row, col, screen);
    if (screen->sound.no_priority)
        col = put_whole(grid, row, col, ROLE_DIM, "no priority: rolypoly doctor");
    if (!screen->sound.silent)
        col = draw_acquaintance(grid, row, col, screen);
    draw_device(grid, row, col, screen);
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
    grid_print(grid, row, 0, ROLE_PLAIN, screen->heard ? " heard %d " : " heard ", screen->heard);
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
    bool tall = rows >= 27;
    int fixed = 2 + 2 + 2 + 2 * tall; /* where we are, two rules, what is heard */
    int least_graph = tall ? rows / 2 : rows >= 21 ? 9 : 7;
    int lanes = lanes_count(screen->score, rows - fixed - least_graph);
    int graph = rows - fixed - lanes;
    struct axis axis = axis_make(grid->cols, screen->transport.quarters);

    int row = area.first;
    position_draw(grid, row++, screen);
    position_draw_progress(grid, row++, screen);
    if (tall) {
        position_draw_togetherness(grid, row++, screen);
        position_draw_sections(grid, row++, screen);
    }
    widget_rule(grid, row++);
    lanes_draw(grid, row, lanes, &axis, screen);
    practice_draw_banner(grid, row, lanes, screen);
    row += lanes;
    widget_rule(grid, row++);
    graph_draw(grid, row, graph, &axis, screen);
    row += graph;
    draw_ear(grid, row++, &axis, screen);
    draw_sound(grid, row, screen);
}
