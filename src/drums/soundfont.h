/* A look at a SoundFont file before FluidSynth is trusted with it. Private to this room. */
#ifndef DRUMS_SOUNDFONT_H
#define DRUMS_SOUNDFONT_H

#include "base/error.h"

/* True when the file is a RIFF of form 'sfbk' whose chunks lie within it and whose tables
 * (SoundFont 2.04, section 7) have whole records and point at each other in rising order. */
bool soundfont_check(const char *path, struct error *err);

#endif
