/* The last onsets that came in, for a player who wants to see what is heard of him. */
#ifndef TUI_MARKS_H
#define TUI_MARKS_H

#include "rehearsal/message.h"

#include <stdbool.h>

enum mark_kind {
    MARK_NONE,
    MARK_HEARD,   /* at a step; between takes: anything */
    MARK_BETWEEN, /* it belongs to no step */
    MARK_IGNORED  /* it is no onset: `why` */
};

struct mark {
    enum mark_kind kind;
    enum onset_verdict why;
    double at_s; /* when the screen was told */
};

enum { MARKS = 64 };
#define MARKS_LAST_S 2.0 /* so long they are shown */

struct marks {
    struct mark last[MARKS]; /* the newest is last[(count - 1) % MARKS] */
    unsigned count;
};

/* Reports that tell of no onset change nothing. */
void marks_add(struct marks *marks, const struct report *report, bool playing, double now_s);

/* The newest that is still shown; MARK_NONE when there is none. */
struct mark marks_newest(const struct marks *marks, double now_s);

/* What counts most among those between `from_s` and `to_s` ago. */
enum mark_kind marks_within(const struct marks *marks, double now_s, double from_s, double to_s);

/* "heard", "between", "too soft", "too soon", "own drums"; "" for none. */
const char *mark_word(const struct mark *mark);

#endif
