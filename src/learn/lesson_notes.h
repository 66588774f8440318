/* What of a take a lesson is about: the guitar's onsets in the bars, and with the drums, that were
 * chosen, and where the drums were heard. */
#ifndef LEARN_LESSON_NOTES_H
#define LEARN_LESSON_NOTES_H

#include "learn/lesson.h"

/* A value for each step of the take. */
struct lesson_notes {
    int steps, count; /* of the take; how many of them have an onset here */
    float *g_ms;      /* where heard */
    float *heard;     /* 1 or 0 */
    uint16_t *drums;  /* classes that are taught there: 0 outside the bars */
};

/* False when out of memory; what was made is released with the rest. No onset is no failure. */
bool lesson_notes_collect(struct lesson_notes *notes, const struct score *score,
                          const struct take *take, const struct lesson_choice *choice);
void lesson_notes_release(struct lesson_notes *notes);

#endif
