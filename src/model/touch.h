/* From a prediction to strokes: how far each drum meets the guitar, and how much of a
 * real drummer's spread it has.
 *
 *   alone  = own + expression * noise
 *   offset = alone + follow * (g-hat - mean of alone over the step's drums)
 *
 * so that each drum keeps its own place within the step while the step as a whole
 * meets the guitar, which expression does not blur. The pull is weighted by certainty already: what
 * the ear is not sure of has moved g-hat by prior / (prior + doubt) of what it heard. A second such
 * weight only keeps the drums from the guitar (docs/LEARNING.md).
 *
 * The noise is what a drummer adds to the most likely hit, in shares of its variance, by how long
 * they last:
 *
 *   timing   = .58 drift + .12 habit + .30 hand
 *   velocity = .50 habit + .50 hand
 *
 * The drift is shared by all drums (AR .85 from step to step); a habit is what one drum does at one
 * place in the bar, all through the take; the hand is new at every hit. The sums are logistic for
 * timing and Laplace for velocity, because such are the tails of real drummers; their SDs are the
 * predicted Laplace scale x 1.2, of velocities x 1.3. Soft hits grow softer in proportion, so that
 * none vanishes. A pad says 127 to whatever is harder: a median near the ceiling stands for more
 * than it says (a censored variable; Tobin, Econometrica 1958), and is raised in proportion to
 * `expression` before noise is added.
 * Shares, shapes and scales were fitted to the Groove MIDI Dataset (docs/EXPRESSION.md).
 *
 * Seeded: equal seeds and calls give equal strokes, and the controls change no draw. */
#ifndef MODEL_TOUCH_H
#define MODEL_TOUCH_H

#include "base/rng.h"
#include "model/model.h"
#include "score/take.h"

struct touch {
    struct rng rng;
    double drift;
    struct habit { /* of this take, SD 1 */
        double offset, velocity;
    } habit[DRUM_COUNT][SCORE_BINS];
};

struct stroke {
    double offset_ms; /* within its own drum's leash, and touch_reach */
    int velocity;     /* 1..127 */
};

void touch_init(struct touch *touch, uint64_t seed);

/* The most a hit of this step may move early and late (both >= 0): the leash of its loosest drum,
 * and never half-way to its neighbour. */
void touch_reach(const struct step *step, const struct controls *controls, double *early_ms,
                 double *late_ms);

/* What expression adds to a hit of each class, before it is bounded: standard deviations. */
struct touch_spread {
    double offset_ms[DRUM_COUNT], velocity[DRUM_COUNT];
};
struct touch_spread touch_spread(const struct prediction *prediction,
                                 const struct controls *controls);

/* strokes[k] is for score->hits[step->first_hit + k]. */
void touch_play(struct touch *touch, const struct score *score, const struct step *step,
                const struct prediction *prediction, const struct controls *controls,
                struct stroke *strokes);

/* Writes down, as the record's next step, how touch_play had step `index` struck and the guitar
 * expected there. It stands `earlier_s` before its scored time (score/practice.h). The record has
 * room for it and knows its rate. Returns where the drums are: the mean of the offsets. */
double touch_write(struct take *take, const struct score *score, int index, double earlier_s,
                   const struct prediction *prediction, const struct stroke *strokes);

#endif
