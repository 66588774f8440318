/* The foot pedal, heeded like a key. */
#ifndef TUI_FOOT_H
#define TUI_FOOT_H

#include "tui/running.h"

void foot_open(struct tui *tui, const char *place); /* "" for none */
void foot_close(struct tui *tui);

/* What was trodden on, a PRESS_MIDI_...; PRESS_NONE when nothing was. Says when the pedal has gone,
 * and when it is back. */
int foot_press(struct tui *tui);

#endif
