#include "cli/lesson.h"

#include "base/stopwatch.h"
#include "cli/progress.h"

#include <stdio.h>

enum { LOOK_MS = 20 };

int lesson_wait(struct room *room, struct lesson_report *report, struct error *err)
{
    struct progress progress;
    progress_begin(&progress, "learning");
    while (!room_lesson_over(room)) {
        struct lesson_progress now;
        room_lesson_progress(room, &now);
        int used = snprintf(progress.note, sizeof progress.note, "%s", now.doing ? now.doing : "");
        if (now.loss > 0)
            snprintf(progress.note + used, sizeof progress.note - (size_t)used,
                     " (epoch %d of %d, loss %.3g)", now.epoch, now.epochs, now.loss);
        if (!progress_show(&progress, now.done))
            room_cancel_lesson(room);
        stopwatch_wait_ms(LOOK_MS);
    }
    progress_end(&progress);
    return room_finish_lesson(room, report, err);
}
