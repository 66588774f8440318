#include "rehearsal/recorder.h"

#include "audio/recording.h"
#include "base/memory.h"
#include "base/ring.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BLOCK = 256,
    PLACES = 1024, /* 5 s at 48 kHz */
    NAP_MS = 200   /* the thread looks this often */
};

static const float inaudible = 0.5f / 32768; /* rounded, it is 0 */

struct block {
    int count;
    float samples[BLOCK];
};

struct recorder {
    struct ring *ring;
    struct block filling; /* the audio thread's, until the take is over */
    atomic_bool hole;     /* the ring was full */

    struct recording_writer *writer; /* of whoever encodes; NULL: it has failed, or is done */
    struct error error;              /* why */
    float peak;
    int64_t first_frame;

    bool runs;
    pthread_t thread;
    sem_t over;
};

struct recorder *recorder_new(int rate, struct error *err)
{
    struct recorder *recorder = memory_new(1, sizeof *recorder);
    if (recorder) {
        sem_init(&recorder->over, 0, 0);
        recorder->ring = ring_new(PLACES, sizeof(struct block));
    }
    if (!recorder || !recorder->ring) {
        error_set(err, "out of memory");
        recorder_free(recorder);
        return NULL;
    }
    recorder->writer = recording_begin(rate, err);
    if (!recorder->writer) {
        recorder_free(recorder);
        return NULL;
    }
    return recorder;
}

static void join(struct recorder *recorder)
{
    if (!recorder->runs)
        return;
    sem_post(&recorder->over);
    pthread_join(recorder->thread, NULL);
    recorder->runs = false;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    join(recorder);
    recording_drop(recorder->writer);
    ring_free(recorder->ring);
    sem_destroy(&recorder->over);
    free(recorder);
}

void recorder_begin(struct recorder *recorder, int64_t first_frame)
{
    recorder->first_frame = first_frame;
}

void recorder_take_in(struct recorder *recorder, const float *samples, int frames)
{
    struct block *block = &recorder->filling;
    for (int done = 0, n; done < frames; done += n) {
        n = frames - done < BLOCK - block->count ? frames - done : BLOCK - block->count;
        memcpy(block->samples + block->count, samples + done, (size_t)n * sizeof *samples);
        block->count += n;
        if (block->count < BLOCK)
            continue;
        if (!ring_push(recorder->ring, block))
            atomic_store(&recorder->hole, true);
        block->count = 0;
    }
}

static void encode_block(struct recorder *recorder, const struct block *block)
{
    for (int i = 0; i < block->count; i++)
        recorder->peak = fmaxf(recorder->peak, fabsf(block->samples[i]));
    if (!recorder->writer ||
        recording_put(recorder->writer, block->samples, block->count, &recorder->error))
        return;
    recording_drop(recorder->writer);
    recorder->writer = NULL;
}

void recorder_encode(struct recorder *recorder)
{
    struct block block;
    while (ring_pop(recorder->ring, &block))
        encode_block(recorder, &block);
}

static bool is_over(struct recorder *recorder)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += NAP_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (sem_clockwait(&recorder->over, CLOCK_MONOTONIC, &until) != 0)
        if (errno == ETIMEDOUT)
            return false;
    return true;
}

static void *encode(void *context)
{
    struct recorder *recorder = context;
    while (!is_over(recorder))
        recorder_encode(recorder);
    return NULL;
}

bool recorder_run(struct recorder *recorder, struct error *err)
{
    assert(!recorder->runs);
    recorder->runs = pthread_create(&recorder->thread, NULL, encode, recorder) == 0;
    return recorder->runs || error_set(err, "cannot start the recorder's thread");
}

bool recorder_finish(struct recorder *recorder, struct take_recording *recording, struct error *err)
{
    *recording = (struct take_recording){.first_frame = recorder->first_frame};
    join(recorder);
    recorder_encode(recorder);
    encode_block(recorder, &recorder->filling);
    if (!recorder->writer) {
        if (err)
            *err = recorder->error;
        return false;
    }
    if (atomic_load(&recorder->hole))
        return error_set(err, "the machine was too busy to record without a hole");
    if (recorder->peak < inaudible)
        return true;
    recording->bytes = recording_end(recorder->writer, &recording->size, err);
    recorder->writer = NULL;
    return recording->bytes != NULL;
}
