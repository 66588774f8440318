/* The part of a sound that its last moments do not foretell: a string that rings goes on turning as
 * it did, one that is struck anew starts elsewhere, however loud the others ring. (Bello, Duxbury,
 * Davies and Sandler, "On the use of phase and energy for musical onset detection in the complex
 * domain", 2004.)
 *
 * After novelty_new every call is real-time safe. */
#ifndef LISTEN_NOVELTY_H
#define LISTEN_NOVELTY_H

#include "listen/spectrum.h"

struct novelty;

/* For spectra like `spectrum`, frames_per_s of them. NULL when out of memory. */
struct novelty *novelty_new(const struct spectrum *spectrum, double frames_per_s);
void novelty_free(struct novelty *novelty);
void novelty_reset(struct novelty *novelty);

/* The next frame, and its energy[bands] -> the part of each that is new. */
void novelty_next(struct novelty *novelty, const struct spectrum *spectrum, const float *energy,
                  float *novel);

#endif
