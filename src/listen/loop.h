/* How long the loop is: from a frame that the program plays to the frame in which it hears it.
 *
 * Clicks of our own are played through a cable, or from the loudspeaker to the microphone, and
 * found in what came in by their matched filter. What is measured is exactly what the engine takes
 * off every onset (round_trip_frames): a sound that engine_process writes into output frame m comes
 * back in input frame m + latency, frame n of its input and frame n of its output being those of
 * one call. Pure arithmetic over a recording; no thread, no time limit.
 *
 * A loop is measured to 0.1 ms or refused with a reason; there is no third way. */
#ifndef LISTEN_LOOP_H
#define LISTEN_LOOP_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOOP_MOST_CLICKS = 16, LOOP_LONGEST_CLICK = 4096 };

#define LOOP_SILENCE_S 2.0 /* before the first click, for the noise of the room */
#define LOOP_LONGEST_S 0.25

/* The click, at most 1 in size: a falling sweep of 16 ms from 16 kHz (or a third of the rate) to
 * 400 Hz, whose autocorrelation is a fifth of a millisecond wide. Returns how many frames it has.
 * rate: 8000..192000. */
int loop_click(int rate, float out[LOOP_LONGEST_CLICK]);

/* When to play it: uneven gaps, all longer than the longest loop, so that nothing that repeats by
 * itself, and no late echo, keeps step with them. Frame 0 is the first of the recording. */
struct loop_plan {
    int rate, clicks;
    int64_t frame[LOOP_MOST_CLICKS];
    int64_t length; /* frames to record */
};
struct loop_plan loop_plan_make(int rate, int clicks, uint64_t seed);

enum loop_verdict {
    LOOP_MEASURED,
    LOOP_NOTHING, /* no click came back */
    LOOP_NOISY,   /* too few stand out */
    LOOP_CLIPPED, /* the input was driven over its end */
    LOOP_UNEVEN,  /* the clicks took times of their own */
    LOOP_ECHOES,  /* it cannot be told which of several ways is the short one */
    LOOP_TOO_LONG,
    LOOP_VERDICTS
};

struct loop_result {
    enum loop_verdict verdict;
    double latency_frames; /* the rest is 0 unless measured: */
    double spread_ms;      /* standard deviation of the single clicks */
    int used;              /* of the clicks */
    double level_db;       /* the clicks' peak in the input, in any case; -200 for silence */
    double noise_db;       /* mean level of the input before the first click, in any case */
};

/* `input` holds plan->length frames. False when out of memory. */
bool loop_measure(const struct loop_plan *plan, const float *input, struct loop_result *result,
                  struct error *err);

/* Why not, in words, and what may help: "no click came back", "is the output connected...". */
const char *loop_reason(enum loop_verdict verdict);
const char *loop_remedy(enum loop_verdict verdict);

#endif
