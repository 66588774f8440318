/* The gradient half of a lesson: Adam over one take, and who waits for it. lesson.c chooses by the
 * model. */
#ifndef LEARN_LESSON_TRAIN_H
#define LEARN_LESSON_TRAIN_H

#include "learn/lesson.h"

/* One value a step of the score: what a lesson may learn from. */
struct lesson_material {
    const struct score *score;
    int first, end;        /* steps of the score, end not included */
    const float *g_ms;     /* by step from `first` */
    const float *heard;    /* 1 or 0 */
    const uint16_t *drums; /* classes taught: their velocities, and their offsets where heard */
};

/* Who waits for a lesson. Work is counted in steps that a drummer hears again. */
struct lesson_watcher {
    lesson_watch *watch; /* NULL: nobody */
    void *context;
    double work, whole;
    struct lesson_progress progress;
};

/* So much more is done. False, with the error "cancelled", when nobody wants the rest. */
bool lesson_worked(struct lesson_watcher *watcher, double work, struct error *err);

/* An epoch's work for a step: there, to the loss, and back. */
#define LESSON_LOOK_WORK 0.7
#define LESSON_STEP_WORK 1.3

/* Each trains the weights inside `checkpoint` and fills epochs and losses of the report. */
typedef bool lesson_train(struct checkpoint *checkpoint, const struct lesson_material *material,
                          const struct lesson_options *options, struct lesson_watcher *watcher,
                          struct lesson_report *report, struct error *err);

lesson_train lesson_train_groove, lesson_train_paper;

/* A student between two epochs: how well the take is known, told in `progress` too; and a step of
 * Adam from there. */
typedef double lesson_look(void *student, struct lesson_progress *progress);
typedef void lesson_step(void *student);

/* Every epoch is a look and a step; after the last step comes a last look. `steps` of the score are
 * learnt from. */
bool lesson_epochs(void *student, lesson_look *look, lesson_step *step, int steps,
                   const struct lesson_options *options, struct lesson_watcher *watcher,
                   struct lesson_report *report, struct error *err);

#endif
