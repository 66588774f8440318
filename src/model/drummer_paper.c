#include "model/drummer_paper.h"

#include "model/paper.h"
#include "model/paper_step.h"

#include <math.h>
#include <stdlib.h>

static const double NO_ONSET_MS = 1000; /* further off it belongs to no step */

struct playing {
    const struct paper *paper;
    const struct score *score;
    struct paper_player *player;
};

static void *open_paper(const struct checkpoint *checkpoint, struct error *err)
{
    return paper_from(checkpoint, err);
}

static void close_paper(void *model)
{
    paper_free(model);
}

static void *begin(const void *model, const struct score *score, struct error *err)
{
    struct playing *playing = calloc(1, sizeof *playing);
    if (!playing) {
        error_set(err, "cannot begin a performance: out of memory");
        return NULL;
    }
    playing->paper = model;
    playing->score = score;
    playing->player = paper_player_new(model, score, err);
    if (!playing->player) {
        free(playing);
        return NULL;
    }
    return playing;
}

static void end(void *performance)
{
    struct playing *playing = performance;
    paper_player_free(playing->player);
    free(playing);
}

/* One unit of the bar at a step. */
static double unit_ms(const struct playing *playing, int step)
{
    return 1000 * PAPER_BAR * playing->score->steps[step].at.bar_s;
}

static void hear(void *performance, int step, double guitar_ms, double drums_ms, double weight)
{
    struct playing *playing = performance;
    (void)drums_ms;
    (void)weight; /* what is heard is forgotten after the take */
    if (fabs(guitar_ms) <= NO_ONSET_MS)
        paper_player_hear(playing->player, step, (float)(guitar_ms / unit_ms(playing, step)));
}

static void predict(void *performance, int step, struct prediction *out)
{
    struct playing *playing = performance;
    const struct step *at = &playing->score->steps[step];
    const float *made = paper_player_predict(playing->player, step);
    const float ms = (float)unit_ms(playing, step);
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        out->offset_ms[drum] = ms * made[PAPER_OFFSET + drum];
        out->offset_scale_ms[drum] = PAPER_MS * paper_spread(playing->paper, PAPER_OFFSET + drum);
        out->velocity[drum] = at->velocity[drum] + PAPER_VELOCITY * made[PAPER_DELTA + drum];
        out->velocity_scale[drum] =
            PAPER_VELOCITY * paper_spread(playing->paper, PAPER_DELTA + drum);
    }
    out->guitar_ms = out->network_ms = ms * made[PAPER_GUITAR];
    out->guitar_sd_ms = sqrtf(2) * PAPER_MS * paper_spread(playing->paper, PAPER_GUITAR);
}

static bool keep(const void *performance, struct checkpoint *checkpoint, struct error *err)
{
    (void)performance;
    (void)checkpoint;
    (void)err;
    return true;
}

static bool restart(void *performance, enum restart with, struct error *err)
{
    struct playing *playing = performance;
    (void)with;
    (void)err;
    paper_player_restart(playing->player);
    return true;
}

const struct model_ops model_paper = {
    .name = "paper",
    .summary = "the Transformer of the paper, for comparison",
    .asset = "paper.safetensors",
    .open = open_paper,
    .close = close_paper,
    .begin = begin,
    .hear = hear,
    .predict = predict,
    .keep = keep,
    .restart = restart,
    .end = end,
};
