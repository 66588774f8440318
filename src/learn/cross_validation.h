/* What a lesson is worth where it was not learnt from.
 *
 * A drummer who has learnt from a take knows that take, right or wrong. So the take is cut into
 * blocks of two bars; from every other block the ear learns, as a lesson of this weight would teach
 * it, and then the whole take is played to it once more: what counts is how far it foresees the
 * notes of the other blocks, beside the drummer as he was. Then the other way round. The network
 * stays as it is: what its small steps change is less than the figures show. */
#ifndef LEARN_CROSS_VALIDATION_H
#define LEARN_CROSS_VALIDATION_H

#include "learn/rehearing.h"

/* `rehearing` is of the drummer as he was, whatever it has heard, and says whose ear learns;
 * before_ms[i] is what he missed by at the take's step i. Fills the two figures of the report that
 * are about unseen bars. False when cancelled or out of memory. */
bool cross_validate(struct rehearing *rehearing, const struct score *score, const float *before_ms,
                    double weight, struct lesson_report *report, struct error *err);

/* So often the take is played to the ear; every onset is studied once. */
#define CROSS_VALIDATION_PLAYS 2

#endif
