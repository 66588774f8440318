/* The paper's recipe for a lesson, on the paper's network: a step of Adam over the whole take is an
 * epoch. The take is cut into windows; as in pretraining the network's past is its own words, with
 * the guitar where it was heard. */
#include "learn/lesson_train.h"
#include "learn/paper_windows.h"
#include "model/adam.h"
#include "model/paper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Offsets of the Groove MIDI Dataset, in units of the bar. */
static const double GMD_MEAN = -0.003339 / PAPER_BAR, GMD_SD = 0.011725 / PAPER_BAR;

/* As lesson_progress has them. */
enum { TERM_VELOCITY, TERM_OFFSET, TERM_GUITAR, TERM_HUMAN, TERMS };

struct student {
    const struct lesson_options *options;
    struct paper *paper;
    struct paper_pass *pass;
    struct adam *adam;
    struct paper_window_batch *batch; /* the whole take */
    const uint16_t *drums;            /* that are taught, by row */
    float *past, *d_outputs, *gradients;
    const float *outputs; /* of the last look */
    double notes[TERMS];  /* how many numbers each mean is over; of human: hits */
    double mean, sd;      /* of the offsets, units of the bar */
    double weights[TERMS];
};

static void free_student(struct student *student)
{
    paper_free(student->paper);
    paper_pass_free(student->pass);
    adam_free(student->adam);
    paper_window_batch_free(student->batch);
    free(student->past);
    free(student->d_outputs);
    free(student->gradients);
}

/* Step `step` of the score becomes row n; targets are what the loss asks for. */
static void fill_row(struct paper_window_batch *batch, int n,
                     const struct lesson_material *material, int step)
{
    const struct step *at = &material->score->steps[step];
    const double bar_ms = 1000 * at->at.bar_s;
    const float g_ms = material->g_ms[step - material->first];
    paper_read_step(at, batch->score + (ptrdiff_t)n * PAPER_SCORE);
    batch->unit[n] = (float)(bar_ms * PAPER_BAR / PAPER_MS);
    batch->g[n] = (float)(g_ms / bar_ms / PAPER_BAR);
    batch->heard[n] = material->heard[step - material->first];
    batch->valid[n] = 1;
    for (int c = 0; c < DRUM_COUNT; c++)
        batch->hit[n * DRUM_COUNT + c] = at->drums >> c & 1;
}

static void fill_batch(struct student *student, const struct lesson_material *material)
{
    struct paper_window_batch *batch = student->batch;
    const int N = batch->B * batch->T, count = material->end - material->first;
    for (int n = 0; n < N; n++) {
        /* Behind the last step stands the last one again, seen by nobody. */
        fill_row(batch, n, material, material->first + (n < count ? n : count - 1));
        batch->valid[n] = n < count;
        for (int c = 0; c < DRUM_COUNT && n < count; c++)
            if (batch->hit[n * DRUM_COUNT + c] != 0) {
                const bool taught = material->drums[n] & (1u << c);
                student->notes[TERM_VELOCITY] += taught;
                student->notes[TERM_OFFSET] += taught ? batch->heard[n] : 0;
                student->notes[TERM_HUMAN]++;
            }
        if (n < count)
            student->notes[TERM_GUITAR] += batch->heard[n];
    }
    memset(batch->blank, 0, (size_t)batch->B * sizeof *batch->blank);
}

static bool enrol(struct student *student, const struct checkpoint *checkpoint,
                  const struct lesson_material *material, struct error *err)
{
    const struct lesson_weights *w = &student->options->weights;
    student->paper = paper_from(checkpoint, err);
    if (!student->paper)
        return false;
    const int T = student->paper->config.window, count = material->end - material->first;
    const int B = (count + T - 1) / T;
    const size_t steps = (size_t)B * (size_t)T;
    student->pass = paper_pass_new(student->paper, B, T, true);
    student->adam = adam_new(student->paper->size);
    student->batch = paper_window_batch_new(B, T);
    student->past = calloc(steps * PAPER_PAST, sizeof(float));
    student->d_outputs = calloc(steps * PAPER_OUTPUTS, sizeof(float));
    student->gradients = calloc(student->paper->size, sizeof(float));
    if (!student->pass || !student->adam || !student->batch || !student->past ||
        !student->d_outputs || !student->gradients)
        return error_set(err, "out of memory");
    student->weights[TERM_VELOCITY] = w->velocity;
    student->weights[TERM_OFFSET] = w->offset;
    student->weights[TERM_GUITAR] = w->guitar;
    student->weights[TERM_HUMAN] = w->human;
    student->drums = material->drums;
    fill_batch(student, material);
    return true;
}

/* The numbers of a row that its terms are about. */
struct row {
    const float *made;
    const float *hit;
    uint16_t taught;
    float g;
    bool heard;
};

static bool row_at(const struct student *student, int n, struct row *row)
{
    const struct paper_window_batch *batch = student->batch;
    if (batch->valid[n] == 0)
        return false;
    *row = (struct row){.made = student->outputs + (ptrdiff_t)n * PAPER_OUTPUTS,
                        .hit = batch->hit + (ptrdiff_t)n * DRUM_COUNT,
                        .taught = student->drums[n],
                        .g = batch->g[n],
                        .heard = batch->heard[n] != 0};
    return true;
}

static double mean_of(double sum, double count)
{
    return count > 0 ? sum / count : 0;
}

/* The four terms, in units of the bar and of velocity. */
static void sum_terms(struct student *student, double terms[TERMS])
{
    double sums[TERMS] = {0}, square = 0;
    struct row row;
    for (int n = 0; n < student->batch->B * student->batch->T; n++) {
        if (!row_at(student, n, &row))
            continue;
        for (int c = 0; c < DRUM_COUNT; c++) {
            if (row.hit[c] == 0)
                continue;
            const double offset = row.made[PAPER_OFFSET + c], delta = row.made[PAPER_DELTA + c];
            sums[TERM_HUMAN] += offset;
            square += offset * offset;
            if (!(row.taught & (1u << c)))
                continue;
            sums[TERM_VELOCITY] += delta * delta;
            sums[TERM_OFFSET] += row.heard ? (offset - row.g) * (offset - row.g) : 0;
        }
        const double miss = row.made[PAPER_GUITAR] - row.g;
        sums[TERM_GUITAR] += row.heard ? miss * miss : 0;
    }
    for (int k = 0; k < TERMS; k++)
        terms[k] = mean_of(sums[k], student->notes[k]);
    student->mean = terms[TERM_HUMAN];
    student->sd = sqrt(
        fmax(mean_of(square, student->notes[TERM_HUMAN]) - student->mean * student->mean, 1e-6));
    terms[TERM_HUMAN] = (student->mean - GMD_MEAN) * (student->mean - GMD_MEAN) +
                        (student->sd - GMD_SD) * (student->sd - GMD_SD);
}

static double look(void *context, struct lesson_progress *progress)
{
    struct student *student = context;
    struct paper_window_batch *batch = student->batch;
    struct paper_batch input = paper_window_input(batch, 0, batch->B);
    double terms[TERMS], loss = 0;
    input.past = student->past;
    const float *encoded = paper_encode(student->paper, student->pass, &input, 0, NULL);
    paper_window_past(batch, 0, batch->B, NULL, student->past);
    const float *outputs = paper_decode(student->paper, student->pass, &input, encoded, 0, NULL);
    paper_window_past(batch, 0, batch->B, outputs, student->past);
    student->outputs = paper_decode(student->paper, student->pass, &input, encoded, 0, NULL);
    sum_terms(student, terms);
    const double ms = PAPER_MS * batch->unit[0]; /* of the tempo at the beginning */
    for (int k = 0; k < TERMS; k++) {
        const double unit = k == TERM_VELOCITY ? PAPER_VELOCITY : ms;
        progress->terms[k] = terms[k] * unit * unit;
        loss += student->weights[k] * terms[k];
    }
    progress->loss = loss;
    return loss;
}

/* What the terms of one row ask for, each mean's share. */
static void differentiate_row(const struct student *student, const struct row *row,
                              const double share[TERMS], float *d)
{
    const double pull = student->mean - GMD_MEAN, stretch = student->sd - GMD_SD;
    for (int c = 0; c < DRUM_COUNT; c++) {
        if (row->hit[c] == 0)
            continue;
        const double offset = row->made[PAPER_OFFSET + c];
        double human = pull + stretch * (offset - student->mean) / student->sd;
        d[PAPER_OFFSET + c] = (float)(share[TERM_HUMAN] * human);
        if (!(row->taught & (1u << c)))
            continue;
        d[PAPER_DELTA + c] = (float)(share[TERM_VELOCITY] * row->made[PAPER_DELTA + c]);
        if (row->heard)
            d[PAPER_OFFSET + c] += (float)(share[TERM_OFFSET] * (offset - row->g));
    }
    if (row->heard)
        d[PAPER_GUITAR] = (float)(share[TERM_GUITAR] * (row->made[PAPER_GUITAR] - row->g));
}

static void step(void *context)
{
    struct student *student = context;
    struct paper_window_batch *batch = student->batch;
    struct paper_batch input = paper_window_input(batch, 0, batch->B);
    const int N = batch->B * batch->T;
    double share[TERMS];
    struct row row;
    for (int k = 0; k < TERMS; k++)
        share[k] = 2 * mean_of(student->weights[k], student->notes[k]);
    memset(student->d_outputs, 0, (size_t)N * PAPER_OUTPUTS * sizeof *student->d_outputs);
    for (int n = 0; n < N; n++)
        if (row_at(student, n, &row))
            differentiate_row(student, &row, share,
                              student->d_outputs + (ptrdiff_t)n * PAPER_OUTPUTS);
    input.past = student->past;
    memset(student->gradients, 0, student->paper->size * sizeof *student->gradients);
    paper_backward(student->paper, student->pass, &input, student->d_outputs, student->gradients);
    if (isfinite(adam_clip(student->gradients, student->paper->size, 1.0)))
        adam_step(student->adam, student->paper->params, student->gradients,
                  (float)(student->options->rate * student->options->strength));
}

bool lesson_train_paper(struct checkpoint *checkpoint, const struct lesson_material *material,
                        const struct lesson_options *options, struct lesson_watcher *watcher,
                        struct lesson_report *report, struct error *err)
{
    struct student student = {.options = options};
    bool good = enrol(&student, checkpoint, material, err) &&
                lesson_epochs(&student, look, step, material->end - material->first, options,
                              watcher, report, err);
    if (good)
        paper_store(student.paper, student.paper->params, checkpoint);
    free_student(&student);
    return good;
}
