/* The state is a vector x with mean and covariance; an onset observes one linear
 * combination of it, g = h.x + jitter, with some sixteen entries of h not zero:
 *
 *      portable habits                               the song's own
 *      +------+------+----------+----------+---------+----------+------+   +---------+
 *      |drifts|reac- |const,    | bar bins | classes | two-bar  | bars |   |  steps  |
 *      |  2   |tion 1|groove 2  | beat bins|   9     |   96     |      |   |diagonal |
 *      +------+------+----------+----------+---------+----------+------+   +---------+
 *
 * The covariance is kept as the rows of its lower triangle, so it cannot lose its symmetry, and
 * what another song may keep is simply its beginning. Steps of the song are many and each is heard
 * once a take: their covariances with the rest are dropped, which keeps a ten-minute song at a few
 * megabytes.
 *
 * Drifts are moved to a step only when that step is heard. Predicting ahead, or hearing an onset
 * late, uses the correlation keep^|distance| of a stationary drift and counts the rest of its
 * variance as noise. */
#include "model/ear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOW,
    FAST,
    REACTION,
    CONSTANT,
    GROOVE,
    BAR_BINS,
    BEAT_BINS = BAR_BINS + SCORE_BINS,
    CLASSES = BEAT_BINS + SCORE_BINS_PER_QUARTER,
    TWO_BARS = CLASSES + DRUM_COUNT,
    PORTABLE = TWO_BARS,
    BARS = TWO_BARS + 2 * SCORE_BINS,
    BAR_STATES = 512, /* at most: longer songs let neighbouring bars share one */
    FEATURES = 16 + DRUM_COUNT,
    LOOK_BACK = 64, /* steps: an asynchrony older than this is forgotten */
};

static const double MAX_REACTION_MS = 30;
static const double HUBER = 2.5; /* SDs of the innovation: further off, an onset counts less */
static const double ODD = 5;     /* SDs: it is probably no note of this step */
static const double ODD_WEIGHT = 0.3;
static const double MIN_JITTER_MS2 = 4, MAX_JITTER_MS2 = 400;
static const double JITTER_START = 20, JITTER_MEMORY = 200; /* onsets */
static const double MAX_DEVIATION_MS = 1000;
static const double OTHER_SONG =
    0.25; /* of a habit's prior variance: how much a new song may change it */

const struct ear_tuning ear_default_tuning = {
    .slow_ms = 5,
    .slow_keep = 0.97,
    .fast_ms = 4,
    .fast_keep = 0.8,
    .reaction = 0.3,
    .constant_ms = 12,
    .groove = 0.9,
    .groove_sd = 0.3,
    .bar_ms = 14,
    .beat_ms = 14,
    .class_ms = 5,
    .two_bar_ms = 7,
    .song_bar_ms = 5,
    .song_step_ms = 4,
    .renewal_ms2 = 4,
    .song_renewal_ms2 = 2,
    .jitter_ms = 9,
};

struct ear {
    const struct score *score;
    struct ear_tuning tuning;
    int size;
    double *prior;                     /* (size) variances */
    double *mean;                      /* (size) */
    double *covariance;                /* rows of the lower triangle */
    double *gain;                      /* (size) scratch: covariance times features */
    double *step_mean, *step_variance; /* (steps) */
    double jitter, onsets;             /* variance of the hand, onsets it was learnt from */
    /* This take. */
    int at; /* the step the drifts stand at, -1 before any */
    double *groove_ms;
    double *asynchrony_ms; /* drums minus guitar, NAN where not heard */
};

/* h as its entries that are not zero, and the variance that is not in the state. */
struct features {
    int count;
    int index[FEATURES];
    double value[FEATURES];
    double noise;
};

static double *row(const struct ear *ear, int i)
{
    return ear->covariance + (size_t)i * (size_t)(i + 1) / 2;
}

static double covariance(const struct ear *ear, int i, int j)
{
    return i >= j ? row(ear, i)[j] : row(ear, j)[i];
}

static size_t triangle(int size)
{
    return (size_t)size * (size_t)(size + 1) / 2;
}

static int bar_states(const struct score *score)
{
    return score->bar_count < 1 ? 1 : score->bar_count < BAR_STATES ? score->bar_count : BAR_STATES;
}

static void fill(double *values, int count, double value)
{
    for (int i = 0; i < count; i++)
        values[i] = value;
}

static void set_prior(struct ear *ear)
{
    const struct ear_tuning *t = &ear->tuning;
    double *prior = ear->prior;
    prior[SLOW] = t->slow_ms * t->slow_ms;
    prior[FAST] = t->fast_ms * t->fast_ms;
    prior[REACTION] = t->reaction * t->reaction;
    prior[CONSTANT] = t->constant_ms * t->constant_ms;
    prior[GROOVE] = t->groove_sd * t->groove_sd;
    fill(prior + BAR_BINS, SCORE_BINS, t->bar_ms * t->bar_ms);
    fill(prior + BEAT_BINS, SCORE_BINS_PER_QUARTER, t->beat_ms * t->beat_ms);
    fill(prior + CLASSES, DRUM_COUNT, t->class_ms * t->class_ms);
    fill(prior + TWO_BARS, 2 * SCORE_BINS, t->two_bar_ms * t->two_bar_ms);
    fill(prior + BARS, ear->size - BARS, t->song_bar_ms * t->song_bar_ms);
    for (int i = 0; i < ear->size; i++)
        row(ear, i)[i] = prior[i];
    fill(ear->step_variance, ear->score->step_count, t->song_step_ms * t->song_step_ms);
    ear->mean[GROOVE] = t->groove;
    ear->jitter = t->jitter_ms * t->jitter_ms;
    ear->onsets = JITTER_START;
}

struct ear *ear_new(const struct score *score, const struct ear_tuning *tuning)
{
    size_t steps = (size_t)score->step_count;
    int size = BARS + bar_states(score);
    struct ear *ear = calloc(1, sizeof *ear);
    double *slab = calloc(3 * (size_t)size + triangle(size) + 4 * steps, sizeof *slab);
    if (!ear || !slab) {
        free(ear);
        free(slab);
        return NULL;
    }
    ear->score = score;
    ear->tuning = tuning ? *tuning : ear_default_tuning;
    ear->size = size;
    ear->covariance = slab;
    ear->prior = slab + triangle(size);
    ear->mean = ear->prior + size;
    ear->gain = ear->mean + size;
    ear->step_mean = ear->gain + size;
    ear->step_variance = ear->step_mean + steps;
    ear->groove_ms = ear->step_variance + steps;
    ear->asynchrony_ms = ear->groove_ms + steps;
    set_prior(ear);
    ear->at = -1;
    fill(ear->asynchrony_ms, score->step_count, NAN);
    return ear;
}

void ear_free(struct ear *ear)
{
    if (!ear)
        return;
    free(ear->covariance);
    free(ear);
}

/* x[i] becomes keep * x[i] + noise that restores the prior variance of a stationary process. */
static void relax(struct ear *ear, int i, double keep)
{
    double *own = row(ear, i);
    ear->mean[i] *= keep;
    for (int j = 0; j < i; j++)
        own[j] *= keep;
    own[i] = keep * keep * own[i] + (1 - keep * keep) * ear->prior[i];
    for (int j = i + 1; j < ear->size; j++)
        row(ear, j)[i] *= keep;
}

/* Habits drift too, from take to take: back towards nothing in the mean, so that what is not heard
 * again grows as uncertain as it was at first and no more. */
static double keep_of(double variance, double prior)
{
    return prior > variance ? sqrt(1 - variance / prior) : 0;
}

void ear_start_take(struct ear *ear)
{
    const struct ear_tuning *t = &ear->tuning;
    relax(ear, SLOW, 0);
    relax(ear, FAST, 0);
    for (int i = CONSTANT; i < ear->size; i++) {
        double renewal = i < CLASSES ? t->renewal_ms2 : t->song_renewal_ms2;
        if (i != GROOVE)
            relax(ear, i, keep_of(renewal, ear->prior[i]));
    }
    double prior = t->song_step_ms * t->song_step_ms;
    double keep = keep_of(t->song_renewal_ms2, prior);
    for (int i = 0; i < ear->score->step_count; i++) {
        ear->step_mean[i] *= keep;
        ear->step_variance[i] = keep * keep * ear->step_variance[i] + (1 - keep * keep) * prior;
    }
    ear->at = -1;
    fill(ear->groove_ms, ear->score->step_count, 0);
    fill(ear->asynchrony_ms, ear->score->step_count, NAN);
}

static void add(struct features *features, int index, double value)
{
    assert(features->count < FEATURES);
    features->index[features->count] = index;
    features->value[features->count++] = value;
}

/* A drift as it is felt some steps away from where it stands. */
static void add_drift(const struct ear *ear, struct features *features, int drift, double keep,
                      int distance)
{
    double left = pow(keep, distance);
    add(features, drift, left);
    features->noise += (1 - left * left) * ear->prior[drift];
}

static double last_asynchrony(const struct ear *ear, int step)
{
    for (int i = step - 1; i >= 0 && i >= step - LOOK_BACK; i--)
        if (!isnan(ear->asynchrony_ms[i]))
            return fmax(-MAX_REACTION_MS, fmin(ear->asynchrony_ms[i], MAX_REACTION_MS));
    return 0;
}

static struct features features_of(const struct ear *ear, int step)
{
    const struct step *s = &ear->score->steps[step];
    struct features features = {.noise = 0};
    int distance = ear->at < 0 ? 0 : abs(step - ear->at);
    int bars = ear->size - BARS, per_state = (ear->score->bar_count + bars - 1) / bars;
    int bar = s->at.bar / (per_state > 0 ? per_state : 1);
    add_drift(ear, &features, SLOW, ear->tuning.slow_keep, distance);
    add_drift(ear, &features, FAST, ear->tuning.fast_keep, distance);
    add(&features, REACTION, last_asynchrony(ear, step));
    add(&features, CONSTANT, 1);
    add(&features, GROOVE, ear->groove_ms[step]);
    add(&features, BAR_BINS + s->bin, 1);
    add(&features, BEAT_BINS + s->bin % SCORE_BINS_PER_QUARTER, 1);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (s->drums & 1u << drum)
            add(&features, CLASSES + drum, 1);
    add(&features, TWO_BARS + s->at.bar % 2 * SCORE_BINS + s->bin, 1);
    add(&features, BARS + (bar < bars ? bar : bars - 1), 1);
    return features;
}

static double expected(const struct ear *ear, const struct features *features, int step)
{
    double sum = ear->step_mean[step];
    for (int k = 0; k < features->count; k++)
        sum += features->value[k] * ear->mean[features->index[k]];
    return sum;
}

/* Of the habits, without the jitter of the hand. */
static double variance_of(const struct ear *ear, const struct features *features, int step)
{
    double sum = ear->step_variance[step] + features->noise;
    for (int k = 0; k < features->count; k++)
        for (int m = 0; m < features->count; m++)
            sum += features->value[k] * features->value[m] *
                   covariance(ear, features->index[k], features->index[m]);
    return sum;
}

void ear_predict(struct ear *ear, int step, double groove_ms, double *mean_ms, double *sd_ms)
{
    assert(step >= 0 && step < ear->score->step_count);
    ear->groove_ms[step] = isfinite(groove_ms) ? groove_ms : 0;
    struct features features = features_of(ear, step);
    *mean_ms = expected(ear, &features, step);
    *sd_ms = sqrt(variance_of(ear, &features, step) + ear->jitter);
}

/* gain = covariance times h, before it is divided by the innovation's variance. */
static void find_gain(struct ear *ear, const struct features *features)
{
    fill(ear->gain, ear->size, 0);
    for (int k = 0; k < features->count; k++) {
        int column = features->index[k];
        double value = features->value[k];
        const double *own = row(ear, column);
        for (int i = 0; i < column; i++)
            ear->gain[i] += value * own[i];
        for (int i = column; i < ear->size; i++)
            ear->gain[i] += value * row(ear, i)[column];
    }
}

static void update(struct ear *ear, int step, double innovation, double variance)
{
    const double *gain = ear->gain;
    for (int i = 0; i < ear->size; i++) {
        double share = gain[i] / variance;
        double *own = row(ear, i);
        ear->mean[i] += share * innovation;
        for (int j = 0; j <= i; j++)
            own[j] -= share * gain[j];
    }
    double share = ear->step_variance[step] / variance;
    ear->step_mean[step] += share * innovation;
    ear->step_variance[step] *= 1 - share;
}

/* The jitter of the hand is what is left of the innovations once the habits' doubt is taken off. */
static void learn_jitter(struct ear *ear, double innovation, double habits)
{
    double square = fmin(innovation * innovation, 9 * (habits + ear->jitter));
    double left = fmax(MIN_JITTER_MS2, fmin(square - habits, MAX_JITTER_MS2));
    ear->onsets = fmin(ear->onsets + 1, JITTER_MEMORY);
    ear->jitter += (left - ear->jitter) / ear->onsets;
}

void ear_hear(struct ear *ear, int step, double guitar_ms, double drums_ms)
{
    assert(step >= 0 && step < ear->score->step_count);
    if (!isnan(ear->asynchrony_ms[step]) || !(fabs(guitar_ms) <= MAX_DEVIATION_MS) ||
        !(fabs(drums_ms) <= MAX_DEVIATION_MS))
        return;
    if (step > ear->at) {
        int distance = ear->at < 0 ? 0 : step - ear->at;
        relax(ear, SLOW, pow(ear->tuning.slow_keep, distance));
        relax(ear, FAST, pow(ear->tuning.fast_keep, distance));
        ear->at = step;
    }
    struct features features = features_of(ear, step);
    double innovation = guitar_ms - expected(ear, &features, step);
    double habits = variance_of(ear, &features, step);
    double sd = sqrt(habits + ear->jitter), size = fabs(innovation);
    double weight = size > HUBER * sd ? HUBER * sd / size : 1;
    weight *= size > ODD * sd ? ODD_WEIGHT : 1;
    double variance = habits + ear->jitter / weight;
    learn_jitter(ear, innovation, habits);
    find_gain(ear, &features);
    update(ear, step, innovation, variance);
    ear->asynchrony_ms[step] = drums_ms - guitar_ms;
}

static void put(struct checkpoint *checkpoint, const char *name, const double *data, size_t count)
{
    int64_t shape[] = {(int64_t)count};
    checkpoint_put(checkpoint, name, TENSOR_F64, 1, shape, data);
}

void ear_store(const struct ear *ear, struct checkpoint *checkpoint)
{
    size_t steps = (size_t)ear->score->step_count;
    put(checkpoint, "ear.mean", ear->mean, (size_t)ear->size);
    put(checkpoint, "ear.covariance", ear->covariance, triangle(ear->size));
    put(checkpoint, "ear.step_mean", ear->step_mean, steps);
    put(checkpoint, "ear.step_variance", ear->step_variance, steps);
    put(checkpoint, "ear.jitter", (double[]){ear->jitter, ear->onsets}, 2);
    checkpoint_set(checkpoint, "ear.score", ear->score->id);
}

/* The tensor's values when it is a list of `count` (0: of any length). */
static const double *take_values(const struct checkpoint *checkpoint, const char *name,
                                 size_t *count)
{
    const struct tensor *tensor = checkpoint_find(checkpoint, name);
    if (!tensor || tensor->type != TENSOR_F64 || tensor->rank != 1 || tensor->shape[0] < 1)
        return NULL;
    if (*count && (int64_t)*count != tensor->shape[0])
        return NULL;
    *count = (size_t)tensor->shape[0];
    return tensor->data;
}

/* Cholesky's pivots are positive for a covariance, and for nothing else. `lower` is overwritten. */
static bool positive_definite(double *lower, int size)
{
    for (int i = 0; i < size; i++) {
        double *own = lower + triangle(i);
        for (int j = 0; j <= i; j++) {
            const double *other = lower + triangle(j);
            double sum = own[j];
            for (int k = 0; k < j; k++)
                sum -= own[k] * other[k];
            if (j < i)
                own[j] = sum / other[j];
            else if (sum > 0)
                own[i] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

static bool sane(const double *mean, const double *triangle_rows, int size)
{
    for (int i = 0; i < size; i++)
        if (!(fabs(mean[i]) <= MAX_DEVIATION_MS))
            return false;
    double *scratch = malloc(triangle(size) * sizeof *scratch);
    if (!scratch)
        return false;
    memcpy(scratch, triangle_rows, triangle(size) * sizeof *scratch);
    bool sound = positive_definite(scratch, size);
    free(scratch);
    return sound;
}

/* The habits of another song say what kind of player he is, a little less surely. */
static void widen(struct ear *ear)
{
    for (int i = CONSTANT; i < PORTABLE; i++)
        if (i != GROOVE)
            relax(ear, i, keep_of(OTHER_SONG * ear->prior[i], ear->prior[i]));
}

static bool load_steps(struct ear *ear, const struct checkpoint *checkpoint)
{
    size_t count = (size_t)ear->score->step_count;
    const double *mean = take_values(checkpoint, "ear.step_mean", &count);
    const double *variance = take_values(checkpoint, "ear.step_variance", &count);
    if (!mean || !variance)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(mean[i]) <= MAX_DEVIATION_MS) || !(variance[i] >= 0))
            return false;
    memcpy(ear->step_mean, mean, count * sizeof *mean);
    memcpy(ear->step_variance, variance, count * sizeof *variance);
    return true;
}

bool ear_load(struct ear *ear, const struct checkpoint *checkpoint, struct error *err)
{
    if (!checkpoint_find(checkpoint, "ear.mean"))
        return true;
    const char *song = checkpoint_get(checkpoint, "ear.score");
    bool same = song && strcmp(song, ear->score->id) == 0;
    size_t size = same ? (size_t)ear->size : 0, pairs = 0, two = 2;
    const double *mean = take_values(checkpoint, "ear.mean", &size);
    const double *rows = take_values(checkpoint, "ear.covariance", &pairs);
    const double *jitter = take_values(checkpoint, "ear.jitter", &two);
    if (!mean || !rows || !jitter || size <= PORTABLE || size > BARS + BAR_STATES ||
        pairs != triangle((int)size) || !(jitter[0] >= MIN_JITTER_MS2) || !(jitter[1] > 0))
        return error_set(err, "the checkpoint's ear is damaged");
    int kept = same ? ear->size : PORTABLE;
    if (!sane(mean, rows, kept) || (same && !load_steps(ear, checkpoint)))
        return error_set(err, "the checkpoint's ear is damaged");
    memcpy(ear->mean, mean, (size_t)kept * sizeof *mean);
    memcpy(ear->covariance, rows, triangle(kept) * sizeof *rows);
    ear->jitter = fmin(jitter[0], MAX_JITTER_MS2);
    ear->onsets = fmin(jitter[1], JITTER_MEMORY);
    if (!same)
        widen(ear);
    return true;
}

int ear_size(const struct ear *ear)
{
    return ear->size;
}

double ear_mean(const struct ear *ear, int habit)
{
    return ear->mean[habit];
}

double ear_covariance(const struct ear *ear, int i, int j)
{
    return covariance(ear, i, j);
}
