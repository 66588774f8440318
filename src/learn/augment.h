/* What is done to training windows so that the network learns more than the recordings. */
#ifndef LEARN_AUGMENT_H
#define LEARN_AUGMENT_H

#include "base/rng.h"

/* A window in place, T steps of room: model/groove.h has the arrays. */
struct augment_window {
    int T, count; /* steps that are valid, from the first on */
    float *x, *g, *heard;
    int *bin;
    float *offset, *velocity, *hit;
    const double *at; /* (count) when the steps are, in 16ths */
};

/* What of the guitar is heard over `count` steps: nothing in a share `nothing` of the windows, some
 * of it up to the share `some`, everything in the others. */
void augment_hide(float *heard, int count, double nothing, double some, struct rng *rng);

/* A groove that no drummer played is laid over it: a constant, a pattern over the bar and the
 * beat, a slow walk. So players are followed whom no drummer resembles. */
void augment_lay_groove(struct augment_window *window, struct rng *rng);

/* The whole kit and each drum a little softer or louder, and now and then a kit without some of
 * its drums: what was played says little of how this would be, so it is for windows that are taught
 * by another network. Steps at which nothing is left go; `count` tells, and `at` is stale. */
void augment_vary(struct augment_window *window, struct rng *rng);

#endif
