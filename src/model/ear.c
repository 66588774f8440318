#include "model/ear.h"

#include "model/filter.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MAX_DEVIATION_MS = 1000; /* more is no note of this step, and no guess of one */
static const int LOOK_BACK = 64;             /* steps: an older asynchrony is forgotten */
static const double MEMORY = 0.99;           /* of the log weights, from onset to onset */
static const double NEXT_TAKE = 0.5;         /* and from take to take: he may have changed */
static const double FREEDOM = 3;             /* of the t distribution by which filters are judged */

/* The panel. Prior SDs in ms, chosen on simulated guitarists and on drummers of the Groove MIDI
 * Dataset's train split standing in for one (docs/LEARNING.md). */
static const struct filter_tuning panel[] = {
    {
        .name = "plain",
        .sd = {[HABIT_SLOW] = 5.5,
               [HABIT_REACTION] = 0.3,
               [HABIT_CONSTANT] = 12,
               [HABIT_BAR] = 14,
               [HABIT_BEAT] = 14,
               [HABIT_SONG_BAR] = 1,
               [HABIT_SECTION] = 5,
               [HABIT_RUSH] = 10},
        .cell_sd = {[CELL_MOOD] = 2},
        .slow_keep = 0.97,
        .renewal_ms2 = 1,
        .song_renewal_ms2 = 1,
    },
    {
        .name = "songwise",
        .sd = {[HABIT_SLOW] = 5,
               [HABIT_REACTION] = 0.3,
               [HABIT_CONSTANT] = 12,
               [HABIT_BAR] = 14,
               [HABIT_BEAT] = 14,
               [HABIT_CLASS] = 5,
               [HABIT_TWO_BARS] = 7,
               [HABIT_SONG_BAR] = 2,
               [HABIT_SECTION] = 5,
               [HABIT_RUSH] = 6},
        .cell_sd = {[CELL_SECTION_PLACE] = 10, [CELL_STEP] = 2},
        .slow_keep = 0.97,
        .renewal_ms2 = 9,
        .song_renewal_ms2 = 2,
    },
    {
        .name = "drifting",
        .sd = {[HABIT_SLOW] = 8,
               [HABIT_FAST] = 13,
               [HABIT_REACTION] = 0.3,
               [HABIT_CONSTANT] = 12,
               [HABIT_BAR] = 6,
               [HABIT_BEAT] = 14,
               [HABIT_CLASS] = 5,
               [HABIT_TWO_BARS] = 2,
               [HABIT_SONG_BAR] = 3},
        .cell_sd = {[CELL_MOOD] = 3, [CELL_SECTION_PLACE] = 3, [CELL_STEP] = 3},
        .slow_keep = 0.98,
        .fast_keep = 0.88,
        .renewal_ms2 = 4,
        .song_renewal_ms2 = 2,
    },
    {
        .name = "forgetful",
        .sd = {[HABIT_SLOW] = 6,
               [HABIT_FAST] = 3,
               [HABIT_REACTION] = 0.3,
               [HABIT_CONSTANT] = 12,
               [HABIT_BAR] = 14,
               [HABIT_BEAT] = 14,
               [HABIT_CLASS] = 3,
               [HABIT_TWO_BARS] = 4,
               [HABIT_SECTION] = 4},
        .cell_sd = {[CELL_SECTION_PLACE] = 4},
        .slow_keep = 0.97,
        .fast_keep = 0.8,
        .renewal_ms2 = 60,
        .song_renewal_ms2 = 60,
    },
    {
        .name = "correcting",
        .sd = {[HABIT_SLOW] = 2,
               [HABIT_FAST] = 4,
               [HABIT_REACTION] = 0.3,
               [HABIT_CONSTANT] = 3,
               [HABIT_GROOVE] = 0.3,
               [HABIT_BAR] = 5,
               [HABIT_BEAT] = 4,
               [HABIT_CLASS] = 3,
               [HABIT_TWO_BARS] = 3,
               [HABIT_SONG_BAR] = 2},
        .cell_sd = {[CELL_STEP] = 4},
        .slow_keep = 0.97,
        .fast_keep = 0.9,
        .groove = 0.9,
        .renewal_ms2 = 4,
        .song_renewal_ms2 = 2,
    },
    {
        .name = "trusting",
        .sd = {[HABIT_SLOW] = 0.5,
               [HABIT_CONSTANT] = 1,
               [HABIT_GROOVE] = 0.05,
               [HABIT_BAR] = 2,
               [HABIT_BEAT] = 1},
        .slow_keep = 0.97,
        .groove = 1,
        .renewal_ms2 = 1,
    },
};

enum { PANEL = sizeof panel / sizeof panel[0] };

struct ear {
    const struct score *score;
    struct filter *filters[PANEL];
    double trust[PANEL]; /* log weights, the best one 0 */
    /* This take, a value a step. */
    double *groove_ms;
    double *asynchrony_ms; /* drums minus guitar, NAN where not heard */
    int predicted;         /* the last step, -1 before any */
    bool late;             /* the latest onset came when a later step had been predicted */
};

static void forget_take(struct ear *ear)
{
    for (int i = 0; i < ear->score->step_count; i++) {
        ear->groove_ms[i] = 0;
        ear->asynchrony_ms[i] = NAN;
    }
    ear->predicted = -1;
    ear->late = false;
}

struct ear *ear_new(const struct score *score)
{
    size_t steps = (size_t)score->step_count;
    struct ear *ear = calloc(1, sizeof *ear);
    if (!ear)
        return NULL;
    ear->score = score;
    ear->groove_ms = calloc(2 * steps + 1, sizeof *ear->groove_ms);
    bool complete = ear->groove_ms != NULL;
    for (int i = 0; i < PANEL; i++)
        complete = (ear->filters[i] = filter_new(score, &panel[i])) && complete;
    if (!complete) {
        ear_free(ear);
        return NULL;
    }
    ear->asynchrony_ms = ear->groove_ms + steps;
    forget_take(ear);
    return ear;
}

void ear_free(struct ear *ear)
{
    if (!ear)
        return;
    for (int i = 0; i < PANEL; i++)
        filter_free(ear->filters[i]);
    free(ear->groove_ms);
    free(ear);
}

void ear_start_take(struct ear *ear)
{
    for (int i = 0; i < PANEL; i++)
        filter_start_take(ear->filters[i]);
    for (int i = 0; i < PANEL; i++)
        ear->trust[i] *= NEXT_TAKE;
    forget_take(ear);
}

static double last_asynchrony(const struct ear *ear, int step)
{
    for (int i = step - 1; i >= 0 && i >= step - LOOK_BACK; i--)
        if (!isnan(ear->asynchrony_ms[i]))
            return ear->asynchrony_ms[i];
    return 0;
}

/* While onsets come late, the last asynchrony known is an older one than he reacts to, and two who
 * answer each other's last but one swing up: z^2 + kz - r, his share k and the learnt one r, has a
 * root below -1 where k + r > 1. */
static bool last_is_known(const struct ear *ear, int step)
{
    return !ear->late || (step > 0 && !isnan(ear->asynchrony_ms[step - 1]));
}

static struct occasion occasion_of(const struct ear *ear, int step)
{
    assert(step >= 0 && step < ear->score->step_count);
    return (struct occasion){
        .step = step,
        .groove_ms = ear->groove_ms[step],
        .asynchrony_ms = last_asynchrony(ear, step),
    };
}

struct opinion {
    double mean, variance, weight;
};

static void ask(const struct ear *ear, const struct occasion *occasion, struct opinion *opinions)
{
    double sum = 0;
    for (int i = 0; i < PANEL; i++) {
        filter_predict(ear->filters[i], occasion, &opinions[i].mean, &opinions[i].variance);
        opinions[i].weight = exp(ear->trust[i]);
        sum += opinions[i].weight;
    }
    for (int i = 0; i < PANEL; i++)
        opinions[i].weight /= sum;
}

void ear_predict(struct ear *ear, int step, double groove_ms, double *mean_ms, double *sd_ms)
{
    struct opinion opinions[PANEL];
    ear->groove_ms[step] =
        isfinite(groove_ms) ? fmax(-MAX_DEVIATION_MS, fmin(groove_ms, MAX_DEVIATION_MS)) : 0;
    struct occasion occasion = occasion_of(ear, step);
    if (!last_is_known(ear, step))
        occasion.asynchrony_ms = 0;
    ear->predicted = step > ear->predicted ? step : ear->predicted;
    ask(ear, &occasion, opinions);
    double mean = 0, variance = 0;
    for (int i = 0; i < PANEL; i++)
        mean += opinions[i].weight * opinions[i].mean;
    for (int i = 0; i < PANEL; i++) {
        double apart = opinions[i].mean - mean;
        variance += opinions[i].weight * (opinions[i].variance + apart * apart);
    }
    *mean_ms = mean;
    *sd_ms = sqrt(variance);
}

/* Only differences of log weights count; the best one is 0, so that none of them drowns. */
static void level_trust(struct ear *ear)
{
    double best = -INFINITY;
    for (int i = 0; i < PANEL; i++)
        best = fmax(best, ear->trust[i]);
    for (int i = 0; i < PANEL; i++)
        ear->trust[i] -= best;
}

/* Bayes' rule with a short memory (Raftery et al. 2010, "dynamic model averaging"): a filter's log
 * weight grows by how likely it held this note. Heavy tails, so that one slip convicts nobody. */
static void judge(struct ear *ear, const struct opinion *opinions, double guitar_ms, double weight)
{
    for (int i = 0; i < PANEL; i++) {
        double miss = guitar_ms - opinions[i].mean, variance = opinions[i].variance;
        double likelihood =
            -log(variance) / 2 - (FREEDOM + 1) / 2 * log1p(miss * miss / (FREEDOM * variance));
        ear->trust[i] = pow(MEMORY, weight) * ear->trust[i] + weight * likelihood;
    }
    level_trust(ear);
}

bool ear_hear(struct ear *ear, int step, double guitar_ms, double drums_ms)
{
    return ear_study(ear, step, guitar_ms, drums_ms, 1);
}

bool ear_study(struct ear *ear, int step, double guitar_ms, double drums_ms, double weight)
{
    struct occasion occasion = occasion_of(ear, step);
    if (!isnan(ear->asynchrony_ms[step]) || !(fabs(guitar_ms) <= MAX_DEVIATION_MS) ||
        !(fabs(drums_ms) <= MAX_DEVIATION_MS))
        return false;
    struct opinion opinions[PANEL];
    ask(ear, &occasion, opinions);
    judge(ear, opinions, guitar_ms, weight);
    for (int i = 0; i < PANEL; i++)
        filter_hear(ear->filters[i], &occasion, guitar_ms, weight);
    ear->asynchrony_ms[step] = drums_ms - guitar_ms;
    ear->late = step < ear->predicted;
    return true;
}

void ear_store(const struct ear *ear, struct checkpoint *checkpoint)
{
    for (int i = 0; i < PANEL; i++)
        filter_store(ear->filters[i], checkpoint);
    checkpoint_put(checkpoint, "ear.trust", TENSOR_F64, 1, (int64_t[]){PANEL}, ear->trust);
    checkpoint_set(checkpoint, "ear.score", ear->score->id);
}

bool ear_is_in(const struct checkpoint *checkpoint)
{
    return checkpoint_find(checkpoint, "ear.trust") != NULL;
}

static bool is_damaged(struct error *err)
{
    error_set(err, "the checkpoint's ear is damaged");
    return error_hint(err, "roll back to the drummer it grew from");
}

bool ear_load(struct ear *ear, const struct checkpoint *checkpoint, struct error *err)
{
    const struct tensor *tensor = checkpoint_find(checkpoint, "ear.trust");
    const char *song = checkpoint_get(checkpoint, "ear.score");
    if (!tensor)
        return true;
    if (tensor->type != TENSOR_F64 || tensor->rank != 1 || tensor->shape[0] != PANEL || !song)
        return is_damaged(err);
    const double *trust = tensor->data;
    for (int i = 0; i < PANEL; i++)
        if (!(trust[i] <= 0 && trust[i] >= -1e6) ||
            !filter_load(ear->filters[i], checkpoint, strcmp(song, ear->score->id) == 0))
            return is_damaged(err);
    memcpy(ear->trust, trust, sizeof ear->trust);
    level_trust(ear);
    return true;
}

const char *ear_trust(const struct ear *ear, int index, double *trust)
{
    if (index < 0 || index >= PANEL)
        return NULL;
    double sum = 0;
    for (int i = 0; i < PANEL; i++)
        sum += exp(ear->trust[i]);
    *trust = exp(ear->trust[index]) / sum;
    return panel[index].name;
}
