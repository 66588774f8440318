#include "model/dynamics.h"

#include <math.h>
#include <stdlib.h>

static const double NEAR_QUARTERS = 4; /* a hit so far away counts 1 / e */
static const double TOLERANCE = 10; /* an SD of written velocities that leaves half the freedom */

/* Weighted sums over hits of one class. */
struct sums {
    double weight, velocity, square;
};

/* The sums as they stand one step further. */
static void recede(struct sums *sums, const struct score *score, int from, int to)
{
    double ticks = fabs((double)(score->steps[to].tick - score->steps[from].tick));
    double keep = exp(-ticks / score->ppq / NEAR_QUARTERS);
    sums->weight *= keep;
    sums->velocity *= keep;
    sums->square *= keep;
}

static void add(struct sums *sums, double velocity)
{
    sums->weight++;
    sums->velocity += velocity;
    sums->square += velocity * velocity;
}

/* before (steps): the hits up to each step and on it; those after it come in on the way back. */
static void compute_class(const struct score *score, int drum, struct sums *before, float *level,
                          float *freedom)
{
    struct sums sums = {0};
    for (int i = 0; i < score->step_count; i++) {
        if (i > 0)
            recede(&sums, score, i - 1, i);
        if (score->steps[i].drums >> drum & 1)
            add(&sums, score->steps[i].velocity[drum]);
        before[i] = sums;
    }
    sums = (struct sums){0};
    for (int i = score->step_count - 1; i >= 0; i--) {
        if (i + 1 < score->step_count)
            recede(&sums, score, i + 1, i);
        if (!(score->steps[i].drums >> drum & 1))
            continue;
        double weight = before[i].weight + sums.weight;
        double mean = (before[i].velocity + sums.velocity) / weight;
        double variance = fmax(0, (before[i].square + sums.square) / weight - mean * mean);
        level[i * DRUM_COUNT + drum] = (float)mean;
        freedom[i * DRUM_COUNT + drum] =
            (float)(TOLERANCE * TOLERANCE / (TOLERANCE * TOLERANCE + variance));
        add(&sums, score->steps[i].velocity[drum]);
    }
}

bool dynamics_compute(const struct score *score, float *level, float *freedom)
{
    struct sums *before = calloc((size_t)score->step_count + 1, sizeof *before);
    if (!before)
        return false;
    for (int cell = 0; cell < score->step_count * DRUM_COUNT; cell++)
        level[cell] = freedom[cell] = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        compute_class(score, drum, before, level, freedom);
    free(before);
    return true;
}
