/* Who plays the guitar in a take: a recording, MIDI notes, a virtual guitarist, or the
 * person at the input. */
#ifndef REHEARSAL_GUITAR_H
#define REHEARSAL_GUITAR_H

#include "audio/sound_file.h"
#include "guitarist/guitarist.h"
#include "score/take.h"

enum guitar_kind { GUITAR_NONE, GUITAR_INPUT, GUITAR_SOUND, GUITAR_ONSETS, GUITAR_VIRTUAL };

#define GUITAR_MONITOR 0.7f /* how loud one that nobody plays is heard */

struct guitar {
    enum guitar_kind kind;
    struct sound sound;        /* GUITAR_SOUND: is heard; of others no more than mixed in */
    int64_t sound_frame;       /* of the score, at its first sample: 0 for a file */
    struct take_onset *onsets; /* GUITAR_ONSETS: frame 0 is the score's time 0 */
    int onset_count;
    struct guitarist *guitarist; /* GUITAR_VIRTUAL */
};

/* `source`: a sound file, a MIDI file (each cluster of note-ons within 30 ms is one onset),
 * "virtual", "virtual:NAME" or "virtual:odd-NAME" (guitarist/guitarist.h), who is heard as sound;
 * NULL is GUITAR_NONE. `seed` chooses a virtual guitarist's habits, with `take` his mood. */
bool guitar_open(struct guitar *guitar, const char *source, const struct score *score, int rate,
                 uint64_t seed, int take, struct error *err);
void guitar_close(struct guitar *guitar);

/* The sound of the guitar that was recorded with a take, its round trip taken off, at `rate` (0:
 * the take's): to be mixed in, and not heard. */
bool guitar_of_take(struct guitar *guitar, const struct take *take,
                    const struct take_recording *recording, int rate, struct error *err);

#endif
