/* What is held of numbers that are never seen themselves: a normal distribution over all of them
 * together, learnt from noisy sums of a few (Kalman, J. Basic Engineering 1960).
 *
 * The covariance is kept as the rows of its lower triangle, so it cannot lose its symmetry. Nothing
 * allocates but belief_init, nothing is random. */
#ifndef MODEL_BELIEF_H
#define MODEL_BELIEF_H

#include <stdbool.h>
#include <stddef.h>

struct belief {
    int size;
    double *prior;      /* (size) variances: where what is not heard of returns to; > 0 */
    double *mean;       /* (size) */
    double *covariance; /* rows of the lower triangle */
    double *gain;       /* (size) scratch */
};

/* How one observation is a sum of them: h, as its entries that are not zero, by rising index. */
enum { SIGHT_MOST = 24 };
struct sight {
    int count;
    int index[SIGHT_MOST];
    double value[SIGHT_MOST];
};

/* All zero, and nothing prior: fill `prior` and call belief_reset. False when out of memory. */
bool belief_init(struct belief *belief, int size);
void belief_clear(struct belief *belief);
void belief_reset(struct belief *belief); /* means 0, variances as before anything was heard */

/* How many numbers a lower triangle has. */
size_t belief_triangle(int size);
double belief_covariance(const struct belief *belief, int i, int j);

/* Adds an entry; indices in rising order. */
void sight_add(struct sight *sight, int index, double value);

/* Mean and variance of the sum. */
double belief_expect(const struct belief *belief, const struct sight *sight);
double belief_doubt(const struct belief *belief, const struct sight *sight);

/* x[i] becomes keep x[i] and noise that keeps a stationary variable at its prior variance. */
void belief_relax(struct belief *belief, int i, double keep);

/* The sum was seen `innovation` above its mean, with so much variance in all (doubt and noise). */
void belief_learn(struct belief *belief, const struct sight *sight, double innovation,
                  double variance);

/* True when the rows of a lower triangle are those of a covariance. False too when out of memory.
 */
bool belief_is_covariance(const double *rows, int size);

/* A table of numbers that have nothing to do with each other: only their variances are kept. */
struct cells {
    int count;
    double prior; /* variance of each; 0: there are none, and nothing is ever learnt */
    double *mean, *variance;
};

bool cells_init(struct cells *cells, int count, double prior);
void cells_clear(struct cells *cells);
void cells_relax(struct cells *cells, double keep);
void cells_learn(struct cells *cells, int i, double innovation, double variance);

#endif
