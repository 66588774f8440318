/* The input of one sound card on the clock of another.
 *
 * Two cards never run equally fast: a crystal is off by up to 100 parts in a million, which is 6 ms
 * a minute. Each side keeps a line "so many frames by that time" through the moments of its
 * callbacks (a second-order delay-locked loop, as F. Adriaensen, "Using a DLL to filter time", LAC
 * 2005, with the gains of a Kalman filter: they narrow as it learns), and the input is read where
 * its line stands at the time of the output's line, a fixed delay earlier (as "Controlling adaptive
 * resampling", LAC 2012):
 *
 *      input card  --drift_write-->  ring  --drift_read: resampled-->  output card
 *
 * Pure: the time is an argument. One thread writes, one reads; both calls are real-time safe. */
#ifndef AUDIO_DRIFT_H
#define AUDIO_DRIFT_H

#include "audio/device.h"

struct drift;

/* Both cards run at about `rate`. NULL when out of memory. */
struct drift *drift_new(int rate);
void drift_free(struct drift *drift);

/* The callbacks of the two cards, at a time in seconds that never jumps, with up to 0.1 s of sound.
 * Every `stride`th sample is written, silence for what is not finite. What is read is silent until
 * enough was written, and where it ran out. `lost`: the card's driver says that it lost frames
 * since the last call. */
void drift_write(struct drift *drift, const float *samples, int stride, int count, bool lost,
                 double now_s);
void drift_read(struct drift *drift, float *samples, int count, bool lost, double now_s);

/* Any thread. Locked: what is read lies within 0.1 ms of where it should. */
struct device_drift drift_state(const struct drift *drift);

/* How long the input is held back, in frames: the periods of both cards decide it. 0 until the
 * first sound comes through. Any thread. */
double drift_delay_frames(const struct drift *drift);

#endif
