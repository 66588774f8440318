/* How a take is played, and what the player changes of that while it is played. */
#ifndef SCORE_CONTROLS_H
#define SCORE_CONTROLS_H

#include "score/bars.h"
#include "score/kitmap.h"

#include <stdbool.h>
#include <stdint.h>

struct controls {
    double follow;                    /* 0 = own feel, 1 = on the predicted guitar */
    double expression;                /* 0 = most likely hit, 1 = spread of a real drummer */
    double leash_ms;                  /* most a hit may move from its scored time, */
    double drum_leash_ms[DRUM_COUNT]; /* and, on top of that, a hit of this class */
    uint16_t leashed;                 /* the classes that have a leash of their own, bit c for c */
    bool robot; /* the score as it is written, in time and velocity; no take begins so */
};

enum { LEASH_MOST_MS = 1000 };

/* The most a hit of this class may move. */
double controls_leash_ms(const struct controls *controls, int drum);

/* What the player asked for while the take was played. */
enum change_kind {
    CHANGE_FOLLOW,     /* value */
    CHANGE_EXPRESSION, /* value */
    CHANGE_LEASH,      /* of `drum`, -1: of all; value in ms */
    CHANGE_ROBOT,      /* value 1: from now on, 0: no longer */
    CHANGE_FLUB,       /* `bar` is not to be learnt from; value 0: it is after all */
    CHANGE_LAST_TIME,  /* value 1: the pass under way is the last one (score/practice.h) */
    CHANGE_KINDS
};

struct change {
    enum change_kind kind;
    int drum; /* of CHANGE_LEASH; else -1 */
    int bar;  /* of CHANGE_FLUB, from 1; else 0 */
    double value;
    int64_t frame; /* of the take, when it came */
};

enum { TAKE_MOST_CHANGES = 16384 }; /* in a take: a key held down for nine minutes */

/* "follow", "expression", "leash", "robot", "flub", "last time". */
const char *change_name(enum change_kind kind);

/* Whether the change can be asked for at all: its fields are in range, frame apart. */
bool change_is_valid(const struct change *change);

/* Marks the bar of a CHANGE_FLUB in `flubs` and takes it out of `others`, or the other way round;
 * other changes do nothing. False, and nothing changed, when either would be in too many pieces. */
bool change_flubs(const struct change *change, struct bars *flubs, struct bars *others);

/* The controls from now on. When plans are made depends on the leash that the take began with:
 * a leash can be shortened, and let out again as far as it was in `begun`. */
void controls_change(struct controls *controls, const struct controls *begun,
                     const struct change *change);

#endif
