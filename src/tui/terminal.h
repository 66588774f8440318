/* The terminal: the only file of the house that includes ncurses is terminal.c. */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "tui/grid.h"

#include "base/error.h"

/* Takes the terminal over, and its mouse, unless that is left to the terminal itself. Fails where
 * there is none, or one that cannot do it. From now on a crash gives the terminal back before it
 * kills the program, and what libraries write to a standard error that is this terminal is dropped.
 */
bool terminal_open(bool mouse, struct error *err);
void terminal_close(void); /* gives it back as it was found; may be called twice */

/* Gives it back for a while, and takes it again, whatever it was used for and its size is now. */
void terminal_lend(void);
void terminal_take_back(void);

bool terminal_utf8(void);
void terminal_size(int *rows, int *cols);

/* Shows `next` where `last` was shown before, or nothing (a grid of another size). Only what has
 * changed is sent. */
void terminal_show(const struct grid *next, const struct grid *last);

/* The next key, a character or enum press. Waits up to `wait_ms` for one; a signal ends the wait,
 * and so does something to be read from `other`, a file descriptor or -1. */
int terminal_press(int wait_ms, int other);

/* Where the last PRESS_CLICK was. */
void terminal_click(int *row, int *col);

#endif
