/* The groove once more, in double and without cleverness: what the kernels are measured against. */
#ifndef TESTS_NAIVE_GROOVE_H
#define TESTS_NAIVE_GROOVE_H

#include "model/groove.h"

/* The loss of a batch with these params (laid out as groove's). outputs (B,T,GROOVE_OUTPUTS) may be
 * NULL. */
double naive_groove_loss(const struct groove *groove, const double *params,
                         const struct groove_batch *batch, const struct groove_targets *targets,
                         double *outputs);

#endif
