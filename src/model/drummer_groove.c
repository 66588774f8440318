#include "model/drummer_groove.h"

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
    const struct score *score;
    struct groove_player *player;
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
    ear_free(playing->ear);
    free(playing);
}

static struct groove_player *new_player(const struct groove *groove, const struct score *score,
                                        struct error *err)
{
    size_t steps = (size_t)score->step_count;
    float *x = malloc(steps * FEATURE_COUNT * sizeof *x);
    int *bins = malloc(steps * sizeof *bins);
    struct groove_player *player = NULL;
    if (x && bins) {
        features_compute(score, 0, score->step_count, NULL, x);
        for (size_t i = 0; i < steps; i++)
            bins[i] = score->steps[i].bin;
        player = groove_player_new(groove, x, bins, score->step_count, err);
    } else {
        error_set(err, "cannot begin a performance: out of memory");
    }
    free(x);
    free(bins);
    return player;
}

static void *begin(const void *model, const struct score *score, struct error *err)
{
    const struct mind *mind = model;
    struct playing *playing = calloc(1, sizeof *playing);
    if (!playing) {
        error_set(err, "cannot begin a performance: out of memory");
        return NULL;
    }
    playing->score = score;
    playing->player = new_player(mind->groove, score, err);
    playing->ear = playing->player ? ear_new(score) : NULL;
    if (playing->player && !playing->ear)
        error_set(err, "cannot begin a performance: out of memory");
    if (!playing->ear || !ear_load(playing->ear, mind->checkpoint, err)) {
        end(playing);
        return NULL;
    }
    ear_start_take(playing->ear);
    return playing;
}

static void hear(void *performance, int step, double guitar_ms, double drums_ms)
{
    struct playing *playing = performance;
    if (ear_hear(playing->ear, step, guitar_ms, drums_ms))
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
    float in_context[GROOVE_OUTPUTS];
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        out->offset_ms[drum] = (float)GROOVE_MS * own[GROOVE_OFFSET + drum];
        out->offset_scale_ms[drum] = (float)GROOVE_MS * scale(own[GROOVE_OFFSET_SCALE + drum]);
        out->velocity[drum] = playing->score->steps[step].velocity[drum] +
                              (float)GROOVE_VELOCITY * own[GROOVE_DELTA + drum];
        out->velocity_scale[drum] = (float)GROOVE_VELOCITY * scale(own[GROOVE_DELTA_SCALE + drum]);
    }
    double mean, sd;
    groove_player_predict(playing->player, step, in_context);
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
    .end = end,
};
