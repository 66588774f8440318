/* How weights are trained, whatever the model: AdamW, a cosine schedule with a short warm-up, and a
 * running average of the weights, which ships. src/learn/torch/train.py has the same. */
#ifndef LEARN_RECIPE_H
#define LEARN_RECIPE_H

#include "model/adam.h"

/* NULL when out of memory. */
struct adam *recipe_adam(size_t size);

/* Adam's rate at `step` of `steps`, from 0; `most` is its highest. */
double recipe_rate(double most, long step, long steps);

/* Moves the average towards the weights after `step`, from 0: quickly at first, so that the random
 * beginning is soon forgotten. */
void recipe_average(float *average, const float *weights, size_t size, long step);

#endif
