/* What is known of every step of the running take, gathered from the drummer's reports, and
 * the figures that tell together from apart. */
#ifndef TUI_MOMENTS_H
#define TUI_MOMENTS_H

#include "rehearsal/message.h"
#include "score/score.h"

struct moment { /* of one step; times from its scored time */
    bool planned, heard, missed;
    float drums_ms, guitar_ms, expected_ms;
};

struct together {
    int count;           /* steps these figures are made of */
    double now_ms;       /* guitar minus drums, the mean of the newest three */
    double mean_ms;      /* of |guitar - drums| */
    double lean_ms;      /* of guitar - drums: positive, the guitar is late */
    double expecting_ms; /* of |guitar - expected| */
};

/* `moments` has a place for each of the `count` steps. True when the report was news of a step. */
bool moments_hear(struct moment *moments, int count, const struct report *report);

/* Over the last `bars` bars up to and including `bar` (from 0); bars 0 is the whole take. */
struct together moments_together(const struct score *score, const struct moment *moments, int bar,
                                 int bars);

#endif
