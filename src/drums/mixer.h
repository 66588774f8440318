/* Plays hits at their frame: a scheduler and a fixed set of voices. Every call after
 * mixer_new is real-time safe. */
#ifndef DRUMS_MIXER_H
#define DRUMS_MIXER_H

#include "drums/kit.h"

#include <stdbool.h>
#include <stdint.h>

struct mixer;

/* The kit must outlive the mixer. NULL kit: a silent mixer. `max_block`: most frames rendered in
 * one call. NULL when out of memory. */
struct mixer *mixer_new(const struct kit *kit, int rate, int max_block);
void mixer_free(struct mixer *mixer);

/* Silence, nothing scheduled, and the next frame to be rendered is `frame`. */
void mixer_reset(struct mixer *mixer, int64_t frame);

/* The same, where nothing has been struck since mixer_reset: the next frame is this one. */
void mixer_set_frame(struct mixer *mixer, int64_t frame);

/* The attack of this hit will sound at exactly `frame`: its sample starts kit_sound.attack earlier.
 * Where that is already past, it starts with the next frame rendered and *late says by how many
 * frames. False when too many hits are waiting (nothing is scheduled then). */
bool mixer_strike(struct mixer *mixer, int pitch, int velocity, int64_t frame, int *late);

/* A short count-in click (a wood block) sounding at `frame`; `accent` for the first of the bar. */
bool mixer_click(struct mixer *mixer, int64_t frame, bool accent);

/* How much of a small room is heard around the drums, 0 (off, as it begins) to 1. Any thread. */
void mixer_set_reverb(struct mixer *mixer, float amount);

/* Writes the next `count` frames to `out` (stereo, interleaved), not limited yet. What sounds does
 * not depend on how time is cut into blocks. */
void mixer_render(struct mixer *mixer, float *out, int count);

#endif
