/* What a virtual guitarist strums when he begins alone: the beats, at a tempo of his own, with the
 * hand of a person. Deterministic for a seed and take number. */
#ifndef GUITARIST_INTRO_H
#define GUITARIST_INTRO_H

#include "base/rng.h"

#include <stdbool.h>

struct intro {
    struct rng rng;
    double beat_s;     /* 60 to 160 % of the marked tempo */
    int beats, strums; /* of a bar; played so far */
};

struct intro_strum {
    double time_s;   /* from the beginning */
    double loudness; /* 0..1 */
};

/* `marked_s`: a beat as the score has it; `beats` in a bar. */
void intro_begin(struct intro *intro, double marked_s, int beats, uint64_t seed, int take);

/* The next strum. False after eight bars: then he waits. */
bool intro_next(struct intro *intro, struct intro_strum *strum);

#endif
