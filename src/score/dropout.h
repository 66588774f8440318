/* How far the guitar drifted while the drums were silent (score/practice.h). */
#ifndef SCORE_DROPOUT_H
#define SCORE_DROPOUT_H

#include "score/take.h"

struct dropout {
    int first_step, end_step; /* of the score that was played; end not included */
    int first_bar, last_bar;  /* of the song, from 1 */
    int heard;                /* notes */
    double drift_ms;          /* at its end, from where the guitar was before it; positive: late */
    double tempo_percent;     /* of the guitar against the written one; positive: fast */
};

/* The first dropout at step `from` or later that is over by step `end`: every step before `end` has
 * been played, or will not be. False when there is none. g_ms[step] is where the guitar fell, NaN:
 * nowhere. The line through its notes is that of Theil (1950) and Sen (1968): the median of the
 * slopes between every two, which a few slips do not move. With fewer than three notes the drift is
 * NaN. */
bool dropout_next(const struct score *score, const struct take_settings *settings,
                  const double *g_ms, int from, int end, struct dropout *dropout);

/* Those of a whole take; the caller frees the list. False when out of memory. */
bool dropouts_of_take(const struct score *score, const struct take *take, struct dropout **list,
                      int *count);

#endif
