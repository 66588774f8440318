/* What stands behind device.h: PortAudio or the silent clock. Private to this room. */
#ifndef AUDIO_BACKEND_H
#define AUDIO_BACKEND_H

#include "audio/device.h"

struct device_ops {
    bool (*start)(struct device *device, struct error *err);
    void (*stop)(struct device *device);
    void (*close)(struct device *device);
    int (*xruns)(const struct device *device);
    bool (*lost)(const struct device *device);
    bool (*drift)(const struct device *device, struct device_drift *drift);
};

/* The first member of each backend's own struct. */
struct device {
    const struct device_ops *ops;
};

/* NULL with *absent set when there is no usable sound card (`err` says why), NULL without it when
 * the user asked for something that cannot be had. */
struct device *portaudio_open(const struct device_config *config, struct device_info *info,
                              bool *absent, struct error *err);

/* `why` goes before "(silent)" in the name. */
struct device *silent_open(const struct device_config *config, const char *why,
                           struct device_info *info, struct error *err);

#endif
