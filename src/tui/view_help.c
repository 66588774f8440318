#include "tui/view.h"

#include "tui/widgets.h"

#include <string.h>

enum { MARGIN = 1, NAME = 10, COLUMN = 40, MOST_LINES = 64 };

/* The same key with the same action stands in the table once for every place. */
static bool told_before(int index)
{
    for (int i = 0; i < index; i++)
        if (keys[i].action == keys[index].action && strcmp(keys[i].name, keys[index].name) == 0)
            return true;
    return false;
}

void view_help(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct key *lines[MOST_LINES];
    int count = 0;
    for (int i = 0; i < key_count && count < MOST_LINES; i++)
        if (!told_before(i))
            lines[count++] = &keys[i];

    int row = area.first;
    widget_rule(grid, row++);
    bool legend = area.end - row > 16 && grid->cols >= 2 * COLUMN - 2;
    int rows = area.end - row - (legend ? 5 : 0);
    int columns = grid->cols >= 2 * COLUMN - 2 ? 2 : 1;
    int most_first = count > rows * columns ? count - rows * columns : 0;
    int first = screen->help_first < most_first ? screen->help_first : most_first;
    int per_column = columns == 2 ? (count + 1) / 2 : rows;
    if (per_column > rows)
        per_column = rows;
    for (int i = 0; i + first < count && i < per_column * columns; i++) {
        int col = MARGIN + i / per_column * (grid->cols / 2), at = row + i % per_column;
        grid_put_right(grid, at, col + NAME - 1, ROLE_BOLD, lines[i + first]->name);
        grid_put(grid, at, col + NAME, ROLE_PLAIN, lines[i + first]->help);
    }
    if (!legend)
        return;
    row = area.end - 4;
    grid_put(grid, row++, MARGIN, ROLE_PLAIN,
             "The graph: up is late, down is early, of the written time. ● drums  ○ you");
    grid_put(grid, row++, MARGIN, ROLE_PLAIN,
             "◉ both at once  ◌ where you were expected  ▲ ▼ off the graph  ! planned late");
    grid_put(grid, row++, MARGIN, ROLE_PLAIN,
             "Below it: ○ you were heard  + between two steps  × it was ignored, and why");
    grid_put(grid, row, MARGIN, ROLE_PLAIN,
             "Together: the mean distance of drums and guitar; under 10 ms is one sound.");
}
