/* What the keys of the practice view do, and those of a take in which bars are practised. */
#ifndef TUI_ACT_PRACTICE_H
#define TUI_ACT_PRACTICE_H

#include "tui/running.h"

enum { PRACTICE_PAGE = 8 };

void act_practice_move(struct tui *tui, int by);    /* to another knob */
void act_practice_turn(struct tui *tui, int steps); /* the knob */
void act_practice_set(struct tui *tui, enum practice_knob knob, int value);
void act_practice_clear(struct tui *tui);           /* all of the song, once */
void act_practice_choose(struct tui *tui, int bar); /* this one, from 1, and its section */

/* While a take is played. */
void act_practice_last_time(struct tui *tui);
void act_practice_click(struct tui *tui);

#endif
