/* What a run of duets says: means over players, and how sure they are. */
#ifndef LEARN_DUET_MEANS_H
#define LEARN_DUET_MEANS_H

#include "learn/duet.h"

/* A mean over players and its standard error, SD / sqrt(count) with count - 1 in the SD. NAN where
 * there are none, the error where there is one. */
struct duet_mean {
    int count;
    double ms, error_ms;
};

enum {
    DUET_ALL = -1,           /* as a guitarist: all of them */
    DUET_LATER = DUET_TAKES, /* as a take: the mean of takes 2 to 5 */
};

/* One curve: a predictor's figure. */
struct duet_curve {
    enum duet_predictor predictor;
    enum duet_figure figure;
};

/* Takes are counted from 0. */
struct duet_mean duet_mean(const struct duet_result *result, int guitarist, struct duet_curve curve,
                           int take);

/* Of `curve` less `other`, player by player. */
struct duet_mean duet_mean_less(const struct duet_result *result, int guitarist,
                                struct duet_curve curve, struct duet_curve other, int take);

/* Whether a difference is above 0 by more than its standard error. */
bool duet_is_worse(struct duet_mean difference);

/* The humanising error after the lessons, where it was measured: the mean over those players, and
 * the worst of them (NAN: nowhere). */
struct duet_mean duet_humanising(const struct duet_result *result, double *worst_ms);

#endif
