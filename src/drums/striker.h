/* FluidSynth as a drum to be struck offline, one hit at a time. Private to this room. */
#ifndef DRUMS_STRIKER_H
#define DRUMS_STRIKER_H

#include "base/error.h"

struct striker;

/* Loads the SoundFont's standard drum kit. rate: 8000..96000, what FluidSynth renders at. NULL on
 * failure. */
struct striker *striker_open(const char *soundfont, int rate, struct error *err);
void striker_close(struct striker *striker);

/* Strikes a key and lets it ring into `stereo` for at most `limit` frames (a multiple of 64), or
 * until it stays below `floor`. Returns the frames up to the last louder one, 0 when the key has no
 * sound. *exclusive is the SoundFont's exclusive class, 0 for none. */
int striker_strike(struct striker *striker, int pitch, int velocity, float *stereo, int limit,
                   float floor, int *exclusive);

#endif
