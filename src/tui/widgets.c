#include "tui/widgets.h"

#include "learn/judgement.h"
#include "score/kitmap.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CUT_SIZE = 512 };

void widget_bar(struct grid *grid, int row, int col, int width, double fraction, enum role role)
{
    static const char *const eighths[] = {"░", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    fraction = isfinite(fraction) ? fmin(fmax(fraction, 0.0), 1.0) : 0.0;
    int filled = (int)lround(fraction * width * 8);
    grid_fill(grid, row, col, width, ROLE_DIM, "░");
    grid_fill(grid, row, col, filled / 8, role, "█");
    if (filled % 8)
        grid_put(grid, row, col + filled / 8, role, eighths[filled % 8]);
}

void widget_spark(struct grid *grid, int row, int col, double value, double most, enum role role)
{
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (!isfinite(value)) {
        grid_put(grid, row, col, ROLE_DIM, "·");
        return;
    }
    double share = most > 0 ? fmin(fmax(value / most, 0.0), 1.0) : 0.0;
    grid_put(grid, row, col, role, heights[(int)fmin(share * 8.0, 7.0)]);
}

void widget_column(struct grid *grid, int row, int col, int height, double value, double most,
                   enum role role)
{
    const double level = most / height; /* what one row stands for */
    widget_spark(grid, row, col, value, level, role);
    for (int i = 1; i < height && value > i * level; i++)
        widget_spark(grid, row - i, col, value - i * level, level, role);
}

/* Rows of three dots, one after the other. */
static const char shapes[10][3 * BIG_ROWS + 1] = {
    "#### ## ## ####", " # ##  #  # ###", "###  #####  ###", "###  ####  ####", "# ## ####  #  #",
    "####  ###  ####", "####  #### ####", "###  #  #  #  #", "#### ##### ####", "#### ####  ####",
};

/* A dot of a digit. */
static void put_dot(struct grid *grid, int row, int col, int rows, int cols, enum role role)
{
    for (int i = 0; i < rows; i++)
        grid_fill(grid, row + i, col, cols, role, "█");
}

int widget_large(struct grid *grid, int row, int col, int rows, int cols, enum role role,
                 const char *digits)
{
    for (; *digits; digits++, col += BIG_COLS * cols) {
        if (*digits == '-')
            put_dot(grid, row + BIG_ROWS / 2 * rows, col, rows, 3 * cols, role);
        if (*digits < '0' || *digits > '9')
            continue;
        for (int place = 0; place < 3 * BIG_ROWS; place++)
            if (shapes[*digits - '0'][place] == '#')
                put_dot(grid, row + place / 3 * rows, col + place % 3 * cols, rows, cols, role);
    }
    return col;
}

int widget_big(struct grid *grid, int row, int col, enum role role, const char *digits)
{
    return widget_large(grid, row, col, 1, 1, role, digits);
}

void widget_rule(struct grid *grid, int row)
{
    grid_fill(grid, row, 0, grid->cols, ROLE_DIM, "─");
}

enum role widget_judge(double ms)
{
    static const enum role roles[] = {[TIGHT] = ROLE_GOOD, [CLOSE] = ROLE_WARN, [LOOSE] = ROLE_BAD};
    return roles[tightness_of(ms)];
}

const char *widget_verdict(double ms)
{
    static const char *const words[] = {[TIGHT] = "tight", [CLOSE] = "close", [LOOSE] = "apart"};
    return words[tightness_of(ms)];
}

void widget_clock(double seconds, char *out, int size)
{
    int whole = seconds > 0 ? (int)fmin(seconds, 359999.0) : 0;
    snprintf(out, (size_t)size, "%d:%02d", whole / 60, whole % 60);
}

const char *widget_drum(int drum)
{
    static const char *const names[DRUM_COUNT] = {"kick", "snare", "hat",   "open", "lo",
                                                  "mid",  "hi",    "crash", "ride"};
    return names[drum];
}

int widget_cut(struct grid *grid, int row, int col, int end, enum role role, const char *text)
{
    char part[CUT_SIZE];
    int room = end - col;
    snprintf(part, sizeof part, "%s", text);
    if (room < 2)
        return col;
    if (grid_width(part) <= room)
        return grid_put(grid, row, col, role, part);
    size_t length = strlen(part);
    while (length > 0 && grid_width(part) > room - 1) {
        do
            length--;
        while (length > 0 && (part[length] & 0xc0) == 0x80);
        part[length] = '\0';
    }
    return grid_put(grid, row, grid_put(grid, row, col, role, part), ROLE_DIM, "…");
}
