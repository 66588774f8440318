#include "audio/sound_file.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 4096, LONGEST_S = 3 * 60 * 60, LOWEST_RATE = 4000, HIGHEST_RATE = 768000 };

static const float beyond_sound = 1e6f; /* full scale is 1, or 32768 in careless files */

/* What libsndfile says, in our wording: the system's own reason where there is one, no full stop.
 */
static bool blame(struct error *err, const char *verb, const char *path, int problem)
{
    if (problem == SF_ERR_SYSTEM && errno)
        return error_errno(err, "cannot %s '%s'", verb, path);
    char reason[256];
    snprintf(reason, sizeof reason, "%s", sf_error_number(problem));
    size_t length = strlen(reason);
    while (length > 0 && (reason[length - 1] == '.' || isspace((unsigned char)reason[length - 1])))
        reason[--length] = '\0';
    reason[0] = (char)tolower((unsigned char)reason[0]);
    return error_set(err, "cannot %s '%s': %s", verb, path, reason);
}

/* Samples that come in blocks; room grows by half, so a header that lies about its length costs
 * nothing. */
static bool append(struct sound *sound, int64_t *room, const float *samples, int64_t count)
{
    if (count == 0)
        return true;
    if (sound->count + count > *room) {
        int64_t wanted = (sound->count + count) + (sound->count + count) / 2;
        float *grown = realloc(sound->samples, sizeof *grown * (size_t)wanted);
        if (!grown)
            return false;
        sound->samples = grown;
        *room = wanted;
    }
    memcpy(sound->samples + sound->count, samples, sizeof *samples * (size_t)count);
    sound->count += count;
    return true;
}

/* The mean of the channels, in place of the first ones; what cannot be sound is silence. */
static void mix_down(float *block, sf_count_t frames, int channels)
{
    for (sf_count_t i = 0; i < frames; i++) {
        float sum = 0;
        for (int c = 0; c < channels; c++) {
            float x = block[i * channels + c];
            sum += fabsf(x) < beyond_sound ? x : 0; /* nor is NaN */
        }
        block[i] = sum / (float)channels;
    }
}

struct reader {
    const char *path;
    SNDFILE *file;
    SF_INFO info;
    soxr_t resampler; /* NULL when the rate is right already */
    float *block;     /* BLOCK frames of all channels */
    int64_t room;
};

/* NULL samples: there are no more, give what is left. */
static bool resample(struct reader *r, struct sound *sound, const float *samples, size_t count,
                     struct error *err)
{
    float made[BLOCK];
    size_t used, got;
    do {
        soxr_error_t problem = soxr_process(r->resampler, samples, count, &used, made, BLOCK, &got);
        if (problem)
            return error_set(err, "cannot resample '%s': %s", r->path, problem);
        if (!append(sound, &r->room, made, (int64_t)got))
            return error_set(err, "cannot read '%s': out of memory", r->path);
        samples += samples ? used : 0;
        count -= used;
    } while (count > 0 || got == BLOCK);
    return true;
}

static bool read_all(struct reader *r, struct sound *sound, struct error *err)
{
    int64_t done = 0;
    for (;;) {
        sf_count_t frames = sf_readf_float(r->file, r->block, BLOCK);
        bool last = frames <= 0;
        if (last && sf_error(r->file)) {
            blame(err, "read", r->path, sf_error(r->file));
            return error_prefix(err, "damaged after %.2f s", (double)done / r->info.samplerate);
        }
        done += last ? 0 : frames;
        if (done > (int64_t)LONGEST_S * r->info.samplerate)
            return error_set(err, "cannot read '%s': it is longer than 3 hours", r->path);
        if (!last)
            mix_down(r->block, frames, r->info.channels);
        if (r->resampler) {
            if (!resample(r, sound, last ? NULL : r->block, last ? 0 : (size_t)frames, err))
                return false;
        } else if (!last && !append(sound, &r->room, r->block, frames)) {
            return error_set(err, "cannot read '%s': out of memory", r->path);
        }
        if (last)
            break;
    }
    if (done == 0)
        return error_set(err, "cannot read '%s': it holds no sound", r->path);
    if (done < r->info.frames && r->info.frames < SF_COUNT_MAX)
        return error_set(err, "cannot read '%s': it ends after %.2f s of %.2f s", r->path,
                         (double)done / r->info.samplerate,
                         (double)r->info.frames / r->info.samplerate);
    return true;
}

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

static bool open_reader(struct reader *r, int rate, struct error *err)
{
    struct stat status;
    if (stat(r->path, &status) != 0)
        return error_errno(err, "cannot read '%s'", r->path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, "cannot read '%s': it is no regular file", r->path);
    if (status.st_size == 0)
        return error_set(err, "cannot read '%s': it is empty", r->path);
    if (is_cut_off(r->path, status.st_size))
        return error_set(err, "cannot read '%s': it is cut off", r->path);
    errno = 0;
    r->file = sf_open(r->path, SFM_READ, &r->info);
    if (!r->file) {
        blame(err, "read", r->path, sf_error(NULL));
        return error_hint(err, "WAV, FLAC and Ogg files are understood");
    }
    if (r->info.samplerate < LOWEST_RATE || r->info.samplerate > HIGHEST_RATE)
        return error_set(err, "cannot read '%s': a sample rate of %d Hz", r->path,
                         r->info.samplerate);
    if (r->info.frames < SF_COUNT_MAX &&
        r->info.frames > (sf_count_t)LONGEST_S * r->info.samplerate)
        return error_set(err, "cannot read '%s': it is longer than 3 hours", r->path);
    r->block = malloc(sizeof *r->block * BLOCK * (size_t)r->info.channels);
    if (!r->block)
        return error_set(err, "cannot read '%s': out of memory", r->path);
    if (rate == 0 || rate == r->info.samplerate)
        return true;
    soxr_error_t problem;
    r->resampler = soxr_create(r->info.samplerate, rate, 1, &problem, NULL, NULL, NULL);
    return r->resampler || error_set(err, "cannot resample '%s': %s", r->path, problem);
}

bool sound_load(const char *path, int rate, struct sound *sound, struct error *err)
{
    assert(rate == 0 || (rate >= LOWEST_RATE && rate <= HIGHEST_RATE));
    struct reader reader = {.path = path};
    *sound = (struct sound){.samples = NULL};
    bool fine = open_reader(&reader, rate, err) && read_all(&reader, sound, err);
    if (reader.resampler)
        soxr_delete(reader.resampler);
    if (reader.file)
        sf_close(reader.file);
    free(reader.block);
    if (!fine) {
        sound_clear(sound);
        return false;
    }
    sound->rate = rate ? rate : reader.info.samplerate;
    return true;
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

struct sound_writer *sound_writer_open(const char *path, int rate, struct error *err)
{
    SF_INFO info = {.samplerate = rate, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    struct sound_writer *writer = calloc(1, sizeof *writer);
    errno = 0;
    if (writer)
        writer->path = strdup(path);
    if (!writer || !writer->path) {
        error_set(err, "cannot write '%s': out of memory", path);
    } else if (!(writer->file = sf_open(path, SFM_WRITE, &info))) {
        blame(err, "write", path, sf_error(NULL));
    } else {
        sf_command(writer->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
        return writer;
    }
    sound_writer_close(writer, NULL);
    return NULL;
}

bool sound_writer_put(struct sound_writer *writer, const float *stereo, int count,
                      struct error *err)
{
    errno = 0;
    if (sf_writef_float(writer->file, stereo, count) == count)
        return true;
    return blame(err, "write", writer->path, sf_error(writer->file));
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
            fine = blame(err, "write", writer->path, problem ? problem : closing);
    }
    free(writer->path);
    free(writer);
    return fine;
}
