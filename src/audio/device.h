/* The sound card, or what stands in for it, behind one interface: PortAudio full duplex (JACK,
 * ALSA, and PipeWire by either of its two faces), two cards with a clock each (drift.h), and a
 * silent device that keeps real time where there is none. The offline renderer needs no device: it
 * calls process itself (rehearsal/room.h). */
#ifndef AUDIO_DEVICE_H
#define AUDIO_DEVICE_H

#include "base/error.h"

#include <stdbool.h>

/* Called from the audio thread, denormals off, with `frames` (1..DEVICE_MAX_FRAMES) mono input and
 * stereo interleaved output samples: the chosen channel of the input, silent where there is none,
 * and always finite. Must be real-time safe. */
typedef void device_process(void *context, const float *input, float *output, int frames);

enum {
    DEVICE_MAX_FRAMES = 4096,
    DEVICE_LOWEST_RATE = 8000,
    DEVICE_HIGHEST_RATE = 192000,
    DEVICE_MOST_CHANNELS = 64
};

struct device_config {
    int rate;          /* within the limits above; 0: the device's own, else 48000 */
    int period;        /* wanted frames a call; 0: the device's own */
    int channel;       /* of the input, from 1; 0: the first */
    bool silent;       /* do not look for a sound card */
    const char *input; /* its number in device_list, or part of its name; NULL: the default */
    const char *output;
    device_process *process;
    void *context;
};

struct device_info {
    char name[128]; /* as a musician would name it: "JACK: system", "no sound card (silent)" */
    char input[128], output[128]; /* "JACK: system", each by itself; empty where there is none */
    bool silent;
    bool two_clocks;     /* input and output are different cards: see device_drift */
    int rate;            /* within the limits, whatever the card has */
    int period;          /* frames a call, 0 when it varies */
    double round_trip_s; /* what the driver reports: input plus output latency */
};

struct device;

/* Opens but does not start: process is called between device_start and device_stop alone. Without
 * a usable sound card it falls back to the silent device and says so in *info; without an input, or
 * an output, info->name says that. It fails when config->input or output is named and not to be
 * had, when the card has no such channel, or cannot have the rate, or belongs to a JACK server that
 * runs with another period; a period asked of ALSA is taken as near as the card has it. The context
 * is used until device_close. Takes up to 3 s where a sound server hangs. */
struct device *device_open(const struct device_config *config, struct device_info *info,
                           struct error *err);
bool device_start(struct device *device, struct error *err);
void device_stop(struct device *device); /* returns when process is no longer running */
void device_close(struct device *device);

/* Buffers the driver lost since the start. Any thread. */
int device_xruns(const struct device *device);

/* True when the device has vanished: process is no longer called. Any thread. The device can then
 * only be closed. */
bool device_lost(const struct device *device);

/* PortAudio does not survive the death of its JACK server, nor a call that never came back: from
 * then on this process can open none but the silent device, and only another can open sound. */
bool device_needs_new_process(void);

/* Between two clocks: how much faster the input's runs than the output's, and what it cost. Any
 * thread. False where there is one clock. */
struct device_drift {
    bool locked;    /* the figure is good to a few ppm, and the input lies where it should */
    double ppm;     /* parts in a million */
    unsigned slips; /* times the input had to jump */
};
bool device_drift(const struct device *device, struct device_drift *drift);

/* The rates that device_list tells of. */
enum { DEVICE_RATES = 5 };
extern const int device_rates[DEVICE_RATES];

/* One device of the machine, for `rolypoly devices`. */
struct device_entry {
    int number;     /* from 1; what nobody would plug a guitar into comes last */
    char name[128]; /* as a musician would say */
    char system_name[128], api[32];
    bool plumbing; /* ALSA's detours: dmix, surround51, ... */
    int inputs, outputs;
    double rate, input_latency_s, output_latency_s;
    unsigned rates; /* bit i: it can have device_rates[i] */
    bool is_default_input, is_default_output;
};

/* Calls `each` for every device in the order of their numbers. */
bool device_list(void (*each)(void *context, const struct device_entry *entry), void *context,
                 struct error *err);

#endif
