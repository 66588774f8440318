/* The paper's network in training. It will have to live on its own words, so that is what it learns
 * from: each batch is decoded several times, first with nothing played before, then with the last
 * outputs as its past (Mihaylova and Martins 2019); the last time counts. */
#include "learn/course.h"
#include "learn/paper_windows.h"

#include <stdlib.h>

struct paper_course {
    struct course head;
    struct paper *paper;
    struct paper_windows *windows;
    struct paper_window_batch *batch;
};

struct paper_worker {
    struct paper_pass *pass;
    float *past, *d_outputs;
};

static void defaults(struct pretrain_options *options)
{
    options->epochs = 30;
    options->batch = 64;
    options->window = options->paper.window;
    options->rate = 2e-3;
    options->dropout = 0.2;
    options->validate_every = 10;
}

static void close_course(struct course *head)
{
    struct paper_course *course = (struct paper_course *)head;
    if (!course)
        return;
    paper_free(course->paper);
    paper_windows_free(course->windows);
    paper_window_batch_free(course->batch);
    free(course);
}

static struct course *open_course(const struct pretrain_options *options,
                                  const struct corpus *train, struct error *err)
{
    struct paper_course *course = calloc(1, sizeof *course);
    if (!course) {
        error_set(err, "out of memory");
        return NULL;
    }
    course->windows = paper_windows_new(train);
    course->batch = paper_window_batch_new(options->batch, options->window);
    course->paper = paper_new(options->paper, options->seed);
    if (!course->windows || !course->batch || !course->paper) {
        error_set(err, "out of memory");
        close_course(&course->head);
        return NULL;
    }
    course->head = (struct course){.ops = &course_paper,
                                   .params = course->paper->params,
                                   .size = course->paper->size,
                                   .steps = paper_windows_steps(course->windows)};
    return &course->head;
}

static void store(const struct course *head, const float *params, struct checkpoint *checkpoint)
{
    paper_store(((const struct paper_course *)head)->paper, params, checkpoint);
}

static void draw(struct course *head, struct rng *rng)
{
    struct paper_course *course = (struct paper_course *)head;
    paper_windows_draw(course->windows, rng, course->batch);
}

static void dismiss(void *context)
{
    struct paper_worker *worker = context;
    if (!worker)
        return;
    paper_pass_free(worker->pass);
    free(worker->past);
    free(worker->d_outputs);
    free(worker);
}

static void *hire(const struct course *head, int count)
{
    const struct paper_course *course = (const struct paper_course *)head;
    struct paper_worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return NULL;
    size_t steps = (size_t)count * (size_t)course->batch->T;
    worker->pass = paper_pass_new(course->paper, count, course->batch->T, true);
    worker->past = calloc(steps * PAPER_PAST, sizeof *worker->past);
    worker->d_outputs = calloc(steps * PAPER_OUTPUTS, sizeof *worker->d_outputs);
    if (!worker->pass || !worker->past || !worker->d_outputs) {
        dismiss(worker);
        return NULL;
    }
    return worker;
}

static double work(const struct course *head, void *context, int first, int count, float dropout,
                   struct rng *rng, float *gradients)
{
    const struct paper_course *course = (const struct paper_course *)head;
    const struct paper_worker *worker = context;
    struct paper_batch input = paper_window_input(course->batch, first, count);
    const struct paper_targets targets = paper_window_targets(course->batch, first);
    input.past = worker->past;
    const float *encoded = paper_encode(course->paper, worker->pass, &input, dropout, rng);
    const float *outputs = NULL;
    for (int rehearsals = 1 + (int)rng_below(rng, 2); rehearsals > 0; rehearsals--) {
        paper_window_past(course->batch, first, count, outputs, worker->past);
        outputs = paper_decode(course->paper, worker->pass, &input, encoded, 0, NULL);
    }
    paper_window_past(course->batch, first, count, outputs, worker->past);
    outputs = paper_decode(course->paper, worker->pass, &input, encoded, dropout, rng);
    double loss =
        paper_loss(course->paper, &input, &targets, outputs, worker->d_outputs, gradients);
    paper_backward(course->paper, worker->pass, &input, worker->d_outputs, gradients);
    return loss;
}

const struct course_ops course_paper = {
    .model = "paper",
    .defaults = defaults,
    .open = open_course,
    .close = close_course,
    .store = store,
    .draw = draw,
    .hire = hire,
    .dismiss = dismiss,
    .work = work,
};
