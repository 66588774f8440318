#include "model/touch.h"

#include <math.h>

static const double DRIFT_KEEP = 0.95;                                    /* from step to step */
static const double DRIFT = 0.5, SHARED = 0.5, OWN = 0.70710678118654752; /* squares sum to 1 */
static const double SPREAD = 1.2; /* SD of the noise in Laplace scales */
static const double REACH = 0.45; /* of the gap to the neighbour: two steps never meet */

void touch_init(struct touch *touch, uint64_t seed)
{
    rng_seed(&touch->rng, seed);
    touch->drift = rng_normal(&touch->rng);
}

void touch_reach(const struct step *step, const struct controls *controls, double *early_ms,
                 double *late_ms)
{
    double leash = fmax(0, controls->leash_ms);
    *early_ms = fmin(leash, REACH * 1000 * fmax(0, step->gap_s[0]));
    *late_ms = fmin(leash, REACH * 1000 * fmax(0, step->gap_s[1]));
}

struct noise {
    double offset[DRUM_COUNT], velocity[DRUM_COUNT]; /* SD 1 */
};

/* Every class draws at every step, whether it is hit or not and whatever the controls say, so that
 * takes of one seed can be compared step by step. */
static struct noise draw(struct touch *touch)
{
    struct noise noise;
    touch->drift =
        DRIFT_KEEP * touch->drift + sqrt(1 - DRIFT_KEEP * DRIFT_KEEP) * rng_normal(&touch->rng);
    double common = DRIFT * touch->drift + SHARED * rng_normal(&touch->rng);
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        noise.offset[drum] = common + OWN * rng_normal(&touch->rng);
        noise.velocity[drum] = rng_normal(&touch->rng);
    }
    return noise;
}

/* Where the drummer would strike each class were he alone, and the mean over the step's classes. */
static double strike_alone(const struct step *step, const struct prediction *prediction,
                           const struct noise *noise, double spread, double alone_ms[DRUM_COUNT])
{
    double sum = 0;
    int count = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        alone_ms[drum] = prediction->offset_ms[drum] +
                         spread * prediction->offset_scale_ms[drum] * noise->offset[drum];
        if (step->drums & 1u << drum) {
            sum += alone_ms[drum];
            count++;
        }
    }
    return count ? sum / count : 0;
}

static double between(double x, double low, double high)
{
    return fmax(low, fmin(x, high));
}

void touch_play(struct touch *touch, const struct score *score, const struct step *step,
                const struct prediction *prediction, const struct controls *controls,
                struct stroke *strokes)
{
    struct noise noise = draw(touch);
    double alone_ms[DRUM_COUNT], early, late, spread = SPREAD * controls->expression;
    double mean = strike_alone(step, prediction, &noise, spread, alone_ms);
    double pull = controls->follow * (prediction->guitar_ms - mean);
    touch_reach(step, controls, &early, &late);
    for (int k = 0; k < step->hit_count; k++) {
        const struct hit *hit = &score->hits[step->first_hit + k];
        int drum = hit->drum;
        double offset = alone_ms[drum] + pull;
        double velocity = prediction->velocity[drum] +
                          spread * prediction->velocity_scale[drum] * noise.velocity[drum];
        /* Struck twice in a step (a flam, two kicks): the ghost note stays one. */
        velocity *= (double)hit->velocity / step->velocity[drum];
        strokes[k].offset_ms = between(offset, -early, late);
        strokes[k].velocity = (int)lround(between(velocity, 1, 127));
    }
}
