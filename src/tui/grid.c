#include "tui/grid.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The signs the views use, and what stands for them in ASCII. */
static const struct stand_in {
    uint32_t sign;
    char ascii;
} stand_ins[] = {
    {U'─', '-'}, {U'│', '|'}, {U'┃', '|'}, {U'├', '|'}, {U'└', '`'}, {U'┊', ':'}, {U'▁', '_'},
    {U'▂', '-'}, {U'▃', ':'}, {U'▄', '='}, {U'▅', '+'}, {U'▆', '*'}, {U'▇', '%'}, {U'█', '#'},
    {U'▏', '.'}, {U'▎', '.'}, {U'▍', '.'}, {U'▌', '#'}, {U'▋', '#'}, {U'▊', '#'}, {U'▉', '#'},
    {U'░', '.'}, {U'▒', ':'}, {U'▀', '"'}, {U'━', '='}, {U'○', 'o'}, {U'●', '*'}, {U'◌', '+'},
    {U'◉', '@'}, {U'▲', '^'}, {U'▼', 'v'}, {U'▶', '>'}, {U'→', '>'}, {U'←', '<'}, {U'↑', '^'},
    {U'↓', 'v'}, {U'…', '~'}, {U'·', '.'}, {U'▪', 'x'}, {U'◦', 'o'}, {U'–', '-'}, {U'×', 'x'},
};

/* The next character of `*text`, which moves past it. Broken bytes count as '?', one each. */
static uint32_t next_char(const char **text)
{
    int length = utf8_length(*text);
    uint32_t sign = length ? utf8_code(*text, length) : '?';
    *text += length ? length : 1;
    return sign < 0x20 || (sign >= 0x7f && sign < 0xa0) ? '?' : sign;
}

static char in_ascii(uint32_t sign)
{
    for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++)
        if (stand_ins[i].sign == sign)
            return stand_ins[i].ascii;
    return '?';
}

/* The house's own signs are one column wide everywhere; the rest is the locale's word. */
static int columns(uint32_t sign)
{
    if (sign < 0x80 || in_ascii(sign) != '?')
        return 1;
    int width = wcwidth((wchar_t)sign);
    return width < 0 ? 1 : width;
}

bool grid_resize(struct grid *grid, int rows, int cols)
{
    size_t size = (size_t)rows * (size_t)cols + 1;
    free(grid->cells);
    free(grid->spots);
    grid->rows = grid->cols = grid->spot_count = 0;
    grid->cells = calloc(size, sizeof *grid->cells);
    grid->spots = calloc(size, sizeof *grid->spots);
    if (!grid->cells || !grid->spots)
        return false;
    grid->rows = rows;
    grid->cols = cols;
    grid_clear(grid);
    return true;
}

void grid_clear(struct grid *grid)
{
    for (int i = 0; i < grid->rows * grid->cols; i++)
        grid->cells[i] = (struct cell){.text = " ", .role = ROLE_PLAIN};
    grid->spot_count = 0;
}

void grid_put_spot(struct grid *grid, struct spot spot)
{
    if (grid->spot_count < grid->rows * grid->cols)
        grid->spots[grid->spot_count++] = spot;
}

const struct spot *grid_spot(const struct grid *grid, int row, int col)
{
    for (int i = grid->spot_count - 1; i >= 0; i--) {
        const struct spot *spot = &grid->spots[i];
        if (spot->row == row && col >= spot->col && col < spot->col + spot->count)
            return spot;
    }
    return NULL;
}

void grid_release(struct grid *grid)
{
    free(grid->cells);
    free(grid->spots);
    *grid = (struct grid){0};
}

static void set_cell(struct grid *grid, int row, int col, enum role role, uint32_t sign)
{
    if (row < 0 || row >= grid->rows || col < 0 || col >= grid->cols)
        return;
    struct cell *cell = &grid->cells[row * grid->cols + col];
    cell->role = (uint8_t)role;
    utf8_put(sign, cell->text);
}

int grid_put(struct grid *grid, int row, int col, enum role role, const char *text)
{
    while (*text) {
        uint32_t sign = next_char(&text);
        int width = columns(sign);
        if (!grid->utf8 && sign >= 0x80)
            sign = (uint32_t)in_ascii(sign);
        if (width == 2 && col + 1 >= grid->cols)
            sign = ' ';
        if (width > 0)
            set_cell(grid, row, col, role, sign);
        if (width == 2)
            set_cell(grid, row, col + 1, role, sign < 0x80 ? sign : 0);
        col += width;
    }
    return col;
}

int grid_print(struct grid *grid, int row, int col, enum role role, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return grid_put(grid, row, col, role, text);
}

int grid_put_right(struct grid *grid, int row, int end, enum role role, const char *text)
{
    int col = end - grid_width(text);
    grid_put(grid, row, col, role, text);
    return col;
}

void grid_fill(struct grid *grid, int row, int col, int count, enum role role, const char *text)
{
    for (int i = 0; i < count; i++)
        grid_put(grid, row, col + i, role, text);
}

void grid_paint(struct grid *grid, int row, int col, int count, enum role role)
{
    for (int i = col < 0 ? 0 : col; row >= 0 && row < grid->rows && i < col + count; i++)
        if (i < grid->cols)
            grid->cells[row * grid->cols + i].role = (uint8_t)role;
}

int grid_width(const char *text)
{
    int width = 0;
    while (*text)
        width += columns(next_char(&text));
    return width;
}

void grid_row_text(const struct grid *grid, int row, char *out, int size)
{
    int length = 0, kept = 0;
    for (int col = 0; col < grid->cols; col++) {
        const char *text = grid->cells[row * grid->cols + col].text;
        int more = (int)strlen(text);
        if (length + more >= size)
            break;
        memcpy(out + length, text, (size_t)more);
        length += more;
        if (strcmp(text, " ") != 0)
            kept = length;
    }
    out[kept] = '\0';
}
