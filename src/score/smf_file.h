/* A Standard MIDI File as a list of events, read and written by libsmf, which only smf_file.c
 * includes. Only smf.c uses this. */
#ifndef SCORE_SMF_FILE_H
#define SCORE_SMF_FILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct smf_event {
    int64_t tick;
    const uint8_t *bytes; /* a channel message, a token (score/smf_bytes.h) or End of Track */
    int size;
    int track; /* from 0 */
};

struct smf_file {
    int format, ppq;
    struct smf_event *events; /* track after track, each ended by End of Track */
    int event_count;
    int track_count;
    const uint8_t *original; /* borrowed: what the tokens point into */
    size_t original_size;
    void *library; /* libsmf's own form, which holds the events' bytes */
};

/* Checks the bytes and reads them. They must outlive the file. False with the track and the byte.
 */
bool smf_file_open(struct smf_file *file, const uint8_t *bytes, size_t size, struct error *err);
void smf_file_close(struct smf_file *file);

/* The bytes of a file that has these events instead, and this resolution; malloc'd. */
uint8_t *smf_file_write(const struct smf_file *file, const struct smf_event *events,
                        int event_count, int ppq, size_t *size, struct error *err);

/* The data of a meta event of a given type, or NULL when it is another event. */
const uint8_t *smf_file_meta(const struct smf_file *file, const struct smf_event *event, int type,
                             size_t *size);

#endif
