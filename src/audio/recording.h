/* What was played into a take, as the bytes of a FLAC file: mono, 16 bits. It is encoded while the
 * take runs, 1,500 times faster than it is played, and comes back to the sample, so that a detector
 * finds in it what it found then; Vorbis would be a quarter of it, seven times the work, and not
 * that sound any more. */
#ifndef AUDIO_RECORDING_H
#define AUDIO_RECORDING_H

#include "audio/sound_file.h"

#include <stddef.h>

struct recording_writer;

/* rate: 4000..192000. NULL on failure. */
struct recording_writer *recording_begin(int rate, struct error *err);
bool recording_put(struct recording_writer *writer, const float *samples, int64_t count,
                   struct error *err);

/* The whole file, malloc'd. NULL on failure; frees the writer in any case. */
uint8_t *recording_end(struct recording_writer *writer, size_t *size, struct error *err);
void recording_drop(struct recording_writer *writer); /* NULL is fine */

/* The bytes as sound at `rate` (0: its own). What may come from a stranger is refused when it is
 * damaged, or lasts longer than `most_s`. */
bool recording_read(const uint8_t *bytes, size_t size, int rate, double most_s, struct sound *sound,
                    struct error *err);

#endif
