#include "model/features.h"

#include <math.h>
#include <string.h>

static const double FARTHEST = 16, NEAREST = 1.0 / 3; /* 16ths; no grid is finer */

/* From step `index` - 1 to `index`, in 16ths. */
static double distance(const struct score *score, int index)
{
    if (index <= 0 || index >= score->step_count)
        return INFINITY;
    return 4 * (double)(score->steps[index].tick - score->steps[index - 1].tick) / score->ppq;
}

void features_put_distance(float *x, int side, double sixteenths)
{
    double d = fmax(NEAREST, fmin(FARTHEST, sixteenths));
    x[FEATURE_DISTANCE + side] = (float)(d / 4 - 1);
    x[FEATURE_INVERSE + side] = (float)(1 / d);
}

static void step_features(const struct score *score, int index, const float *velocity, float *x)
{
    const struct step *step = &score->steps[index];
    memset(x, 0, FEATURE_COUNT * sizeof *x);
    for (int c = 0; c < DRUM_COUNT; c++) {
        if (!(step->drums >> c & 1))
            continue;
        x[FEATURE_VELOCITY + c] = (velocity ? velocity[c] : (float)step->velocity[c]) / 127;
        x[FEATURE_HIT + c] = 1;
    }
    x[FEATURE_BIN + step->bin] = 1;
    x[FEATURE_TEMPO] = (float)((step->at.bpm - 120) / 60);
    x[FEATURE_TEMPO + 1] = (float)(15000 / step->at.bpm / 100 - 1.2);
    for (int side = 0; side < 2; side++)
        features_put_distance(x, side, distance(score, index + side));
}

void features_compute(const struct score *score, int first, int count, const float *velocity,
                      float *x)
{
    for (int i = 0; i < count; i++)
        step_features(score, first + i, velocity ? velocity + (ptrdiff_t)i * DRUM_COUNT : NULL,
                      x + (ptrdiff_t)i * FEATURE_COUNT);
}
