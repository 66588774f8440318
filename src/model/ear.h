/* What the drummer knows of this guitarist in this song.
 *
 * A panel of Kalman filters (model/filter.h) listens, each with its own idea of what guitarists are
 * like: one with habits in the bar alone, one who plays every place of the song in its own way, one
 * who drifts, one who has changed since the last take, one as the groove network says with
 * corrections, one as it says. Each is trusted as far as it foresaw the latest notes, and the
 * prediction is their mixture (docs/LEARNING.md). The ear learns from every onset while the take is
 * played, keeps how sure it is, and is what a checkpoint remembers between takes.
 *
 * Times are milliseconds from a step's scored time. Nothing allocates after ear_new but ear_load,
 * nothing is random. One ear belongs to one thread. */
#ifndef MODEL_EAR_H
#define MODEL_EAR_H

#include "base/error.h"
#include "model/checkpoint.h"
#include "score/score.h"

struct ear;

/* The score must outlive it. NULL when out of memory. */
struct ear *ear_new(const struct score *score);
void ear_free(struct ear *ear);

/* The filters' tensors, "ear.trust" (one log weight a filter), and metadata "ear.score". Of another
 * song only the guitarist's own habits are kept, less surely. A checkpoint without an ear leaves it
 * as it is; false when the tensors are no ear's, and the ear is then good for nothing. */
bool ear_load(struct ear *ear, const struct checkpoint *checkpoint, struct error *err);
void ear_store(const struct ear *ear, struct checkpoint *checkpoint);
bool ear_is_in(const struct checkpoint *checkpoint);

/* A take begins: drifts are forgotten, habits may have changed a little, and so may the player. */
void ear_start_take(struct ear *ear);

/* Where the guitar is expected at `step`, and the SD of its onset around there. `groove_ms` is the
 * network's guess, 0 where there is none; beyond a second it counts as a second. Steps in any
 * order. While onsets are heard too late for it, no answer to the last asynchrony is expected: it
 * is not known yet. */
void ear_predict(struct ear *ear, int step, double groove_ms, double *mean_ms, double *sd_ms);

/* The guitar fell at `guitar_ms` and the drums at `drums_ms`. The network's guess is the one
 * ear_predict was last given for this step. An onset may come after later steps were predicted.
 * False, and nothing learnt, when it is a second one of this step in the take, or a value is no
 * time within a second of the step. */
bool ear_hear(struct ear *ear, int step, double guitar_ms, double drums_ms);

/* The same for an onset that counts `weight` times as much, in (0, 1]. */
bool ear_study(struct ear *ear, int step, double guitar_ms, double drums_ms, double weight);

/* How far filter `index` is trusted, in [0, 1], and its name; NULL past the last. */
const char *ear_trust(const struct ear *ear, int index, double *trust);

#endif
