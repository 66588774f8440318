/* How much louder a sound has just become, in dB, with the noise of the room and the level of
 * the player learnt by itself: the same playing gives the same rise close or far, and noise gives
 * little.
 *
 * After rise_new every call is real-time safe. */
#ifndef LISTEN_RISE_H
#define LISTEN_RISE_H

struct rise;

/* Frames are spectra of `bands` bands (at most SPECTRUM_MOST_BANDS). NULL when out of memory. */
struct rise *rise_new(double frames_per_s, int bands);
void rise_free(struct rise *rise);
void rise_reset(struct rise *rise);

/* energy[bands] of the next frame -> the mean rise above what was heard up to 25 ms before, >= 0.
 */
float rise_next(struct rise *rise, const float *energy);

#endif
