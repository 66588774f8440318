#include "model/adam.h"

#include "model/kernels.h"

#include <math.h>
#include <stdlib.h>

struct adam *adam_new(size_t size)
{
    struct adam *adam = calloc(1, sizeof *adam);
    if (!adam)
        return NULL;
    *adam = (struct adam){.size = size, .beta1 = .9F, .beta2 = .98F, .epsilon = 1e-8F};
    adam->mean = calloc(size, sizeof *adam->mean);
    adam->square = calloc(size, sizeof *adam->square);
    if (!adam->mean || !adam->square) {
        adam_free(adam);
        return NULL;
    }
    return adam;
}

void adam_free(struct adam *adam)
{
    if (!adam)
        return;
    free(adam->mean);
    free(adam->square);
    free(adam);
}

KERNEL static void update(float *restrict params, float *restrict mean, float *restrict square,
                          const float *restrict grads, size_t size, const struct adam *adam,
                          float keep, float rate, float unbias)
{
    const float beta1 = adam->beta1, beta2 = adam->beta2, epsilon = adam->epsilon;
    for (size_t i = 0; i < size; i++) {
        float g = grads[i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * g;
        square[i] = beta2 * square[i] + (1 - beta2) * g * g;
        params[i] = keep * params[i] - rate * mean[i] / (sqrtf(square[i]) * unbias + epsilon);
    }
}

void adam_step(struct adam *adam, float *params, const float *grads, float rate)
{
    adam->step++;
    double first = 1 - pow(adam->beta1, (double)adam->step);
    double second = 1 - pow(adam->beta2, (double)adam->step);
    update(params, adam->mean, adam->square, grads, adam->size, adam, 1 - rate * adam->decay,
           (float)(rate / first), (float)(1 / sqrt(second)));
}

double adam_clip(float *grads, size_t size, double limit)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (double)grads[i] * grads[i];
    double norm = sqrt(sum);
    if (isfinite(norm) && norm > limit)
        for (size_t i = 0; i < size; i++)
            grads[i] = (float)(grads[i] * (limit / norm));
    return norm;
}
