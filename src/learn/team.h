/* Threads that share the work on each training batch: every worker takes its rows, with
 * its own room and its own gradients, and the sum is left in the first one's. */
#ifndef LEARN_TEAM_H
#define LEARN_TEAM_H

#include "learn/course.h"

struct team;

/* Shares batches of `rows` windows. The course must outlive it. NULL when out of memory or threads.
 */
struct team *team_new(const struct course *course, int threads, int rows);
void team_free(struct team *team);

/* Forward and backward over the course's batch; returns the loss. `seed` drives the dropout: equal
 * seeds give equal results for an equal number of threads. gradients: course->size floats, valid
 * until the next call. */
double team_step(struct team *team, double dropout, uint64_t seed, float **gradients);

#endif
