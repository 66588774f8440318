/* The sound card that is not there: a thread that calls process in real time, hears silence and
 * drops what it is given. */
#include "audio/backend.h"
#include "audio/denormals.h"
#include "base/stopwatch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RATE = 48000, PERIOD = 128, SHORTEST_PERIOD = 16, CATCH_UP_PERIODS = 4, CATCH_UP_MS = 50 };

struct silent {
    struct device device;
    device_process *process;
    void *context;
    int rate, period;
    pthread_t thread;
    bool started;
    atomic_bool running;
    atomic_int xruns;
    float input[DEVICE_MAX_FRAMES]; /* stays silent */
    float output[2 * DEVICE_MAX_FRAMES];
};

/* Periods are due by their frame count, so rounding never adds up. A thread that was held up
 * catches up a little; beyond that the time is lost, as a sound card would lose it. */
static void *run(void *context)
{
    struct silent *silent = context;
    denormals_off();
    int64_t period_ns = INT64_C(1000000000) * silent->period / silent->rate;
    int64_t patience = CATCH_UP_PERIODS * period_ns;
    if (patience < INT64_C(1000000) * CATCH_UP_MS)
        patience = INT64_C(1000000) * CATCH_UP_MS;
    int64_t start = stopwatch_ns(), frames = 0;
    while (atomic_load(&silent->running)) {
        silent->process(silent->context, silent->input, silent->output, silent->period);
        frames += silent->period;
        if (frames >= silent->rate) { /* a whole second: small numbers for any length of time */
            frames -= silent->rate;
            start += INT64_C(1000000000);
        }
        int64_t due = start + frames * INT64_C(1000000000) / silent->rate, now = stopwatch_ns();
        if (now - due > patience) {
            atomic_fetch_add(&silent->xruns, 1);
            start = now;
            frames = 0;
        } else if (now < due) {
            struct timespec until = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        }
    }
    return NULL;
}

static bool silent_start(struct device *device, struct error *err)
{
    struct silent *silent = (struct silent *)device;
    if (silent->started)
        return true;
    atomic_store(&silent->running, true);
    atomic_store(&silent->xruns, 0);
    if (pthread_create(&silent->thread, NULL, run, silent) != 0)
        return error_set(err, "cannot start the audio thread");
    silent->started = true;
    return true;
}

static void silent_stop(struct device *device)
{
    struct silent *silent = (struct silent *)device;
    if (!silent->started)
        return;
    atomic_store(&silent->running, false);
    pthread_join(silent->thread, NULL);
    silent->started = false;
}

static void silent_close(struct device *device)
{
    silent_stop(device);
    free(device);
}

static int silent_xruns(const struct device *device)
{
    return atomic_load(&((const struct silent *)device)->xruns);
}

static bool silent_lost(const struct device *device)
{
    (void)device;
    return false;
}

static bool silent_drift(const struct device *device, struct device_drift *drift)
{
    (void)device, (void)drift;
    return false;
}

struct device *silent_open(const struct device_config *config, const char *why,
                           struct device_info *info, struct error *err)
{
    static const struct device_ops ops = {silent_start, silent_stop, silent_close,
                                          silent_xruns, silent_lost, silent_drift};
    struct silent *silent = calloc(1, sizeof *silent);
    if (!silent) {
        error_set(err, "out of memory for the audio device");
        return NULL;
    }
    silent->device.ops = &ops;
    silent->process = config->process;
    silent->context = config->context;
    silent->rate = config->rate > 0 ? config->rate : RATE;
    silent->period = config->period > 0 ? config->period : PERIOD;
    if (silent->period < SHORTEST_PERIOD)
        silent->period = SHORTEST_PERIOD;
    if (silent->period > DEVICE_MAX_FRAMES)
        silent->period = DEVICE_MAX_FRAMES;
    *info = (struct device_info){.silent = true, .rate = silent->rate, .period = silent->period};
    snprintf(info->name, sizeof info->name, "%.110s (silent)", why);
    return &silent->device;
}
