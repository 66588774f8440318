#include "drums/limiter.h"

#include <math.h>

/* The knee is where two loud drums at once begin to reach; the release is short enough for the next
 * hit and long enough not to follow the waves of a kick. */
static const float knee = 0.8f, ceiling = 0.999f, loudest = 1e6f;
static const double release_s = 0.08;

void limiter_init(struct limiter *limiter, int rate)
{
    *limiter = (struct limiter){.level = 0, .release = (float)exp(-1 / (release_s * rate))};
}

/* Comparisons, not fmaxf: that is a call into libm, and this is done to every sample. */
static float larger(float a, float b)
{
    return a > b ? a : b;
}

static float clean(float x)
{
    return isnan(x) ? 0 : x > loudest ? loudest : larger(x, -loudest);
}

/* Where a level above the knee ends up: it leaves the knee at a slope of one and never quite
 * reaches the ceiling. */
static float bent(float level)
{
    const float room = ceiling - knee;
    float over = (level - knee) / room;
    return knee + room * over / (1 + over);
}

void limiter_process(struct limiter *limiter, float *stereo, int count)
{
    float level = limiter->level;
    for (int i = 0; i < count; i++) {
        float left = clean(stereo[2 * i]), right = clean(stereo[2 * i + 1]);
        level = larger(level * limiter->release, larger(fabsf(left), fabsf(right)));
        float gain = level > knee ? bent(level) / level : 1;
        stereo[2 * i] = gain * left;
        stereo[2 * i + 1] = gain * right;
    }
    limiter->level = level;
}
