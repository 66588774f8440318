#include "tui/palette.h"

#include <stdio.h>
#include <string.h>

enum { OWN = -1, BLACK = 0, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN };

static const struct {
    bool bold, dim, reverse;
    int few, many, direct; /* colours on terminals with 8, 256 and 16 million */
} looks[ROLE_COUNT] = {
    [ROLE_PLAIN] = {.few = OWN, .many = OWN, .direct = OWN},
    [ROLE_DIM] = {.dim = true, .few = OWN, .many = 244, .direct = 0x7c7c7c},
    [ROLE_BOLD] = {.bold = true, .few = OWN, .many = OWN, .direct = OWN},
    [ROLE_DRUMS] = {.bold = true, .few = CYAN, .many = 68, .direct = 0x3a86d8},
    [ROLE_GUITAR] = {.bold = true, .few = YELLOW, .many = 166, .direct = 0xcf6a00},
    [ROLE_EXPECTED] = {.few = MAGENTA, .many = 98, .direct = 0x9a6fd0},
    [ROLE_GOOD] = {.bold = true, .few = CYAN, .many = 30, .direct = 0x00917a},
    [ROLE_WARN] = {.few = YELLOW, .many = 136, .direct = 0xa87d00},
    [ROLE_BAD] = {.bold = true, .few = RED, .many = 160, .direct = 0xd82a1a},
    [ROLE_SELECTED] = {.reverse = true, .few = OWN, .many = OWN, .direct = OWN},
};

struct look palette_look(enum role role, int colours)
{
    int colour = colours == PALETTE_DIRECT ? looks[role].direct
                 : colours == 256          ? looks[role].many
                 : colours >= 8            ? looks[role].few
                                           : OWN;
    return (struct look){
        .bold = looks[role].bold,
        .dim = looks[role].dim && colour == OWN, /* a grey of its own is dim enough */
        .reverse = looks[role].reverse,
        .colour = colour,
    };
}

bool palette_wanted(const char *no_color)
{
    return !no_color || !no_color[0];
}

bool palette_direct(const char *term, const char *colorterm, char *out, int size)
{
    static const char many[] = "-256color";
    if (!term || !colorterm || strstr(term, "-direct") ||
        (strcmp(colorterm, "truecolor") != 0 && strcmp(colorterm, "24bit") != 0))
        return false;
    size_t length = strlen(term), end = sizeof many - 1;
    if (length > end && strcmp(term + length - end, many) == 0)
        length -= end;
    return length > 0 && snprintf(out, (size_t)size, "%.*s-direct", (int)length, term) < size;
}
