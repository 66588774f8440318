/* Seeded random numbers: the same seed gives the same numbers on every machine.
 *
 * xoshiro256** seeded by splitmix64 (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47, 2021). Not for secrets. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state[4];
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);

double rng_uniform(struct rng *rng);                          /* in [0, 1) */
double rng_between(struct rng *rng, double low, double high); /* in [low, high) */
double rng_normal(struct rng *rng);                           /* mean 0, SD 1 */
uint32_t rng_below(struct rng *rng, uint32_t limit);          /* in [0, limit), limit > 0 */

#endif
