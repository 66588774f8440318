/* Which step an onset belongs to. One onset serves one step and none is forced: an
 * onset outside every step's window, or near a step that has its onset, belongs to none. Onsets
 * within 30 ms of the first string of a strum are that strum, and belong to none either.
 *
 * Times are milliseconds from the score's time 0. Not thread-safe; after match_new every call is
 * real-time safe. */
#ifndef LISTEN_MATCH_H
#define LISTEN_MATCH_H

#include "score/score.h"

struct matcher;

struct matcher *match_new(const struct score *score);
void match_free(struct matcher *matcher);

/* The guitar is expected `guitar_ms` after the scored time of `step`, give or take `sd_ms` (>= 0).
 * Holds for the steps after it too, first of all for those at the same place of the bar, until they
 * have an expectation of their own. Before the first: 0, give or take 25 ms. */
void match_expect(struct matcher *matcher, int step, double guitar_ms, double sd_ms);

/* The steps `from` up to but not including `to` are not played, and all from `to` on are
 * `earlier_ms` earlier. */
void match_skip(struct matcher *matcher, int from, int to, double earlier_ms);

/* The step of an onset at `time_ms`, or -1. A step is given out once. *deviation_ms is set, where
 * there is a step, to how long after its scored time the onset came; NULL when not wanted. */
int match_onset(struct matcher *matcher, double time_ms, double *deviation_ms);

#endif
