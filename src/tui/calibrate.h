/* The round trip, measured from the screen. While it is measured there is no stage. */
#ifndef TUI_CALIBRATE_H
#define TUI_CALIBRATE_H

#include "tui/running.h"

void calibrate_begin(struct tui *tui);
void calibrate_tick(struct tui *tui);
void calibrate_end(struct tui *tui, const struct error *why); /* empty: the player's wish */

#endif
