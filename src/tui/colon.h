/* The line that begins with a colon, on the screen: written, completed, recalled, done. */
#ifndef TUI_COLON_H
#define TUI_COLON_H

#include "tui/prompt.h"

enum { COLON_LINES = 16, COLON_HINTS = 300 };

struct colon {
    char lines[COLON_LINES][PROMPT_SIZE]; /* said before; the newest first */
    int count;
    int recalled; /* which of them is shown, from 1; 0: a new one */
    char hints[COLON_HINTS];
};

struct tui;
void colon_open(struct tui *tui);

#endif
