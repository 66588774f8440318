#include "learn/recipe.h"

#include <math.h>

static const double WARM_UP_STEPS = 60, LAST_RATE = 0.005;
static const float WEIGHT_DECAY = 0.02f;
static const double AVERAGE_KEEP = 0.998; /* each step */

struct adam *recipe_adam(size_t size)
{
    struct adam *adam = adam_new(size);
    if (adam)
        adam->decay = WEIGHT_DECAY;
    return adam;
}

double recipe_rate(double most, long step, long steps)
{
    double done = (double)step / (double)steps;
    double cosine = 0.5 * (1 + cos(3.14159265358979323846 * done)) + LAST_RATE;
    return most * fmin(1.0, ((double)step + 1) / WARM_UP_STEPS) * cosine;
}

void recipe_average(float *average, const float *weights, size_t size, long step)
{
    double keep = fmin(AVERAGE_KEEP, (double)(step + 1) / (double)(step + 10));
    for (size_t i = 0; i < size; i++)
        average[i] += (float)(1 - keep) * (weights[i] - average[i]);
}
