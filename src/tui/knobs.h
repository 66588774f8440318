/* Everything a player can set, in one table: what a take is played with, what a lesson cares about,
 * and how keenly the guitar is heard. */
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
    KNOB_DRUM_LEASH, /* of the drum that was chosen */
    KNOB_TEMPO,
    KNOB_SENSITIVITY,
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
    double value[KNOB_COUNT];         /* but that of KNOB_DRUM_LEASH: */
    double drum_leash_ms[DRUM_COUNT]; /* INFINITY: none but the leash of all */
    int drum;                         /* whose leash KNOB_DRUM_LEASH is; -1: none is chosen */
};

/* Its name as one word, "touch", "follow"; NULL for the leash of a drum, which has none of its own.
 */
const char *knob_word(enum knob knob);

/* Whether a lesson heeds it; a take heeds the others. */
bool knob_of_lesson(enum knob knob);

/* Whether a take that is being played heeds it at once; *change is then what to ask for. */
bool knobs_change(const struct knobs *knobs, enum knob knob, struct change *change);

/* The value; of a drum's leash, the one in force. */
double knobs_value(const struct knobs *knobs, enum knob knob);

/* No drum chosen. */
struct knobs knobs_from(const struct room_take_options *take, const struct lesson_options *lesson);
void knobs_apply(const struct knobs *knobs, struct room_take_options *take,
                 struct lesson_options *lesson);

/* One step up (+1) or down (-1), to a round number within the limits. False when it is there
 * already, and for the leash of a drum when none is chosen. */
bool knobs_turn(struct knobs *knobs, enum knob knob, int direction);

/* "0.8", "120 ms", "as all" */
void knobs_text(const struct knobs *knobs, enum knob knob, char *out, int size);

#endif
