#include "score/quantise.h"

#include <math.h>
#include <stdlib.h>

#define FINER_COST 0.021 /* the geometric advantage of the triplet grid, in beats */
#define SLOPE 0.04
#define ROUNDS 8
#define FIRST_PRIOR 0.15
#define LEAST_PRIOR 0.005
#define MOST_PRIOR 0.98

struct beat {
    int first, count;         /* its hits */
    double straight, triplet; /* cost of each grid */
    double posterior;         /* that it is triplets */
};

static double beat_of(double quarter)
{
    return floor(quarter + 0.125);
}

/* The hits come in rising order, so a beat's hits are neighbours. */
static int find_beats(const double *quarters, int count, struct beat *beats)
{
    int beat_count = 0;
    for (int i = 0; i < count; i++) {
        double at = quarters[i];
        if (i == 0 || beat_of(at) > beat_of(quarters[i - 1]))
            beats[beat_count++] = (struct beat){.first = i};
        struct beat *beat = &beats[beat_count - 1];
        beat->count++;
        beat->straight += fabs(at - rint(at * 4) / 4);
        beat->triplet += fabs(at - rint(at * 6) / 6) + FINER_COST;
    }
    return beat_count;
}

static void choose_grids(struct beat *beats, int count)
{
    double prior = FIRST_PRIOR;
    for (int round = 0; round < ROUNDS; round++) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            struct beat *beat = &beats[i];
            double evidence = (beat->straight - beat->triplet) / SLOPE;
            beat->posterior = 1 / (1 + exp(-(evidence + log(prior / (1 - prior)))));
            sum += beat->posterior;
        }
        prior = fmin(fmax(sum / count, LEAST_PRIOR), MOST_PRIOR);
    }
}

bool quantise(double *quarters, int count)
{
    if (count <= 0)
        return true;
    struct beat *beats = calloc((size_t)count, sizeof *beats);
    if (!beats)
        return false;
    int beat_count = find_beats(quarters, count, beats);
    choose_grids(beats, beat_count);
    for (int b = 0; b < beat_count; b++) {
        int per_quarter = beats[b].posterior > 0.5 ? 6 : 4, twelfths = 12 / per_quarter;
        for (int i = beats[b].first; i < beats[b].first + beats[b].count; i++)
            quarters[i] = rint(quarters[i] * per_quarter) * twelfths / 12;
    }
    free(beats);
    return true;
}

void quantise_sixteenths(double *quarters, int count)
{
    for (int i = 0; i < count; i++)
        quarters[i] = rint(quarters[i] * 4) / 4;
}
