/* The energy of a signal in bands a guitar's attack can be told by.
 *
 * The window rises slowly and falls fast, so that the newest samples count at once: a symmetric one
 * would know of an attack only when half of it has passed. */
#ifndef LISTEN_SPECTRUM_H
#define LISTEN_SPECTRUM_H

#define SPECTRUM_MOST_BANDS 40

struct spectrum;

/* rate: 8000..192000 frames a second. NULL when out of memory. */
struct spectrum *spectrum_new(int rate);
void spectrum_free(struct spectrum *spectrum);

int spectrum_window(const struct spectrum *spectrum); /* samples looked at, about 21 ms */
int spectrum_bands(const struct spectrum *spectrum);  /* at most SPECTRUM_MOST_BANDS */

/* samples[window] -> energy[bands]; a full-scale sine is about 1. Real-time safe. */
void spectrum_measure(struct spectrum *spectrum, const float *samples, float *energy);

/* The transform measured last, bins[][2]; band b is bins spectrum_edge(b) .. spectrum_edge(b + 1)
 * - 1.
 */
const float *spectrum_bins(const struct spectrum *spectrum);
int spectrum_edge(const struct spectrum *spectrum, int band);

#endif
