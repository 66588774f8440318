/* The paper's network step by step, for playing: what the score alone decides is computed once, a
 * prediction decodes the window around its step from the network's own outputs so far and from what
 * was heard.
 *
 * Nothing is allocated after paper_player_new. One player belongs to one thread; players may share
 * a network. */
#ifndef MODEL_PAPER_STEP_H
#define MODEL_PAPER_STEP_H

#include "model/paper.h"

struct paper_player;

/* The whole song, read only here. The network must outlive the player. NULL when out of memory, or
 * when this network would need over a gigabyte for this song. */
struct paper_player *paper_player_new(const struct paper *paper, const struct score *score,
                                      struct error *err);
void paper_player_free(struct paper_player *player);

/* As new: nothing heard, nothing played. */
void paper_player_restart(struct paper_player *player);

/* The guitar fell `g` units of the bar after the scored time of `step`. The first word counts. */
void paper_player_hear(struct paper_player *player, int step, float g);

/* The outputs of `step`, valid as long as the player, from the outputs of the steps that were asked
 * for before it, and what was heard of them. A step asked for again keeps its outputs. */
const float *paper_player_predict(struct paper_player *player, int step);

#endif
