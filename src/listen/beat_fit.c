#include "listen/beat_fit.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { LINE = 2, MOST = LINE + BEAT_FIT_MOST_PLACES, ROUNDS = 8 };

static const double HABIT_MS = 12;               /* SD of a place's habit */
static const double HAND_MS = 9, HAND_WORTH = 5; /* what the hand is thought to be before */
static const double PULSE_MS = 2; /* how far his beats together may lie off the grid */
static const double FREEDOM = 4;  /* of Student's t */
static const double WANDER_MS = 5, WANDER = 0.001; /* how far a player strays from end to end, and
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
        double unit[MOST] = {0}, column[MOST];
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

void beat_fit(const double *times_ms, const double *beats, const int *place, int count,
              struct beat_fit *fit)
{
    assert(count >= 3 && count <= BEAT_FIT_MOST_ONSETS);
    int unknown[BEAT_FIT_MOST_ONSETS];
    int places = number_places(place, count, unknown);
    bool on_beat[MOST] = {false};
    double weight[BEAT_FIT_MOST_ONSETS], variance = HAND_MS * HAND_MS, middle = 0;
    for (int i = 0; i < count; i++) {
        weight[i] = 1;
        middle += beats[i] / count;
        on_beat[unknown[i]] = beats[i] == floor(beats[i]);
    }
    struct equations e;
    for (int round = 0; round < ROUNDS; round++) {
        memset(&e, 0, sizeof e);
        e.unknowns = LINE + places;
        for (int i = 0; i < count; i++)
            put(&e, (int[]){0, 1, unknown[i]}, (double[]){1, beats[i] - middle, 1}, times_ms[i],
                weight[i] / variance);
        for (int i = LINE; i < e.unknowns; i++)
            e.matrix[i][i] += 1 / (HABIT_MS * HABIT_MS);
        centre(&e, on_beat);
        solve(&e);
        double sum = HAND_WORTH * HAND_MS * HAND_MS;
        for (int i = 0; i < count; i++) {
            double miss = times_ms[i] - e.solution[0] - e.solution[1] * (beats[i] - middle) -
                          e.solution[unknown[i]];
            sum += weight[i] * miss * miss;
            weight[i] = (FREEDOM + 1) / (FREEDOM + miss * miss / variance);
        }
        variance = sum / (HAND_WORTH + count - LINE);
    }
    double span = fmax(beats[count - 1] - beats[0], 1);
    double wander = WANDER_MS / span + WANDER * e.solution[1];
    fit->period_ms = e.solution[1];
    fit->begin_ms = e.solution[0] - middle * e.solution[1];
    fit->period_sd_ms = sqrt(e.inverse[1][1] + wander * wander);
    fit->middle = middle;
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
