#include "crank.h"

#include "audio/backend.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static struct device_config crank;
static atomic_bool started, inside;
static int lost_blocks;

static bool start(struct device *device, struct error *err)
{
    (void)device, (void)err;
    atomic_store(&started, true);
    return true;
}

static void stop(struct device *device)
{
    (void)device;
    atomic_store(&started, false);
    while (atomic_load(&inside))
        sched_yield();
}

static int xruns(const struct device *device)
{
    (void)device;
    return lost_blocks;
}

static bool never_lost(const struct device *device)
{
    (void)device;
    return false;
}

static bool one_clock(const struct device *device, struct device_drift *drift)
{
    (void)device, (void)drift;
    return false;
}

struct device *crank_open(const struct device_config *config, struct device_info *info,
                          struct error *err)
{
    static const struct device_ops ops = {start, stop, stop, xruns, never_lost, one_clock};
    static struct device device = {.ops = &ops};
    (void)err;
    crank = *config;
    *info = (struct device_info){.rate = config->rate, .period = config->period};
    snprintf(info->name, sizeof info->name, "crank");
    return &device;
}

void crank_lose(int blocks)
{
    lost_blocks += blocks;
}

void crank_turn(const float *input, float *output, int frames)
{
    atomic_store(&inside, true);
    if (atomic_load(&started))
        crank.process(crank.context, input, output, frames);
    else
        memset(output, 0, 2 * (size_t)frames * sizeof *output);
    atomic_store(&inside, false);
}
