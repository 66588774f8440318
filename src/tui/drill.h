/* How the bars of the next takes are practised: what the practice view sets. A pure part; what
 * follows from it is act_practice.c's. */
#ifndef TUI_DRILL_H
#define TUI_DRILL_H

#include "rehearsal/room.h"

enum practice_knob {
    PRACTICE_FROM,
    PRACTICE_TO,
    PRACTICE_PASSES,
    PRACTICE_TEMPO, /* of the first pass; the tempo of all takes */
    PRACTICE_RAMP,
    PRACTICE_VAMP,
    PRACTICE_PLAY,
    PRACTICE_OUT,
    PRACTICE_COUNT_IN,
    PRACTICE_CLICK,
    PRACTICE_KNOBS
};

struct drill {
    int value[PRACTICE_KNOBS]; /* bars from 1; percent; 0 and 1 for no and yes */
    int bar_count;             /* of the song */
    bool turned;               /* here: until then bars stay as the command line has them */
    enum practice_knob selected;
};

/* As the command line has it. */
struct drill drill_from(const struct room_take_options *take, int bar_count);

/* All of the song, once. */
void drill_clear(struct drill *drill);
bool drill_is_clear(const struct drill *drill);

/* Steps up (+) or down (-). False when it is at its end. A loop keeps a bar. */
bool drill_turn(struct drill *drill, enum practice_knob knob, int steps);

/* The most and the least it can be. */
void drill_limits(const struct drill *drill, enum practice_knob knob, int *low, int *high);

/* False, with nothing changed, beyond its limits. */
bool drill_set(struct drill *drill, enum practice_knob knob, int value);

/* Some bars, again and again. */
void drill_choose(struct drill *drill, int first_bar, int last_bar);

/* Tempo apart, which is a knob of its own (knobs.h). */
void drill_apply(const struct drill *drill, struct room_take_options *take);

/* "bar 9", "8 times", "+5 % a pass" */
void drill_text(const struct drill *drill, enum practice_knob knob, char *out, int size);

/* "bars 9-12, 8 times, 60 to 95 %"; "" when it is clear. */
void drill_summary(const struct drill *drill, char *out, int size);

/* Whether a knob counts beside the others: a vamp has no ramp. */
bool drill_heeds(const struct drill *drill, enum practice_knob knob);

/* Its name as one word, "drums-out"; NULL for tempo and click, which have commands of their own. */
const char *practice_knob_word(enum practice_knob knob);

extern const char *const practice_knob_names[PRACTICE_KNOBS];
extern const char *const practice_knob_helps[PRACTICE_KNOBS];

#endif
