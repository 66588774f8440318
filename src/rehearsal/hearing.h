/* The listening half of the engine: what comes in (the input, or the virtual guitarist's
 * string), how loud it is, and the onsets in it, told in the order in which they were known. The
 * drums that were sounded come back through the air; they are kept for the round trip, so that the
 * detector can know them from the guitar.
 *
 * Frames are counted on two clocks: the sound's, from hearing_new on, and the take's.
 *
 * hearing_new, _free and _begin are the main thread's, while no take is running; the rest is the
 * audio thread's and real-time safe, but for hearing_peak and hearing_set_sensitivity: any
 * thread. */
#ifndef REHEARSAL_HEARING_H
#define REHEARSAL_HEARING_H

#include "base/ring.h"
#include "rehearsal/engine.h"
#include "rehearsal/message.h"
#include "rehearsal/timeline.h"

struct hearing;

enum { HEARING_CHUNK = 256 }; /* frames at most in one call */

/* rate: 8000..192000. NULL when out of memory. */
struct hearing *hearing_new(int rate);
void hearing_free(struct hearing *hearing);

/* Gets ready for a take. The pointers in `take`, the timeline and drums_ms[step] (where the drums
 * of a step were planned, for the virtual guitarist; NaN: they are silent) must live until the next
 * one begins. False when out of memory. */
bool hearing_begin(struct hearing *hearing, const struct engine_take *take,
                   const struct timeline *timeline, const double *drums_ms);

/* How many frames were taken in: the sound's clock. */
int64_t hearing_clock(const struct hearing *hearing);

/* The take begins with the next frame taken in. Frame 0 of the take is `zero` of the clock. */
void hearing_start(struct hearing *hearing, int64_t zero);

/* The main thread: a strum of a virtual guitarist who plays while no take does; false when too many
 * wait. While he is alone, and for the seconds that his strings ring, nothing else is heard. */
bool hearing_strum(struct hearing *hearing, const struct engine_strum *strum);
float hearing_monitor(const struct hearing *hearing); /* of his guitar; 0 when nobody is alone */

/* Takes in the next `frames` of the input (NULL: silence), or of the virtual guitarist while
 * `playing`. What was heard is returned, valid until the next call. */
const float *hearing_take_in(struct hearing *hearing, const float *input, int frames, bool playing);

/* The virtual guitarist plays the pass under way as the last one (score/practice.h). */
void hearing_skip(struct hearing *hearing, const struct skip *skip);

/* Finds the onsets in what was taken in last; drums[frames][2] are what sounds in the same
 * frames. */
void hearing_listen(struct hearing *hearing, const float *drums, int frames);

/* The same between takes: what is found goes to `news` as struct report, for the screen. */
void hearing_overhear(struct hearing *hearing, int frames, struct ring *news);

/* The next onset known by frame `until`, heard or ignored, in the order of frames; false when there
 * is none. It stays the next one until hearing_pass. */
bool hearing_next(const struct hearing *hearing, int64_t until, struct to_drummer *onset);
void hearing_pass(struct hearing *hearing);

/* The loudest sample since the last call. */
float hearing_peak(struct hearing *hearing);

/* As onset_set_sensitivity. */
void hearing_set_sensitivity(struct hearing *hearing, float db);

#endif
