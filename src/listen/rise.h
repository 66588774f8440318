/* How much louder a sound has just become, in dB, with the noise of the room and the level of
 * the player learnt by itself: the same playing gives the same rise close or far, and noise gives
 * little.
 *
 * After rise_new every call is real-time safe. */
#ifndef LISTEN_RISE_H
#define LISTEN_RISE_H

#include "listen/spectrum.h"

struct rise;

/* What one frame tells; all but level_db are >= 0. */
struct rising {
    float mean_db;  /* over the bands, strong rises counting for more */
    float novel_db; /* the same of what is new in the sound (listen/novelty.h) */
    float high_db;  /* of the upper third of the bands */
    float own_db;   /* what the program's own drums take away from mean_db and novel_db */
    float level_db; /* mean over the bands, each against its own recent peak; <= 0 */
};

/* Frames are spectra of `bands` bands (at most SPECTRUM_MOST_BANDS). NULL when out of memory. */
struct rise *rise_new(double frames_per_s, int bands);
void rise_free(struct rise *rise);
void rise_reset(struct rise *rise);

/* The next frame: its energy[bands], the part of it that is novel[bands], and how much of it the
 * own drums[bands] can be (NULL: none). */
void rise_next(struct rise *rise, const float *energy, const float *novel, const float *drums,
               struct rising *rising);

#endif
