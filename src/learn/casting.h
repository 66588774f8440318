/* Who plays what in a run of duets. */
#ifndef LEARN_CASTING_H
#define LEARN_CASTING_H

#include "guitarist/guitarist.h"
#include "learn/duet.h"

struct casting {
    int kind;   /* guitarist_name */
    bool first; /* of his kind */
    struct guitarist_options guitarist;
    const struct score *score;
};

/* How many kinds of guitarist there are. */
int casting_kinds(void);

/* `count` guitarists, every kind in turn, each with a score at random: one of at least 300 steps in
 * 4/4 where there is any, and of those the straightener gets one with triplets. malloc'd; NULL when
 * the corpus has no score to play. */
struct casting *casting_deal(const struct corpus *corpus, const struct duet_options *options,
                             int count, struct error *err);

#endif
