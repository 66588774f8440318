#include "learn/lesson_train.h"

#include <math.h>

bool lesson_worked(struct lesson_watcher *watcher, double work, struct error *err)
{
    watcher->work += work;
    watcher->progress.done = fmin(watcher->work / watcher->whole, 1);
    if (watcher->watch && !watcher->watch(watcher->context, &watcher->progress))
        return error_set(err, "cancelled");
    return true;
}

bool lesson_epochs(void *student, lesson_look *look, lesson_step *step, int steps,
                   const struct lesson_options *options, struct lesson_watcher *watcher,
                   struct lesson_report *report, struct error *err)
{
    for (int epoch = 0; epoch <= options->epochs; epoch++) {
        double loss = look(student, &watcher->progress);
        if (epoch == 0)
            report->loss_before = loss;
        report->loss_after = loss;
        report->epochs = epoch;
        watcher->progress.epoch = epoch;
        lesson_curve_add(&watcher->progress.curve, watcher->progress.terms);
        if (!lesson_worked(watcher, LESSON_LOOK_WORK * steps, err))
            return false;
        if (epoch == options->epochs)
            break;
        step(student);
        if (!lesson_worked(watcher, LESSON_STEP_WORK * steps, err))
            return false;
    }
    return true;
}
