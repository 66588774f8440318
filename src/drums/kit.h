/* A drum kit as sound: every key the score needs, struck once by FluidSynth at load time
 * at several velocities and kept as samples, so that a hit costs a copy and starts at its frame.
 * The only folder that includes FluidSynth. Immutable after loading. */
#ifndef DRUMS_KIT_H
#define DRUMS_KIT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct kit;

struct kit_sound {
    const float *frames; /* stereo, interleaved; the sound of this velocity layer at full gain */
    int count;           /* frames */
    int attack; /* frames from the start to the attack (10% of the peak): start this much earlier */
    float gain; /* brings the layer to the velocity asked for */
    int choke_group; /* keys of one group cut each other off; 0 is none */
};

/* `pitches[0..127]` says which keys are needed; rate: 8000..192000 frames a second. A key the
 * SoundFont has no sound for takes that of the nearest drum. The louder of kick and snare, struck
 * hardest, peaks at 0.45. NULL on failure.
 */
struct kit *kit_load(const char *soundfont, const bool pitches[128], int rate, struct error *err);
void kit_free(struct kit *kit);

/* The sound of a key at a velocity 1..127; count 0 when the key was not loaded. Real-time safe. */
struct kit_sound kit_sound(const struct kit *kit, int pitch, int velocity);

/* Longest attack of any sound in frames: a hit must be known this long before it sounds. */
int kit_longest_attack(const struct kit *kit);

/* Finds a General MIDI SoundFont: `option` if not NULL, else $ROLYPOLY_SOUNDFONT, soundfonts/ of
 * the checkout or installation, the system's folders. False with a hint how to install one. */
bool kit_find_soundfont(const char *option, char *path, int size, struct error *err);

#endif
