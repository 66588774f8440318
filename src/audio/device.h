/* The sound card, or what stands in for it, behind one interface: PortAudio full duplex
 * (JACK, ALSA), and a silent device that keeps real time where there is none. The
 * offline renderer needs no device: it calls process itself (rehearsal/room.h). */
#ifndef AUDIO_DEVICE_H
#define AUDIO_DEVICE_H

#include "base/error.h"

#include <stdbool.h>

/* Called from the audio thread, denormals off, with `frames` (1..DEVICE_MAX_FRAMES) mono input and
 * stereo interleaved output samples: the first channel of the input, silent where there is none,
 * and always finite. Must be real-time safe. */
typedef void device_process(void *context, const float *input, float *output, int frames);

enum { DEVICE_MAX_FRAMES = 4096, DEVICE_LOWEST_RATE = 8000, DEVICE_HIGHEST_RATE = 192000 };

struct device_config {
    int rate;          /* wanted, within the limits above; 0: the device's own, else 48000 */
    int period;        /* wanted frames a call; 0: the device's own */
    bool silent;       /* do not look for a sound card */
    const char *input; /* part of a device's name; NULL: the default */
    const char *output;
    device_process *process;
    void *context;
};

struct device_info {
    char name[128]; /* as a musician would name it: "JACK: system", "no sound card (silent)" */
    bool silent;
    int rate;            /* within the limits, whatever the card has */
    int period;          /* frames a call, 0 when it varies */
    double round_trip_s; /* what the driver reports: input plus output latency */
};

struct device;

/* Opens but does not start: process is called between device_start and device_stop alone. Without
 * a usable sound card it falls back to the silent device and says so in *info; without an input, or
 * an output, info->name says that. With config->input or output named and not to be had it fails.
 * The context is used until device_close. Takes up to 3 s where a sound server hangs. */
struct device *device_open(const struct device_config *config, struct device_info *info,
                           struct error *err);
bool device_start(struct device *device, struct error *err);
void device_stop(struct device *device); /* returns when process is no longer running */
void device_close(struct device *device);

/* Buffers the driver lost since the start. Any thread. */
int device_xruns(const struct device *device);

/* True when the device has vanished: process is no longer called. Any thread. The device can then
 * only be closed; after the death of a JACK server this process can open none but the silent one.
 */
bool device_lost(const struct device *device);

/* One line per device on the machine, for `rolypoly devices`. Calls `each` in order. */
struct device_entry {
    char name[128], api[32];
    int inputs, outputs;
    double rate, input_latency_s, output_latency_s;
    bool is_default;
};
bool device_list(void (*each)(void *context, const struct device_entry *entry), void *context,
                 struct error *err);

#endif
