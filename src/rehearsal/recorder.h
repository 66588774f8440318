/* Keeps what is taken in during a take. The audio thread hands it over in blocks through a ring;
 * whoever turns the other end encodes it: a thread of its own in a live take, the renderer between
 * its blocks offline. One recorder serves one take.
 *
 * A recorder that falls behind harms nobody: what it holds then has a hole, and is thrown away. */
#ifndef REHEARSAL_RECORDER_H
#define REHEARSAL_RECORDER_H

#include "base/error.h"
#include "score/take.h"

struct recorder;

/* NULL on failure. */
struct recorder *recorder_new(int rate, struct error *err);
void recorder_free(struct recorder *recorder);

/* The audio thread, real-time safe: the frame that the first sample is taken in at; and all that
 * follow. */
void recorder_begin(struct recorder *recorder, int64_t first_frame);
void recorder_take_in(struct recorder *recorder, const float *samples, int frames);

/* Lets a thread encode from now on; without it, recorder_encode does at least every few seconds of
 * the take. */
bool recorder_run(struct recorder *recorder, struct error *err);
void recorder_encode(struct recorder *recorder);

/* After the take, when the audio thread is done with it: what was recorded, the caller's. False
 * where it could not be; with nothing in it, and true, where there was nothing but silence. */
bool recorder_finish(struct recorder *recorder, struct take_recording *recording,
                     struct error *err);

#endif
