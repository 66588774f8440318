/* Onsets laid on a grid: a tempo and a place to begin are supposed, and followed from onset to
 * onset with a Kalman filter of phase and period; each is given the place of the grid that it is
 * most likely meant for.
 *
 * A beat has `parts` places; their level says how often guitars strike there: the beat itself (0),
 * its eighths (1), its sixteenths (2). Times are seconds, logarithms natural, densities those of
 * milliseconds. Pure; nothing allocates. */
#ifndef LISTEN_PULSE_H
#define LISTEN_PULSE_H

#include <stdbool.h>

enum { PULSE_MOST_ONSETS = 64, PULSE_MOST_PARTS = 6, PULSE_MOST_BEATS = 16, PULSE_LEVELS = 3 };

/* Of a bar: how it is counted. */
struct pulse_metre {
    int beats;     /* in a bar, 1..PULSE_MOST_BEATS */
    int parts;     /* of a beat: 4, or 6 where beats are of three eighths */
    double beat_s; /* as marked */
};

int pulse_level(const struct pulse_metre *metre, int part);

/* Where place `place` (from 0: parts from a beat) lies, in beats; `swing` is the place of the
 * second eighth in its beat, .5 where it is even. */
double pulse_beats(const struct pulse_metre *metre, double swing, int place);

struct pulse_guess {
    double period_s; /* of a beat */
    double swing;
    int part;   /* of the beat that the first onset falls on */
    int finest; /* level that is struck: what falls between is a slip, or belongs nowhere */
};

struct pulse_track {
    int place[PULSE_MOST_ONSETS];  /* in parts; the first lies in beat 0. Rising, but for those */
    bool extra[PULSE_MOST_ONSETS]; /* that belong to no place: a double stroke */
    int last;                      /* place of the last that is no extra */
    double begin_s, period_s;      /* in the end: of place 0 from the first onset; of a beat */
    double likelihood;             /* logarithm */
};

/* count: 1..PULSE_MOST_ONSETS, times rising. */
void pulse_follow(const struct pulse_metre *metre, const struct pulse_guess *guess,
                  const double *times_s, int count, struct pulse_track *track);

#endif
