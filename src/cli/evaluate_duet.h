/* What `evaluate --duet` found, and the two ways of telling it. */
#ifndef CLI_EVALUATE_DUET_H
#define CLI_EVALUATE_DUET_H

#include "base/json.h"
#include "learn/duet_means.h"

/* Onsets known before the next step is planned, or only after it. */
enum { DUETS_IN_TIME, DUETS_LATE, DUETS_TIMES };
enum { DUETS_STANDARD, DUETS_ODD, DUETS_SETS };

struct duet_findings {
    struct duet_drummers drummers[DUETS_TIMES];
    struct duet_result simulated[DUETS_TIMES][DUETS_SETS];
};

/* What the drummer is judged by: his prediction, the best baseline's, and the least that could be
 * missed; and how far his drums fell from the guitar. */
extern const struct duet_curve duet_drummer, duet_baseline, duet_floor, duet_drums;

void duet_print(const struct duet_findings *findings);
void duet_put(struct json *into, const struct duet_findings *findings);

#endif
