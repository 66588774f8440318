/* What is the same wherever the bytes of a sound file lie. For src/audio alone: the files that
 * include libsndfile are this one's, sound_file.c and recording.c. */
#ifndef AUDIO_SOUND_READER_H
#define AUDIO_SOUND_READER_H

#include "audio/sound_file.h"

#include <sndfile.h>
#include <soxr.h>

struct sound_reader {
    const char *name; /* of what is read, for errors */
    SNDFILE *file;    /* just opened; NULL: that failed, as sf_error(NULL) says */
    SF_INFO info;
    int64_t most;          /* frames, at its own rate, ... */
    const char *most_name; /* ... which are called this */

    /* While it is read. */
    soxr_t resampler; /* NULL when the rate is right already */
    float *block;
    int64_t room;
};

/* All of it, as sound_load promises; closes the file. */
bool sound_read(struct sound_reader *reader, int rate, struct sound *sound, struct error *err);

/* What libsndfile says, in our wording: the system's own reason where there is one, no full stop.
 * False. */
bool sound_blame(struct error *err, const char *verb, const char *name, int problem);

#endif
