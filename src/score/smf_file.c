#include "score/smf_file.h"

#include "score/smf.h"
#include "score/smf_bytes.h"

#include <errno.h>
#include <smf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Reading ---- */

static bool goes_on(smf_track_t *track)
{
    const smf_event_t *first = smf_track_get_event_by_number(track, 1);
    return first->midi_buffer_length == SMF_TOKEN_SIZE &&
           memcmp(first->midi_buffer, SMF_GOES_ON, SMF_TOKEN_SIZE) == 0;
}

/* Joins the tracks that sealing cut up: a track that goes on takes the place of the End of Track
 * of the one before it, and its first event is the token that says so. */
static bool list_events(struct smf_file *file, smf_t *smf)
{
    size_t room = 0;
    for (int t = 1; t <= smf->number_of_tracks; t++)
        room += (size_t)smf_get_track_by_number(smf, t)->number_of_events;
    file->events = malloc(room * sizeof *file->events);
    if (!file->events)
        return false;
    for (int t = 1; t <= smf->number_of_tracks; t++) {
        smf_track_t *track = smf_get_track_by_number(smf, t);
        int first = 1;
        if (goes_on(track)) {
            file->event_count--;
            first = 2;
        } else {
            file->track_count++;
        }
        for (int i = first; i <= track->number_of_events; i++) {
            const smf_event_t *event = smf_track_get_event_by_number(track, i);
            file->events[file->event_count++] = (struct smf_event){
                .tick = event->time_pulses,
                .bytes = event->midi_buffer,
                .size = event->midi_buffer_length,
                .track = file->track_count - 1,
            };
        }
    }
    return true;
}

bool smf_file_open(struct smf_file *file, const uint8_t *bytes, size_t size, struct error *err)
{
    *file = (struct smf_file){.original = bytes, .original_size = size};
    size_t sealed_size;
    uint8_t *sealed = smf_seal(bytes, size, &sealed_size, err);
    if (!sealed)
        return false;
    smf_t *smf = smf_load_from_memory(sealed, (int)sealed_size);
    free(sealed);
    if (!smf)
        return error_set(err, "libsmf refuses it");
    file->format = bytes[9];
    file->ppq = smf->ppqn;
    file->library = smf;
    if (list_events(file, smf))
        return true;
    smf_file_close(file);
    return error_set(err, "out of memory");
}

void smf_file_close(struct smf_file *file)
{
    free(file->events);
    if (file->library)
        smf_delete(file->library);
    *file = (struct smf_file){0};
}

const uint8_t *smf_file_meta(const struct smf_file *file, const struct smf_event *event, int type,
                             size_t *size)
{
    return smf_meta(event->bytes, (size_t)event->size, file->original, type, size);
}

/* ---- Writing ---- */

static smf_track_t *begin_track(smf_t *smf)
{
    smf_track_t *track = smf_track_new();
    if (track)
        smf_add_track(smf, track);
    return track;
}

static bool add_event(smf_track_t *track, const void *bytes, int size, int64_t tick)
{
    smf_event_t *event = smf_event_new_from_pointer((void *)bytes, size);
    if (event)
        smf_track_add_event_pulses(track, event, (int)tick);
    return event != NULL;
}

/* Adds the events of one track, cut up as a sealed file is. */
static bool add_track(smf_t *smf, const struct smf_event *events, int count)
{
    smf_track_t *track = begin_track(smf);
    for (int i = 0; track && i < count; i++) {
        const struct smf_event *event = &events[i];
        if (track->number_of_events == SMF_TRACK_EVENTS && i < count - 1) {
            if (smf_track_add_eot_pulses(track, (int)events[i - 1].tick) != 0)
                return false;
            track = begin_track(smf);
            if (!track || !add_event(track, SMF_GOES_ON, SMF_TOKEN_SIZE, 0))
                return false;
        }
        if (!add_event(track, event->bytes, event->size, event->tick))
            return false;
    }
    return track != NULL;
}

static uint8_t *read_back(int file, size_t *size)
{
    off_t length = lseek(file, 0, SEEK_END);
    uint8_t *bytes = length > 0 ? malloc((size_t)length) : NULL;
    if (!bytes)
        return NULL;
    *size = (size_t)length;
    for (size_t at = 0; at < *size;) {
        ssize_t got = pread(file, bytes + at, *size - at, (off_t)at);
        if (got <= 0) {
            free(bytes);
            return NULL;
        }
        at += (size_t)got;
    }
    return bytes;
}

/* libsmf writes to a named file and nowhere else. */
static uint8_t *save(smf_t *smf, size_t *size, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/rolypoly-XXXXXX", folder && *folder ? folder : "/tmp");
    int file = mkstemp(path);
    if (file < 0) {
        error_errno(err, "cannot make a temporary file '%s'", path);
        return NULL;
    }
    uint8_t *bytes = smf_save(smf, path) == 0 ? read_back(file, size) : NULL;
    if (!bytes)
        error_set(err, "cannot write the temporary file '%s'", path);
    unlink(path);
    close(file);
    return bytes;
}

uint8_t *smf_file_write(const struct smf_file *file, const struct smf_event *events,
                        int event_count, int ppq, size_t *size, struct error *err)
{
    smf_t *smf = smf_new();
    bool good = smf && smf_set_ppqn(smf, ppq) == 0;
    for (int first = 0, end; good && first < event_count; first = end) {
        for (end = first; end < event_count && events[end].track == events[first].track;)
            end++;
        good = add_track(smf, events + first, end - first);
    }
    size_t sealed_size = 0;
    uint8_t *sealed = NULL, *plain = NULL;
    if (good)
        sealed = save(smf, &sealed_size, err);
    else
        error_set(err, "out of memory");
    if (sealed)
        plain = smf_unseal(sealed, sealed_size, file->original, file->original_size, file->format,
                           size, err);
    free(sealed);
    if (smf)
        smf_delete(smf);
    return plain;
}

uint8_t *smf_bytes_load(const char *path, size_t *size, struct error *err)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    bool good = file != NULL;
    *size = 0;
    for (size_t room = 1 << 16; good; room *= 2) {
        if (room > SMF_MOST_BYTES + 1)
            room = SMF_MOST_BYTES + 1;
        uint8_t *larger = realloc(bytes, room);
        good = larger != NULL;
        if (!good)
            break;
        bytes = larger;
        *size += fread(bytes + *size, 1, room - *size, file);
        good = !ferror(file);
        if (*size < room || room == SMF_MOST_BYTES + 1)
            break;
    }
    if (!good) {
        error_set(err, "%s", strerror(errno));
        free(bytes);
        bytes = NULL;
    }
    if (file)
        fclose(file);
    return bytes;
}
