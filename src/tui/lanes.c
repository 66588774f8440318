#include "tui/lanes.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { GUTTER = 11, MOST_LANES = DRUM_COUNT };

struct lane {
    const char *name;
    uint16_t drums;
};

#define DRUM(name) (1u << DRUM_##name)

/* From every drum by itself down to what a small screen can show. */
static const struct lane details[][MOST_LANES + 1] = {
    {{"crash", DRUM(CRASH)},
     {"ride", DRUM(RIDE)},
     {"open", DRUM(OPEN_HAT)},
     {"hat", DRUM(CLOSED_HAT)},
     {"hi tom", DRUM(HIGH_TOM)},
     {"mid tom", DRUM(MID_TOM)},
     {"lo tom", DRUM(LOW_TOM)},
     {"snare", DRUM(SNARE)},
     {"kick", DRUM(KICK)},
     {0}},
    {{"crash", DRUM(CRASH)},
     {"ride", DRUM(RIDE)},
     {"hat", DRUM(OPEN_HAT) | DRUM(CLOSED_HAT)},
     {"toms", DRUM(HIGH_TOM) | DRUM(MID_TOM) | DRUM(LOW_TOM)},
     {"snare", DRUM(SNARE)},
     {"kick", DRUM(KICK)},
     {0}},
    {{"cymbals", DRUM(CRASH) | DRUM(RIDE)},
     {"hat", DRUM(OPEN_HAT) | DRUM(CLOSED_HAT)},
     {"snare", DRUM(SNARE) | DRUM(HIGH_TOM) | DRUM(MID_TOM) | DRUM(LOW_TOM)},
     {"kick", DRUM(KICK)},
     {0}},
};

enum { DETAILS = sizeof details / sizeof *details };

/* The lanes that hold something, in the finest detail that fits. */
static int choose_lanes(const struct score *score, int most, struct lane chosen[MOST_LANES])
{
    uint16_t used = score_drums(score);
    int count = 0;
    for (int detail = 0; detail < DETAILS; detail++) {
        count = 0;
        for (const struct lane *lane = details[detail]; lane->name; lane++)
            if (lane->drums & used)
                chosen[count++] = *lane;
        if (count <= most)
            break;
    }
    return count < most ? count : most;
}

int lanes_count(const struct score *score, int most)
{
    struct lane lanes[MOST_LANES];
    return choose_lanes(score, most, lanes);
}

struct axis axis_make(int cols, double quarters)
{
    struct axis axis = {.left = GUTTER, .right = cols - 1};
    axis.now = axis.left + (axis.right - axis.left) * 3 / 5;
    axis.per_quarter = cols < 100 ? 4 : cols < 140 ? 6 : 8;
    axis.now_place = (int64_t)floor(quarters * axis.per_quarter);
    return axis;
}

int axis_col(const struct axis *axis, double quarters)
{
    int64_t place = (int64_t)floor(quarters * axis->per_quarter + 0.5);
    int64_t col = axis->now + place - axis->now_place;
    return col < axis->left ? -1 : col >= axis->right ? axis->right : (int)col;
}

double axis_step(const struct score *score, int step)
{
    return (double)score->steps[step].tick / score->ppq;
}

int axis_steps(const struct axis *axis, const struct score *score, int *first)
{
    int from = 0, end;
    while (from < score->step_count && axis_col(axis, axis_step(score, from)) < axis->left)
        from++;
    for (end = from; end < score->step_count; end++)
        if (axis_col(axis, axis_step(score, end)) >= axis->right)
            break;
    *first = from;
    return end;
}

static const char *sign_of(int drum, int velocity)
{
    static const char *const heights[] = {"▂", "▄", "▆", "█"};
    switch (drum) {
    case DRUM_OPEN_HAT:
        return "◦";
    case DRUM_CLOSED_HAT:
    case DRUM_CRASH:
    case DRUM_RIDE:
        return velocity < 40 ? "·" : "▪";
    default:
        return heights[velocity < 40 ? 0 : velocity < 70 ? 1 : velocity < 100 ? 2 : 3];
    }
}

static void draw_hit(struct grid *grid, int row, int col, const struct step *step, uint16_t drums,
                     enum role role)
{
    int loudest = -1;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if ((step->drums & drums & (1u << drum)) &&
            (loudest < 0 || step->velocity[drum] > step->velocity[loudest]))
            loudest = drum;
    if (loudest >= 0)
        grid_put(grid, row, col, role, sign_of(loudest, step->velocity[loudest]));
}

/* Bar lines through the lanes, their numbers on the rule above. */
static void draw_bars(struct grid *grid, int row, int rows, const struct axis *axis,
                      const struct screen *screen)
{
    const struct score *score = screen->played;
    int bars = practice_clock_bars(score);
    for (int bar = 0; bar <= bars; bar++) {
        double quarters = (double)clock_bar_tick(score->clock, bar) / score->ppq;
        int col = axis_col(axis, quarters);
        if (col < axis->left)
            continue;
        if (col >= axis->right)
            break;
        for (int i = 0; i < rows; i++)
            grid_put(grid, row + i, col, ROLE_DIM, "│");
        int number = practice_song_bar(score, bar) + 1;
        bool flub = bars_hold(&screen->flubs, number);
        if (bar < bars && col + 4 < grid->cols)
            grid_print(grid, row - 1, col, flub ? ROLE_WARN : ROLE_DIM, "%d%s", number,
                       flub ? "× flub" : "");
    }
}

/* The lane's name, and the leash of its drum where it has one of its own. */
static void draw_name(struct grid *grid, int row, const struct axis *axis, const struct lane *lane,
                      const struct knobs *knobs)
{
    int end = grid_put(grid, row, 1, ROLE_PLAIN, lane->name);
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        bool own = knobs->drum_leash_ms[drum] < knobs->value[KNOB_LEASH];
        char leash[8];
        if (lane->drums != 1u << drum || !own)
            continue;
        snprintf(leash, sizeof leash, "%.0f", knobs->drum_leash_ms[drum]);
        if (end + 1 + grid_width(leash) < axis->left)
            grid_put_right(grid, row, axis->left - 1, ROLE_DIM, leash);
    }
}

void lanes_draw(struct grid *grid, int row, int rows, const struct axis *axis,
                const struct screen *screen)
{
    const struct score *score = screen->played;
    struct lane lanes[MOST_LANES];
    int count = choose_lanes(score, rows, lanes);
    int first, end = axis_steps(axis, score, &first);
    draw_bars(grid, row, rows, axis, screen);
    for (int i = 0; i < rows; i++)
        grid_put(grid, row + i, axis->now, ROLE_BOLD, "┃");
    for (int i = 0; i < count; i++)
        draw_name(grid, row + i, axis, &lanes[i], &screen->knobs);
    for (int s = first; s < end; s++) {
        int col = axis_col(axis, axis_step(score, s));
        enum role role = screen->moments[s].missed ? ROLE_BAD
                         : col == axis->now        ? ROLE_BOLD
                         : col < axis->now         ? ROLE_DRUMS
                                                   : ROLE_PLAIN;
        for (int i = 0; i < count; i++)
            draw_hit(grid, row + i, col, &score->steps[s], lanes[i].drums, role);
    }
}
