/* The clicks of a take: the count-in's, and every beat where the player wants it. The audio
 * thread's; every call is real-time safe. */
#ifndef REHEARSAL_METRONOME_H
#define REHEARSAL_METRONOME_H

#include "drums/mixer.h"
#include "rehearsal/timeline.h"

struct metronome {
    const struct timeline *timeline;
    int rate, next_click, next_beat;
};

/* The timeline must outlive the take. */
void metronome_begin(struct metronome *metronome, const struct timeline *timeline, int rate);

/* Gives the mixer what clicks before frame `until` of the take. Beats that pass while they are not
 * wanted are over. */
void metronome_play(struct metronome *metronome, struct mixer *mixer, const struct skip *skip,
                    int64_t until, bool beats);

#endif
