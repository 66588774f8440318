/* From a prediction to strokes: how far each drum meets the guitar, and how much of a
 * real drummer's spread it has.
 *
 *   alone  = own + expression * noise
 *   offset = alone + follow * (g-hat - mean of alone over the step's drums)
 *
 * so that each drum keeps its own place within the step while the step as a whole
 * meets the guitar, which expression does not blur. The noise is slow drift (AR .95, a quarter of
 * its variance), a part shared within the step (a quarter) and the drum's own (half), and its SD is
 * the predicted Laplace scale x 1.2; so played, spread and correlation are those of real drummers
 * (docs/LEARNING.md, "Touch"). Velocities have their own noise. Seeded: equal seeds and calls give
 * equal strokes, and the controls change no draw. */
#ifndef MODEL_TOUCH_H
#define MODEL_TOUCH_H

#include "base/rng.h"
#include "model/model.h"
#include "score/take.h"

struct touch {
    struct rng rng;
    double drift;
};

struct stroke {
    double offset_ms; /* within touch_reach */
    int velocity;     /* 1..127 */
};

void touch_init(struct touch *touch, uint64_t seed);

/* The most a hit of this step may move early and late (both >= 0): the leash, and never half-way to
 * its neighbour. */
void touch_reach(const struct step *step, const struct controls *controls, double *early_ms,
                 double *late_ms);

/* strokes[k] is for score->hits[step->first_hit + k]. */
void touch_play(struct touch *touch, const struct score *score, const struct step *step,
                const struct prediction *prediction, const struct controls *controls,
                struct stroke *strokes);

#endif
