/* A Kalman filter over habits that can be named: one opinion of how this guitarist plays this song.
 *
 *   g(step) = drifts + constant + place in the bar and in the beat + drums struck with it
 *           + reaction to the last asynchrony + weight of the groove network's guess
 *           + two-bar pattern + this bar of the song + this step of the song + jitter
 *
 * Times are milliseconds from a step's scored time, variances ms^2. Nothing allocates after
 * filter_new but filter_load, nothing is random. The derivation is in docs/LEARNING.md. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "model/checkpoint.h"
#include "score/score.h"

struct filter_tuning {
    const char *name;
    double slow_ms, slow_keep; /* drifts: SD, and what is left of them a step later */
    double fast_ms, fast_keep;
    double groove, groove_sd; /* weight of the network's guess */
    double reaction;          /* the others: prior SDs, all > 0 */
    double constant_ms, bar_ms, beat_ms, class_ms, two_bar_ms, song_bar_ms, song_step_ms;
    double renewal_ms2, song_renewal_ms2; /* variance that habits gain between takes */
};

struct filter;

/* NULL when out of memory. The score and the tuning must outlive it. */
struct filter *filter_new(const struct score *score, const struct filter_tuning *tuning);
void filter_free(struct filter *filter);

/* A take begins: drifts are forgotten, habits may have changed a little. */
void filter_start_take(struct filter *filter);

/* What is known of a step before the guitar is heard there. */
struct occasion {
    int step;
    double groove_ms;     /* the network's guess; 0 where there is none */
    double asynchrony_ms; /* drums minus guitar at the last step before it where both sounded */
};

/* Where the guitar will fall: mean, and variance with the jitter of the hand. Steps in any order.
 */
void filter_predict(const struct filter *filter, const struct occasion *occasion, double *mean_ms,
                    double *variance_ms2);

/* It fell at `guitar_ms`, an onset that counts `weight` times as much as any, in (0, 1]. Steps in
 * any order, each at most once a take. */
void filter_hear(struct filter *filter, const struct occasion *occasion, double guitar_ms,
                 double weight);

/* Tensors "ear.NAME.mean" (n), ".covariance" (n(n+1)/2: the rows of the lower triangle),
 * ".step_mean" and ".step_variance" (a value a step), ".jitter" (variance, onsets it was learnt
 * from). */
void filter_store(const struct filter *filter, struct checkpoint *checkpoint);

/* False when the tensors are missing or no filter's; the filter is then unchanged. Of another song
 * (`same_song` false) only the guitarist's own habits are taken, less surely. */
bool filter_load(struct filter *filter, const struct checkpoint *checkpoint, bool same_song);

/* The state itself, steps of the song left out. */
int filter_size(const struct filter *filter);
double filter_mean(const struct filter *filter, int habit);
double filter_covariance(const struct filter *filter, int row, int column);

#endif
