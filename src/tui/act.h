/* What a key does. */
#ifndef TUI_ACT_H
#define TUI_ACT_H

#include "tui/running.h"

void act_on_key(struct tui *tui, int press);

#endif
