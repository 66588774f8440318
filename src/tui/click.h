/* The mouse: a hint is its key, a line is selected and, once more, opened; the wheel moves. */
#ifndef TUI_CLICK_H
#define TUI_CLICK_H

#include "tui/running.h"

/* Whether `press` came from the mouse; it has then been heeded. */
bool click_heed(struct tui *tui, int press);

#endif
