/* What the rehearsal's tests stand on: a score, settings, and a kit whose every sound is one sample
 * at full scale, so that where a hit sounds can be read off the output. */
#ifndef TESTS_REHEARSAL_STAND_H
#define TESTS_REHEARSAL_STAND_H

#include "made_score.h"
#include "model/model.h"
#include "rehearsal/engine.h"
#include "score/take.h"

enum { RATE = 48000 };

struct kit *impulse_kit(int attack);
struct take_settings plain_settings(uint64_t seed);

/* A groove of untrained weights, which plays as surely as a trained one. */
struct checkpoint *small_checkpoint(void);
struct model *small_drummer(void);

/* True when the two takes are the same to the bit, settings apart. */
bool same_take(const struct take *a, const struct take *b);

#endif
