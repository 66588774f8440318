#include "crank.h"

#include "audio/backend.h"

#include <stdio.h>
#include <string.h>

static struct device_config crank;
static bool started;

static bool start(struct device *device, struct error *err)
{
    (void)device, (void)err;
    started = true;
    return true;
}

static void stop(struct device *device)
{
    (void)device;
    started = false;
}

static int no_xruns(const struct device *device)
{
    (void)device;
    return 0;
}

static bool never_lost(const struct device *device)
{
    (void)device;
    return false;
}

static bool no_drift(const struct device *device, struct device_drift *drift)
{
    (void)device;
    (void)drift;
    return false;
}

struct device *crank_open(const struct device_config *config, struct device_info *info,
                          struct error *err)
{
    static const struct device_ops ops = {start, stop, stop, no_xruns, never_lost, no_drift};
    static struct device device = {.ops = &ops};
    (void)err;
    crank = *config;
    *info = (struct device_info){.rate = config->rate, .period = config->period};
    snprintf(info->name, sizeof info->name, "crank");
    return &device;
}

void crank_turn(const float *input, float *output, int frames)
{
    if (started)
        crank.process(crank.context, input, output, frames);
    else
        memset(output, 0, 2 * (size_t)frames * sizeof *output);
}
