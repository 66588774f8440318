/* The song's own dynamics. A drummer who reads one velocity throughout plays accents of his own;
 * where accents are written he plays those. */
#ifndef MODEL_DYNAMICS_H
#define MODEL_DYNAMICS_H

#include "score/score.h"

/* Of each class around each step, nearer hits counting more (by e a bar of 4/4), both
 * (steps,DRUM_COUNT) and 0 where the class is not hit:
 *
 *   level     mean of its scored velocities
 *   freedom   T^2 / (T^2 + variance of its scored velocities), T = 10: 1 where all are equal
 *
 * False when out of memory. */
bool dynamics_compute(const struct score *score, float *level, float *freedom);

#endif
