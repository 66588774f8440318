/* How each role looks on terminals with few colours, with 256, with 16 million, and with none.
 *
 * Colours stand on a background that is the user's and not known here. Where the terminal can, they
 * are of a middling lightness that can be read on black and on white alike; and what must be told
 * apart lies on the axis from blue to orange, which the colour-blind see. No role is told by colour
 * alone: the views say it in shape and place first. */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include "tui/grid.h"

#include <stdbool.h>

enum { PALETTE_DIRECT = 1 << 24 }; /* colours of a terminal that takes a colour as 0xrrggbb */

struct look {
    bool bold, dim, reverse;
    int colour; /* -1: the terminal's own; else what such a terminal calls it */
};

/* On a terminal that has this many colours; 0 where none are wanted. */
struct look palette_look(enum role role, int colours);

/* Whether the environment wants colours: no NO_COLOR, or an empty one (no-color.org). */
bool palette_wanted(const char *no_color);

/* The description of `term` that has direct colour, where `colorterm` says that it can do so:
 * "xterm-direct" for xterm-256color. Descriptions are named so by custom. False where there is none
 * to look for. */
bool palette_direct(const char *term, const char *colorterm, char *out, int size);

#endif
