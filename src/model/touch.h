/* From a prediction to strokes: how far each drum meets the guitar, and how much of a
 * real drummer's spread it has.
 *
 *   offset = own + follow * (g-hat - mean of own over the step's drums) + expression * noise
 *
 * so that each drum keeps its own place within the step while the step as a whole
 * meets the guitar. The noise is half slow drift (AR .95), half of the rest shared within the step, and
 * the remainder per drum, scaled by the predicted scale x 1.2 (docs/MODEL.md, "Expression").
 * Seeded: equal seeds and calls give equal strokes. */
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

/* The most a hit of this step may move early and late (both >= 0): the leash, and never half-way to its neighbour. */
void touch_reach(const struct step *step, const struct controls *controls, double *early_ms,
                 double *late_ms);

/* strokes[k] is for score->hits[step->first_hit + k]. */
void touch_play(struct touch *touch, const struct score *score, const struct step *step,
                const struct prediction *prediction, const struct controls *controls,
                struct stroke *strokes);

#endif
