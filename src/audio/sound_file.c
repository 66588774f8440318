#include "audio/sound_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST_S = 3 * 60 * 60 };

/* libsndfile reads what is there of a WAV file and says nothing. A header written before the length
 * was known claims 2 GB or more. */
static bool is_cut_off(const char *path, off_t size)
{
    uint8_t head[12] = {0};
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    size_t got = fread(head, 1, sizeof head, file);
    fclose(file);
    uint32_t claimed =
        head[4] | (uint32_t)head[5] << 8 | (uint32_t)head[6] << 16 | (uint32_t)head[7] << 24;
    return got == sizeof head && memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WAVE", 4) == 0 &&
           claimed < 0x7fff0000 && (off_t)claimed + 8 > size + 1; /* a pad byte may be missing */
}

static bool check_file(const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_errno(err, "cannot read '%s'", path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, "cannot read '%s': it is no regular file", path);
    if (status.st_size == 0)
        return error_set(err, "cannot read '%s': it is empty", path);
    if (is_cut_off(path, status.st_size))
        return error_set(err, "cannot read '%s': it is cut off", path);
    return true;
}

bool sound_load(const char *path, int rate, struct sound *sound, struct error *err)
{
    struct sound_reader reader = {.name = path, .most_name = "3 hours"};
    *sound = (struct sound){.samples = NULL};
    if (!check_file(path, err))
        return false;
    errno = 0;
    reader.file = sf_open(path, SFM_READ, &reader.info);
    reader.most = (int64_t)LONGEST_S * reader.info.samplerate;
    return sound_read(&reader, rate, sound, err);
}

void sound_clear(struct sound *sound)
{
    free(sound->samples);
    *sound = (struct sound){.samples = NULL};
}

struct sound_writer {
    SNDFILE *file;
    char *path;
};

struct sound_writer *sound_writer_open(const char *path, int rate, int channels, struct error *err)
{
    SF_INFO info = {
        .samplerate = rate, .channels = channels, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    struct sound_writer *writer = calloc(1, sizeof *writer);
    errno = 0;
    if (writer)
        writer->path = strdup(path);
    if (!writer || !writer->path) {
        error_set(err, "cannot write '%s': out of memory", path);
    } else if (!(writer->file = sf_open(path, SFM_WRITE, &info))) {
        sound_blame(err, "write", path, sf_error(NULL));
    } else {
        sf_command(writer->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
        return writer;
    }
    sound_writer_close(writer, NULL);
    return NULL;
}

bool sound_writer_put(struct sound_writer *writer, const float *samples, int64_t count,
                      struct error *err)
{
    errno = 0;
    if (sf_writef_float(writer->file, samples, count) == count)
        return true;
    return sound_blame(err, "write", writer->path, sf_error(writer->file));
}

bool sound_writer_close(struct sound_writer *writer, struct error *err)
{
    if (!writer)
        return true;
    bool fine = true;
    if (writer->file) {
        errno = 0;
        sf_write_sync(writer->file);
        int problem = sf_error(writer->file);
        int closing = sf_close(writer->file);
        if (problem || closing)
            fine = sound_blame(err, "write", writer->path, problem ? problem : closing);
    }
    free(writer->path);
    free(writer);
    return fine;
}
