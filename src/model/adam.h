/* Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019) on flat arrays.
 */
#ifndef MODEL_ADAM_H
#define MODEL_ADAM_H

#include <stddef.h>

struct adam {
    float *mean, *square; /* running means of the gradient and of its square, `size` floats each */
    size_t size;
    long step; /* steps taken */
    float beta1, beta2, epsilon, decay;
};

/* beta .9 and .98, epsilon 1e-8, no decay: set what should differ. NULL when out of memory. */
struct adam *adam_new(size_t size);
void adam_free(struct adam *adam);

void adam_step(struct adam *adam, float *params, const float *grads, float rate);

/* Scales grads so that their Euclidean norm is at most `limit`; returns the norm they had. NaN or
 * infinity anywhere makes it non-finite and leaves grads as they are: skip that step. */
double adam_clip(float *grads, size_t size, double limit);

#endif
