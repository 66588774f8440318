/* The default drummer's network in training: from recordings, or from other grooves that have
 * learnt from them. Of several teachers another one teaches each batch, so that their mean is
 * learnt. */
#include "learn/course.h"
#include "learn/windows.h"
#include "model/groove.h"

#include <stdlib.h>

struct groove_course {
    struct course head;
    struct groove *groove;
    struct windows *windows;
    struct window_batch *batch;
    struct groove *teachers[PRETRAIN_TEACHERS];
    int teacher_count, teacher; /* whose turn it is */
};

struct groove_worker {
    struct groove_pass *pass;
    struct groove_pass *teacher[PRETRAIN_TEACHERS];
    float *d_outputs;
};

static void defaults(struct pretrain_options *options)
{
    options->epochs = 100;
    options->batch = 16;
    options->window = 128;
    options->rate = 1.5e-3;
    options->dropout = 0.15;
    options->validate_every = 5;
}

static void close_course(struct course *head)
{
    struct groove_course *course = (struct groove_course *)head;
    if (!course)
        return;
    groove_free(course->groove);
    for (int i = 0; i < course->teacher_count; i++)
        groove_free(course->teachers[i]);
    windows_free(course->windows);
    window_batch_free(course->batch);
    free(course);
}

static bool find_teachers(struct groove_course *course, const struct pretrain_options *options,
                          struct error *err)
{
    for (int i = 0; i < PRETRAIN_TEACHERS && options->teachers[i]; i++) {
        struct checkpoint *checkpoint = checkpoint_load(options->teachers[i], err);
        struct groove *teacher = checkpoint ? groove_from(checkpoint, err) : NULL;
        checkpoint_free(checkpoint);
        if (!teacher)
            return false;
        course->teachers[course->teacher_count++] = teacher;
        if (teacher->config.inputs != options->groove.inputs)
            return error_set(err, "'%s' reads other features", options->teachers[i]);
    }
    return true;
}

static bool prepare(struct groove_course *course, const struct pretrain_options *options,
                    const struct corpus *train, struct error *err)
{
    struct corpus sixteenths;
    if (!find_teachers(course, options, err) ||
        !corpus_load_sixteenths(&sixteenths, options->folder, "train", err))
        return false;
    course->windows = windows_new(train, &sixteenths);
    corpus_clear(&sixteenths);
    course->batch = window_batch_new(options->batch, options->window);
    course->groove = groove_new(options->groove, options->seed);
    return (course->windows && course->batch && course->groove) || error_set(err, "out of memory");
}

static struct course *open_course(const struct pretrain_options *options,
                                  const struct corpus *train, struct error *err)
{
    struct groove_course *course = calloc(1, sizeof *course);
    if (!course) {
        error_set(err, "out of memory");
        return NULL;
    }
    if (!prepare(course, options, train, err)) {
        close_course(&course->head);
        return NULL;
    }
    course->head = (struct course){.ops = &course_groove,
                                   .params = course->groove->params,
                                   .size = course->groove->size,
                                   .steps = windows_steps(course->windows)};
    return &course->head;
}

static void store(const struct course *head, const float *params, struct checkpoint *checkpoint)
{
    groove_store(((const struct groove_course *)head)->groove, params, checkpoint);
}

static void draw(struct course *head, struct rng *rng)
{
    struct groove_course *course = (struct groove_course *)head;
    windows_draw(course->windows, rng, course->teacher_count > 0, course->batch);
    if (course->teacher_count)
        course->teacher = (int)rng_below(rng, (uint32_t)course->teacher_count);
}

static void dismiss(void *context)
{
    struct groove_worker *worker = context;
    if (!worker)
        return;
    groove_pass_free(worker->pass);
    for (int i = 0; i < PRETRAIN_TEACHERS; i++)
        groove_pass_free(worker->teacher[i]);
    free(worker->d_outputs);
    free(worker);
}

static void *hire(const struct course *head, int count)
{
    const struct groove_course *course = (const struct groove_course *)head;
    struct groove_worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return NULL;
    size_t steps = (size_t)count * (size_t)course->batch->T;
    worker->pass = groove_pass_new(course->groove, count, course->batch->T, true);
    worker->d_outputs = calloc(steps * GROOVE_OUTPUTS, sizeof *worker->d_outputs);
    bool room = worker->pass && worker->d_outputs;
    for (int i = 0; i < course->teacher_count; i++) {
        worker->teacher[i] = groove_pass_new(course->teachers[i], count, course->batch->T, false);
        room = room && worker->teacher[i];
    }
    if (!room) {
        dismiss(worker);
        return NULL;
    }
    return worker;
}

static double work(const struct course *head, void *context, int first, int count, float dropout,
                   struct rng *rng, float *gradients)
{
    const struct groove_course *course = (const struct groove_course *)head;
    const struct groove_worker *worker = context;
    struct groove_batch input = window_batch_input(course->batch, first, count);
    struct groove_targets targets = window_batch_targets(course->batch, first);
    if (course->teacher_count)
        targets.taught = groove_forward(course->teachers[course->teacher],
                                        worker->teacher[course->teacher], &input, 0, NULL);
    const float *outputs = groove_forward(course->groove, worker->pass, &input, dropout, rng);
    double loss = groove_loss(&input, &targets, outputs, worker->d_outputs).total;
    groove_backward(course->groove, worker->pass, &input, worker->d_outputs, gradients);
    return loss;
}

const struct course_ops course_groove = {
    .model = "groove",
    .defaults = defaults,
    .open = open_course,
    .close = close_course,
    .store = store,
    .draw = draw,
    .hire = hire,
    .dismiss = dismiss,
    .work = work,
};
