#include "guitarist/intro.h"

#include <math.h>

enum { BARS = 8 };

static const double HAND_S = 0.006;
static const double SLOWEST = 0.6, FASTEST = 1.6; /* of the marked tempo */
static const double DOWNBEAT = 0.75, BEAT = 0.6;  /* loudness */

void intro_begin(struct intro *intro, double marked_s, int beats, uint64_t seed, int take)
{
    *intro = (struct intro){.beats = beats};
    rng_seed(&intro->rng, seed * UINT64_C(1000003) + (uint64_t)take);
    double range = log(FASTEST / SLOWEST);
    intro->beat_s = marked_s / (SLOWEST * exp(range * rng_uniform(&intro->rng)));
}

bool intro_next(struct intro *intro, struct intro_strum *strum)
{
    if (intro->strums == BARS * intro->beats)
        return false;
    double hand_s = fmax(-3, fmin(rng_normal(&intro->rng), 3)) * HAND_S;
    *strum = (struct intro_strum){
        .time_s = fmax(0, intro->strums * intro->beat_s + hand_s),
        .loudness = intro->strums % intro->beats ? BEAT : DOWNBEAT,
    };
    intro->strums++;
    return true;
}
