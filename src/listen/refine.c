#include "listen/refine.h"

#include <math.h>

/* The first sample at which the change |x[i] - a x[i-1]| leaves what it was before: the difference
 * brings out the pick against the low notes that still ring.
 *
 *      background |  attack
 *                 |     .|||  peak
 *    - - - - - - -|- - |||||  level = background + a part of the way to the peak
 *    |.|.||.||.|.||.|.||||||
 *                      ^ the start
 */
#define BEFORE (1 / 3.0) /* this part of the samples is surely before the attack */
#define LEVEL_PART 0.25f
#define CORNER_HZ 800.0

/* A peak less than this times the background is no attack that one can see. */
#define CLEAR 1.5f

static float change(const float *samples, float a, int i)
{
    return fabsf(samples[i] - a * samples[i - 1]);
}

static float most_change(const float *samples, float a, int first, int end)
{
    float most = 0;
    for (int i = first; i < end; i++)
        most = fmaxf(most, change(samples, a, i));
    return most;
}

int refine_start(const float *samples, int count, int rate)
{
    float a = (float)exp(-2 * M_PI * CORNER_HZ / rate);
    int before = (int)(count * BEFORE);
    float background = most_change(samples, a, 1, before);
    float peak = most_change(samples, a, before, count);
    if (peak <= CLEAR * background)
        return -1;

    float level = background + LEVEL_PART * (peak - background);
    int start = before;
    while (change(samples, a, start) <= level)
        start++;
    return start;
}
