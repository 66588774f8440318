/* The other end of the cables: two JACK clients that play a guitar into the program and listen to
 * what it sounds, frame by frame.
 *
 *     player --> rolypoly --> recorder
 *
 * Two, so that the graph has no cycle and no period is added: what the recorder has in a cycle is
 * what the program made of what the player gave it in that same cycle. The player counts the
 * frames. */
#ifndef TESTS_LIVE_JACK_DUET_H
#define TESTS_LIVE_JACK_DUET_H

#include "support/clicks.h"

struct duet_guitar {
    const float *samples;
    int64_t count;
    int64_t delay; /* frames from the take's frame 0 to the guitar's */
};

struct jack_duet;

/* Joins the server in $JACK_DEFAULT_SERVER; `count_in` is how many frames before the take's frame 0
 * its first click sounds. NULL, with a word on stderr, when there is no server. */
struct jack_duet *jack_duet_open(const struct duet_guitar *guitar, int64_t count_in);
void jack_duet_close(struct jack_duet *duet);
int jack_duet_rate(const struct jack_duet *duet);

/* Waits until another client shows itself, connects it, and forgets what was recorded. False when
 * none comes. */
bool jack_duet_connect(struct jack_duet *duet);

/* From the first click on: where frame 0 of the take is in the track; false while none was heard,
 * and when the first one that was heard had no accent (it came before the cables). */
bool jack_duet_zero(struct jack_duet *duet, int64_t *zero);

/* What was recorded; valid once the other client is gone. */
const struct click_track *jack_duet_track(const struct jack_duet *duet);
int jack_duet_xruns(const struct jack_duet *duet);

#endif
