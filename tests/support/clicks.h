/* Where hits sound, read off a recording of a kit of clicks (click_sf2): a song for it, and the
 * comparison of what was recorded with what a take says was played. */
#ifndef TESTS_CLICKS_H
#define TESTS_CLICKS_H

#include "score/take.h"

#include <stdint.h>

/* A Standard MIDI File in 4/4: closed hats on the eighths, kick or snare on the quarters and here
 * and there between; never two drums of one side at once. The bytes are malloc'd. */
uint8_t *click_song(int bars, double bpm, size_t *size);

struct click_report {
    int hits;  /* of the take */
    int exact; /* heard at their very frame */
    int moved; /* heard near it */
    int lost;
    int extra; /* heard, though nothing was struck */
};

/* stereo[2 * count] is the recording, interleaved; its first frame is frame `first` of the take. */
struct click_report clicks_compare(const struct score *score, const struct take *take,
                                   const float *stereo, int64_t count, int64_t first);

/* The first frame of the recording at which something sounds, -1 when it is silent. */
int64_t clicks_first(const float *stereo, int64_t count);

#endif
