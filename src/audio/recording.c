#include "audio/recording.h"

#include "audio/sound_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "guitar.flac"; /* as errors call it: it has no other */

/* A file in memory, as libsndfile wants it served. */
struct memory_file {
    uint8_t *bytes;
    sf_count_t size, at, room; /* room 0: the bytes are the caller's, and only read */
};

static sf_count_t length_of(void *context)
{
    return ((struct memory_file *)context)->size;
}

static sf_count_t seek_to(sf_count_t offset, int whence, void *context)
{
    struct memory_file *file = context;
    sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->at : file->size;
    if (offset < -base || offset > file->size - base)
        return -1;
    file->at = base + offset;
    return file->at;
}

static sf_count_t read_from(void *into, sf_count_t count, void *context)
{
    struct memory_file *file = context;
    sf_count_t left = file->size - file->at;
    count = count < left ? count : left;
    if (count > 0) /* of no bytes there is no pointer */
        memcpy(into, file->bytes + file->at, (size_t)count);
    file->at += count;
    return count;
}

static sf_count_t write_to(const void *from, sf_count_t count, void *context)
{
    struct memory_file *file = context;
    if (file->at + count > file->room) {
        sf_count_t wanted = 2 * (file->at + count);
        uint8_t *grown = realloc(file->bytes, (size_t)wanted);
        if (!grown)
            return 0;
        file->bytes = grown;
        file->room = wanted;
    }
    memcpy(file->bytes + file->at, from, (size_t)count);
    file->at += count;
    file->size = file->at > file->size ? file->at : file->size;
    return count;
}

static sf_count_t tell(void *context)
{
    return ((struct memory_file *)context)->at;
}

static SF_VIRTUAL_IO in_memory = {length_of, seek_to, read_from, write_to, tell};

struct recording_writer {
    struct memory_file memory;
    SNDFILE *file;
};

struct recording_writer *recording_begin(int rate, struct error *err)
{
    SF_INFO info = {.samplerate = rate, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
    struct recording_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        error_set(err, "out of memory");
        return NULL;
    }
    errno = 0;
    writer->file = sf_open_virtual(&in_memory, SFM_WRITE, &info, &writer->memory);
    if (!writer->file) {
        sound_blame(err, "write", name, sf_error(NULL));
        recording_drop(writer);
        return NULL;
    }
    sf_command(writer->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    return writer;
}

bool recording_put(struct recording_writer *writer, const float *samples, int64_t count,
                   struct error *err)
{
    errno = 0;
    if (sf_writef_float(writer->file, samples, count) == count)
        return true;
    return sound_blame(err, "write", name, sf_error(writer->file));
}

uint8_t *recording_end(struct recording_writer *writer, size_t *size, struct error *err)
{
    uint8_t *bytes = NULL;
    errno = 0;
    int problem = sf_error(writer->file);
    int closing = sf_close(writer->file);
    writer->file = NULL;
    if (problem || closing) {
        sound_blame(err, "write", name, problem ? problem : closing);
    } else {
        *size = (size_t)writer->memory.size;
        bytes = writer->memory.bytes;
        writer->memory.bytes = NULL;
    }
    recording_drop(writer);
    return bytes;
}

void recording_drop(struct recording_writer *writer)
{
    if (!writer)
        return;
    if (writer->file)
        sf_close(writer->file);
    free(writer->memory.bytes);
    free(writer);
}

bool recording_read(const uint8_t *bytes, size_t size, int rate, double most_s, struct sound *sound,
                    struct error *err)
{
    struct memory_file memory = {.bytes = (uint8_t *)bytes, .size = (sf_count_t)size};
    struct sound_reader reader = {.name = name, .most_name = "its take"};
    *sound = (struct sound){.samples = NULL};
    errno = 0;
    reader.file = sf_open_virtual(&in_memory, SFM_READ, &reader.info, &memory);
    reader.most = (int64_t)(most_s * reader.info.samplerate);
    if (reader.file && (reader.info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC) {
        sf_close(reader.file);
        return error_set(err, "cannot read '%s': it is none", name);
    }
    return sound_read(&reader, rate, sound, err);
}
