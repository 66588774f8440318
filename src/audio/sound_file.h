/* Sound files: WAV, FLAC, Ogg in; WAV out. */
#ifndef AUDIO_SOUND_FILE_H
#define AUDIO_SOUND_FILE_H

#include "base/error.h"

#include <stdint.h>

struct sound {
    float *samples; /* mono: the mean of the channels */
    int64_t count;
    int rate;
};

/* The whole file, resampled to `rate` (0 keeps its own; a sound stays at its time). Refuses empty,
 * cut off, damaged and absurdly long files (over 3 hours). Samples that are not finite, or over a
 * million times full scale, become silence. */
bool sound_load(const char *path, int rate, struct sound *sound, struct error *err);
void sound_clear(struct sound *sound);

struct sound_writer;

/* A 16-bit WAV of 1 or 2 channels, dithered by nothing: what was rendered. `count` is of frames,
 * their channels interleaved. */
struct sound_writer *sound_writer_open(const char *path, int rate, int channels, struct error *err);
bool sound_writer_put(struct sound_writer *writer, const float *samples, int64_t count,
                      struct error *err);
bool sound_writer_close(struct sound_writer *writer, struct error *err); /* frees it in any case */

#endif
