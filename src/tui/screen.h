/* Everything the views show: a snapshot that look.c fills and the views only read. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "tui/drill.h"
#include "tui/drill_now.h"
#include "tui/entrance.h"
#include "tui/history.h"
#include "tui/keymap.h"
#include "tui/knobs.h"
#include "tui/library.h"
#include "tui/listen.h"
#include "tui/marks.h"
#include "tui/moments.h"
#include "tui/prompt.h"
#include "tui/time_left.h"
#include "tui/verdict.h"

#include "learn/lesson.h"
#include "learn/lesson_advice.h"
#include "rehearsal/comparison.h"
#include "score/form.h"
#include "store/session.h"

enum view {
    VIEW_STAGE,
    VIEW_ENTRANCE,
    VIEW_TAKE,
    VIEW_LESSON,
    VIEW_HISTORY,
    VIEW_COMPARE,
    VIEW_LISTEN,
    VIEW_LIBRARY,
    VIEW_WEIGHTS,
    VIEW_PRACTICE,
    VIEW_HELP /* the last */
};

/* Where the song is. Score seconds are at the score's own tempo, shown seconds at the take's. */
struct transport {
    bool playing;
    bool stopping;
    double score_s;
    double shown_s, length_s;
    double quarters; /* from the beginning of what is played; negative before it */
    int clock_bar;   /* of that, from 0 */
    int bar;         /* of the song, from 0 */
    int numerator, denominator;
    double bpm;
    int count_in; /* the beat being counted, 0 when none is */
};

struct sound {
    char device[128];
    bool silent; /* no sound card */
    bool lost;   /* it has vanished */
    bool virtual_guitar;
    double load;      /* share of their time that 99 of 100 blocks take at most */
    bool no_priority; /* other programs can keep the drummer waiting */
    double round_trip_ms;
    enum round_trip_source round_trip;
    bool two_clocks, clocks_known; /* input and output are different cards; the drift is known */
    double drift_ppm;
    double level_db, peak_db; /* of full scale, now and a little longer */
};

struct lesson_state {
    bool running;
    int take;
    struct knobs knobs; /* as they stood when it began */
    struct lesson_choice choice;
    struct lesson_progress progress;
    struct time_left left;
    int checkpoint; /* that it made; 0: it made none */
    struct lesson_report report;
};

enum tone { TONE_NONE, TONE_INFO, TONE_GOOD, TONE_ASK, TONE_ERROR };

struct message {
    enum tone tone;
    char text[512], hint[256];
};

struct screen {
    enum view view;
    struct keymap keymap;
    const struct score *score; /* at its own tempo; NULL in the library */
    const struct form *form;
    struct transport transport;
    struct sound sound;
    const struct score *played; /* the song, or its bars as a take practises them */
    struct moment *moments;     /* by step of what is played, and room for so many */
    int moment_room;
    struct drill drill; /* of the next takes */
    struct drill_now drill_now;
    struct together lately; /* the last four bars */
    struct together whole;  /* the take so far */
    int take_number;        /* being played, or the next one */
    int heard, late_plans, xruns;
    int refused;           /* changes that the drummer was not told of */
    bool robot;            /* the drums play as written */
    struct bars flubs;     /* marked in the take being played, */
    struct bars unflubbed; /* and the others */
    struct marks marks;
    double now_s;    /* by the clock of the marks */
    double graph_ms; /* the graph reaches this far either way */
    int beyond;      /* notes that lay further out since it was last widened */
    struct entrance_look entrance;
    struct verdict verdict;
    struct lesson_state lesson;
    struct history history;
    struct browsing browsing;
    struct comparison comparison; /* of two takes or drummers */
    struct listen listen;
    const char *model; /* that takes ask for; "": the current drummer's */
    struct knobs knobs, knobs_before;
    enum knob knob;        /* selected */
    enum place help_place; /* where it was asked for */
    int help_first;
    struct library library;
    struct message message;
    struct prompt prompt;
};

enum place screen_place(const struct screen *screen);

/* What a sentence calls the key of an action: "space"; without one what is typed after the colon.
 */
const char *screen_key(const struct screen *screen, enum action action);

#endif
