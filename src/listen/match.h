/* Which step an onset belongs to. One onset serves one step and none is forced: an
 * onset outside every step's window, or near a step that has its onset, belongs to none.
 *
 * Times are milliseconds from the score's time 0. Not thread-safe; no allocation after match_new. */
#ifndef LISTEN_MATCH_H
#define LISTEN_MATCH_H

#include "score/score.h"

struct matcher;

struct matcher *match_new(const struct score *score);
void match_free(struct matcher *matcher);

/* The guitar is expected `guitar_ms` after the scored time of `step`, give or take `sd_ms`. */
void match_expect(struct matcher *matcher, int step, double guitar_ms, double sd_ms);

/* The step of an onset at `time_ms`, or -1. A step is given out once. */
int match_onset(struct matcher *matcher, double time_ms, double *deviation_ms);

#endif
