/* What the keys of the practice view do, and those of a take in which bars are practised. */
#ifndef TUI_DRILLING_H
#define TUI_DRILLING_H

#include "tui/running.h"

enum { DRILLING_PAGE = 8 };

void drilling_move(struct tui *tui, int by);    /* to another knob */
void drilling_turn(struct tui *tui, int steps); /* the knob */
void drilling_set(struct tui *tui, enum practice_knob knob, int value);
void drilling_clear(struct tui *tui);           /* all of the song, once */
void drilling_choose(struct tui *tui, int bar); /* this one, from 1, and its section */

/* While a take is played. */
void drilling_last_time(struct tui *tui);
void drilling_click(struct tui *tui);

#endif
