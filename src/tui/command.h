/* The line that begins with a colon: what it may say, and what that means. Pure. */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include "tui/completion.h"
#include "tui/drill.h"
#include "tui/keys.h"
#include "tui/knobs.h"

#include <stdint.h>

enum typed_kind {
    TYPED_ACTION,   /* what a key does too: action and part */
    TYPED_KNOB,     /* knob gets a value; of KNOB_DRUM_LEASH drum */
    TYPED_PRACTICE, /* number is what `practice` becomes */
    TYPED_OPEN,     /* another song: text */
    TYPED_EXPORT,   /* the take as MIDI: text */
    TYPED_TAKE,     /* look at take number */
    TYPED_DRUMMER,  /* let checkpoint number play */
    TYPED_BAR       /* select bar number of the take that is looked at */
};

struct typed {
    enum typed_kind kind;
    enum action action;
    int part;
    enum knob knob;
    enum practice_knob practice;
    int drum; /* -1: of all */
    double value;
    int number;
    char text[PATH_MAX];
};

/* Reads "follow 0.8", "leash kick 20", "tempo 85", "passes 8", "open FILE", "take 3", "flub",
 * "history", and beginnings that can be nothing else.
 * False with a sentence that says what was meant. */
bool command_read(const char *line, struct typed *typed, struct error *err);

/* What the last word of the line may become; `drums` are those of the song. Returns where that word
 * begins. */
int command_complete(const char *line, uint16_t drums, struct completion *completion);

#endif
