#include "tui/view.h"

#include <string.h>

enum { MARGIN = 1 };

/* The text is moved to the left as far as it takes to show the cursor. */
void view_prompt(struct grid *grid, int row, const struct prompt *prompt)
{
    int col = grid_put(grid, row, MARGIN, ROLE_BOLD, prompt->label) + 1;
    int room = grid->cols - col - 2;
    char head[PROMPT_SIZE];
    memcpy(head, prompt->text, prompt->cursor);
    head[prompt->cursor] = '\0';
    const char *from = head;
    while (grid_width(from) > room)
        do
            from++;
        while ((*from & 0xc0) == 0x80);
    int cursor = col + grid_width(from);
    grid_put(grid, row, col, ROLE_PLAIN, prompt->text + (from - head));
    grid_paint(grid, row, cursor, 1, ROLE_SELECTED);
}

/* Of every hint, "enter write", the first word is the key. */
void view_prompt_hints(struct grid *grid, int row, const struct prompt *prompt)
{
    const char *hint = prompt->hints;
    int col = MARGIN;
    grid_put(grid, row, col, ROLE_PLAIN, hint);
    while (*hint) {
        int key = (int)strcspn(hint, " ");
        grid_paint(grid, row, col, key, ROLE_BOLD);
        const char *next = strstr(hint, "   ");
        if (!next)
            return;
        col += (int)(next - hint) + 3;
        hint = next + 3;
    }
}
