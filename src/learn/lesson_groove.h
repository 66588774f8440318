/* The gradient half of a lesson: Adam over one take on the four-term loss of lesson.h. */
#ifndef LEARN_LESSON_GROOVE_H
#define LEARN_LESSON_GROOVE_H

#include "learn/lesson.h"

/* One value a step of the score: what a lesson may learn from. */
struct lesson_material {
    const struct score *score;
    int first, end;     /* steps of the score, end not included */
    const float *g_ms;  /* by step from `first` */
    const float *heard; /* 1 or 0 */
};

/* Trains the groove weights inside `checkpoint`. Fills epochs and losses of the report. */
bool lesson_train_groove(struct checkpoint *checkpoint, const struct lesson_material *material,
                         const struct lesson_options *options, lesson_watch *watch, void *context,
                         struct lesson_report *report, struct error *err);

#endif
