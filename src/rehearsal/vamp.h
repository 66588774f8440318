/* Whether the guitar has come back while the drummer vamps: two of its onsets at two steps of the
 * pass under way. One can be a cough. Every call is real-time safe. */
#ifndef REHEARSAL_VAMP_H
#define REHEARSAL_VAMP_H

#include "score/take.h"

struct vamp {
    const struct score *score;
    int rate;
    bool waits; /* for the guitar */
    int pass, heard, last_step;
};

/* Waits where `settings` say so. */
void vamp_begin(struct vamp *vamp, const struct score *score, const struct take_settings *settings);

/* An onset at `frame`, while `next` is the first step not yet asked for. True, once, when the
 * guitar has come back. */
bool vamp_hear(struct vamp *vamp, int64_t frame, int next);

#endif
