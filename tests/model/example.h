/* Random batches and grooves for the tests of the network. */
#ifndef TESTS_EXAMPLE_H
#define TESTS_EXAMPLE_H

#include "model/groove.h"

/* A random batch with everything in it: padding at the end, steps not heard, several places in the
 * bar. */
struct example {
    struct groove_batch batch;
    struct groove_targets targets;
    float *x, *g, *heard, *valid, *offset, *velocity, *hit;
    int *bin;
};

struct example example_new(int B, int T, int inputs, uint64_t seed);
void example_free(struct example *example);

/* A small network in which nothing is left out: bands shorter than the tests' songs, biases, norms
 * and null token far from their gentle beginnings. */
struct groove_config example_config(void);
struct groove *example_groove(struct groove_config config, uint64_t seed);

#endif
