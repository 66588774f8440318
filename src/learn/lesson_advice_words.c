#include "learn/lesson_advice.h"

#include <math.h>
#include <stdio.h>

bool lesson_advice_against(const struct lesson_advice *advice)
{
    return lesson_advice_next(advice, 0) < DOUBT_REPORTED;
}

enum lesson_doubt lesson_advice_next(const struct lesson_advice *advice, int doubt)
{
    while (doubt < LESSON_DOUBTS && !(advice->doubts & 1u << doubt))
        doubt++;
    return (enum lesson_doubt)doubt;
}

void lesson_advice_reason(const struct lesson_advice *advice, enum lesson_doubt doubt,
                          char out[LESSON_REASON_SIZE])
{
    switch (doubt) {
    case DOUBT_NOTHING:
        snprintf(out, LESSON_REASON_SIZE, "no drum is struck in the bars and drums chosen");
        break;
    case DOUBT_FEW:
        snprintf(out, LESSON_REASON_SIZE, "%d %s heard: too few to tell a habit from chance",
                 advice->notes, advice->notes == 1 ? "note was" : "notes were");
        break;
    case DOUBT_STRAY:
        snprintf(out, LESSON_REASON_SIZE, "%d of %d notes belong to no step of the song",
                 advice->strays, advice->played);
        break;
    case DOUBT_SHIFTED:
        snprintf(out, LESSON_REASON_SIZE, "the notes lie %.0f ms %s on the whole",
                 fabs(advice->shift_ms), advice->shift_ms > 0 ? "late" : "early");
        break;
    case DOUBT_RANDOM:
        snprintf(out, LESSON_REASON_SIZE, "the notes fall anywhere: %.0f ms off their usual places",
                 advice->spread_ms);
        break;
    case DOUBT_BLEED:
        snprintf(out, LESSON_REASON_SIZE, "%.0f %% of the notes lie on a drum: is it the drums?",
                 100 * advice->bleed);
        break;
    case DOUBT_DRIFT:
        snprintf(out, LESSON_REASON_SIZE, "you %s: %.0f ms from the beginning to the end",
                 advice->drift_ms < 0 ? "ran ahead" : "fell behind", fabs(advice->drift_ms));
        break;
    case DOUBT_STALE:
        snprintf(out, LESSON_REASON_SIZE, "the measured round trip, %.1f ms, may hold no more",
                 advice->round_trip_ms);
        break;
    case DOUBT_REPORTED:
        snprintf(out, LESSON_REASON_SIZE, "the round trip, %.1f ms, is only the driver's word",
                 advice->round_trip_ms);
        break;
    case DOUBT_GAPS:
        snprintf(out, LESSON_REASON_SIZE, "the sound was interrupted %d %s", advice->gaps,
                 advice->gaps == 1 ? "time" : "times");
        break;
    case DOUBT_LATE:
        snprintf(out, LESSON_REASON_SIZE, "%d %s played as written: planned too late", advice->late,
                 advice->late == 1 ? "step was" : "steps were");
        break;
    case DOUBT_CLOCKS:
        snprintf(out, LESSON_REASON_SIZE, "the two sound cards' clocks are %.0f ppm apart",
                 fabs(advice->clocks_ppm));
        break;
    case LESSON_DOUBTS:
        break;
    }
}

const char *lesson_advice_remedy(enum lesson_doubt doubt)
{
    static const char *const remedies[LESSON_DOUBTS] = {
        [DOUBT_NOTHING] = "choose bars that were played, and drums that are struck there",
        [DOUBT_FEW] = "play more of it, or turn the input up",
        [DOUBT_STRAY] = "is it this song, at this tempo?",
        [DOUBT_SHIFTED] = "is it this song, and the round trip of the sound right?",
        [DOUBT_RANDOM] = "is it this song, at this tempo?",
        [DOUBT_BLEED] = "keep the drums out of the microphone: headphones, or a cable",
        [DOUBT_DRIFT] = "a tempo that suits you better may help",
        [DOUBT_STALE] = "calibrate again, and play it once more",
        [DOUBT_REPORTED] = "calibrate measures it in five seconds",
        [DOUBT_GAPS] = "notes near a gap may lie wrong: doctor says what helps",
        [DOUBT_LATE] = "a larger period helps: doctor says what else",
        [DOUBT_CLOCKS] = "it is made up for; one card for both has none of it",
    };
    return remedies[doubt];
}
