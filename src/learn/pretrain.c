#include "learn/pretrain.h"

#include "learn/corpus.h"
#include "learn/evaluate.h"
#include "learn/recipe.h"
#include "learn/team.h"
#include "learn/training_state.h"
#include "learn/windows.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double SAVE_EVERY_S = 60;

struct trainer {
    const struct pretrain_options *options;
    struct corpus validation;
    struct windows *windows;
    struct window_batch *batch;
    struct groove *groove, *average;
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

struct pretrain_options pretrain_defaults(void)
{
    return (struct pretrain_options){
        .epochs = 100,
        .threads = (int)sysconf(_SC_NPROCESSORS_ONLN),
        .batch = 16,
        .window = 128,
        .rate = 1.5e-3,
        .dropout = 0.15,
        .validate_every = 2,
        .seed = 1,
        .config = groove_defaults(),
    };
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct training_state state_of(struct trainer *trainer)
{
    return (struct training_state){
        .groove = trainer->groove,
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
    trainer->windows = windows_new(&corpus);
    corpus_clear(&corpus);
    if (!corpus_load(&trainer->validation, options->folder, "validation", err))
        return false;
    trainer->batch = window_batch_new(options->batch, options->window);
    trainer->groove = groove_new(options->config, options->seed);
    if (!trainer->windows || !trainer->batch || !trainer->groove)
        return error_set(err, "out of memory");
    if (windows_steps(trainer->windows) == 0)
        return error_set(err, "the recordings to learn from in '%s' are all too short",
                         options->folder);
    trainer->average = groove_copy(trainer->groove);
    trainer->adam = recipe_adam(trainer->groove->size);
    trainer->team = team_new(trainer->groove, options->threads, options->batch, options->window);
    if (!trainer->average || !trainer->adam || !trainer->team)
        return error_set(err, "out of memory");
    rng_seed(&trainer->rng, options->seed);
    trainer->steps_per_epoch = (double)windows_steps(trainer->windows) /
                               ((double)options->batch * (double)options->window);
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
    windows_draw(trainer->windows, &trainer->rng, trainer->batch);
    struct groove_loss loss = team_step(trainer->team, trainer->batch, trainer->options->dropout,
                                        rng_next(&trainer->rng), &gradients);
    if (isfinite(adam_clip(gradients, trainer->groove->size, 1.0)))
        adam_step(trainer->adam, trainer->groove->params, gradients,
                  (float)recipe_rate(trainer->options->rate, trainer->step, trainer->steps));
    recipe_average(trainer->average->params, trainer->groove->params, trainer->groove->size,
                   trainer->step);
    double *running = &trainer->progress.loss;
    *running = trainer->step == 0 ? loss.total : 0.98 * *running + 0.02 * loss.total;
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
    groove_store(trainer->average, checkpoint);
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
    trainer->saved_s = now_s();
    return saved;
}

static bool tell(struct trainer *trainer, struct error *err)
{
    struct pretrain_progress *progress = &trainer->progress;
    double done = (double)(trainer->step - trainer->started_step);
    progress->epoch = (double)trainer->step / trainer->steps_per_epoch;
    progress->epochs = trainer->options->epochs;
    progress->seconds = now_s() - trainer->started_s;
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
    trainer->started_s = trainer->saved_s = now_s();
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
        if (now_s() - trainer->saved_s > SAVE_EVERY_S && !save(trainer, err))
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
    groove_free(trainer->groove);
    groove_free(trainer->average);
    window_batch_free(trainer->batch);
    windows_free(trainer->windows);
    corpus_clear(&trainer->validation);
    free(trainer);
    return good;
}
