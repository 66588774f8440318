#include "model/touch.h"

#include <math.h>

static const double DRIFT_KEEP = 0.85;                         /* from step to step */
static const double DRIFT = 0.58, HABIT = 0.12, HAND = 0.30;   /* of the variance of timing */
static const double VELOCITY_HABIT = 0.5, VELOCITY_HAND = 0.5; /* and of velocity */
static const double SPREAD = 1.2, VELOCITY_SPREAD = 1.3;       /* SD in Laplace scales */
static const double CEILING = 105; /* medians above it are those of hits cut off at 127 */
static const double REACH = 0.45;  /* of the gap to the neighbour: two steps never meet */

void touch_init(struct touch *touch, uint64_t seed)
{
    rng_seed(&touch->rng, seed);
    touch->drift = rng_normal(&touch->rng);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        for (int bin = 0; bin < SCORE_BINS; bin++)
            touch->habit[drum][bin] =
                (struct habit){rng_normal(&touch->rng), rng_normal(&touch->rng)};
}

/* The most a hit may move towards the neighbour on this side. */
static double reach(const struct step *step, int side, double leash_ms)
{
    return fmin(fmax(0, leash_ms), REACH * 1000 * fmax(0, step->gap_s[side]));
}

void touch_reach(const struct step *step, const struct controls *controls, double *early_ms,
                 double *late_ms)
{
    double loosest = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (step->drums & 1u << drum)
            loosest = fmax(loosest, controls_leash_ms(controls, drum));
    *early_ms = reach(step, 0, loosest);
    *late_ms = reach(step, 1, loosest);
}

struct noise {
    double offset[DRUM_COUNT], velocity[DRUM_COUNT]; /* SD 1 */
};

/* A normal number as the one of the same rank in a distribution with longer tails, SD 1. */
static double logistic(double normal)
{
    static const double SCALE = 0.55132889542179204; /* sqrt(3) / pi */
    normal = fmax(-8, fmin(normal, 8));
    return SCALE * log(erfc(-M_SQRT1_2 * normal) / erfc(M_SQRT1_2 * normal));
}

static double laplace(double normal)
{
    double beyond = erfc(M_SQRT1_2 * fmin(fabs(normal), 8)); /* the share of both tails */
    return copysign(-M_SQRT1_2 * log(beyond), normal);
}

/* Every class draws at every step, whether it is hit or not and whatever the controls say, so that
 * takes of one seed can be compared step by step. */
static struct noise draw(struct touch *touch, int bin)
{
    struct noise noise;
    touch->drift =
        DRIFT_KEEP * touch->drift + sqrt(1 - DRIFT_KEEP * DRIFT_KEEP) * rng_normal(&touch->rng);
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        const struct habit *habit = &touch->habit[drum][bin];
        noise.offset[drum] = logistic(sqrt(DRIFT) * touch->drift + sqrt(HABIT) * habit->offset +
                                      sqrt(HAND) * rng_normal(&touch->rng));
        noise.velocity[drum] = laplace(sqrt(VELOCITY_HABIT) * habit->velocity +
                                       sqrt(VELOCITY_HAND) * rng_normal(&touch->rng));
    }
    return noise;
}

struct touch_spread touch_spread(const struct prediction *prediction,
                                 const struct controls *controls)
{
    struct touch_spread spread;
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        spread.offset_ms[drum] = controls->expression * SPREAD * prediction->offset_scale_ms[drum];
        spread.velocity[drum] =
            controls->expression * VELOCITY_SPREAD * prediction->velocity_scale[drum];
    }
    return spread;
}

/* Where the drummer would strike each class were he alone, and the mean over the step's classes. */
static double strike_alone(const struct step *step, const struct prediction *prediction,
                           const struct touch_spread *spread, const struct noise *noise,
                           double alone_ms[DRUM_COUNT])
{
    double sum = 0;
    int count = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        alone_ms[drum] =
            prediction->offset_ms[drum] + spread->offset_ms[drum] * noise->offset[drum];
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

/* How hard, before MIDI's bounds. */
static double strike(double median, double noise, double expression)
{
    double middle = median + expression * fmax(0, median - CEILING);
    return noise < 0 ? middle * exp(noise / middle) : middle + noise;
}

void touch_play(struct touch *touch, const struct score *score, const struct step *step,
                const struct prediction *prediction, const struct controls *controls,
                struct stroke *strokes)
{
    struct noise noise = draw(touch, step->bin);
    struct touch_spread spread = touch_spread(prediction, controls);
    double alone_ms[DRUM_COUNT];
    double mean = strike_alone(step, prediction, &spread, &noise, alone_ms);
    double pull = controls->follow * (prediction->guitar_ms - mean);
    for (int k = 0; k < step->hit_count; k++) {
        const struct hit *hit = &score->hits[step->first_hit + k];
        int drum = hit->drum;
        if (controls->robot) {
            strokes[k] = (struct stroke){0, hit->velocity};
            continue;
        }
        double leash = controls_leash_ms(controls, drum);
        double offset = alone_ms[drum] + pull;
        double velocity =
            strike(prediction->velocity[drum], spread.velocity[drum] * noise.velocity[drum],
                   controls->expression);
        /* Struck twice in a step (a flam, two kicks): the ghost note stays one. */
        velocity *= (double)hit->velocity / step->velocity[drum];
        strokes[k].offset_ms = between(offset, -reach(step, 0, leash), reach(step, 1, leash));
        strokes[k].velocity = (int)lround(between(velocity, 1, 127));
    }
}

double touch_write(struct take *take, const struct score *score, int index, double earlier_s,
                   const struct prediction *prediction, const struct stroke *strokes)
{
    const struct step *step = &score->steps[index];
    double sum_ms = 0;
    for (int k = 0; k < step->hit_count; k++) {
        int hit = step->first_hit + k;
        double at_s = score->hits[hit].scored_s - earlier_s + strokes[k].offset_ms / 1000;
        take->hits[take->hit_count++] = (struct take_hit){
            .hit = hit,
            .velocity = strokes[k].velocity,
            .frame = llround(at_s * take->settings.rate),
        };
        sum_ms += strokes[k].offset_ms;
    }
    double drums_ms = step->hit_count ? sum_ms / step->hit_count : 0;
    take->steps[take->step_count++] = (struct take_step){
        .step = index,
        .planned = true,
        .predicted_ms = prediction->guitar_ms,
        .predicted_sd_ms = prediction->guitar_sd_ms,
        .drums_ms = drums_ms,
    };
    return drums_ms;
}
