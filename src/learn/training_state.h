/* Everything a training that was killed needs to go on as if nothing had happened, in one
 * safetensors file. */
#ifndef LEARN_TRAINING_STATE_H
#define LEARN_TRAINING_STATE_H

#include "base/rng.h"
#include "model/adam.h"
#include "model/groove.h"

struct training_state {
    struct groove *groove, *average;
    struct adam *adam;
    struct rng *rng;
    long *step;
    long steps; /* the whole training's: a state of another length is refused */
    double *loss;
};

bool training_state_save(const struct training_state *state, const char *path, struct error *err);

/* Fills what the pointers point to. The groove must have the state's sizes. */
bool training_state_load(struct training_state *state, const char *path, struct error *err);

#endif
