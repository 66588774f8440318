/* The guitar starts alone: from its onsets tempo and beat are found, against the score, so that the
 * drums can come in. docs/ENTRANCE.md says how, and how well.
 *
 * It is told of onsets and asked when the drums may begin. It answers where a bar begins, at which
 * tempo, and how certain that is, and would rather go on listening than come in wrong. Times are
 * seconds on any one clock. Not thread-safe. */
#ifndef LISTEN_ENTRANCE_H
#define LISTEN_ENTRANCE_H

#include "score/score.h"

#include <stdbool.h>

struct entrance;

/* To come in at bar `bar` (from 1) of `score`, which is read at its own tempo and need not live
 * longer than this call. NULL when out of memory. */
struct entrance *entrance_new(const struct score *score, int bar);
void entrance_free(struct entrance *entrance);

/* Forgets what was heard. */
void entrance_clear(struct entrance *entrance);

/* A strum at `time_s`, which never decreases; strength in dB, of which differences count. After a
 * long silence it begins anew. */
void entrance_hear(struct entrance *entrance, double time_s, double strength_db);

/* The player's word: the beat found is to be taken twice as fast (2), or half (.5). */
void entrance_correct(struct entrance *entrance, double factor);

struct entrance_cue {
    int strums;           /* heard so far */
    int beats;            /* in a bar, as this metre is counted */
    bool found;           /* there is an opinion; without it tempo is as marked, the rest 0 */
    bool sure;            /* the drums may come in there */
    double certainty;     /* 0..1: of tempo within 1 %, bar line within 25 ms */
    double tempo_percent; /* of the score's own tempo */
    double beat_s;
    double bar_s; /* when the bar begins in which the drums can come in: the first that is
                     not before the time asked for */
};

/* Where the drums would come in if they cannot before `earliest_s`. */
void entrance_cue(const struct entrance *entrance, double earliest_s, struct entrance_cue *cue);

#endif
