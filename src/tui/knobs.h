/* Everything a player can set, in one table: what a take is played with and what a lesson
 * cares about. */
#ifndef TUI_KNOBS_H
#define TUI_KNOBS_H

#include "rehearsal/room.h"

enum knob {
    KNOB_VELOCITY, /* the four loss weights */
    KNOB_OFFSET,
    KNOB_GUITAR,
    KNOB_HUMAN,
    KNOB_STRENGTH,
    KNOB_FOLLOW,
    KNOB_EXPRESSION,
    KNOB_LEASH,
    KNOB_TEMPO,
    KNOB_REVERB, /* heard at once */
    KNOB_COUNT
};

struct knob_kind {
    const char *name; /* "follow" */
    const char *help; /* a line */
    const char *unit; /* after the value, "" for none */
    double low, high, step;
    int decimals;
};

extern const struct knob_kind knob_kinds[KNOB_COUNT];

struct knobs {
    double value[KNOB_COUNT];
};

/* Whether a lesson heeds it; a take heeds the others. */
bool knob_of_lesson(enum knob knob);

struct knobs knobs_from(const struct room_take_options *take, const struct lesson_options *lesson);
void knobs_apply(const struct knobs *knobs, struct room_take_options *take,
                 struct lesson_options *lesson);

/* One step up (+1) or down (-1), to a round number within the limits. False when it is there
 * already. */
bool knobs_turn(struct knobs *knobs, enum knob knob, int direction);

/* "0.80", "120 ms" */
void knobs_text(const struct knobs *knobs, enum knob knob, char *out, int size);

#endif
