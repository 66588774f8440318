/* The stage's sound: opened, lost, found again. */
#ifndef TUI_SOUND_H
#define TUI_SOUND_H

#include "tui/running.h"

bool sound_open(struct tui *tui, struct error *err);       /* for the first time */
bool sound_open_again(struct tui *tui, struct error *err); /* else none: the screen stays */

/* Before a take: a sound card that came back is opened again. False with tui->again when another
 * process has to. */
bool sound_ready(struct tui *tui, struct error *err);

/* Says once that the sound card has vanished. */
void sound_tick(struct tui *tui);

/* What the knobs say of sensitivity and reverb. */
void sound_heed_knobs(struct tui *tui);

#endif
