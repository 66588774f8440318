/* A drummer hears a take again, faster than it was played: to be judged by it, or to learn. */
#ifndef LEARN_REHEARING_H
#define LEARN_REHEARING_H

#include "learn/lesson_notes.h"
#include "learn/lesson_train.h"
#include "model/model.h"

struct rehearing {
    const struct take *take;
    const struct lesson_notes *notes;
    struct lesson_watcher *watcher;
    struct model *model;
    struct performance *performance;
    enum restart pupil; /* whose ear a lesson from it teaches: as opened, or a stranger's */
};

/* What a step costs to read at the beginning, where to hear it is 1. */
#define REHEARING_READ_WORK 0.6

bool rehearing_begin(struct rehearing *rehearing, const struct checkpoint *checkpoint,
                     const struct score *score, struct error *err);
void rehearing_end(struct rehearing *rehearing);

/* Plays the take's onsets to the drummer, each predicted before it is heard; missed_ms[i] becomes
 * |g-hat - g| at the take's step i where it was heard. */
bool rehearing_play(struct rehearing *rehearing, float *missed_ms, struct error *err);

/* Learns from the take's steps i with half[i] of `which`; half NULL: from all. `weight` as in
 * performance_study. */
bool rehearing_study(struct rehearing *rehearing, const unsigned char *half, int which,
                     double weight, struct error *err);

/* The mean of what was missed by. */
double rehearing_mean(const struct lesson_notes *notes, const float *missed_ms);

/* By how many of its standard errors that is more than the mean of `other_ms`, note by note. */
double rehearing_worse_by(const struct lesson_notes *notes, const float *missed_ms,
                          const float *other_ms);

#endif
