/* Put aside with ctrl-z, and taken up again: the terminal and the sound card are the shell's in
 * between. */
#ifndef TUI_ASIDE_H
#define TUI_ASIDE_H

#include "tui/running.h"

/* Heeds what signals.h has remembered. A take that is being played is kept first. */
void aside_tick(struct tui *tui);

#endif
