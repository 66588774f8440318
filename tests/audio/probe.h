/* A process callback that counts what it is called with. */
#ifndef TESTS_PROBE_H
#define TESTS_PROBE_H

#include "audio/device.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

struct probe {
    atomic_llong frames;
    atomic_int calls, longest, unclean, sleep_ms; /* sleep_ms: once, in the next call */
};

static inline double probe_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void probe_sleep(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

static inline void probe_process(void *context, const float *input, float *output, int frames)
{
    struct probe *probe = context;
    int nap = atomic_exchange(&probe->sleep_ms, 0);
    if (nap)
        probe_sleep(nap);
    for (int i = 0; i < frames; i++) {
        if (!isfinite(input[i]))
            atomic_fetch_add(&probe->unclean, 1);
        output[2 * i] = output[2 * i + 1] = input[i];
    }
    if (frames > atomic_load(&probe->longest))
        atomic_store(&probe->longest, frames);
    atomic_fetch_add(&probe->frames, frames);
    atomic_fetch_add(&probe->calls, 1);
}

#endif
