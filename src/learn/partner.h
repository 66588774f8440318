/* Whoever predicts the guitarist in a duet, behind one set of calls: a baseline, an ear, a network,
 * or a drummer who learns. */
#ifndef LEARN_PARTNER_H
#define LEARN_PARTNER_H

#include "learn/duet.h"
#include "model/model.h"
#include "score/take.h"

struct partner;

/* Whom the baselines were tuned for. */
enum partner_tuning { TUNED_FOR_STANDARD, TUNED_FOR_ODD, TUNED_FOR_DRUMMERS, PARTNER_TUNINGS };

/* Score and options must outlive it; options->drummer is needed for DUET_NETWORK and DUET_DRUMMER.
 */
struct partner *partner_new(enum duet_predictor kind, enum partner_tuning tuning,
                            const struct score *score, const struct duet_options *options,
                            struct error *err);
void partner_free(struct partner *partner);

bool partner_start_take(struct partner *partner, struct error *err);
void partner_predict(struct partner *partner, int step, struct prediction *prediction);
void partner_hear(struct partner *partner, int step, double guitar_ms, double drums_ms);

/* A drummer learns from the record of what was played; `watch` as in lesson_learn. */
bool partner_end_take(struct partner *partner, const struct take *take, lesson_watch *watch,
                      void *context, struct error *err);

/* What a drummer has become; NULL for all others. */
const struct checkpoint *partner_checkpoint(const struct partner *partner);

#endif
