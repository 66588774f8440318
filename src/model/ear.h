/* What the drummer knows of this guitarist in this song: a Kalman filter over habits
 * that can be named (docs/LEARNING.md).
 *
 *   g(step) = drifts + constant + place in the bar and in the beat + drums struck with it
 *           + reaction to the last asynchrony + weight of the groove network's guess
 *           + two-bar pattern + this bar of the song + this step of the song + jitter
 *
 * It learns from every onset while the take is played, keeps how sure it is of each habit, and is
 * what a checkpoint remembers between takes. Times are milliseconds from a step's scored time,
 * variances ms^2. Nothing allocates after ear_new, nothing is random. One ear belongs to one
 * thread. */
#ifndef MODEL_EAR_H
#define MODEL_EAR_H

#include "base/error.h"
#include "model/checkpoint.h"
#include "score/score.h"

struct ear;

struct ear_tuning {
    double slow_ms, slow_keep; /* drifts: SD, and what is left of them a step later */
    double fast_ms, fast_keep;
    double reaction, constant_ms, groove, groove_sd;
    double bar_ms, beat_ms, class_ms, two_bar_ms, song_bar_ms, song_step_ms; /* prior SDs */
    double renewal_ms2, song_renewal_ms2; /* variance that habits gain between takes */
    double jitter_ms;                     /* of the hand, before it is known */
};

/* What ear_new uses when `tuning` is NULL. */
extern const struct ear_tuning ear_default_tuning;

/* The score must outlive it. NULL when out of memory. */
struct ear *ear_new(const struct score *score, const struct ear_tuning *tuning);
void ear_free(struct ear *ear);

/* Tensors "ear.mean" (n), "ear.covariance" (n(n+1)/2: rows of the lower triangle), "ear.step_mean"
 * and "ear.step_variance" (a value a step), "ear.jitter" (variance, onsets it was learnt from),
 * metadata "ear.score". In another song only the guitarist's own habits are kept, less surely. A
 * checkpoint without an ear leaves it as new; false when the tensors are no ear's. */
bool ear_load(struct ear *ear, const struct checkpoint *checkpoint, struct error *err);
void ear_store(const struct ear *ear, struct checkpoint *checkpoint);

/* A take begins: drifts are forgotten, habits may have changed a little. */
void ear_start_take(struct ear *ear);

/* Where the guitar is expected at `step`, and the SD of its onset around there. `groove_ms` is the
 * network's guess, 0 where there is none. Steps in any order. */
void ear_predict(struct ear *ear, int step, double groove_ms, double *mean_ms, double *sd_ms);

/* The guitar fell at `guitar_ms` and the drums at `drums_ms`. The network's guess is the one
 * ear_predict was last given for this step. An onset may come after later steps were predicted; a
 * second one of a step in a take, and values that are no times, are ignored. */
void ear_hear(struct ear *ear, int step, double guitar_ms, double drums_ms);

/* Number of habits with full covariance, steps of the song not counted, for tests: mean and
 * covariance of two. */
int ear_size(const struct ear *ear);
double ear_mean(const struct ear *ear, int habit);
double ear_covariance(const struct ear *ear, int row, int column);

#endif
