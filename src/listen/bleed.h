/* How much of what is heard can be the program's own drums, come back through the air.
 *
 * The gain of each band is learnt while drums and guitar sound together, from what the two signals
 * have in common: a string's phase knows nothing of a drum's, so the guitar does not count, however
 * often it coincides with the drums. Where nothing is in common with certainty, nothing is masked.
 * One for each input; after bleed_new every call is real-time safe. */
#ifndef LISTEN_BLEED_H
#define LISTEN_BLEED_H

#include "listen/spectrum.h"

#include <stdbool.h>

struct bleed;

/* rate and frames_per_s as those of the input's spectra. NULL when out of memory. */
struct bleed *bleed_new(int rate, double frames_per_s);
void bleed_free(struct bleed *bleed);
void bleed_reset(struct bleed *bleed);

/* drums[window] are what was sounded, at the time when it can come back, `heard` the input's
 * spectrum of the same samples. -> own[bands], an upper bound of the drums' energy in the input.
 * False when it is 0 in all bands. */
bool bleed_next(struct bleed *bleed, const float *drums, const struct spectrum *heard, float *own);

#endif
