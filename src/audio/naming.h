/* What a musician calls a sound card, from what ALSA and JACK call it. Pure; private to this room.
 */
#ifndef AUDIO_NAMING_H
#define AUDIO_NAMING_H

#include <stdbool.h>

/* "Scarlett 2i2 USB: Audio (hw:1,0)" is "Scarlett 2i2 USB", "HDA Intel PCH: ALC257 Analog (hw:0,0)"
 * is "HDA Intel PCH, ALC257 Analog"; other names stay as they are. */
void naming_friendly(const char *name, char *out, int size);

/* Names of ALSA that lead to a card by a detour (dmix, surround51, a rate converter), or nowhere
 * (null): nobody plugs a guitar into them. */
bool naming_is_plumbing(const char *name);

/* The number of ALSA's card in "(hw:1,0)", -1 where there is none. */
int naming_card(const char *name);

#endif
