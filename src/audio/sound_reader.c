#include "audio/sound_reader.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096, LOWEST_RATE = 4000, HIGHEST_RATE = 768000 };

static const float beyond_sound = 1e6f; /* full scale is 1, or 32768 in careless files */

bool sound_blame(struct error *err, const char *verb, const char *path, int problem)
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

/* NULL samples: there are no more, give what is left. */
static bool resample(struct sound_reader *r, struct sound *sound, const float *samples,
                     size_t count, struct error *err)
{
    float made[BLOCK];
    size_t used, got;
    do {
        soxr_error_t problem = soxr_process(r->resampler, samples, count, &used, made, BLOCK, &got);
        if (problem)
            return error_set(err, "cannot resample '%s': %s", r->name, problem);
        if (!append(sound, &r->room, made, (int64_t)got))
            return error_set(err, "cannot read '%s': out of memory", r->name);
        samples += samples ? used : 0;
        count -= used;
    } while (count > 0 || got == BLOCK);
    return true;
}

static bool too_long(const struct sound_reader *r, struct error *err)
{
    return error_set(err, "cannot read '%s': it is longer than %s", r->name, r->most_name);
}

static bool read_blocks(struct sound_reader *r, struct sound *sound, int64_t *done,
                        struct error *err)
{
    sf_count_t frames;
    do {
        frames = sf_readf_float(r->file, r->block, BLOCK);
        bool last = frames <= 0;
        if (last && sf_error(r->file)) {
            sound_blame(err, "read", r->name, sf_error(r->file));
            return error_prefix(err, "damaged after %.2f s", (double)*done / r->info.samplerate);
        }
        *done += last ? 0 : frames;
        if (*done > r->most)
            return too_long(r, err);
        if (!last)
            mix_down(r->block, frames, r->info.channels);
        if (r->resampler) {
            if (!resample(r, sound, last ? NULL : r->block, last ? 0 : (size_t)frames, err))
                return false;
        } else if (!last && !append(sound, &r->room, r->block, frames)) {
            return error_set(err, "cannot read '%s': out of memory", r->name);
        }
    } while (frames > 0);
    return true;
}

static bool read_all(struct sound_reader *r, struct sound *sound, struct error *err)
{
    int64_t done = 0;
    if (!read_blocks(r, sound, &done, err))
        return false;
    if (done == 0)
        return error_set(err, "cannot read '%s': it holds no sound", r->name);
    if (done < r->info.frames && r->info.frames < SF_COUNT_MAX)
        return error_set(err, "cannot read '%s': it ends after %.2f s of %.2f s", r->name,
                         (double)done / r->info.samplerate,
                         (double)r->info.frames / r->info.samplerate);
    return true;
}

static bool prepare(struct sound_reader *r, int rate, struct error *err)
{
    if (!r->file) {
        sound_blame(err, "read", r->name, sf_error(NULL));
        return error_hint(err, "WAV, FLAC and Ogg files are understood");
    }
    if (r->info.samplerate < LOWEST_RATE || r->info.samplerate > HIGHEST_RATE)
        return error_set(err, "cannot read '%s': a sample rate of %d Hz", r->name,
                         r->info.samplerate);
    if (r->info.frames < SF_COUNT_MAX && r->info.frames > r->most)
        return too_long(r, err);
    r->block = malloc(sizeof *r->block * BLOCK * (size_t)r->info.channels);
    if (!r->block)
        return error_set(err, "cannot read '%s': out of memory", r->name);
    if (rate == 0 || rate == r->info.samplerate)
        return true;
    soxr_error_t problem;
    r->resampler = soxr_create(r->info.samplerate, rate, 1, &problem, NULL, NULL, NULL);
    return r->resampler || error_set(err, "cannot resample '%s': %s", r->name, problem);
}

bool sound_read(struct sound_reader *r, int rate, struct sound *sound, struct error *err)
{
    assert(rate == 0 || (rate >= LOWEST_RATE && rate <= HIGHEST_RATE));
    *sound = (struct sound){.samples = NULL};
    bool fine = prepare(r, rate, err) && read_all(r, sound, err);
    if (r->resampler)
        soxr_delete(r->resampler);
    if (r->file)
        sf_close(r->file);
    free(r->block);
    if (!fine) {
        sound_clear(sound);
        return false;
    }
    sound->rate = rate ? rate : r->info.samplerate;
    return true;
}
