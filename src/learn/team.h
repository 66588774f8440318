/* Threads that share the work on each training batch: every worker takes its rows, with
 * its own pass and its own gradients, and the sum is left in the first one's. */
#ifndef LEARN_TEAM_H
#define LEARN_TEAM_H

#include "learn/windows.h"
#include "model/groove.h"

struct team;

/* The groove must outlive it. NULL when out of memory or threads. */
struct team *team_new(const struct groove *groove, int threads, int B, int T);
void team_free(struct team *team);

/* Forward and backward over the whole batch. `seed` drives the dropout: equal seeds give equal
 * results for an equal number of threads. gradients: groove->size floats, valid until the next
 * call. */
struct groove_loss team_step(struct team *team, const struct window_batch *batch, double dropout,
                             uint64_t seed, float **gradients);

#endif
