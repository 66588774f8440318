#include "learn/augment.h"

#include "model/features.h"
#include "model/groove.h"

#include <math.h>
#include <string.h>

static float pick(struct rng *rng, const float choices[3])
{
    return choices[rng_below(rng, 3)];
}

void augment_hide(float *heard, int count, double nothing, double some, struct rng *rng)
{
    double kind = rng_uniform(rng);
    float lost = kind < nothing ? 1
                 : kind < some  ? pick(rng, (const float[]){0.1f, 0.3f, 0.6f})
                                : 0;
    for (int t = 0; t < count; t++)
        heard[t] = rng_uniform(rng) >= lost;
}

void augment_lay_groove(struct augment_window *window, struct rng *rng)
{
    float bar_ms = pick(rng, (const float[]){4, 10, 16}),
          beat_ms = pick(rng, (const float[]){2, 8, 16});
    float walk_ms = pick(rng, (const float[]){0, 1, 2});
    if (rng_uniform(rng) >= 0.6)
        bar_ms = 0;
    if (rng_uniform(rng) >= 0.6)
        beat_ms = 0;
    double bar[SCORE_BINS], beat[SCORE_BINS_PER_QUARTER];
    for (int b = 0; b < SCORE_BINS; b++)
        bar[b] = bar_ms * rng_normal(rng);
    for (int b = 0; b < SCORE_BINS_PER_QUARTER; b++)
        beat[b] = beat_ms * rng_normal(rng);
    double constant = 8.0 * rng_normal(rng), walk = 0;
    for (int t = 0; t < window->count; t++) {
        int bin = window->bin[t];
        walk += walk_ms * rng_normal(rng);
        double shift_ms = constant + walk + bar[bin] + beat[bin % SCORE_BINS_PER_QUARTER];
        float shift = (float)(shift_ms / GROOVE_MS);
        window->g[t] += shift;
        for (int c = 0; c < DRUM_COUNT; c++)
            window->offset[t * DRUM_COUNT + c] += shift;
    }
}

static const double KIT_GAIN = 0.03, DRUM_GAIN = 0.03; /* SD of their logarithms */
static const double SMALLER_KIT = 0.15;                /* of the windows */
enum { MOST_MISSING = 3 };

/* The step without the drums that are missing; false where none is left. */
static bool thin_out(struct augment_window *window, int t, unsigned missing)
{
    float *x = window->x + (size_t)t * FEATURE_COUNT;
    double sum = 0;
    int left = 0;
    for (int c = 0; c < DRUM_COUNT; c++) {
        float *hit = &window->hit[t * DRUM_COUNT + c];
        if (missing >> c & 1)
            *hit = x[FEATURE_HIT + c] = x[FEATURE_VELOCITY + c] = 0;
        if (*hit != 0) {
            sum += window->offset[t * DRUM_COUNT + c];
            left++;
        }
    }
    if (left)
        window->g[t] = (float)(sum / left);
    return left > 0;
}

static void move_step(struct augment_window *window, int to, int from)
{
    const size_t cells = DRUM_COUNT * sizeof(float), t = (size_t)to, f = (size_t)from;
    memmove(window->x + t * FEATURE_COUNT, window->x + f * FEATURE_COUNT,
            FEATURE_COUNT * sizeof(float));
    memmove(window->offset + t * DRUM_COUNT, window->offset + f * DRUM_COUNT, cells);
    memmove(window->velocity + t * DRUM_COUNT, window->velocity + f * DRUM_COUNT, cells);
    memmove(window->hit + t * DRUM_COUNT, window->hit + f * DRUM_COUNT, cells);
    window->g[to] = window->g[from];
    window->bin[to] = window->bin[from];
}

static void take_drums(struct augment_window *window, unsigned missing)
{
    int count = 0, last = -1;
    for (int t = 0; t < window->count; t++) {
        if (!thin_out(window, t, missing))
            continue;
        if (last >= 0 && last < t - 1) {
            double apart = window->at[t] - window->at[last];
            features_put_distance(window->x + (size_t)t * FEATURE_COUNT, 0, apart);
            features_put_distance(window->x + (size_t)(count - 1) * FEATURE_COUNT, 1, apart);
        }
        if (count < t)
            move_step(window, count, t);
        last = t;
        count++;
    }
    window->count = count;
}

void augment_vary(struct augment_window *window, struct rng *rng)
{
    unsigned missing = 0;
    if (rng_uniform(rng) < SMALLER_KIT)
        for (uint32_t more = 1 + rng_below(rng, MOST_MISSING); more > 0; more--)
            missing |= 1u << rng_below(rng, DRUM_COUNT);
    if (missing)
        take_drums(window, missing);
    double kit = KIT_GAIN * rng_normal(rng);
    float gain[DRUM_COUNT];
    for (int c = 0; c < DRUM_COUNT; c++)
        gain[c] = (float)exp(kit + DRUM_GAIN * rng_normal(rng));
    for (int t = 0; t < window->count; t++)
        for (int c = 0; c < DRUM_COUNT; c++)
            window->x[t * FEATURE_COUNT + FEATURE_VELOCITY + c] *= gain[c];
}
