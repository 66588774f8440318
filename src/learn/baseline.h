/* The simplest ways to expect a guitarist, which a drummer has to beat: the running mean of his
 * latest deviations, the mean of each place in the bar, and both.
 *
 *   expected = table[bin] + running mean of what the table missed
 *
 * Times are milliseconds from a step's scored time. */
#ifndef LEARN_BASELINE_H
#define LEARN_BASELINE_H

#include "score/score.h"

struct baseline_options {
    double share;  /* of the newest note in the running mean; 0: there is none */
    double memory; /* notes that a place of the table remembers; 0: there is no table */
    double shrink; /* imaginary notes on the grid that stand beside them */
};

struct baseline {
    struct baseline_options options;
    double running, mean[SCORE_BINS], heard[SCORE_BINS];
};

void baseline_init(struct baseline *baseline, const struct baseline_options *options);

/* The table stays, the running mean begins anew. */
void baseline_start_take(struct baseline *baseline);

double baseline_predict(const struct baseline *baseline, int bin);
void baseline_hear(struct baseline *baseline, int bin, double guitar_ms);

#endif
