/* The groove step by step, for playing: what the score alone decides is computed once, what was
 * heard is kept as keys and values, and a prediction costs one row of the decoder.
 *
 * Gives the numbers groove_forward gives for the whole song. Nothing is allocated after
 * groove_player_new. One player belongs to one thread; players may share a groove. */
#ifndef MODEL_GROOVE_STEP_H
#define MODEL_GROOVE_STEP_H

#include "model/groove.h"

struct groove_player;

/* x (T,inputs) and bin (T) are the whole song, read only here. The groove must outlive the player.
 * NULL when out of memory, or when this network would need over a gigabyte for this song. */
struct groove_player *groove_player_new(const struct groove *groove, const float *x, const int *bin,
                                        int T, struct error *err);
void groove_player_free(struct groove_player *player);

/* As new: nothing heard. */
void groove_player_restart(struct groove_player *player);

/* The guitar fell at `g_ms` after the scored time of `step`. Heard again, the later word counts.
 * Steps may come in any order; one that comes after later steps makes those be remembered afresh.
 */
void groove_player_hear(struct groove_player *player, int step, double g_ms);

/* The outputs of `step` from what was heard of the steps before it. */
void groove_player_predict(struct groove_player *player, int step, float out[GROOVE_OUTPUTS]);

/* The outputs of `step` with nothing heard: the drummer's own feel. Computed beforehand. */
const float *groove_player_own(const struct groove_player *player, int step);

#endif
