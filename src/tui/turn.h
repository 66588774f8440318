/* What the player sets; during a take the drummer is told at once. */
#ifndef TUI_TURN_H
#define TUI_TURN_H

#include "tui/running.h"

void turn_knob(struct tui *tui, enum knob knob, int direction);
void turn_to(struct tui *tui, enum knob knob, int drum, double value); /* drum: of its leash */
void turn_back(struct tui *tui, enum knob knob); /* as it was when the program began */
void turn_drum(struct tui *tui, int drum);       /* whose leash is meant; once more: of all */
/* The drummer hears of it before his next plan. False when he could not be told, which is said. */
bool turn_tell(struct tui *tui, const struct change *change);

void turn_robot(struct tui *tui);
void turn_flub(struct tui *tui);

#endif
