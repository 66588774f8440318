/* A take to be listened to again: its record and its guitar; or two drummers' renderings of it,
 * which of them is which being hidden until one is chosen. It is got ready on a thread of its own
 * (decoding, and two replays, take a second or two for a song), then played by the stage.
 *
 * The main thread's. Bars are those of the take's clock (score/practice.h), counted from 1. */
#ifndef REHEARSAL_LISTENING_H
#define REHEARSAL_LISTENING_H

#include "model/checkpoint.h"
#include "rehearsal/difference.h"
#include "score/take.h"

struct listening;
struct playback;

enum { LISTENING_OLD, LISTENING_NEW };

struct listening_plan {
    int number;                      /* of the take */
    const struct score *score;       /* the take's own */
    const struct score *whole;       /* with every pass that might have been played: for drummers */
    struct take *take;               /* taken over */
    struct take_recording recording; /* taken over; empty: none */
    struct checkpoint
        *drummers[2]; /* taken over: the old and the new; NULL: the take's own record */
    int rate;         /* of the sound card */
    uint64_t seed;    /* draws which of A and B is the new one */
};

/* NULL on failure. What is taken over is so in any case. */
struct listening *listening_new(struct listening_plan *plan, struct error *err);
void listening_plan_clear(struct listening_plan *plan); /* of a plan that came to nothing */
void listening_free(struct listening *listening);       /* nothing may be playing it */

/* How far it is got ready; and whether it is, or has failed: then with the reason in `err`. */
double listening_done(const struct listening *listening);
bool listening_ready(const struct listening *listening);
bool listening_failed(const struct listening *listening, struct error *err);

/* When it is ready. */
bool listening_is_blind(const struct listening *listening);
int listening_number(const struct listening *listening);
bool listening_has_guitar(const struct listening *listening);
const char *listening_unheard(const struct listening *listening); /* why it has none; or NULL */
const struct difference *listening_difference(const struct listening *listening); /* blind only */
void listening_bars(const struct listening *listening, int *first, int *last);
const struct score *listening_score(const struct listening *listening); /* the take's own */

/* A playback of it for a kit whose longest attack is `lead` frames; the listening's own. NULL when
 * out of memory. */
struct playback *listening_playback(struct listening *listening, int lead);

/* Only with a playback. */
void listening_go(struct listening *listening, bool on);
void listening_seek(struct listening *listening, int bar);
void listening_loop(struct listening *listening, int first, int last);          /* 0, 0: none */
void listening_balance(struct listening *listening, float drums, float guitar); /* gains */
void listening_choose(struct listening *listening, int side);                   /* 0: A, 1: B */

struct listening_place {
    bool going;
    double time_s; /* of the score, as it sounds */
    int bar;
};
struct listening_place listening_place(struct listening *listening);

/* Which drummer side A or B is, and how far he and the guitar are apart on the mean: what is told
 * once it no longer matters. NaN where no guitar was heard. */
int listening_drummer(const struct listening *listening, int side);
double listening_apart_ms(const struct listening *listening, int side);

#endif
