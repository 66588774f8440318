/* What a key does. */
#ifndef TUI_ACT_H
#define TUI_ACT_H

#include "tui/running.h"

/* The deed of an action, wherever the user is; see keys_part. */
void act(struct tui *tui, enum action action, int part);

void act_on_key(struct tui *tui, int press);

#endif
