#include "learn/windows.h"

#include "learn/augment.h"
#include "model/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 6 };

static const double SIXTEENTHS = 0.25, TWO_BARS = 0.125; /* of the windows */
static const double HEARS_NOTHING = 0.35, HEARS_SOME = 0.7;

struct recording {
    int steps;
    float *x, *g;                   /* (steps, FEATURE_COUNT), (steps) */
    float *offset, *velocity, *hit; /* (steps, DRUM_COUNT) */
    int *bin, *bar;
    double *at; /* (steps) 16ths */
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
    recording->at = calloc(steps, sizeof(double));
    recording->offset = calloc(cells, sizeof(float));
    recording->velocity = calloc(cells, sizeof(float));
    recording->hit = calloc(cells, sizeof(float));
    if (!recording->x || !recording->g || !recording->bin || !recording->bar || !recording->at ||
        !recording->offset || !recording->velocity || !recording->hit)
        return false;
    features_compute(score, 0, score->step_count, NULL, recording->x);
    for (size_t i = 0; i < steps; i++) {
        const struct step *step = &score->steps[i];
        recording->bin[i] = step->bin;
        recording->bar[i] = step->at.bar;
        recording->at[i] = 4.0 * (double)step->tick / score->ppq;
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
        free(recording->at);
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
    if (kind >= SIXTEENTHS || windows->sixteenths.steps == 0)
        return around(choose(&windows->beats, rng), T);
    struct stretch chosen = choose(&windows->sixteenths, rng);
    return kind < TWO_BARS ? two_bars(chosen, T) : around(chosen, T);
}

static struct augment_window row_of(const struct window_batch *batch, int row)
{
    size_t at = (size_t)row * (size_t)batch->T;
    return (struct augment_window){
        .T = batch->T,
        .x = batch->x + at * FEATURE_COUNT,
        .g = batch->g + at,
        .heard = batch->heard + at,
        .bin = batch->bin + at,
        .offset = batch->offset + at * DRUM_COUNT,
        .velocity = batch->velocity + at * DRUM_COUNT,
        .hit = batch->hit + at * DRUM_COUNT,
    };
}

static void copy_stretch(struct augment_window *window, const struct stretch *stretch)
{
    const struct recording *from = stretch->from;
    const size_t s = (size_t)stretch->first, count = (size_t)stretch->count;
    memcpy(window->x, from->x + s * FEATURE_COUNT, count * FEATURE_COUNT * sizeof(float));
    memcpy(window->hit, from->hit + s * DRUM_COUNT, count * DRUM_COUNT * sizeof(float));
    memcpy(window->offset, from->offset + s * DRUM_COUNT, count * DRUM_COUNT * sizeof(float));
    memcpy(window->velocity, from->velocity + s * DRUM_COUNT, count * DRUM_COUNT * sizeof(float));
    memcpy(window->g, from->g + s, count * sizeof(float));
    memcpy(window->bin, from->bin + s, count * sizeof(int));
    window->at = from->at + s;
    window->count = stretch->count;
    if (stretch->whole) {
        features_put_distance(window->x, 0, INFINITY);
        features_put_distance(window->x + (count - 1) * FEATURE_COUNT, 1, INFINITY);
    }
}

/* What is behind the last valid step. */
static void clear_rest(struct augment_window *window)
{
    const size_t count = (size_t)window->count, rest = (size_t)(window->T - window->count);
    memset(window->x + count * FEATURE_COUNT, 0, rest * FEATURE_COUNT * sizeof(float));
    memset(window->hit + count * DRUM_COUNT, 0, rest * DRUM_COUNT * sizeof(float));
    memset(window->offset + count * DRUM_COUNT, 0, rest * DRUM_COUNT * sizeof(float));
    memset(window->velocity + count * DRUM_COUNT, 0, rest * DRUM_COUNT * sizeof(float));
    memset(window->g + count, 0, rest * sizeof(float));
    memset(window->heard + count, 0, rest * sizeof(float));
    memset(window->bin + count, 0, rest * sizeof(int));
}

static void draw_row(const struct windows *windows, struct rng *rng, bool varied,
                     struct window_batch *batch, int row)
{
    struct augment_window window = row_of(batch, row);
    struct stretch stretch = choose_stretch(windows, rng, batch->T);
    copy_stretch(&window, &stretch);
    if (varied)
        augment_vary(&window, rng);
    clear_rest(&window);
    augment_hide(window.heard, window.count, HEARS_NOTHING, HEARS_SOME, rng);
    if (window.heard[0] + window.heard[1] + window.heard[2] > 0 && rng_uniform(rng) < 0.5)
        augment_lay_groove(&window, rng);
    for (int t = 0; t < batch->T; t++)
        batch->valid[row * batch->T + t] = t < window.count;
    batch->steps += window.count;
    for (int k = 0; k < window.count * DRUM_COUNT; k++)
        batch->hits += window.hit[k];
}

void windows_draw(const struct windows *windows, struct rng *rng, bool varied,
                  struct window_batch *batch)
{
    batch->hits = batch->steps = 0;
    for (int row = 0; row < batch->B; row++)
        draw_row(windows, rng, varied, batch, row);
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
