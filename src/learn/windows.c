#include "learn/windows.h"

#include "model/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 6 };

struct recording {
    int steps;
    float *x, *g;                   /* (steps, FEATURE_COUNT), (steps) */
    float *offset, *velocity, *hit; /* (steps, DRUM_COUNT) */
    int *bin;
};

struct windows {
    struct recording *recordings;
    int count;
    long steps;
};

static bool fill(struct recording *recording, const struct piece *piece)
{
    const struct score *score = piece->score;
    size_t steps = (size_t)score->step_count, cells = steps * DRUM_COUNT;
    recording->steps = score->step_count;
    recording->x = calloc(steps * FEATURE_COUNT, sizeof(float));
    recording->g = calloc(steps, sizeof(float));
    recording->bin = calloc(steps, sizeof(int));
    recording->offset = calloc(cells, sizeof(float));
    recording->velocity = calloc(cells, sizeof(float));
    recording->hit = calloc(cells, sizeof(float));
    if (!recording->x || !recording->g || !recording->bin || !recording->offset ||
        !recording->velocity || !recording->hit)
        return false;
    features_compute(score, 0, score->step_count, NULL, recording->x);
    for (size_t i = 0; i < steps; i++) {
        const struct step *step = &score->steps[i];
        recording->bin[i] = step->bin;
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

struct windows *windows_new(const struct corpus *corpus)
{
    struct windows *windows = calloc(1, sizeof *windows);
    if (windows)
        windows->recordings = calloc((size_t)corpus->count + 1, sizeof *windows->recordings);
    if (!windows || !windows->recordings) {
        windows_free(windows);
        return NULL;
    }
    for (int p = 0; p < corpus->count; p++) {
        if (corpus->pieces[p].score->step_count < SHORTEST)
            continue;
        if (!fill(&windows->recordings[windows->count++], &corpus->pieces[p])) {
            windows_free(windows);
            return NULL;
        }
        windows->steps += corpus->pieces[p].score->step_count;
    }
    return windows;
}

void windows_free(struct windows *windows)
{
    if (!windows)
        return;
    for (int r = 0; windows->recordings && r < windows->count; r++) {
        struct recording *recording = &windows->recordings[r];
        free(recording->x);
        free(recording->g);
        free(recording->bin);
        free(recording->offset);
        free(recording->velocity);
        free(recording->hit);
    }
    free(windows->recordings);
    free(windows);
}

long windows_steps(const struct windows *windows)
{
    return windows->steps;
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

/* Every step of the corpus is equally likely to be a quarter of a window from the start. */
static const struct recording *choose(const struct windows *windows, struct rng *rng, int T,
                                      int *start)
{
    long place = (long)rng_below(rng, (uint32_t)windows->steps);
    const struct recording *recording = windows->recordings;
    while (place >= recording->steps)
        place -= (recording++)->steps;
    *start = (int)place - T / 4;
    if (*start < 0)
        *start = 0;
    return recording;
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
    int T = batch->T, start;
    const struct recording *from = choose(windows, rng, T, &start);
    size_t count = (size_t)(from->steps - start < T ? from->steps - start : T);
    size_t at = (size_t)row * (size_t)T, s = (size_t)start;
    memset(batch->x + at * FEATURE_COUNT, 0, (size_t)T * FEATURE_COUNT * sizeof(float));
    memset(batch->hit + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->offset + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->velocity + at * DRUM_COUNT, 0, (size_t)T * DRUM_COUNT * sizeof(float));
    memset(batch->g + at, 0, (size_t)T * sizeof(float));
    memset(batch->bin + at, 0, (size_t)T * sizeof(int));
    memcpy(batch->x + at * FEATURE_COUNT, from->x + s * FEATURE_COUNT,
           count * FEATURE_COUNT * sizeof(float));
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
