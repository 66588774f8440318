/* Guitarists who begin alone: the virtual players of guitarist/guitarist.h over strums of many
 * kinds, at a tempo of their own, to a score that is marked 120. */
#ifndef TESTS_REHEARSAL_INTROS_H
#define TESTS_REHEARSAL_INTROS_H

#include "score/score.h"

#include <stdbool.h>
#include <stdint.h>

enum { INTRO_MOST = 128 };

struct intro_kind {
    const char *name;
    int numerator, log2_denominator;
    int count, ticks[8]; /* of the strums in a bar, 480 a quarter; none: the steps of the score */
    int strums, bars;    /* he plays so many at the most, and then waits */
    double accent_db[2]; /* of the first of a bar, and of what is off the beat */
    double extra, left_out; /* share of strums played twice, and not at all */
};

extern const struct intro_kind intro_kinds[];
extern const int intro_kind_count;

struct made_intro {
    int count;
    struct {
        double time_s, strength_db;
    } strums[INTRO_MOST];
    double beat_s, pulse_s; /* his beat k lies at pulse_s + k * beat_s; beats are bars at `beats` */
    int beats;
    struct score *score; /* marked 120 */
};

/* Any of the players, of any seed, at any tempo from 60 to 200. The score is the caller's. */
void intro_make(struct made_intro *intro, const struct intro_kind *kind, uint64_t seed);

#endif
