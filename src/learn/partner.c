#include "learn/partner.h"

#include "learn/baseline.h"
#include "model/ear.h"
#include "model/straight.h"

#include <stdlib.h>

/* {share, memory, shrink}: each the best of a grid of fifteen shares, ten memories and seven
 * shrinks, by the error over five takes with 42 guitarists on scores of the train split of the
 * Groove MIDI Dataset, or within one take of the drummers of that split. */
static const struct baseline_options tuned[PARTNER_TUNINGS][DUET_TABLE_EMA + 1] = {
    [TUNED_FOR_STANDARD] = {[DUET_EMA] = {0.06, 0, 0},
                            [DUET_TABLE] = {0, 20, 0.25},
                            [DUET_TABLE_EMA] = {0.1, 30, 0.5}},
    [TUNED_FOR_ODD] = {[DUET_EMA] = {0.04, 0, 0},
                       [DUET_TABLE] = {0, 12, 0.25},
                       [DUET_TABLE_EMA] = {0.06, 12, 0.25}},
    [TUNED_FOR_DRUMMERS] =
        {[DUET_EMA] = {0.25, 0, 0}, [DUET_TABLE] = {0, 12, 0.5}, [DUET_TABLE_EMA] = {0.3, 16, 1}},
};

struct partner {
    enum duet_predictor kind;
    const struct score *score;
    const struct lesson_options *lesson;
    struct baseline baseline;
    struct ear *ear;
    /* Of a drummer, or of a network alone. */
    struct checkpoint *checkpoint;
    struct model *model;
    struct performance *performance;
};

struct partner *partner_new(enum duet_predictor kind, enum partner_tuning tuning,
                            const struct score *score, const struct duet_options *options,
                            struct error *err)
{
    struct partner *partner = calloc(1, sizeof *partner);
    bool good = partner != NULL;
    if (good) {
        *partner = (struct partner){.kind = kind, .score = score, .lesson = options->lesson};
        if (kind <= DUET_TABLE_EMA)
            baseline_init(&partner->baseline, &tuned[tuning][kind]);
        else if (kind == DUET_EAR)
            good = (partner->ear = ear_new(score)) != NULL;
        else
            good = (partner->checkpoint = checkpoint_copy(options->drummer)) != NULL;
    }
    if (good)
        return partner;
    partner_free(partner);
    error_set(err, "out of memory for a duet");
    return NULL;
}

static void leave(struct partner *partner)
{
    performance_end(partner->performance);
    model_close(partner->model);
    partner->performance = NULL;
    partner->model = NULL;
}

void partner_free(struct partner *partner)
{
    if (!partner)
        return;
    leave(partner);
    ear_free(partner->ear);
    checkpoint_free(partner->checkpoint);
    free(partner);
}

bool partner_start_take(struct partner *partner, struct error *err)
{
    baseline_start_take(&partner->baseline);
    if (partner->ear)
        ear_start_take(partner->ear);
    if (!partner->checkpoint)
        return true;
    leave(partner);
    partner->model = model_open(partner->checkpoint, err);
    if (partner->model)
        partner->performance = model_begin(partner->model, partner->score, err);
    return partner->performance != NULL;
}

void partner_predict(struct partner *partner, int step, struct prediction *prediction)
{
    const struct step *at = &partner->score->steps[step];
    double mean, sd;
    straight_prediction(at, prediction);
    switch (partner->kind) {
    case DUET_EAR:
        ear_predict(partner->ear, step, 0, &mean, &sd);
        prediction->guitar_ms = (float)mean;
        break;
    case DUET_NETWORK:
        performance_predict(partner->performance, step, prediction);
        prediction->guitar_ms = prediction->network_ms;
        break;
    case DUET_DRUMMER:
        performance_predict(partner->performance, step, prediction);
        break;
    default:
        prediction->guitar_ms = (float)baseline_predict(&partner->baseline, at->bin);
    }
}

void partner_hear(struct partner *partner, int step, double guitar_ms, double drums_ms)
{
    baseline_hear(&partner->baseline, partner->score->steps[step].bin, guitar_ms);
    if (partner->ear)
        ear_hear(partner->ear, step, guitar_ms, drums_ms);
    if (partner->performance)
        performance_hear(partner->performance, step, guitar_ms, drums_ms);
}

bool partner_end_take(struct partner *partner, const struct take *take, lesson_watch *watch,
                      void *context, struct error *err)
{
    if (partner->kind != DUET_DRUMMER || !partner->lesson || take->onset_count == 0)
        return true;
    struct lesson_report report;
    struct checkpoint *learnt = lesson_learn(partner->checkpoint, partner->score, take,
                                             partner->lesson, watch, context, &report, err);
    if (!learnt)
        return false;
    leave(partner);
    checkpoint_free(partner->checkpoint);
    partner->checkpoint = learnt;
    return true;
}

const struct checkpoint *partner_checkpoint(const struct partner *partner)
{
    return partner->kind == DUET_DRUMMER ? partner->checkpoint : NULL;
}
