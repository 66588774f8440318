/* How far apart two drummers play one score to the same guitar, hit by hit and bar by bar. */
#ifndef REHEARSAL_DIFFERENCE_H
#define REHEARSAL_DIFFERENCE_H

#include "score/score.h"
#include "score/take.h"

struct difference {
    int hits;          /* that both play */
    double most_ms;    /* the furthest apart any hit is, in time ... */
    int most_velocity; /* ... and in velocity */
    int bar_count;
    double *bars; /* by bar of the clock (score/practice.h) from 0: the sum over its hits, in ms; 2
                     of velocity count as 1 ms, and a hit that only one plays as 50 */
};

/* NULL when out of memory. Both takes are of `score` and of one rate. */
struct difference *difference_new(const struct score *score, const struct take *a,
                                  const struct take *b);
void difference_free(struct difference *difference);

/* Whether anybody could tell them apart: 3 ms or 6 of velocity in a hit, at the least. */
bool difference_is_audible(const struct difference *difference);

/* The first of the `length` bars in a row that differ most, from 1; of equals the earliest. */
int difference_most(const struct difference *difference, int length);

#endif
