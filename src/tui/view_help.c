#include "tui/view.h"

#include "tui/widgets.h"

#include <stdio.h>
#include <string.h>

enum { MARGIN = 1, NAME = 11, COLUMN = 42, MOST_LINES = 320 };

/* A heading where there is no help. */
struct line {
    const char *name, *help;
};

struct lines {
    struct line all[MOST_LINES];
    int count;
};

static const struct {
    enum place place;
    const char *name;
} places[] = {
    {AT_STAGE, "On the stage"},
    {AT_PLAYING, "While a take is played"},
    {AT_TAKE, "After a take"},
    {AT_LESSON, "During a lesson"},
    {AT_LEARNT, "After a lesson"},
    {AT_ENTRANCE, "When you begin"},
    {AT_LISTEN, "Listening again"},
    {AT_HISTORY, "History"},
    {AT_COMPARE, "Two side by side"},
    {AT_PRACTICE, "Practice"},
    {AT_WEIGHTS, "Weights"},
    {AT_HELP, "Help"},
    {AT_LIBRARY, "Songs and rehearsals"},
};
enum { PLACES = sizeof places / sizeof *places };

static const struct line signs[] = {
    {"up", "late, of the written time"},
    {"down", "early"},
    {"●", "the drums"},
    {"○", "you"},
    {"◉", "both at once"},
    {"◌", "where you were expected"},
    {"▲ ▼", "off the graph"},
    {"!", "planned late"},
    {"+", "heard between two steps"},
    {"×", "heard and ignored, and why"},
    {"together", "mean distance of drums and guitar;"},
    {"", "under 10 ms is one sound"},
};
enum { SIGNS = sizeof signs / sizeof *signs };

static void add(struct lines *lines, const char *name, const char *help)
{
    if (lines->count < MOST_LINES)
        lines->all[lines->count++] = (struct line){name, help};
}

static bool told(const struct lines *lines, const char *name, const char *help)
{
    for (int i = 0; i < lines->count; i++)
        if (lines->all[i].help && strcmp(lines->all[i].help, help) == 0 &&
            strcmp(lines->all[i].name, name) == 0)
            return true;
    return false;
}

/* The keys of a place, each but once in the whole of the help. */
static void add_place(struct lines *lines, const struct keymap *map, enum place place,
                      const char *heading)
{
    int begin = lines->count;
    for (int i = 0; i < key_count; i++) {
        const char *name = map->rows[i].name;
        if (!(keys[i].places & place) || !name[0] || told(lines, name, keys[i].help))
            continue;
        if (lines->count == begin) {
            if (begin > 0)
                add(lines, "", NULL);
            add(lines, heading, NULL);
        }
        add(lines, name, keys[i].help);
    }
}

/* First what works where the user is; then the others. */
static void collect(struct lines *lines, const struct screen *screen)
{
    enum place here = screen->help_place ? screen->help_place : AT_STAGE;
    for (int other = 0; other < 2; other++)
        for (int i = 0; i < PLACES; i++)
            if ((places[i].place != here) == other)
                add_place(lines, &screen->keymap, places[i].place, places[i].name);
    add(lines, "", NULL);
    add(lines, "Signs of the stage", NULL);
    for (int i = 0; i < SIGNS; i++)
        add(lines, signs[i].name, signs[i].help);
}

static void draw_line(struct grid *grid, int row, int col, const struct line *line)
{
    if (!line->help) {
        grid_put(grid, row, col, ROLE_BOLD, line->name);
        return;
    }
    grid_put_right(grid, row, col + NAME - 1, ROLE_BOLD, line->name);
    grid_put(grid, row, col + NAME, ROLE_PLAIN, line->help);
}

static int columns_of(int cols)
{
    return cols >= 3 * COLUMN ? 3 : cols >= 2 * COLUMN - 4 ? 2 : 1;
}

int view_help_last(const struct screen *screen, int rows, int cols)
{
    struct lines lines = {.count = 0};
    collect(&lines, screen);
    int page = (rows - 5) * columns_of(cols); /* title, rule, foot, messages and keys */
    return lines.count > page ? lines.count - page : 0;
}

void view_help(struct grid *grid, struct area area, const struct screen *screen)
{
    struct lines lines = {.count = 0};
    collect(&lines, screen);
    int row = area.first;
    widget_rule(grid, row++);
    int rows = area.end - 1 - row, columns = columns_of(grid->cols);
    int last = view_help_last(screen, grid->rows, grid->cols);
    int first = screen->help_first < last ? screen->help_first : last;
    for (int i = 0; i < rows * columns && i + first < lines.count; i++)
        draw_line(grid, row + i % rows, MARGIN + i / rows * (grid->cols / columns),
                  &lines.all[i + first]);
    if (last > 0)
        grid_print(grid, area.end - 1, MARGIN, ROLE_DIM, "%s", first < last ? "↓ more" : "↑ more");
}
