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
#include "model/filter.h"

#include "model/kernels.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
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
};

static const double MAX_REACTION_MS = 30;
static const double HUBER = 2.5; /* SDs of the innovation: further off, an onset counts less */
static const double ASTRAY = 5;  /* SDs: it is probably no note of this step */
static const double ASTRAY_WEIGHT = 0.3;
static const double MIN_JITTER_MS2 = 4, MAX_JITTER_MS2 = 400;
static const double JITTER_START = 20, JITTER_MEMORY = 200; /* onsets */
static const double MAX_MEAN_MS = 10000;                    /* of a stored habit */
static const double NEW_SONG = 0.25; /* of a habit's prior variance: what another song adds */
static const double HAND_MS = 9;     /* jitter before it is known */

struct filter {
    const struct score *score;
    const struct filter_tuning *tuning;
    int size, at;                      /* habits; the step the drifts stand at, -1 before any */
    double *prior;                     /* (size) variances */
    double *mean;                      /* (size) */
    double *covariance;                /* rows of the lower triangle */
    double *gain;                      /* (size) scratch: covariance times features */
    double *step_mean, *step_variance; /* (steps) */
    double jitter, onsets;             /* variance of the hand, onsets it was learnt from */
};

/* h as its entries that are not zero, by rising index, and the variance that is not in the state.
 */
struct features {
    int count;
    int index[FEATURES];
    double value[FEATURES];
    double noise;
};

static double *row(const struct filter *filter, int i)
{
    return filter->covariance + (size_t)i * (size_t)(i + 1) / 2;
}

static double covariance(const struct filter *filter, int i, int j)
{
    return i >= j ? row(filter, i)[j] : row(filter, j)[i];
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

static void set_prior(struct filter *filter)
{
    const struct filter_tuning *t = filter->tuning;
    double *prior = filter->prior;
    prior[SLOW] = t->slow_ms * t->slow_ms;
    prior[FAST] = t->fast_ms * t->fast_ms;
    prior[REACTION] = t->reaction * t->reaction;
    prior[CONSTANT] = t->constant_ms * t->constant_ms;
    prior[GROOVE] = t->groove_sd * t->groove_sd;
    fill(prior + BAR_BINS, SCORE_BINS, t->bar_ms * t->bar_ms);
    fill(prior + BEAT_BINS, SCORE_BINS_PER_QUARTER, t->beat_ms * t->beat_ms);
    fill(prior + CLASSES, DRUM_COUNT, t->class_ms * t->class_ms);
    fill(prior + TWO_BARS, 2 * SCORE_BINS, t->two_bar_ms * t->two_bar_ms);
    fill(prior + BARS, filter->size - BARS, t->song_bar_ms * t->song_bar_ms);
    for (int i = 0; i < filter->size; i++) {
        assert(prior[i] > 0);
        row(filter, i)[i] = prior[i];
    }
    fill(filter->step_variance, filter->score->step_count, t->song_step_ms * t->song_step_ms);
    filter->mean[GROOVE] = t->groove;
    filter->jitter = HAND_MS * HAND_MS;
    filter->onsets = JITTER_START;
}

struct filter *filter_new(const struct score *score, const struct filter_tuning *tuning)
{
    size_t steps = (size_t)score->step_count;
    int size = BARS + bar_states(score);
    struct filter *filter = calloc(1, sizeof *filter);
    double *slab = calloc(3 * (size_t)size + triangle(size) + 2 * steps, sizeof *slab);
    if (!filter || !slab) {
        free(filter);
        free(slab);
        return NULL;
    }
    filter->score = score;
    filter->tuning = tuning;
    filter->size = size;
    filter->at = -1;
    filter->covariance = slab;
    filter->prior = slab + triangle(size);
    filter->mean = filter->prior + size;
    filter->gain = filter->mean + size;
    filter->step_mean = filter->gain + size;
    filter->step_variance = filter->step_mean + steps;
    set_prior(filter);
    return filter;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    free(filter->covariance);
    free(filter);
}

/* x[i] becomes keep * x[i] + noise that restores the prior variance of a stationary process. */
static void relax(struct filter *filter, int i, double keep)
{
    double *own = row(filter, i);
    filter->mean[i] *= keep;
    for (int j = 0; j < i; j++)
        own[j] *= keep;
    own[i] = keep * keep * own[i] + (1 - keep * keep) * filter->prior[i];
    for (int j = i + 1; j < filter->size; j++)
        row(filter, j)[i] *= keep;
}

/* Habits drift too, from take to take: back towards nothing in the mean, so that what is not heard
 * again grows as uncertain as it was at first and no more. */
static double keep_of(double variance, double prior)
{
    return prior > variance ? sqrt(1 - variance / prior) : 0;
}

void filter_start_take(struct filter *filter)
{
    const struct filter_tuning *t = filter->tuning;
    relax(filter, SLOW, 0);
    relax(filter, FAST, 0);
    for (int i = CONSTANT; i < filter->size; i++) {
        double renewal = i < CLASSES ? t->renewal_ms2 : t->song_renewal_ms2;
        if (i != GROOVE)
            relax(filter, i, keep_of(renewal, filter->prior[i]));
    }
    double prior = t->song_step_ms * t->song_step_ms;
    double keep = keep_of(t->song_renewal_ms2, prior);
    for (int i = 0; i < filter->score->step_count; i++) {
        filter->step_mean[i] *= keep;
        filter->step_variance[i] =
            keep * keep * filter->step_variance[i] + (1 - keep * keep) * prior;
    }
    filter->at = -1;
}

static void enter(struct features *features, int index, double value)
{
    assert(features->count < FEATURES);
    assert(!features->count || features->index[features->count - 1] < index);
    features->index[features->count] = index;
    features->value[features->count++] = value;
}

/* A drift as it is felt some steps away from where it stands. */
static void add_drift(const struct filter *filter, struct features *features, int drift,
                      double keep, int distance)
{
    double left = pow(keep, distance);
    enter(features, drift, left);
    features->noise += (1 - left * left) * filter->prior[drift];
}

static struct features features_of(const struct filter *filter, const struct occasion *occasion)
{
    const struct step *step = &filter->score->steps[occasion->step];
    struct features features = {.count = 0};
    int distance = filter->at < 0 ? 0 : abs(occasion->step - filter->at);
    int bars = filter->size - BARS, bars_a_state = (filter->score->bar_count + bars - 1) / bars;
    int bar = bars_a_state > 1 ? step->at.bar / bars_a_state : step->at.bar;
    add_drift(filter, &features, SLOW, filter->tuning->slow_keep, distance);
    add_drift(filter, &features, FAST, filter->tuning->fast_keep, distance);
    enter(&features, REACTION,
          fmax(-MAX_REACTION_MS, fmin(occasion->asynchrony_ms, MAX_REACTION_MS)));
    enter(&features, CONSTANT, 1);
    enter(&features, GROOVE, occasion->groove_ms);
    enter(&features, BAR_BINS + step->bin, 1);
    enter(&features, BEAT_BINS + step->bin % SCORE_BINS_PER_QUARTER, 1);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (step->drums & 1u << drum)
            enter(&features, CLASSES + drum, 1);
    enter(&features, TWO_BARS + step->at.bar % 2 * SCORE_BINS + step->bin, 1);
    enter(&features, BARS + (bar < bars ? bar : bars - 1), 1);
    return features;
}

static double expected(const struct filter *filter, const struct features *features, int step)
{
    double sum = filter->step_mean[step];
    for (int k = 0; k < features->count; k++)
        sum += features->value[k] * filter->mean[features->index[k]];
    return sum;
}

/* Of the habits, without the jitter of the hand. */
static double doubt(const struct filter *filter, const struct features *features, int step)
{
    double sum = filter->step_variance[step] + features->noise;
    for (int k = 0; k < features->count; k++) {
        const double *own = row(filter, features->index[k]), value = features->value[k];
        double others = 0;
        for (int m = 0; m < k; m++)
            others += features->value[m] * own[features->index[m]];
        sum += value * (2 * others + value * own[features->index[k]]);
    }
    return sum;
}

void filter_predict(const struct filter *filter, const struct occasion *occasion, double *mean_ms,
                    double *variance_ms2)
{
    struct features features = features_of(filter, occasion);
    *mean_ms = expected(filter, &features, occasion->step);
    *variance_ms2 = doubt(filter, &features, occasion->step) + filter->jitter;
}

/* With gain = covariance times h and share = gain / variance:
 *
 *   mean += share innovation,   covariance -= share gain'
 *
 * in one pass: a row's gain is known once the rows of h's own entries, as they were, have given
 * what lies beyond the diagonal, and an update needs the gains of the rows above alone. What was
 * never heard, nor goes with what was, has no gain; such rows are most of them in a new song. */
KERNEL static void update(struct filter *filter, const struct features *features, double innovation,
                          double variance)
{
    double *restrict gain = filter->gain;
    const double precision = 1 / variance;
    fill(gain, filter->size, 0);
    for (int k = 0; k < features->count; k++) {
        const double *restrict own = row(filter, features->index[k]);
        const double value = features->value[k];
        for (int i = 0; i < features->index[k]; i++)
            gain[i] += value * own[i];
    }
    for (int i = 0, within = 0; i < filter->size; i++) {
        double *restrict own = row(filter, i);
        while (within < features->count && features->index[within] <= i)
            within++;
        double sum = gain[i];
        for (int k = 0; k < within; k++)
            sum += features->value[k] * own[features->index[k]];
        gain[i] = sum;
        const double share = sum * precision;
        filter->mean[i] += share * innovation;
        if (share == 0)
            continue;
        for (int j = 0; j <= i; j++)
            own[j] -= share * gain[j];
    }
}

static void update_step(struct filter *filter, int step, double innovation, double variance)
{
    double share = filter->step_variance[step] / variance;
    filter->step_mean[step] += share * innovation;
    filter->step_variance[step] *= 1 - share;
}

/* The jitter of the hand is what is left of the innovations once the habits' doubt is taken off. */
static void learn_jitter(struct filter *filter, double innovation, double habits, double weight)
{
    double square = fmin(innovation * innovation, 9 * (habits + filter->jitter));
    double left = fmax(MIN_JITTER_MS2, fmin(square - habits, MAX_JITTER_MS2));
    filter->onsets = fmin(filter->onsets + weight, JITTER_MEMORY);
    filter->jitter += weight * (left - filter->jitter) / filter->onsets;
}

static void stand_at(struct filter *filter, int step)
{
    int distance = filter->at < 0 ? 0 : step - filter->at;
    relax(filter, SLOW, pow(filter->tuning->slow_keep, distance));
    relax(filter, FAST, pow(filter->tuning->fast_keep, distance));
    filter->at = step;
}

/* Huber's weight: the further off a note is, the less it says about where the player meant it. */
static double credence(double innovation, double sd)
{
    double size = fabs(innovation) / sd;
    return (size > HUBER ? HUBER / size : 1) * (size > ASTRAY ? ASTRAY_WEIGHT : 1);
}

void filter_hear(struct filter *filter, const struct occasion *occasion, double guitar_ms,
                 double weight)
{
    int step = occasion->step;
    if (step > filter->at)
        stand_at(filter, step);
    struct features features = features_of(filter, occasion);
    double innovation = guitar_ms - expected(filter, &features, step);
    double habits = doubt(filter, &features, step);
    double belief = weight * credence(innovation, sqrt(habits + filter->jitter));
    double variance = habits + filter->jitter / belief;
    learn_jitter(filter, innovation, habits, weight);
    update(filter, &features, innovation, variance);
    update_step(filter, step, innovation, variance);
}

struct name {
    char text[96];
};

static struct name tensor_name(const struct filter *filter, const char *part)
{
    struct name name;
    snprintf(name.text, sizeof name.text, "ear.%s.%s", filter->tuning->name, part);
    return name;
}

static void put(const struct filter *filter, struct checkpoint *checkpoint, const char *part,
                const double *data, size_t count)
{
    int64_t shape[] = {(int64_t)count};
    checkpoint_put(checkpoint, tensor_name(filter, part).text, TENSOR_F64, 1, shape, data);
}

void filter_store(const struct filter *filter, struct checkpoint *checkpoint)
{
    size_t steps = (size_t)filter->score->step_count;
    put(filter, checkpoint, "mean", filter->mean, (size_t)filter->size);
    put(filter, checkpoint, "covariance", filter->covariance, triangle(filter->size));
    put(filter, checkpoint, "step_mean", filter->step_mean, steps);
    put(filter, checkpoint, "step_variance", filter->step_variance, steps);
    put(filter, checkpoint, "jitter", (double[]){filter->jitter, filter->onsets}, 2);
}

/* The list of numbers of that name, NULL when there is none. */
static const double *values(const struct filter *filter, const struct checkpoint *checkpoint,
                            const char *part, size_t *count)
{
    const struct tensor *tensor = checkpoint_find(checkpoint, tensor_name(filter, part).text);
    if (!tensor || tensor->type != TENSOR_F64 || tensor->rank != 1 || tensor->shape[0] < 0)
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

static bool are_times(const double *means, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(means[i]) <= MAX_MEAN_MS))
            return false;
    return true;
}

static bool is_covariance(const double *rows, int size)
{
    for (int i = 0; i < size; i++)
        if (!(rows[triangle(i) + (size_t)i] <= MAX_MEAN_MS * MAX_MEAN_MS))
            return false;
    double *scratch = malloc(triangle(size) * sizeof *scratch);
    if (!scratch)
        return false;
    memcpy(scratch, rows, triangle(size) * sizeof *scratch);
    bool positive = positive_definite(scratch, size);
    free(scratch);
    return positive;
}

static bool load_steps(struct filter *filter, const struct checkpoint *checkpoint)
{
    size_t means = 0, variances = 0, steps = (size_t)filter->score->step_count;
    const double *mean = values(filter, checkpoint, "step_mean", &means);
    const double *variance = values(filter, checkpoint, "step_variance", &variances);
    if (!mean || !variance || means != steps || variances != steps || !are_times(mean, steps))
        return false;
    for (size_t i = 0; i < steps; i++)
        if (!(variance[i] >= 0 && variance[i] <= MAX_MEAN_MS * MAX_MEAN_MS))
            return false;
    memcpy(filter->step_mean, mean, steps * sizeof *mean);
    memcpy(filter->step_variance, variance, steps * sizeof *variance);
    return true;
}

/* Habits of another song say what kind of player he is, but may be others here. */
static void widen(struct filter *filter)
{
    for (int i = CONSTANT; i < PORTABLE; i++)
        if (i != GROOVE)
            relax(filter, i, sqrt(1 - NEW_SONG));
}

bool filter_load(struct filter *filter, const struct checkpoint *checkpoint, bool same_song)
{
    size_t size = 0, pairs = 0, two = 0;
    const double *mean = values(filter, checkpoint, "mean", &size);
    const double *rows = values(filter, checkpoint, "covariance", &pairs);
    const double *jitter = values(filter, checkpoint, "jitter", &two);
    if (!mean || !rows || !jitter || size <= PORTABLE || size > BARS + BAR_STATES ||
        pairs != triangle((int)size) || two != 2 || (same_song && size != (size_t)filter->size))
        return false;
    if (!(jitter[0] >= MIN_JITTER_MS2 && jitter[0] <= MAX_JITTER_MS2) ||
        !(jitter[1] >= JITTER_START && jitter[1] <= JITTER_MEMORY))
        return false;
    int kept = same_song ? filter->size : PORTABLE;
    if (!are_times(mean, (size_t)kept) || !is_covariance(rows, kept) ||
        (same_song && !load_steps(filter, checkpoint)))
        return false;
    memcpy(filter->mean, mean, (size_t)kept * sizeof *mean);
    memcpy(filter->covariance, rows, triangle(kept) * sizeof *rows);
    filter->jitter = jitter[0];
    filter->onsets = jitter[1];
    if (!same_song)
        widen(filter);
    return true;
}

int filter_size(const struct filter *filter)
{
    return filter->size;
}

double filter_mean(const struct filter *filter, int habit)
{
    return filter->mean[habit];
}

double filter_covariance(const struct filter *filter, int i, int j)
{
    return covariance(filter, i, j);
}
