/* When things happen in a take, in frames: the count-in's clicks, the beats, and for every step the
 * moment its plan is asked for and the last moment an answer counts.
 *
 *        plan           deadline      earliest hit        scored
 *   ------|-----------------|---------------|-----------------|------> frames
 *          <---- the model --> <- attack ---> <--- reach ------>
 *          <----------- lead_frames -------->
 *
 * Computed before the take from the score, the settings and nothing else. */
#ifndef REHEARSAL_TIMELINE_H
#define REHEARSAL_TIMELINE_H

#include "base/error.h"
#include "score/take.h"

struct click {
    int64_t frame;
    bool accent;
};

struct timeline {
    int first_step, end_step; /* of the score, end not included */
    int64_t first_frame, last_frame;
    struct click *clicks;
    int click_count;
    struct click *beats; /* of the bars that are played, in the score's time */
    int beat_count;
    int64_t *plan, *deadline; /* by step of the score, rising */
    int64_t *strum;           /* by step: when a virtual guitarist decides */
};

struct timeline *timeline_new(const struct score *score, const struct take_settings *settings,
                              int count_in_bars, struct error *err);
void timeline_free(struct timeline *timeline);

/* The lead a plan needs at this period so that its hits can never start late. */
int64_t timeline_lead_frames(int rate, int period);

#endif
