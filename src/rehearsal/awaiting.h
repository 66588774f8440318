/* Waiting for a guitar that begins alone: what is heard on the sound's clock, and the moment at
 * which the take must be begun so that the drums come in on the beat. Live (room_entrance.c) and
 * offline (render.h) wait with it. Where nobody is at the input, a virtual guitarist begins. */
#ifndef REHEARSAL_AWAITING_H
#define REHEARSAL_AWAITING_H

#include "listen/entrance.h"
#include "rehearsal/engine.h"

struct awaiting;

struct awaiting_options {
    const struct score *score;            /* at its own tempo; must outlive it */
    const struct take_settings *settings; /* bars, rate, leash, lead, round trip */
    double ready_s;                       /* what beginning a take costs */
    bool plays;                           /* a virtual guitarist does */
    uint64_t seed;                        /* his tempo's, with the number of the take */
    int take;
    int64_t clock; /* the sound's, now */
};

/* NULL when out of memory. */
struct awaiting *awaiting_new(const struct awaiting_options *options, struct error *err);
void awaiting_free(struct awaiting *awaiting);

/* A strum that was heard. */
void awaiting_hear(struct awaiting *awaiting, int64_t frame, double strength_db);

/* The next strum that the virtual guitarist plays before frame `until`; false: none. */
bool awaiting_strum(struct awaiting *awaiting, int64_t until, struct engine_strum *strum);

/* As entrance_correct. */
void awaiting_correct(struct awaiting *awaiting, double factor);

/* How it stands when the sound's clock is at `clock`, times as of that clock. True when a take with
 * this cue is to be begun now, as who asks will not ask again for `patience_s`. */
bool awaiting_comes_in(const struct awaiting *awaiting, int64_t clock, double patience_s,
                       struct entrance_cue *cue);

/* The frame of the clock at which the score's time 0 sounds, read at the cue's tempo. */
int64_t awaiting_zero(const struct awaiting *awaiting, const struct entrance_cue *cue,
                      const struct score *score);

#endif
