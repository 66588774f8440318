/* What a key does. */
#ifndef TUI_ACT_H
#define TUI_ACT_H

#include "tui/running.h"

/* The deed of an action, wherever the user is; see keys_part. */
void act(struct tui *tui, enum action action, int part);

/* Another song, in the place of this one. Asks while it is busy. */
void act_open(struct tui *tui, const char *song);

/* The take that a key would be about, as MIDI. */
void act_export(struct tui *tui, const char *path);

/* The selection, so many lines down. */
void act_move(struct tui *tui, int by);

void act_on_key(struct tui *tui, int press);

#endif
