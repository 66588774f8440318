/* Everything a training that was killed needs to go on as if nothing had happened, in one
 * safetensors file. */
#ifndef LEARN_TRAINING_STATE_H
#define LEARN_TRAINING_STATE_H

#include "base/error.h"
#include "base/rng.h"
#include "model/adam.h"

struct training_state {
    float *params, *average; /* (adam->size) */
    struct adam *adam;
    struct rng *rng;
    long *step;
    long steps; /* the whole training's: a state of another length is refused */
    double *loss;
};

bool training_state_save(const struct training_state *state, const char *path, struct error *err);

/* Fills what the pointers point to. A state of weights of another number is refused. */
bool training_state_load(struct training_state *state, const char *path, struct error *err);

#endif
