#include "model/drummer_groove.h"

#include "model/dynamics.h"
#include "model/ear.h"
#include "model/features.h"
#include "model/groove.h"
#include "model/groove_step.h"

#include <math.h>
#include <stdlib.h>

struct mind {
    struct groove *groove;
    struct checkpoint *checkpoint; /* for the ear, which needs a score to be read */
};

struct playing {
    const struct mind *mind;
    const struct score *score;
    struct groove_player *player;
    float *freedom; /* model/dynamics.h */
    struct ear *ear;
};

static void close_mind(void *model)
{
    struct mind *mind = model;
    groove_free(mind->groove);
    checkpoint_free(mind->checkpoint);
    free(mind);
}

static void *open_mind(const struct checkpoint *checkpoint, struct error *err)
{
    struct mind *mind = calloc(1, sizeof *mind);
    if (!mind) {
        error_set(err, "out of memory");
        return NULL;
    }
    mind->groove = groove_from(checkpoint, err);
    mind->checkpoint = mind->groove ? checkpoint_copy(checkpoint) : NULL;
    if (mind->groove && !mind->checkpoint)
        error_set(err, "out of memory");
    if (!mind->checkpoint) {
        close_mind(mind);
        return NULL;
    }
    if (mind->groove->config.inputs != FEATURE_COUNT) {
        error_set(err, "its network reads %d features of a step, this program has %d",
                  mind->groove->config.inputs, FEATURE_COUNT);
        close_mind(mind);
        return NULL;
    }
    return mind;
}

static void end(void *performance)
{
    struct playing *playing = performance;
    groove_player_free(playing->player);
    free(playing->freedom);
    ear_free(playing->ear);
    free(playing);
}

/* The network learnt from scores with one velocity a class: it reads the level. */
static bool read_score(struct playing *playing, const struct groove *groove, struct error *err)
{
    const struct score *score = playing->score;
    size_t steps = (size_t)score->step_count;
    float *x = malloc(steps * FEATURE_COUNT * sizeof *x);
    float *level = malloc(steps * DRUM_COUNT * sizeof *level);
    int *bins = malloc(steps * sizeof *bins);
    playing->freedom = malloc(steps * DRUM_COUNT * sizeof *playing->freedom);
    if (x && level && bins && playing->freedom &&
        dynamics_compute(score, level, playing->freedom)) {
        features_compute(score, 0, score->step_count, level, x);
        for (size_t i = 0; i < steps; i++)
            bins[i] = score->steps[i].bin;
        playing->player = groove_player_new(groove, x, bins, score->step_count, err);
    } else {
        error_set(err, "cannot begin a performance: out of memory");
    }
    free(x);
    free(level);
    free(bins);
    return playing->player != NULL;
}

static bool restart(void *performance, enum restart with, struct error *err)
{
    struct playing *playing = performance;
    groove_player_restart(playing->player);
    if (with != RESTART_NEXT_TAKE) {
        ear_free(playing->ear);
        playing->ear = ear_new(playing->score);
        if (!playing->ear)
            return error_set(err, "cannot begin a performance: out of memory");
        if (with == RESTART_AS_OPENED && !ear_load(playing->ear, playing->mind->checkpoint, err))
            return false;
    }
    ear_start_take(playing->ear);
    return true;
}

static void *begin(const void *model, const struct score *score, struct error *err)
{
    const struct mind *mind = model;
    struct playing *playing = calloc(1, sizeof *playing);
    if (!playing) {
        error_set(err, "cannot begin a performance: out of memory");
        return NULL;
    }
    playing->mind = mind;
    playing->score = score;
    if (!read_score(playing, mind->groove, err) || !restart(playing, RESTART_AS_OPENED, err)) {
        end(playing);
        return NULL;
    }
    return playing;
}

static void hear(void *performance, int step, double guitar_ms, double drums_ms, double weight)
{
    struct playing *playing = performance;
    if (ear_study(playing->ear, step, guitar_ms, drums_ms, weight))
        groove_player_hear(playing->player, step, guitar_ms);
}

static float scale(float logarithm)
{
    return expf(fmaxf(GROOVE_SCALE_MIN, fminf(logarithm, GROOVE_SCALE_MAX)));
}

static void predict(void *performance, int step, struct prediction *out)
{
    struct playing *playing = performance;
    const float *own = groove_player_own(playing->player, step);
    const float *freedom = &playing->freedom[(ptrdiff_t)step * DRUM_COUNT];
    float in_context[GROOVE_OUTPUTS];
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        out->offset_ms[drum] = (float)GROOVE_MS * own[GROOVE_OFFSET + drum];
        out->offset_scale_ms[drum] = (float)GROOVE_MS * scale(own[GROOVE_OFFSET_SCALE + drum]);
        out->velocity[drum] = playing->score->steps[step].velocity[drum] +
                              (float)GROOVE_VELOCITY * freedom[drum] * own[GROOVE_DELTA + drum];
        out->velocity_scale[drum] =
            (float)GROOVE_VELOCITY * sqrtf(freedom[drum]) * scale(own[GROOVE_DELTA_SCALE + drum]);
    }
    double mean, sd;
    groove_player_predict(playing->player, step, in_context);
    out->network_ms = (float)GROOVE_MS * in_context[GROOVE_GUITAR];
    ear_predict(playing->ear, step, GROOVE_MS * in_context[GROOVE_GUITAR], &mean, &sd);
    out->guitar_ms = (float)mean;
    out->guitar_sd_ms = (float)sd;
}

static bool keep(const void *performance, struct checkpoint *checkpoint, struct error *err)
{
    const struct playing *playing = performance;
    (void)err;
    ear_store(playing->ear, checkpoint);
    return true;
}

const struct model_ops model_groove = {
    .name = "groove",
    .summary = "a drummer who learns the guitarist (the default)",
    .asset = "groove.safetensors",
    .open = open_mind,
    .close = close_mind,
    .begin = begin,
    .hear = hear,
    .predict = predict,
    .keep = keep,
    .restart = restart,
    .end = end,
};
