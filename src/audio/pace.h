/* A sound card's clock, as the moments of its callbacks tell it: by `time_s`, `frames` had gone
 * through, each taking frame_s. A callback comes late by chance; the line through all of them does
 * not. Private to this room; pure, and real-time safe. */
#ifndef AUDIO_PACE_H
#define AUDIO_PACE_H

struct pace {
    double frames, time_s, frame_s;
    double count; /* frames a call, lately */

    /* What the line does not know: variance of time_s, covariance, variance of frame_s, and that of
     * the moments of the calls. */
    double time_var, both_var, frame_var, call_var;

    /* For how long the calls have been far off the line on one side, and by how much at least. */
    double strayed_s, stray_s;
};

/* Frames go at about `rate` a second. */
void pace_reset(struct pace *pace, int rate);

/* A call with `count` frames at `now_s`; `frames` then holds them too. */
void pace_step(struct pace *pace, int count, double now_s);

#endif
