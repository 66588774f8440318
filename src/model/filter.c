/* The state is a vector x with mean and covariance; an onset observes one linear combination of
 * it, g = h.x + jitter, with some sixteen entries of h not zero. A habit whose prior is nothing is
 * left out of the state. The guitarist's own habits come first, so what another song may keep is
 * simply the state's beginning.
 *
 * Steps of the song and places in its sections are many and each is heard once or a few times a
 * take: their covariances with the rest are dropped (they are cells), which keeps a ten-minute song
 * at a few megabytes.
 *
 * Drifts are moved to a step only when that step is heard. Predicting ahead, or hearing an onset
 * late, uses the correlation keep^|distance| of a stationary drift and counts the rest of its
 * variance as noise. */
#include "model/filter.h"

#include "model/belief.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BAR_STATES = 512, /* at most: longer songs let neighbouring bars share one */
    SECTION_BARS = 8,
};

static const double MAX_REACTION_MS = 40;
static const double FREEDOM = 5; /* of the t distribution that a hand's jitter is taken to have */
static const double MIN_JITTER_MS2 = 4, MAX_JITTER_MS2 = 400;
static const double JITTER_START = 20, JITTER_MEMORY = 200; /* onsets */
static const double MAX_MEAN_MS = 10000;                    /* of a stored habit */
static const double NEW_SONG = 0.25; /* of a habit's prior variance: what another song adds */
static const double HAND_MS = 9;     /* jitter before it is known */

struct filter {
    const struct score *score;
    const struct filter_tuning *tuning;
    int first[HABITS + 1]; /* where each habit begins in the state; an empty one is not there */
    int at;                /* the step the drifts stand at, -1 before any */
    struct belief habits;
    struct cells cells[CELLS];
    double jitter, onsets; /* variance of the hand, onsets it was learnt from */
};

static double square(double x)
{
    return x * x;
}

static int bar_states(const struct score *score)
{
    return score->bar_count < 1 ? 1 : score->bar_count < BAR_STATES ? score->bar_count : BAR_STATES;
}

static int bar_state(const struct score *score, int step)
{
    int states = bar_states(score), share = (score->bar_count + states - 1) / states;
    int bar = score->steps[step].bar / (share > 1 ? share : 1);
    return bar < states ? bar : states - 1;
}

static int section_count(const struct score *score)
{
    return (bar_states(score) + SECTION_BARS - 1) / SECTION_BARS;
}

static int section_of(const struct score *score, int step)
{
    return bar_state(score, step) / SECTION_BARS;
}

/* Through its section: -1/2 at the begin, 1/2 at the end. */
static double progress(const struct score *score, int step)
{
    return (bar_state(score, step) % SECTION_BARS + 0.5) / SECTION_BARS - 0.5;
}

static int numbers_of(enum habit habit, const struct score *score)
{
    switch (habit) {
    case HABIT_BAR:
        return SCORE_BINS;
    case HABIT_BEAT:
        return SCORE_BINS_PER_QUARTER;
    case HABIT_CLASS:
        return DRUM_COUNT;
    case HABIT_TWO_BARS:
        return 2 * SCORE_BINS;
    case HABIT_SONG_BAR:
        return bar_states(score);
    case HABIT_SECTION:
    case HABIT_RUSH:
        return section_count(score);
    default:
        return 1;
    }
}

static int cells_of(enum cell cell, const struct score *score)
{
    switch (cell) {
    case CELL_SECTION_PLACE:
        return section_count(score) * SCORE_BINS;
    case CELL_STEP:
        return score->song_step_count;
    default:
        return SCORE_BINS;
    }
}

static int cell_at(const struct filter *filter, enum cell cell, int step)
{
    int bin = filter->score->steps[step].bin;
    switch (cell) {
    case CELL_SECTION_PLACE:
        return section_of(filter->score, step) * SCORE_BINS + bin;
    case CELL_STEP:
        return filter->score->steps[step].song_step;
    default:
        return bin;
    }
}

static bool has(const struct filter *filter, enum habit habit)
{
    return filter->first[habit + 1] > filter->first[habit];
}

static bool set_up(struct filter *filter)
{
    const struct filter_tuning *tuning = filter->tuning;
    for (int h = 0; h < HABITS; h++)
        filter->first[h + 1] =
            filter->first[h] + (tuning->sd[h] > 0 ? numbers_of((enum habit)h, filter->score) : 0);
    bool complete = belief_init(&filter->habits, filter->first[HABITS]);
    for (int c = 0; c < CELLS; c++)
        complete = cells_init(&filter->cells[c], cells_of((enum cell)c, filter->score),
                              square(tuning->cell_sd[c])) &&
                   complete;
    if (!complete)
        return false;
    for (int h = 0; h < HABITS; h++)
        for (int i = filter->first[h]; i < filter->first[h + 1]; i++)
            filter->habits.prior[i] = square(tuning->sd[h]);
    belief_reset(&filter->habits);
    if (has(filter, HABIT_GROOVE))
        filter->habits.mean[filter->first[HABIT_GROOVE]] = tuning->groove;
    return true;
}

struct filter *filter_new(const struct score *score, const struct filter_tuning *tuning)
{
    struct filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return NULL;
    filter->score = score;
    filter->tuning = tuning;
    filter->at = -1;
    filter->jitter = HAND_MS * HAND_MS;
    filter->onsets = JITTER_START;
    if (!set_up(filter)) {
        filter_free(filter);
        return NULL;
    }
    return filter;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    belief_clear(&filter->habits);
    for (int c = 0; c < CELLS; c++)
        cells_clear(&filter->cells[c]);
    free(filter);
}

static void relax(struct filter *filter, enum habit habit, double keep)
{
    for (int i = filter->first[habit]; i < filter->first[habit + 1]; i++)
        belief_relax(&filter->habits, i, keep);
}

/* Habits drift too, from take to take: back towards nothing in the mean, so that what is not heard
 * again grows as uncertain as it was at first and no more. */
static double keep_of(double renewal, double prior)
{
    return prior > renewal ? sqrt(1 - renewal / prior) : 0;
}

void filter_start_take(struct filter *filter)
{
    const struct filter_tuning *tuning = filter->tuning;
    relax(filter, HABIT_SLOW, 0);
    relax(filter, HABIT_FAST, 0);
    for (enum habit h = HABIT_CONSTANT; h < HABITS; h++) {
        double renewal = h < HABIT_CLASS ? tuning->renewal_ms2 : tuning->song_renewal_ms2;
        if (h != HABIT_GROOVE)
            relax(filter, h, keep_of(renewal, square(tuning->sd[h])));
    }
    for (int c = 0; c < CELLS; c++) {
        struct cells *cells = &filter->cells[c];
        cells_relax(cells, c == CELL_MOOD ? 0 : keep_of(tuning->song_renewal_ms2, cells->prior));
    }
    filter->at = -1;
}

/* h of a step, and the variance that is not in the state. */
struct features {
    struct sight sight;
    double noise;
};

static void enter(struct features *features, const struct filter *filter, enum habit habit,
                  int which, double value)
{
    if (has(filter, habit))
        sight_add(&features->sight, filter->first[habit] + which, value);
}

/* A drift as it is felt some steps away from where it stands. */
static void enter_drift(struct features *features, const struct filter *filter, enum habit habit,
                        double keep, int distance)
{
    double left = pow(keep, distance);
    enter(features, filter, habit, 0, left);
    features->noise += (1 - left * left) * square(filter->tuning->sd[habit]);
}

static struct features features_of(const struct filter *filter, const struct occasion *occasion)
{
    const struct score *score = filter->score;
    const struct step *step = &score->steps[occasion->step];
    struct features f = {.noise = 0};
    int distance = filter->at < 0 ? 0 : abs(occasion->step - filter->at);
    double asynchrony = fmax(-MAX_REACTION_MS, fmin(occasion->asynchrony_ms, MAX_REACTION_MS));
    enter_drift(&f, filter, HABIT_SLOW, filter->tuning->slow_keep, distance);
    enter_drift(&f, filter, HABIT_FAST, filter->tuning->fast_keep, distance);
    enter(&f, filter, HABIT_REACTION, 0, asynchrony);
    enter(&f, filter, HABIT_CONSTANT, 0, 1);
    enter(&f, filter, HABIT_GROOVE, 0, occasion->groove_ms);
    enter(&f, filter, HABIT_BAR, step->bin, 1);
    enter(&f, filter, HABIT_BEAT, step->bin % SCORE_BINS_PER_QUARTER, 1);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (step->drums & 1u << drum)
            enter(&f, filter, HABIT_CLASS, drum, 1);
    enter(&f, filter, HABIT_TWO_BARS, step->bar % 2 * SCORE_BINS + step->bin, 1);
    enter(&f, filter, HABIT_SONG_BAR, bar_state(score, occasion->step), 1);
    enter(&f, filter, HABIT_SECTION, section_of(score, occasion->step), 1);
    enter(&f, filter, HABIT_RUSH, section_of(score, occasion->step),
          progress(score, occasion->step));
    return f;
}

static double expected(const struct filter *filter, const struct features *features, int step)
{
    double sum = belief_expect(&filter->habits, &features->sight);
    for (int c = 0; c < CELLS; c++)
        sum += filter->cells[c].mean[cell_at(filter, (enum cell)c, step)];
    return sum;
}

/* Of the habits, without the jitter of the hand. */
static double doubt(const struct filter *filter, const struct features *features, int step)
{
    double sum = belief_doubt(&filter->habits, &features->sight) + features->noise;
    for (int c = 0; c < CELLS; c++)
        sum += filter->cells[c].variance[cell_at(filter, (enum cell)c, step)];
    return sum;
}

void filter_predict(const struct filter *filter, const struct occasion *occasion, double *mean_ms,
                    double *variance_ms2)
{
    struct features features = features_of(filter, occasion);
    *mean_ms = expected(filter, &features, occasion->step);
    *variance_ms2 =
        doubt(filter, &features, occasion->step) + filter->jitter * FREEDOM / (FREEDOM - 2);
}

/* The jitter of the hand is what is left of the innovations once the habits' doubt is taken off;
 * what is hardly believed hardly counts, as in the EM algorithm for a t distribution. */
static void learn_jitter(struct filter *filter, double innovation, double habits, double weight,
                         double credence)
{
    double left = credence * square(innovation) - habits;
    filter->onsets = fmin(filter->onsets + weight, JITTER_MEMORY);
    filter->jitter += weight * (fmax(MIN_JITTER_MS2, fmin(left, MAX_JITTER_MS2)) - filter->jitter) /
                      filter->onsets;
}

static void stand_at(struct filter *filter, int step)
{
    int distance = filter->at < 0 ? 0 : step - filter->at;
    relax(filter, HABIT_SLOW, pow(filter->tuning->slow_keep, distance));
    relax(filter, HABIT_FAST, pow(filter->tuning->fast_keep, distance));
    filter->at = step;
}

/* The further off a note is, the less it says about where the player meant it: the weight of an
 * observation with Student's t around its mean (Lange et al., J. Am. Stat. Assoc. 1989). It never
 * comes to nothing: who insists is followed. */
static double credence_of(double innovation, double sd)
{
    return (FREEDOM + 1) / (FREEDOM + square(innovation / sd));
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
    double credence = credence_of(innovation, sqrt(habits + filter->jitter));
    double variance = habits + filter->jitter / (weight * credence);
    learn_jitter(filter, innovation, habits, weight, credence);
    belief_learn(&filter->habits, &features.sight, innovation, variance);
    for (int c = 0; c < CELLS; c++)
        cells_learn(&filter->cells[c], cell_at(filter, (enum cell)c, step), innovation, variance);
}

/* ---- in a checkpoint ---- */

static const char *const cell_names[CELLS] = {
    [CELL_SECTION_PLACE] = "section_places",
    [CELL_STEP] = "steps",
};

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
    const struct belief *habits = &filter->habits;
    put(filter, checkpoint, "mean", habits->mean, (size_t)habits->size);
    put(filter, checkpoint, "covariance", habits->covariance, belief_triangle(habits->size));
    for (int c = 0; c < CELLS; c++)
        if (cell_names[c] && filter->cells[c].prior > 0)
            put(filter, checkpoint, cell_names[c], filter->cells[c].mean,
                2 * (size_t)filter->cells[c].count);
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

static bool are_times(const double *means, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(means[i]) <= MAX_MEAN_MS))
            return false;
    return true;
}

static bool are_variances(const double *variances, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(variances[i] >= 0 && variances[i] <= MAX_MEAN_MS * MAX_MEAN_MS))
            return false;
    return true;
}

static bool is_covariance(const double *rows, int size)
{
    for (int i = 0; i < size; i++)
        if (!(rows[belief_triangle(i) + (size_t)i] <= MAX_MEAN_MS * MAX_MEAN_MS))
            return false;
    return belief_is_covariance(rows, size);
}

static bool load_cells(struct filter *filter, const struct checkpoint *checkpoint)
{
    for (int c = 0; c < CELLS; c++) {
        struct cells *cells = &filter->cells[c];
        size_t count = 0, each = (size_t)cells->count;
        if (!cell_names[c] || !(cells->prior > 0))
            continue;
        const double *means = values(filter, checkpoint, cell_names[c], &count);
        if (!means || count != 2 * each || !are_times(means, each) ||
            !are_variances(means + each, each))
            return false;
        memcpy(cells->mean, means, 2 * each * sizeof *means);
    }
    return true;
}

/* Habits of another song say what kind of player he is, but may be others here. */
static void widen(struct filter *filter)
{
    for (enum habit h = HABIT_CONSTANT; h < HABIT_TWO_BARS; h++)
        if (h != HABIT_GROOVE)
            relax(filter, h, sqrt(1 - NEW_SONG));
}

bool filter_load(struct filter *filter, const struct checkpoint *checkpoint, bool same_song)
{
    struct belief *habits = &filter->habits;
    size_t size = 0, pairs = 0, two = 0;
    const double *mean = values(filter, checkpoint, "mean", &size);
    const double *rows = values(filter, checkpoint, "covariance", &pairs);
    const double *jitter = values(filter, checkpoint, "jitter", &two);
    int kept = same_song ? habits->size : filter->first[HABIT_TWO_BARS];
    if (!mean || !rows || !jitter || two != 2 || size < (size_t)kept || size > 1 << 12 ||
        pairs != belief_triangle((int)size) || (same_song && size != (size_t)kept))
        return false;
    if (!(jitter[0] >= MIN_JITTER_MS2 && jitter[0] <= MAX_JITTER_MS2) ||
        !(jitter[1] >= JITTER_START && jitter[1] <= JITTER_MEMORY))
        return false;
    if (!are_times(mean, (size_t)kept) || !is_covariance(rows, kept) ||
        (same_song && !load_cells(filter, checkpoint)))
        return false;
    memcpy(habits->mean, mean, (size_t)kept * sizeof *mean);
    memcpy(habits->covariance, rows, belief_triangle(kept) * sizeof *rows);
    filter->jitter = jitter[0];
    filter->onsets = jitter[1];
    if (!same_song)
        widen(filter);
    return true;
}

int filter_size(const struct filter *filter)
{
    return filter->habits.size;
}

int filter_habit(const struct filter *filter, enum habit habit)
{
    return filter->first[habit];
}

double filter_mean(const struct filter *filter, int i)
{
    return filter->habits.mean[i];
}

double filter_covariance(const struct filter *filter, int i, int j)
{
    return belief_covariance(&filter->habits, i, j);
}
