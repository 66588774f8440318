/* Takes made in memory, as the engine would record them: a drummer who plans and hears, the matcher
 * between, and somebody who plays. */
#ifndef TESTS_LEARN_BAND_H
#define TESTS_LEARN_BAND_H

#include "guitarist/guitarist.h"
#include "made_score.h"
#include "model/model.h"
#include "score/take.h"

/* Somebody's note for a step whose drums will sound `drums_ms` from its scored time; false: none.
 */
typedef bool band_note(void *player, const struct score *score, int step, double drums_ms,
                       double *deviation_ms);

/* A struct guitarist; the drums heard themselves, by a microphone; nobody. */
band_note band_guitarist, band_bleed, band_nobody;

/* `times_ms` are more onsets, wherever they fall, sorted; `count` of them. */
struct take *band_take(const struct checkpoint *drummer, const struct score *score, band_note *note,
                       void *player, const double *times_ms, int count);

/* Each onset, with this chance, is moved to anywhere within half the gaps around its step. */
void band_flub(struct take *take, const struct score *score, double chance, struct rng *rng);

/* Small networks and no ear yet. */
struct checkpoint *band_small_drummer(void);

struct guitarist *band_hire(const struct score *score, const char *name, bool odd, uint64_t seed);

/* What he has become by a lesson of the ear alone. */
struct checkpoint *band_lesson(const struct checkpoint *drummer, const struct score *score,
                               const struct take *take);

#endif
