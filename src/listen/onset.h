/* When a string was struck: onsets from audio, one per strum.
 *
 * Decides about 3 ms after the sound and then places the onset by looking back in the raw samples.
 * Learns the noise of the room, and how much of its own drums comes back, from what it hears; there
 * is nothing that must be set. How, and how well: docs/LISTENING.md. One detector per input; after
 * onset_new every call is real-time safe. */
#ifndef LISTEN_ONSET_H
#define LISTEN_ONSET_H

#include <stdint.h>

struct onset_detector;

/* Whether it counts; if not, why: for a player who wants to see what is heard. */
enum onset_verdict { ONSET_HEARD, ONSET_TOO_SOFT, ONSET_TOO_SOON, ONSET_OWN_DRUMS };

struct onset {
    int64_t frame;   /* where the sound began, counted from the detector's first frame */
    int64_t decided; /* how many frames had been heard when it was known; > frame */
    float strength;  /* dB of rise, > 0 */
    enum onset_verdict verdict;
};

/* "heard", "too soft", "too soon", "own drums" */
const char *onset_verdict_name(enum onset_verdict verdict);

/* rate: 8000..192000 frames a second. NULL when out of memory. */
struct onset_detector *onset_new(int rate);
void onset_free(struct onset_detector *detector);

/* Forgets the past; frame counting starts again at 0. */
void onset_reset(struct onset_detector *detector);

#define ONSET_MOST_KEENER_DB 12.0f /* either way */

/* Listens more keenly by `db`, -12..12; 0 after onset_new. */
void onset_set_sensitivity(struct onset_detector *detector, float db);

/* Hears `count` mono samples. drums[count] is what the program itself sounded, as mono, at the time
 * when it can come back at the input; NULL when nothing of it can be heard. Writes at most `limit`
 * onsets, heard and ignored, in the order in which they were decided, and returns how many; those
 * beyond are lost. Those heard are at least 45 ms apart; with the ignored there is at most one for
 * every 1.3 ms. The result does not depend on how the samples are cut into calls. Non-finite
 * samples are heard as silence. */
int onset_process(struct onset_detector *detector, const float *samples, const float *drums,
                  int count, struct onset *onsets, int limit);

#endif
