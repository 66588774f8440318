#include "tui/view.h"

#include "tui/when.h"
#include "tui/widgets.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MARGIN = 1, NAME = 3, AROUND = 4, HEADINGS = 3 };

/* Columns on the right, by where they end. */
enum { DATE_COLS = 18, MS_COLS = 14, COUNT_COLS = 10 };

int view_library_page(int rows)
{
    int page = rows - 3 - AROUND - HEADINGS; /* title, messages and keys are not the view's */
    return page > 0 ? page : 0;
}

static void describe_session(const struct library_item *item, char *count, char *ms, int size)
{
    if (item->broken[0])
        return;
    snprintf(count, (size_t)size, "%d take%s", item->take_count, item->take_count == 1 ? "" : "s");
    if (isfinite(item->last_ms))
        snprintf(ms, (size_t)size, "%.1f ms apart", item->last_ms);
}

static void draw_item(struct grid *grid, int row, const struct library_item *item, bool selected)
{
    char count[32] = "", ms[32] = "", date[WHEN_SIZE] = "";
    int end = grid->cols - MARGIN;
    enum role role = item->broken[0] ? ROLE_DIM : ROLE_PLAIN;
    bool is_folder = item->kind == LIBRARY_FOLDER || item->kind == LIBRARY_UP;
    int col = grid_put(grid, row, NAME, is_folder ? ROLE_BOLD : role, item->name);
    if (is_folder)
        grid_put(grid, row, col, ROLE_BOLD, "/");
    if (item->kind == LIBRARY_SESSION) {
        describe_session(item, count, ms, sizeof count);
        if (item->last_s)
            when_text(item->last_s, (int64_t)time(NULL), date);
    } else if (item->bars > 0) {
        snprintf(count, sizeof count, "%d bar%s", item->bars, item->bars == 1 ? "" : "s");
        widget_clock(item->length_s, date, sizeof date);
    } else if (item->kind == LIBRARY_DEMO) {
        snprintf(date, sizeof date, "a virtual guitarist");
    }
    if (item->broken[0])
        snprintf(date, sizeof date, "cannot be read");
    int facts = end - DATE_COLS - MS_COLS - COUNT_COLS;
    if (count[0] && col >= facts) /* a long name makes way */
        grid_fill(grid, row, facts, end - facts, ROLE_PLAIN, " ");
    grid_put_right(grid, row, end, role, date);
    grid_put_right(grid, row, end - DATE_COLS, role, ms);
    grid_put_right(grid, row, end - DATE_COLS - MS_COLS, role, count);
    if (!selected)
        return;
    grid_put(grid, row, MARGIN, ROLE_BOLD, "▶");
    grid_paint(grid, row, NAME, end - NAME, ROLE_SELECTED);
}

static bool is_session(const struct library_item *item)
{
    return item->kind == LIBRARY_SESSION;
}

/* What lies at home is shown as the shell does. */
static void shorten(const struct library *library, const char *path, char out[PATH_MAX])
{
    size_t length = library->home ? strlen(library->home) : 0;
    bool at_home = length > 1 && strncmp(path, library->home, length) == 0 &&
                   (path[length] == '/' || path[length] == '\0');
    snprintf(out, PATH_MAX, "%s%s", at_home ? "~" : "", at_home ? path + length : path);
}

/* The end of a path is what tells it from others. */
static void draw_heading(struct grid *grid, int row, const struct library *library,
                         const struct library_item *item)
{
    int room = grid->cols - MARGIN - 13;
    char place[PATH_MAX];
    const char *folder = place;
    shorten(library, library->folder, place);
    if (is_session(item)) {
        grid_put(grid, row, MARGIN, ROLE_BOLD, "Rehearsed");
        return;
    }
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, folder[0] ? "Songs in " : "Songs");
    bool cut = grid_width(folder) > room;
    while (grid_width(folder) > room)
        do
            folder++;
        while ((*folder & 0xc0) == 0x80);
    col = grid_put(grid, row, col, ROLE_DIM, cut ? "…" : "");
    grid_put(grid, row, col, ROLE_PLAIN, folder);
}

static void draw_list(struct grid *grid, int row, int end, const struct library *library)
{
    const struct library_item *before = NULL;
    for (int i = library->first; i < library->shown_count; i++) {
        const struct library_item *item = &library->items[library->shown[i]];
        if (!before || is_session(before) != is_session(item)) {
            row += before != NULL;
            if (row + 1 >= end)
                return;
            draw_heading(grid, row++, library, item);
        }
        if (row >= end)
            return;
        grid_put_spot(grid, (struct spot){row, 0, grid->cols, SPOT_LINE, i});
        draw_item(grid, row++, item, i == library->selected);
        before = item;
    }
}

/* What the filter lets through, else what the selected line is. */
static void draw_foot(struct grid *grid, int row, const struct library *library)
{
    const struct library_item *item = library_selected(library);
    if (library->filter[0]) {
        int col = grid_print(grid, row, MARGIN, ROLE_BOLD, "/%s", library->filter);
        grid_print(grid, row, col + 2, ROLE_DIM, "%d of %d", library->shown_count, library->count);
        return;
    }
    if (item && item->broken[0] && item->kind == LIBRARY_SCORE)
        grid_put(grid, row, MARGIN, ROLE_WARN, item->broken);
    else if (item && item->kind == LIBRARY_DEMO)
        grid_put(grid, row, MARGIN, ROLE_DIM, "the bundled song; nothing of it is kept");
    else if (item) {
        char path[PATH_MAX];
        shorten(library, item->path, path);
        grid_put(grid, row, MARGIN, ROLE_DIM, path);
    }
}

void view_library(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct library *library = &screen->library;
    int row = area.first;
    widget_rule(grid, row++);
    draw_list(grid, row, area.end - 2, library);
    if (library->shown_count == 0)
        grid_put(grid, row + 1, NAME, ROLE_DIM,
                 library->filter[0] ? "nothing is called so" : "no scores here (.mid, .midi)");
    widget_rule(grid, area.end - 2);
    draw_foot(grid, area.end - 1, library);
}
