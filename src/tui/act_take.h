/* What the keys of the take view do to its bars and drums. */
#ifndef TUI_ACT_TAKE_H
#define TUI_ACT_TAKE_H

#include "tui/running.h"

void act_take_move(struct tui *tui, int direction); /* to another bar, or column of bars */
void act_take_stretch(struct tui *tui);             /* from this one on */
void act_take_toggle_bars(struct tui *tui);         /* out of the lesson, or in */
void act_take_toggle_drum(struct tui *tui, int drum);

#endif
