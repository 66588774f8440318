/* What speaks against learning from a take, before anything is learnt.
 *
 * Pure arithmetic over the take's onsets: it costs no more than drawing them. Whether a lesson is
 * worth having is another question, and lesson_report answers it. */
#ifndef LEARN_LESSON_ADVICE_H
#define LEARN_LESSON_ADVICE_H

#include "learn/lesson.h"

enum lesson_doubt {
    DOUBT_NOTHING, /* no step of the song is chosen */
    DOUBT_FEW,     /* too few notes to tell a habit from chance */
    DOUBT_STRAY,   /* most notes belong to no step: another song? */
    DOUBT_SHIFTED, /* all lie far off on the same side: the latency? */
    DOUBT_RANDOM,  /* they have no places of their own */
    DOUBT_BLEED,   /* they are the drums, heard by the microphone */
    DOUBT_DRIFT,   /* he went on getting earlier, or later: no place is his own */
    DOUBT_STALE,   /* the round trip was measured under other conditions */
    /* From here on worth knowing, and no reason against it. */
    DOUBT_REPORTED, /* the round trip is the driver's word */
    DOUBT_GAPS,     /* the sound was interrupted */
    DOUBT_LATE,     /* plans came too late: drums as written */
    DOUBT_CLOCKS,   /* two sound cards, whose clocks are unusually far apart */
    LESSON_DOUBTS
};

struct lesson_advice {
    int steps, notes;     /* chosen; at how many of them the guitar was heard */
    int strays, played;   /* of the whole take's notes: those of no step, all */
    double shift_ms;      /* the middle one of g */
    double spread_ms;     /* mean distance of g from what is usual at its place in the bar */
    double chance_ms;     /* what notes that fall anywhere would have */
    double drift_ms;      /* from the first quarter of the notes to the last: positive, later */
    double bleed;         /* 0..1: notes that lie where a drum sounded, give or take 3 ms */
    double round_trip_ms; /* taken off every onset; 0: not known, or nothing to take off */
    enum round_trip_source round_trip; /* how that is known */
    int gaps, late;                    /* interruptions of the sound; plans that came too late */
    double clocks_ppm;                 /* how far apart two cards' clocks are; NaN: one clock */
    unsigned doubts;                   /* bit d: enum lesson_doubt */
};

/* A lesson of this choice. False when out of memory. */
bool lesson_advise(const struct score *score, const struct take *take,
                   const struct lesson_choice *choice, struct lesson_advice *advice,
                   struct error *err);

bool lesson_advice_against(const struct lesson_advice *advice);

/* The first doubt from `doubt` on; LESSON_DOUBTS when there is none. */
enum lesson_doubt lesson_advice_next(const struct lesson_advice *advice, int doubt);

/* A doubt in words, at most 58 columns: "the notes lie 150 ms late on the whole". */
enum { LESSON_REASON_SIZE = 96 };
void lesson_advice_reason(const struct lesson_advice *advice, enum lesson_doubt doubt,
                          char out[LESSON_REASON_SIZE]);

/* What may help. */
const char *lesson_advice_remedy(enum lesson_doubt doubt);

#endif
