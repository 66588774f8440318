#include "learn/windows.h"

#include "model/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 6 };

static const double SIXTEENTHS = 0.25, TWO_BARS = 0.125; /* of the windows */

struct recording {
    int steps;
    float *x, *g;                   /* (steps, FEATURE_COUNT), (steps) */
    float *offset, *velocity, *hit; /* (steps, DRUM_COUNT) */
    int *bin, *bar;
};

struct reading { /* of every recording, on one grid */
    struct recording *recordings;
    int count;
    long steps;
};

struct windows {
    struct reading beats, sixteenths;
};

static bool fill(struct recording *recording, const struct piece *piece)
{
    const struct score *score = piece->score;
    size_t steps = (size_t)score->step_count, cells = steps * DRUM_COUNT;
    recording->steps = score->step_count;
    recording->x = calloc(steps * FEATURE_COUNT, sizeof(float));
    recording->g = calloc(steps, sizeof(float));
    recording->bin = calloc(steps, sizeof(int));
    recording->bar = calloc(steps, sizeof(int));
    recording->offset = calloc(cells, sizeof(float));
    recording->velocity = calloc(cells, sizeof(float));
    recording->hit = calloc(cells, sizeof(float));
    if (!recording->x || !recording->g || !recording->bin || !recording->bar ||
        !recording->offset || !recording->velocity || !recording->hit)
        return false;
    features_compute(score, 0, score->step_count, NULL, recording->x);
    for (size_t i = 0; i < steps; i++) {
        const struct step *step = &score->steps[i];
        recording->bin[i] = step->bin;
        recording->bar[i] = step->at.bar;
        recording->g[i] = (float)(piece->guitar_ms[i] / GROOVE_MS);
        for (int c = 0; c < DRUM_COUNT; c++) {
            size_t cell = i * DRUM_COUNT + (size_t)c;
            if (!(step->drums & (1u << c)))
                continue;
            recording->hit[cell] = 1.0f;
            recording->offset[cell] = (float)(piece->offset_ms[cell] / GROOVE_MS);
            recording->velocity[cell] =
                (float)((piece->velocity[cell] - step->velocity[c]) / GROOVE_VELOCITY);
        }
    }
    return true;
}

static bool read_all(struct reading *reading, const struct corpus *corpus)
{
    reading->recordings = calloc((size_t)corpus->count + 1, sizeof *reading->recordings);
    for (int p = 0; reading->recordings && p < corpus->count; p++) {
        if (corpus->pieces[p].score->step_count < SHORTEST)
            continue;
        if (!fill(&reading->recordings[reading->count++], &corpus->pieces[p]))
            return false;
        reading->steps += corpus->pieces[p].score->step_count;
    }
    return reading->recordings != NULL;
}

struct windows *windows_new(const struct corpus *corpus, const struct corpus *sixteenths)
{
    struct windows *windows = calloc(1, sizeof *windows);
    if (!windows || !read_all(&windows->beats, corpus) ||
        !read_all(&windows->sixteenths, sixteenths)) {
        windows_free(windows);
        return NULL;
    }
    return windows;
}

static void forget(struct reading *reading)
{
    for (int r = 0; reading->recordings && r < reading->count; r++) {
        struct recording *recording = &reading->recordings[r];
        free(recording->x);
        free(recording->g);
        free(recording->bin);
        free(recording->bar);
        free(recording->offset);
        free(recording->velocity);
        free(recording->hit);
    }
    free(reading->recordings);
}

void windows_free(struct windows *windows)
{
    if (!windows)
        return;
    forget(&windows->beats);
    forget(&windows->sixteenths);
    free(windows);
}

long windows_steps(const struct windows *windows)
{
    return windows->beats.steps;
}

struct window_batch *window_batch_new(int B, int T)
{
    struct window_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    size_t steps = (size_t)B * (size_t)T, cells = steps * DRUM_COUNT;
    *batch = (struct window_batch){
        .B = B,
        .T = T,
        .x = malloc(steps * FEATURE_COUNT * sizeof(float)),
        .g = malloc(steps * sizeof(float)),
        .heard = malloc(steps * sizeof(float)),
        .valid = malloc(steps * sizeof(float)),
        .bin = malloc(steps * sizeof(int)),
        .offset = malloc(cells * sizeof(float)),
        .velocity = malloc(cells * sizeof(float)),
        .hit = malloc(cells * sizeof(float)),
    };
    if (!batch->x || !batch->g || !batch->heard || !batch->valid || !batch->bin || !batch->offset ||
        !batch->velocity || !batch->hit) {
        window_batch_free(batch);
        return NULL;
    }
    return batch;
}

void window_batch_free(struct window_batch *batch)
{
    if (!batch)
        return;
    free(batch->x);
    free(batch->g);
    free(batch->heard);
    free(batch->valid);
    free(batch->bin);
    free(batch->offset);
    free(batch->velocity);
    free(batch->hit);
    free(batch);
}

/* Steps [first, first + count) of a recording; `whole`: they begin and end as a song does. */
struct stretch {
    const struct recording *from;
    int first, count;
    bool whole;
};

/* Every step of a reading is equally likely. */
static struct stretch choose(const struct reading *reading, struct rng *rng)
{
    long place = (long)rng_below(rng, (uint32_t)reading->steps);
    struct stretch stretch = {.from = reading->recordings};
    while (place >= stretch.from->steps)
        place -= (stretch.from++)->steps;
    stretch.first = (int)place;
    return stretch;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* T steps or what there is of them; the step chosen is a quarter of the way in. */
static struct stretch around(struct stretch stretch, int T)
{
    stretch.first = stretch.first < T / 4 ? 0 : stretch.first - T / 4;
    stretch.count = least(T, stretch.from->steps - stretch.first);
    return stretch;
}

/* The bar that holds the step chosen, and the next. */
static struct stretch two_bars(struct stretch stretch, int T)
{
    const struct recording *from = stretch.from;
    int bar = from->bar[stretch.first];
    while (stretch.first > 0 && from->bar[stretch.first - 1] == bar)
        stretch.first--;
    while (stretch.first + stretch.count < from->steps && stretch.count < T &&
           from->bar[stretch.first + stretch.count] < bar + 2)
        stretch.count++;
    stretch.whole = true;
    return stretch;
}

static struct stretch choose_stretch(const struct windows *windows, struct rng *rng, int T)
{
    double kind = rng_uniform(rng);
    if (kind >= SIXTEENTHS)
        return around(choose(&windows->beats, rng), T);
    struct stretch chosen = choose(&windows->sixteenths, rng);
    return kind < TWO_BARS ? two_bars(chosen, T) : around(chosen, T);
}

static float pick(struct rng *rng, const float choices[3])
{
    return choices[rng_below(rng, 3)];
}

/* What of the guitar is heard: nothing, some, or everything. */
static void hide(struct rng *rng, float *heard, int T)
{
    double kind = rng_uniform(rng);
    float lost = kind < 0.35 ? 1.0f : kind < 0.7 ? pick(rng, (const float[]){0.1f, 0.3f, 0.6f}) : 0;
    for (int t = 0; t < T; t++)
        heard[t] = rng_uniform(rng) >= lost ? 1.0f : 0.0f;
}

/* A groove that no drummer played: a constant, a pattern over the bar and the beat, a slow walk. */
static void lay_groove(struct rng *rng, const int *bin, float *g, float *offset, int T)
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
    for (int t = 0; t < T; t++) {
        walk += walk_ms * rng_normal(rng);
        double shift_ms = constant + walk + bar[bin[t]] + beat[bin[t] % SCORE_BINS_PER_QUARTER];
        float shift = (float)(shift_ms / GROOVE_MS);
        g[t] += shift;
        for (int c = 0; c < DRUM_COUNT; c++)
            offset[t * DRUM_COUNT + c] += shift;
    }
}

static void draw_row(const struct windows *windows, struct rng *rng, struct window_batch *batch,
                     int row)
{
    int T = batch->T;
    struct stretch stretch = choose_stretch(windows, rng, T);
    const struct recording *from = stretch.from;
    size_t count = (size_t)stretch.count, s = (size_t)stretch.first, at = (size_t)row * (size_t)T;
    memset(batch->x + at * FEATURE_COUNT, 0, (size_t)T * FEATURE_COUNT * sizeof(float));
    memset(batch->hit + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->offset + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->velocity + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->g + at, 0, (size_t)T * sizeof(float));
    memset(batch->bin + at, 0, (size_t)T * sizeof(int));
    memcpy(batch->x + at * FEATURE_COUNT, from->x + s * FEATURE_COUNT,
           count * FEATURE_COUNT * sizeof(float));
    if (stretch.whole)
        features_end(batch->x + at * FEATURE_COUNT, stretch.count);
    memcpy(batch->hit + at * DRUM_COUNT, from->hit + s * DRUM_COUNT,
           count * DRUM_COUNT * sizeof(float));
    memcpy(batch->offset + at * DRUM_COUNT, from->offset + s * DRUM_COUNT,
           count * DRUM_COUNT * sizeof(float));
    memcpy(batch->velocity + at * DRUM_COUNT, from->velocity + s * DRUM_COUNT,
           count * DRUM_COUNT * sizeof(float));
    memcpy(batch->g + at, from->g + s, count * sizeof(float));
    memcpy(batch->bin + at, from->bin + s, count * sizeof(int));
    hide(rng, batch->heard + at, T);
    if (batch->heard[at] + batch->heard[at + 1] + batch->heard[at + 2] > 0 &&
        rng_uniform(rng) < 0.5)
        lay_groove(rng, batch->bin + at, batch->g + at, batch->offset + at * DRUM_COUNT, T);
    for (int t = 0; t < T; t++) {
        bool valid = (size_t)t < count;
        batch->valid[at + (size_t)t] = valid;
        if (!valid)
            batch->heard[at + (size_t)t] = 0;
        batch->steps += valid;
    }
    for (size_t k = 0; k < count * DRUM_COUNT; k++)
        batch->hits += batch->hit[at * DRUM_COUNT + k];
}

void windows_draw(const struct windows *windows, struct rng *rng, struct window_batch *batch)
{
    batch->hits = batch->steps = 0;
    for (int row = 0; row < batch->B; row++)
        draw_row(windows, rng, batch, row);
}

struct groove_batch window_batch_input(const struct window_batch *batch, int first, int count)
{
    size_t at = (size_t)first * (size_t)batch->T;
    return (struct groove_batch){
        .B = count,
        .T = batch->T,
        .x = batch->x + at * FEATURE_COUNT,
        .bin = batch->bin + at,
        .g = batch->g + at,
        .heard = batch->heard + at,
        .valid = batch->valid + at,
    };
}

struct groove_targets window_batch_targets(const struct window_batch *batch, int first)
{
    size_t at = (size_t)first * (size_t)batch->T;
    return (struct groove_targets){
        .offset = batch->offset + at * DRUM_COUNT,
        .velocity = batch->velocity + at * DRUM_COUNT,
        .hit = batch->hit + at * DRUM_COUNT,
        .g = batch->g + at,
        .hits = batch->hits,
        .steps = batch->steps,
    };
}
