#include "listen/beat_fit.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { LINE = 2, MOST = LINE + BEAT_FIT_MOST_PLACES, ROUNDS = 8 };

static const double HABIT_MS = 18; /* of a place; Student's t: most are small, some are large */
static const double HABIT_FREEDOM = 3;
static const double HAND_MS = 9, HAND_WORTH = 3; /* what the hand is thought to be before */
static const double PULSE_MS = 2; /* how far his beats together may lie off the grid */
static const double FORGETS = 16; /* beats, after which an onset counts half */
static const double FREEDOM = 4;  /* of Student's t */
static const double WANDER_MS = 7, WANDER = 0.0005; /* how far a player strays from end to end, and
                                                  of the period: what no onset tells of */

/* The normal equations: begin, period, then one habit for each place that was struck. */
struct equations {
    int unknowns;
    double matrix[MOST][MOST], right[MOST], solution[MOST], inverse[LINE][LINE];
};

static void put(struct equations *e, const int index[3], const double x[3], double y, double weight)
{
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            e->matrix[index[i]][index[j]] += weight * x[i] * x[j];
        e->right[index[i]] += weight * x[i] * y;
    }
}

/* His beat is where his strums on the beats lie together: their habits make up for each other. */
static void centre(struct equations *e, const bool on_beat[MOST])
{
    int beats = 0;
    for (int i = LINE; i < e->unknowns; i++)
        beats += on_beat[i];
    for (int i = LINE; i < e->unknowns; i++)
        for (int j = LINE; on_beat[i] && j < e->unknowns; j++)
            if (on_beat[j])
                e->matrix[i][j] += 1 / (PULSE_MS * PULSE_MS * beats * beats);
}

/* In place: the lower triangle. */
static void factor(struct equations *e)
{
    for (int i = 0; i < e->unknowns; i++)
        for (int j = 0; j <= i; j++) {
            double sum = e->matrix[i][j];
            for (int k = 0; k < j; k++)
                sum -= e->matrix[i][k] * e->matrix[j][k];
            e->matrix[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / e->matrix[j][j];
        }
}

static void solve_for(const struct equations *e, const double *right, double *solution)
{
    for (int i = 0; i < e->unknowns; i++) {
        double sum = right[i];
        for (int k = 0; k < i; k++)
            sum -= e->matrix[i][k] * solution[k];
        solution[i] = sum / e->matrix[i][i];
    }
    for (int i = e->unknowns - 1; i >= 0; i--) {
        double sum = solution[i];
        for (int k = i + 1; k < e->unknowns; k++)
            sum -= e->matrix[k][i] * solution[k];
        solution[i] = sum / e->matrix[i][i];
    }
}

static void solve(struct equations *e)
{
    factor(e);
    solve_for(e, e->right, e->solution);
    for (int i = 0; i < LINE; i++) {
        double unit[MOST] = {0}, column[MOST] = {0};
        unit[i] = 1;
        solve_for(e, unit, column);
        for (int j = 0; j < LINE; j++)
            e->inverse[j][i] = column[j];
    }
}

/* The unknown that stands for each onset's place. */
static int number_places(const int *place, int count, int unknown[BEAT_FIT_MOST_ONSETS])
{
    int places = 0, seen[BEAT_FIT_MOST_PLACES];
    for (int i = 0; i < count; i++) {
        int k = 0;
        while (k < places && seen[k] != place[i])
            k++;
        if (k == places && places < BEAT_FIT_MOST_PLACES)
            seen[places++] = place[i];
        unknown[i] = LINE + (k < BEAT_FIT_MOST_PLACES ? k : BEAT_FIT_MOST_PLACES - 1);
    }
    return places;
}

/* What is fitted, and how much each of it counts. */
struct onsets {
    const double *times_ms, *beats;
    int count, unknown[BEAT_FIT_MOST_ONSETS]; /* the habit of each */
    double fresh[BEAT_FIT_MOST_ONSETS];       /* a tempo that drifts is that of late */
    double trusted[BEAT_FIT_MOST_ONSETS];     /* a slip tells less */
    double shy[MOST];                         /* a habit that is large is drawn less to 0 */
    double sum, middle;                       /* of `fresh`; of the beats by it */
};

static void weigh(struct onsets *o)
{
    double last = o->beats[o->count - 1];
    for (int i = 0; i < o->count; i++) {
        o->trusted[i] = 1;
        o->fresh[i] = exp2((o->beats[i] - last) / FORGETS);
        o->sum += o->fresh[i];
        o->middle += o->fresh[i] * o->beats[i];
    }
    o->middle /= o->sum;
    for (int i = 0; i < MOST; i++)
        o->shy[i] = 1;
}

static void state(struct equations *e, const struct onsets *o, double variance)
{
    bool on_beat[MOST] = {false};
    for (int i = 0; i < o->count; i++) {
        put(e, (int[]){0, 1, o->unknown[i]}, (double[]){1, o->beats[i] - o->middle, 1},
            o->times_ms[i], o->fresh[i] * o->trusted[i] / variance);
        on_beat[o->unknown[i]] = o->beats[i] == floor(o->beats[i]);
    }
    for (int i = LINE; i < e->unknowns; i++)
        e->matrix[i][i] += o->shy[i] / (HABIT_MS * HABIT_MS);
    centre(e, on_beat);
}

/* Returns the variance of the hand. */
static double trust(struct onsets *o, const struct equations *e, double variance)
{
    double sum = HAND_WORTH * HAND_MS * HAND_MS;
    for (int i = 0; i < o->count; i++) {
        double miss = o->times_ms[i] - e->solution[0] - e->solution[1] * (o->beats[i] - o->middle) -
                      e->solution[o->unknown[i]];
        sum += o->fresh[i] * o->trusted[i] * miss * miss;
        o->trusted[i] = (FREEDOM + 1) / (FREEDOM + miss * miss / variance);
    }
    for (int i = LINE; i < e->unknowns; i++) {
        double habit = e->solution[i] / HABIT_MS;
        o->shy[i] = (HABIT_FREEDOM + 1) / (HABIT_FREEDOM + habit * habit);
    }
    return sum / (HAND_WORTH + fmax(o->sum - LINE, 0));
}

void beat_fit(const double *times_ms, const double *beats, const int *place, int count,
              struct beat_fit *fit)
{
    assert(count >= 3 && count <= BEAT_FIT_MOST_ONSETS);
    struct onsets onsets = {.times_ms = times_ms, .beats = beats, .count = count};
    int places = number_places(place, count, onsets.unknown);
    double variance = HAND_MS * HAND_MS;
    struct equations e;
    weigh(&onsets);
    for (int round = 0; round < ROUNDS; round++) {
        memset(&e, 0, sizeof e);
        e.unknowns = LINE + places;
        state(&e, &onsets, variance);
        solve(&e);
        variance = trust(&onsets, &e, variance);
    }
    double span = fmax(fmin(beats[count - 1] - beats[0], 2 * FORGETS), 1);
    double wander = WANDER_MS / span + WANDER * e.solution[1];
    fit->period_ms = e.solution[1];
    fit->begin_ms = e.solution[0] - onsets.middle * e.solution[1];
    fit->period_sd_ms = sqrt(e.inverse[1][1] + wander * wander);
    fit->middle = onsets.middle;
    fit->middle_var = e.inverse[0][0];
    fit->covariance = e.inverse[0][1];
    fit->hand_ms = sqrt(variance);
}

double beat_fit_time(const struct beat_fit *fit, double beat, double *sd_ms)
{
    double from = beat - fit->middle, drift = from * fit->period_sd_ms;
    double variance = fit->middle_var + 2 * from * fit->covariance + drift * drift;
    *sd_ms = sqrt(fmax(variance, 0));
    return fit->begin_ms + beat * fit->period_ms;
}
