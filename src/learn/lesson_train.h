/* The gradient half of a lesson: Adam over one take. lesson.c chooses by the model. */
#ifndef LEARN_LESSON_TRAIN_H
#define LEARN_LESSON_TRAIN_H

#include "learn/lesson.h"

/* One value a step of the score: what a lesson may learn from. */
struct lesson_material {
    const struct score *score;
    int first, end;     /* steps of the score, end not included */
    const float *g_ms;  /* by step from `first` */
    const float *heard; /* 1 or 0 */
};

/* Each trains the weights inside `checkpoint` and fills epochs and losses of the report. */
typedef bool lesson_train(struct checkpoint *checkpoint, const struct lesson_material *material,
                          const struct lesson_options *options, lesson_watch *watch, void *context,
                          struct lesson_report *report, struct error *err);

lesson_train lesson_train_groove, lesson_train_paper;

/* A student between two epochs: how well the take is known, told in `progress` too; and a step of
 * Adam from there. */
typedef double lesson_look(void *student, struct lesson_progress *progress);
typedef void lesson_step(void *student);

/* Every epoch is a look, a word to the watcher, and a step; after the last step comes a last look.
 */
bool lesson_epochs(void *student, lesson_look *look, lesson_step *step,
                   const struct lesson_options *options, lesson_watch *watch, void *context,
                   struct lesson_report *report, struct error *err);

#endif
