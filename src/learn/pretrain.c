#include "learn/pretrain.h"

#include "base/stopwatch.h"
#include "learn/corpus.h"
#include "learn/course.h"
#include "learn/evaluate.h"
#include "learn/recipe.h"
#include "learn/team.h"
#include "learn/training_state.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double SAVE_EVERY_S = 60;

static const struct course_ops *const courses[] = {&course_groove, &course_paper};

enum { COURSES = sizeof courses / sizeof *courses };

struct trainer {
    const struct pretrain_options *options;
    struct corpus validation;
    struct course *course;
    float *average; /* of the weights */
    struct adam *adam;
    struct team *team;
    struct rng rng;
    long step, steps;       /* done, in all */
    double steps_per_epoch; /* steps that show as many score steps as the corpus has */
    double started_s, saved_s, next_validation;
    long started_step;
    FILE *log;
    struct pretrain_progress progress;
    char state_path[PATH_MAX];
};

static const struct course_ops *find_course(const char *model)
{
    for (int i = 0; i < COURSES; i++)
        if (!strcmp(courses[i]->model, model))
            return courses[i];
    return NULL;
}

bool pretrain_knows(const char *model, struct error *err)
{
    if (find_course(model))
        return true;
    error_set(err, "no drummer '%s' is trained on recordings", model);
    return error_hint(err, "--model groove or paper");
}

struct pretrain_options pretrain_defaults(const char *model)
{
    struct pretrain_options options = {
        .model = model,
        .threads = (int)sysconf(_SC_NPROCESSORS_ONLN),
        .seed = 1,
        .groove = groove_defaults(),
        .paper = paper_defaults(),
    };
    find_course(model)->defaults(&options);
    return options;
}

static struct training_state state_of(struct trainer *trainer)
{
    return (struct training_state){
        .params = trainer->course->params,
        .average = trainer->average,
        .adam = trainer->adam,
        .rng = &trainer->rng,
        .step = &trainer->step,
        .steps = trainer->steps,
        .loss = &trainer->progress.loss,
    };
}

static bool prepare(struct trainer *trainer, struct error *err)
{
    const struct pretrain_options *options = trainer->options;
    struct corpus corpus;
    if (!corpus_load(&corpus, options->folder, "train", err))
        return false;
    trainer->course = find_course(options->model)->open(options, &corpus, err);
    corpus_clear(&corpus);
    if (!trainer->course || !corpus_load(&trainer->validation, options->folder, "validation", err))
        return false;
    if (trainer->course->steps == 0)
        return error_set(err, "the recordings to learn from in '%s' are all too short",
                         options->folder);
    const size_t size = trainer->course->size;
    trainer->average = malloc(size * sizeof *trainer->average);
    trainer->adam = recipe_adam(size);
    trainer->team = team_new(trainer->course, options->threads, options->batch);
    if (!trainer->average || !trainer->adam || !trainer->team)
        return error_set(err, "out of memory");
    memcpy(trainer->average, trainer->course->params, size * sizeof *trainer->average);
    rng_seed(&trainer->rng, options->seed);
    trainer->steps_per_epoch =
        (double)trainer->course->steps / ((double)options->batch * (double)options->window);
    trainer->steps = lround(fmax(1.0, options->epochs * trainer->steps_per_epoch));
    trainer->next_validation = options->validate_every;
    return true;
}

/* Takes up an interrupted training, if there is one. */
static bool resume(struct trainer *trainer, struct error *err)
{
    snprintf(trainer->state_path, sizeof trainer->state_path, "%s.state", trainer->options->output);
    struct training_state state = state_of(trainer);
    if (access(trainer->state_path, F_OK) == 0 &&
        !training_state_load(&state, trainer->state_path, err))
        return false;
    char log_path[PATH_MAX];
    snprintf(log_path, sizeof log_path, "%s.log", trainer->options->output);
    trainer->log = fopen(log_path, trainer->step ? "a" : "w");
    if (!trainer->log)
        return error_errno(err, "cannot write the log '%s'", log_path);
    double epoch = (double)trainer->step / trainer->steps_per_epoch;
    while (trainer->next_validation <= epoch)
        trainer->next_validation += trainer->options->validate_every;
    return true;
}

static void train_step(struct trainer *trainer)
{
    float *gradients;
    struct course *course = trainer->course;
    course->ops->draw(course, &trainer->rng);
    double loss =
        team_step(trainer->team, trainer->options->dropout, rng_next(&trainer->rng), &gradients);
    if (isfinite(adam_clip(gradients, course->size, 1.0)))
        adam_step(trainer->adam, course->params, gradients,
                  (float)recipe_rate(trainer->options->rate, trainer->step, trainer->steps));
    recipe_average(trainer->average, course->params, course->size, trainer->step);
    double *running = &trainer->progress.loss;
    *running = trainer->step == 0 ? loss : 0.98 * *running + 0.02 * loss;
    trainer->step++;
}

static struct checkpoint *shipped(const struct trainer *trainer, struct error *err)
{
    struct checkpoint *checkpoint = checkpoint_new();
    if (!checkpoint) {
        error_set(err, "out of memory");
        return NULL;
    }
    char text[32];
    trainer->course->ops->store(trainer->course, trainer->average, checkpoint);
    snprintf(text, sizeof text, "%.1f", (double)trainer->step / trainer->steps_per_epoch);
    checkpoint_set(checkpoint, "epochs", text);
    return checkpoint;
}

static bool validate(struct trainer *trainer, struct error *err)
{
    struct humanising_error alone, heard;
    struct checkpoint *checkpoint = shipped(trainer, err);
    struct model *model = checkpoint ? model_open(checkpoint, err) : NULL;
    checkpoint_free(checkpoint);
    struct evaluate_options options = {0};
    bool good = model && evaluate_model(model, &trainer->validation, &options, &alone, err);
    options.heard = true;
    good = good && evaluate_model(model, &trainer->validation, &options, &heard, err);
    model_close(model);
    if (!good)
        return false;
    struct pretrain_progress *progress = &trainer->progress;
    progress->validated = true;
    progress->offset_mae_ms = alone.offset_mae_ms;
    progress->velocity_mae = alone.velocity_mae;
    progress->heard_offset_mae_ms = heard.offset_mae_ms;
    fprintf(trainer->log,
            "epoch %.1f loss %.4f timing %.2f ms velocity %.2f past heard: timing %.2f ms\n",
            progress->epoch, progress->loss, alone.offset_mae_ms, alone.velocity_mae,
            heard.offset_mae_ms);
    fflush(trainer->log);
    return true;
}

static bool save(struct trainer *trainer, struct error *err)
{
    struct training_state state = state_of(trainer);
    struct checkpoint *checkpoint = shipped(trainer, err);
    bool saved = checkpoint && checkpoint_save(checkpoint, trainer->options->output, err) &&
                 training_state_save(&state, trainer->state_path, err);
    checkpoint_free(checkpoint);
    trainer->saved_s = stopwatch_s();
    return saved;
}

static bool tell(struct trainer *trainer, struct error *err)
{
    struct pretrain_progress *progress = &trainer->progress;
    double done = (double)(trainer->step - trainer->started_step);
    progress->epoch = (double)trainer->step / trainer->steps_per_epoch;
    progress->epochs = trainer->options->epochs;
    progress->seconds = stopwatch_s() - trainer->started_s;
    progress->seconds_left =
        done > 0 ? progress->seconds / done * (double)(trainer->steps - trainer->step) : 0;
    if (trainer->options->watch && !trainer->options->watch(trainer->options->context, progress)) {
        if (!save(trainer, err))
            return false;
        return error_set(err, "stopped at epoch %.1f; the same command goes on from there",
                         progress->epoch);
    }
    return true;
}

static bool train(struct trainer *trainer, struct error *err)
{
    trainer->started_s = trainer->saved_s = stopwatch_s();
    trainer->started_step = trainer->step;
    while (trainer->step < trainer->steps) {
        train_step(trainer);
        if (!tell(trainer, err))
            return false;
        if (trainer->progress.epoch >= trainer->next_validation) {
            trainer->next_validation += trainer->options->validate_every;
            if (!validate(trainer, err) || !tell(trainer, err))
                return false;
        }
        if (stopwatch_s() - trainer->saved_s > SAVE_EVERY_S && !save(trainer, err))
            return false;
    }
    if (!validate(trainer, err) || !tell(trainer, err) || !save(trainer, err))
        return false;
    remove(trainer->state_path);
    return true;
}

bool pretrain(const struct pretrain_options *options, struct error *err)
{
    struct trainer *trainer = calloc(1, sizeof *trainer);
    if (!trainer)
        return error_set(err, "out of memory");
    trainer->options = options;
    bool good = prepare(trainer, err) && resume(trainer, err) && train(trainer, err);
    if (trainer->log)
        fclose(trainer->log);
    team_free(trainer->team);
    adam_free(trainer->adam);
    free(trainer->average);
    if (trainer->course)
        trainer->course->ops->close(trainer->course);
    corpus_clear(&trainer->validation);
    free(trainer);
    return good;
}
