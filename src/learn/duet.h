/* How well is the guitarist predicted? Players whose every intention is known stand in for him, and
 * each predictor plays its own five takes with each of them.
 *
 * A note is always scored before it is learnt from: the figures are those of the next note, and of
 * the next take. The drums sound where they expect the guitar, so predictors are heard and reacted
 * to. Deterministic for a seed. */
#ifndef LEARN_DUET_H
#define LEARN_DUET_H

#include "base/error.h"
#include "model/checkpoint.h"
#include "score/score.h"

enum duet_predictor {
    DUET_ZERO,      /* the guitar is expected on the grid */
    DUET_EMA,       /* at the running mean of this take's deviations */
    DUET_TABLE,     /* at the mean of this place in the bar, all takes */
    DUET_TABLE_EMA, /* the table, and the running mean of what it missed */
    DUET_EAR,       /* model/ear.h, with no network */
    DUET_DRUMMER,   /* the whole model of a checkpoint */
    DUET_PREDICTORS
};

enum { DUET_TAKES = 5 };

struct duet_options {
    int players; /* how many duets; 0 means 14, two of each guitarist */
    int steps;   /* of each score at most; 0 means 384 */
    bool odd;    /* guitarists with structure that simple predictors miss */
    uint64_t seed;
    const struct checkpoint *drummer;           /* NULL: DUET_DRUMMER is left out */
    bool (*progress)(void *user, double share); /* NULL, or called as it goes on; false stops */
    void *user;
};

struct duet_result {
    int players;
    int takes; /* DUET_TAKES, or 1 for real drummers */
    double mae_ms[DUET_PREDICTORS]
                 [DUET_TAKES];   /* |prediction - guitar|, mean over players; NAN where left out */
    double floor_ms[DUET_TAKES]; /* |intention - guitar|: no predictor can know more; NAN for real
                                    ones */
};

/* "zero", "running mean", ... */
const char *duet_predictor_name(enum duet_predictor predictor);

/* Players are dealt to the scores (4/4 and long ones serve best) at random; the straightener gets
 * one with triplets where there is one. */
bool duet_run(const struct score *const *scores, int count, const struct duet_options *options,
              struct duet_result *result, struct error *err);

/* Real drummers stand in for the guitarist: how they left the grid, heard step by step, one take
 * each. The scores are played files, read with `quantise`. Figures are means over steps. */
bool duet_drummers(const struct score *const *scores, int count, const struct duet_options *options,
                   struct duet_result *result, struct error *err);

#endif
