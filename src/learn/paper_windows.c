#include "learn/paper_windows.h"

#include "learn/augment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 6 };

/* Mostly nothing, as a humaniser has it. */
static const double HEARS_NOTHING = 0.75, HEARS_SOME = 0.85;

struct recording {
    int steps;
    float *score;                   /* (steps,PAPER_SCORE) */
    float *velocity, *offset, *hit; /* (steps,DRUM_COUNT) */
    float *g, *unit;                /* (steps) */
};

struct paper_windows {
    struct recording *recordings;
    int count;
    long steps;
};

static void fill(struct recording *r, const struct piece *piece)
{
    for (int i = 0; i < r->steps; i++) {
        const struct step *step = &piece->score->steps[i];
        const double bar_ms = 1000 * step->at.bar_s;
        paper_read_step(step, r->score + (ptrdiff_t)i * PAPER_SCORE);
        r->unit[i] = (float)(bar_ms * PAPER_BAR / PAPER_MS);
        r->g[i] = (float)(piece->guitar_ms[i] / bar_ms / PAPER_BAR);
        for (int c = 0; c < DRUM_COUNT; c++) {
            const int cell = i * DRUM_COUNT + c;
            if (!(step->drums >> c & 1))
                continue;
            r->hit[cell] = 1;
            r->velocity[cell] = (piece->velocity[cell] - (float)step->velocity[c]) / PAPER_VELOCITY;
            r->offset[cell] = (float)(piece->offset_ms[cell] / bar_ms / PAPER_BAR);
        }
    }
}

static bool read_recording(struct recording *r, const struct piece *piece)
{
    const size_t steps = (size_t)piece->score->step_count;
    r->steps = piece->score->step_count;
    r->score = calloc(steps * PAPER_SCORE, sizeof(float));
    r->velocity = calloc(steps * DRUM_COUNT, sizeof(float));
    r->offset = calloc(steps * DRUM_COUNT, sizeof(float));
    r->hit = calloc(steps * DRUM_COUNT, sizeof(float));
    r->g = calloc(steps, sizeof(float));
    r->unit = calloc(steps, sizeof(float));
    if (!r->score || !r->velocity || !r->offset || !r->hit || !r->g || !r->unit)
        return false;
    fill(r, piece);
    return true;
}

struct paper_windows *paper_windows_new(const struct corpus *corpus)
{
    struct paper_windows *windows = calloc(1, sizeof *windows);
    if (windows)
        windows->recordings = calloc((size_t)corpus->count + 1, sizeof *windows->recordings);
    bool good = windows && windows->recordings;
    for (int p = 0; good && p < corpus->count; p++) {
        if (corpus->pieces[p].score->step_count < SHORTEST)
            continue;
        good = read_recording(&windows->recordings[windows->count++], &corpus->pieces[p]);
        windows->steps += corpus->pieces[p].score->step_count;
    }
    if (good)
        return windows;
    paper_windows_free(windows);
    return NULL;
}

void paper_windows_free(struct paper_windows *windows)
{
    if (!windows)
        return;
    for (int i = 0; i < windows->count; i++) {
        const struct recording *r = &windows->recordings[i];
        float *all[] = {r->score, r->velocity, r->offset, r->hit, r->g, r->unit};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            free(all[k]);
    }
    free(windows->recordings);
    free(windows);
}

long paper_windows_steps(const struct paper_windows *windows)
{
    return windows->steps;
}

struct paper_window_batch *paper_window_batch_new(int B, int T)
{
    struct paper_window_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    const size_t steps = (size_t)B * (size_t)T, cells = steps * DRUM_COUNT;
    batch->B = B;
    batch->T = T;
    batch->score = malloc(steps * PAPER_SCORE * sizeof(float));
    batch->velocity = malloc(cells * sizeof(float));
    batch->offset = malloc(cells * sizeof(float));
    batch->hit = malloc(cells * sizeof(float));
    batch->g = malloc(steps * sizeof(float));
    batch->unit = malloc(steps * sizeof(float));
    batch->heard = malloc(steps * sizeof(float));
    batch->valid = malloc(steps * sizeof(float));
    batch->blank = malloc((size_t)B * sizeof *batch->blank);
    if (batch->score && batch->velocity && batch->offset && batch->hit && batch->g && batch->unit &&
        batch->heard && batch->valid && batch->blank)
        return batch;
    paper_window_batch_free(batch);
    return NULL;
}

void paper_window_batch_free(struct paper_window_batch *batch)
{
    if (!batch)
        return;
    float *all[] = {batch->score, batch->velocity, batch->offset, batch->hit,
                    batch->g,     batch->unit,     batch->heard,  batch->valid};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
    free(batch->blank);
    free(batch);
}

/* Every step of the corpus is equally likely; where in its window it lies too, as far as the
 * recording reaches. */
static const struct recording *choose(const struct paper_windows *windows, struct rng *rng, int T,
                                      int *start)
{
    long place = (long)rng_below(rng, (uint32_t)windows->steps);
    const struct recording *recording = windows->recordings;
    while (place >= recording->steps)
        place -= (recording++)->steps;
    int first = (int)place - (int)rng_below(rng, (uint32_t)T), last = recording->steps - T;
    *start = first > last ? last : first;
    *start = *start < 0 ? 0 : *start;
    return recording;
}

/* Rows of `width` numbers; zeros behind the last. */
static void copy(float *to, const float *from, int start, int count, int T, int width)
{
    memset(to, 0, (size_t)(T * width) * sizeof *to);
    memcpy(to, from + (ptrdiff_t)start * width, (size_t)(count * width) * sizeof *to);
}

static const double BLANK = 0.1;                                /* of the windows */
static const double GAIN = 0.15, CLASS_GAIN = 0.1, TEMPO = 0.2; /* SDs of the disguise */

/* No recording is to be known again by its loudness and its tempo. What was played louder or softer
 * keeps its proportions. */
static void disguise(struct rng *rng, float *score, float *velocity, int T)
{
    const double all = GAIN * rng_normal(rng);
    const float tempo = (float)(TEMPO * rng_normal(rng));
    for (int c = 0; c < DRUM_COUNT; c++) {
        const float gain = (float)exp(all + CLASS_GAIN * rng_normal(rng));
        for (int t = 0; t < T; t++) {
            score[t * PAPER_SCORE + c] *= gain;
            velocity[t * DRUM_COUNT + c] *= gain;
        }
    }
    for (int t = 0; t < T; t++)
        score[t * PAPER_SCORE + DRUM_COUNT] += tempo;
}

static void draw_window(const struct paper_windows *windows, struct rng *rng,
                        struct paper_window_batch *batch, int b)
{
    const int T = batch->T;
    int start;
    const struct recording *r = choose(windows, rng, T, &start);
    const int count = r->steps - start < T ? r->steps - start : T;
    const ptrdiff_t at = (ptrdiff_t)b * T;
    copy(batch->score + at * PAPER_SCORE, r->score, start, count, T, PAPER_SCORE);
    copy(batch->velocity + at * DRUM_COUNT, r->velocity, start, count, T, DRUM_COUNT);
    copy(batch->offset + at * DRUM_COUNT, r->offset, start, count, T, DRUM_COUNT);
    copy(batch->hit + at * DRUM_COUNT, r->hit, start, count, T, DRUM_COUNT);
    copy(batch->g + at, r->g, start, count, T, 1);
    copy(batch->unit + at, r->unit, start, count, T, 1);
    disguise(rng, batch->score + at * PAPER_SCORE, batch->velocity + at * DRUM_COUNT, T);
    augment_hide(batch->heard + at, T, HEARS_NOTHING, HEARS_SOME, rng);
    batch->blank[b] = rng_uniform(rng) < BLANK;
    for (int t = 0; t < T; t++)
        batch->valid[at + t] = t < count;
    batch->steps += count;
    for (int k = 0; k < count * DRUM_COUNT; k++)
        batch->hits += batch->hit[at * DRUM_COUNT + k];
}

void paper_windows_draw(const struct paper_windows *windows, struct rng *rng,
                        struct paper_window_batch *batch)
{
    batch->hits = batch->steps = 0;
    for (int b = 0; b < batch->B; b++)
        draw_window(windows, rng, batch, b);
}

struct paper_batch paper_window_input(const struct paper_window_batch *batch, int first, int count)
{
    const ptrdiff_t at = (ptrdiff_t)first * batch->T;
    return (struct paper_batch){.B = count,
                                .T = batch->T,
                                .score = batch->score + at * PAPER_SCORE,
                                .valid = batch->valid + at};
}

struct paper_targets paper_window_targets(const struct paper_window_batch *batch, int first)
{
    const ptrdiff_t at = (ptrdiff_t)first * batch->T;
    return (struct paper_targets){.velocity = batch->velocity + at * DRUM_COUNT,
                                  .offset = batch->offset + at * DRUM_COUNT,
                                  .hit = batch->hit + at * DRUM_COUNT,
                                  .g = batch->g + at,
                                  .unit = batch->unit + at,
                                  .hits = batch->hits,
                                  .steps = batch->steps};
}

static void recall(const struct paper_window_batch *batch, ptrdiff_t n, const float *outputs,
                   float *past)
{
    const float *score = batch->score + n * PAPER_SCORE, *g = &batch->g[n];
    const bool heard = batch->heard[n] != 0;
    if (outputs) {
        paper_recall(score, outputs, heard ? g : NULL, score + PAPER_SCORE, past);
        return;
    }
    paper_recall_nothing(score + PAPER_SCORE, past);
    if (heard)
        past[PAPER_GUITAR] = *g;
}

void paper_window_past(const struct paper_window_batch *batch, int first, int count,
                       const float *outputs, float *past)
{
    const int T = batch->T;
    for (int b = 0; b < count; b++)
        for (int t = 0; t < T; t++) {
            const ptrdiff_t n = (ptrdiff_t)(first + b) * T + t, row = (ptrdiff_t)b * T + t;
            const bool known = outputs && !batch->blank[first + b];
            if (t == 0)
                paper_recall_nothing(batch->score + n * PAPER_SCORE, past + row * PAPER_PAST);
            else
                recall(batch, n - 1, known ? outputs + (row - 1) * PAPER_OUTPUTS : NULL,
                       past + row * PAPER_PAST);
        }
}
