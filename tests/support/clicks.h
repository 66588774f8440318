/* Where hits sound, read off a recording of a kit of clicks (click_sf2): a song for it, and the
 * comparison of what was recorded with what a take says was played. */
#ifndef TESTS_CLICKS_H
#define TESTS_CLICKS_H

#include "score/take.h"

#include <stdbool.h>
#include <stdint.h>

/* A Standard MIDI File in 4/4: closed hats on the eighths, kick or snare on the quarters and here
 * and there between; never two drums of one side at once. The bytes are malloc'd. */
uint8_t *click_song(int bars, double bpm, size_t *size);

/* The frames of a recording at which something sounds: all that has to be kept of a long one. */
struct click_track {
    struct click_sample {
        int64_t frame;
        float side[2];
    } * samples;
    int count, room;
    bool full; /* there was more than it could hold */
};

bool click_track_init(struct click_track *track, int room);
void click_track_release(struct click_track *track);

/* Keeps what sounds of stereo[2 * count], whose first frame is `frame`. Real-time safe. */
void click_track_add(struct click_track *track, const float *stereo, int count, int64_t frame);

struct click_report {
    int hits;  /* of the take */
    int exact; /* heard at their very frame */
    int moved; /* heard near it */
    int lost;
    int extra; /* heard, though nothing was struck */
};

/* Frame 0 of the take is frame `zero` of the track; what sounds before it, the count-in, is passed
 * over. */
struct click_report clicks_compare(const struct score *score, const struct take *take,
                                   const struct click_track *track, int64_t zero);

#endif
