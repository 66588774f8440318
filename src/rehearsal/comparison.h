/* Two takes of a score, or two drummers of it, side by side. */
#ifndef REHEARSAL_COMPARISON_H
#define REHEARSAL_COMPARISON_H

#include "rehearsal/history.h"

struct room;

/* How one drummer's strokes of a drum differ from the other's; the second minus the first. */
struct compared_drum {
    int hits;
    double ms, velocity;             /* mean difference */
    double apart_ms, apart_velocity; /* mean size of it */
};

struct comparison { /* begins as all zero */
    bool drummers;  /* else takes */
    struct session_take takes[2];
    struct session_checkpoint checkpoints[2];
    struct compared_drum drums[DRUM_COUNT], all; /* of drummers, with nothing heard */
    int bar_count;

    /* By bar, NaN where there is nothing: of takes |guitar - drums| of each; of drummers how far
     * apart they play, in both. */
    float *bar_ms[2];

    /* Of drummers: takes that have taught the one and not the other, in the order of lessons. */
    int *taught[2], taught_count[2];
};

void comparison_release(struct comparison *comparison);

/* Of takes by number, or with `drummers` of checkpoints, which play the score for it: that takes as
 * long as two exports of a drummer. False leaves the comparison as it was. */
bool room_compare(struct room *room, bool drummers, int first, int second,
                  struct comparison *comparison, struct error *err);

/* How much a bar differs: NaN where it cannot be said. */
double comparison_ms(const struct comparison *comparison, int bar);

/* The bars, from 0, that differ most, the most different first; returns how many, `most` at most.
 */
int comparison_widest(const struct comparison *comparison, int *bars, int most);

#endif
