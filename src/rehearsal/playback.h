/* Plays a record back: the hits of one drummer or of two, and the guitar as it was recorded. A
 * state of the engine beside a take: engine_listen begins it.
 *
 * All is decided `lead` frames before it sounds, so that every hit's sample can begin early enough
 * to strike at its frame, over the seam of a loop too; what rings, rings on. Frames are the
 * score's, at the engine's rate, and playing never leaves the range of the plan.
 *
 * playback_new and _free are the main thread's while nothing plays; playback_render is the audio
 * thread's, real-time safe; the rest is the main thread's, at any time, and heeded within a block.
 */
#ifndef REHEARSAL_PLAYBACK_H
#define REHEARSAL_PLAYBACK_H

#include "audio/sound_file.h"
#include "drums/mixer.h"
#include "score/score.h"
#include "score/take.h"

struct playback;

struct playback_plan {
    const struct score *score;
    const struct take *drums[2]; /* A and B; B may be NULL. Their frames are at their own rate. */
    struct sound guitar;         /* at `rate`; the plan's own no more than for playback_new's time
                                    plus the playback's life: borrowed. samples NULL: none */
    int64_t guitar_frame;        /* of the score, at its first sample */
    int rate;
    int lead;           /* frames: the longest attack of the kit, or more */
    int64_t first, end; /* the range that can be played */
};

/* Stands still on the first frame. NULL when out of memory. */
struct playback *playback_new(const struct playback_plan *plan);
void playback_free(struct playback *playback);

/* The next frames of drums and guitar; frames <= HEARING_CHUNK. The mixer was reset to frame 0 when
 * it began and is used by nobody else. */
void playback_render(struct playback *playback, struct mixer *mixer, float *output, int frames);

void playback_go(struct playback *playback, bool on); /* at the end it begins anew */
void playback_seek(struct playback *playback, int64_t frame);
void playback_loop(struct playback *playback, int64_t first, int64_t end); /* first == end: none */
void playback_choose(struct playback *playback, int which);                /* 0: A, 1: B; at once */
void playback_balance(struct playback *playback, float drums, float guitar); /* gains; 1, 1 */

struct playback_status {
    bool going;
    int64_t frame; /* what sounds now */
};
struct playback_status playback_status(struct playback *playback);

#endif
