/* A virtual guitarist: plays along a drum score with a feel of his own, reacts to the
 * drums he hears, makes mistakes, and drifts as people do. Stands in for a player in the demo, in
 * `take --guitar virtual:NAME`, and in `evaluate --duet`. Deterministic for a seed and take number.
 *
 * Times are milliseconds from a step's scored time. */
#ifndef GUITARIST_GUITARIST_H
#define GUITARIST_GUITARIST_H

#include "base/error.h"
#include "score/score.h"

#include <stdbool.h>

struct guitarist;

/* The players, in order: "on-grid", "laid-back", "swinger", "straightener", "subverter", "rusher",
 * "pattern". NULL past the end. */
const char *guitarist_name(int index);

struct guitarist_options {
    const char *name; /* NULL: "laid-back" */
    bool odd; /* with structure that simple predictors miss: sections, snare drag, rubato, heavy
                 tails */
    uint64_t seed;
};

/* NULL with the list of names as hint when the name is unknown. The score must outlive it. */
struct guitarist *guitarist_new(const struct score *score, const struct guitarist_options *options,
                                struct error *err);
void guitarist_free(struct guitarist *guitarist);

/* From now on he makes up for `correction` (>= 0) of the last asynchrony, by most_ms at the most,
 * whatever his own share was (.1 to .4, 12 ms). */
void guitarist_react(struct guitarist *guitarist, double correction, double most_ms);

/* Walks on stage for take `take` (from 0): habits stay, moods and slips are new. */
void guitarist_start(struct guitarist *guitarist, int take);

/* Where he plays at `step` (asked once a step, in rising order): false when he does not play here.
 * *deviation_ms is g: within 250 ms and his half of the gap to either neighbour. */
bool guitarist_play(struct guitarist *guitarist, int step, double *deviation_ms);

/* What he heard: the drums of `step` sounded `drums_ms` from the scored time. Call after
 * guitarist_play of that step; it moves his next notes. */
void guitarist_hear(struct guitarist *guitarist, int step, double drums_ms);

/* His g without the jitter of the hand at the step last played: what a perfect predictor could
 * know. */
double guitarist_intent_ms(const struct guitarist *guitarist);

#endif
