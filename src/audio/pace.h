/* A sound card's clock, as the moments of its callbacks tell it: by `time_s`, `frames` had gone
 * through, each taking frame_s. A callback can be held up, for a moment or for a while, but never
 * comes before its time: of every quarter of a second the earliest one counts, and the line through
 * those is kept by a Kalman filter. Private to this room; pure, and real-time safe. */
#ifndef AUDIO_PACE_H
#define AUDIO_PACE_H

#include <stdbool.h>

struct pace {
    double frames, time_s, frame_s;
    double count; /* frames a call, lately */

    /* What the line does not know: variance of time_s, covariance, variance of frame_s, and that of
     * the earliest calls. */
    double time_var, both_var, frame_var, call_var;

    /* Of the calls since the line was last mended: how long that is, and the least lateness. */
    double waited_s, least_s;
    bool lost;
};

/* Frames go at about `rate` a second. */
void pace_reset(struct pace *pace, int rate);

/* A call with `count` frames at `now_s`; `frames` then holds them too. `lost`: the driver says that
 * there were others, which it lost. */
void pace_step(struct pace *pace, int count, bool lost, double now_s);

/* The line begins half a second after the first call. */
bool pace_is_settled(const struct pace *pace);

#endif
