/* How far a guitarist comes to the drums within one take: the share of the last asynchrony that he
 * makes up for with his next note (phase correction; Repp, Psychonomic Bulletin & Review 2005).
 *
 * Whoever plays late for a while is late again, and closer to drums that follow him, without having
 * moved; so the share is estimated together with his habits and drifts, by the ear's own filter
 * (model/filter.h) with an open mind about it. */
#ifndef LEARN_REACTION_H
#define LEARN_REACTION_H

#include "score/take.h"

struct reaction {
    int notes;    /* that had an asynchrony before them */
    double share; /* of it made up for; 0: he keeps to his own time, 1: all of it at once */
    double sd;    /* of the estimate */
    double ms;    /* he came to the drums, on average */
};

/* `score` is the take's. False when out of memory. */
bool reaction_measure(const struct score *score, const struct take *take, struct reaction *reaction,
                      struct error *err);

#endif
