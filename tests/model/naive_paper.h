/* The paper's network again, plainly and in double precision: what the real one is checked against.
 */
#ifndef TESTS_NAIVE_PAPER_H
#define TESTS_NAIVE_PAPER_H

#include "model/paper.h"

/* The loss with `params` in place of the network's own; outputs (B,T,PAPER_OUTPUTS) or NULL. */
double naive_paper_loss(const struct paper *paper, const double *params,
                        const struct paper_batch *batch, const struct paper_targets *targets,
                        double *outputs);

#endif
