#include "audio/device.h"

#include "audio/backend.h"

#include <assert.h>
#include <stddef.h>

struct device *device_open(const struct device_config *config, struct device_info *info,
                           struct error *err)
{
    assert(config->process);
    if (config->silent)
        return silent_open(config, "no sound card wanted", info, err);
    struct error why = {.text = ""};
    bool absent = false;
    struct device *device = portaudio_open(config, info, &absent, &why);
    if (device)
        return device;
    if (absent)
        return silent_open(config, why.text, info, err);
    if (err)
        *err = why;
    return NULL;
}

bool device_start(struct device *device, struct error *err)
{
    return device->ops->start(device, err);
}

void device_stop(struct device *device)
{
    device->ops->stop(device);
}

void device_close(struct device *device)
{
    if (device)
        device->ops->close(device);
}

int device_xruns(const struct device *device)
{
    return device->ops->xruns(device);
}

bool device_lost(const struct device *device)
{
    return device->ops->lost(device);
}

bool device_drift(const struct device *device, struct device_drift *drift)
{
    return device->ops->drift(device, drift);
}
