/* A sound card that PortAudio has opened, or two with a clock each. Private to this room.
 *
 * The streams run from open to close; between device_start and device_stop a gate lets the callback
 * through to process. So there is no second way into PortAudio's start and stop, which wait for
 * ever when a JACK server has died. */
#ifndef AUDIO_CARD_H
#define AUDIO_CARD_H

#include "audio/backend.h"
#include "audio/drift.h"

#include <portaudio.h>
#include <stdatomic.h>
#include <stdint.h>

/* Whether a stream still calls. */
struct pulse {
    atomic_int calls, seen;
    _Atomic int64_t moved_at_ms; /* when `calls` was last seen to have changed */
    atomic_llong latency_ns;     /* of the last call, as the driver has it; 0: not said */
};

struct card {
    struct device device;
    PaStream *stream;       /* both directions, or the one there is */
    PaStream *input_stream; /* the input, where it has a clock of its own; else NULL */
    struct drift *drift;    /* between the two; else NULL */
    struct pulse pulse, input_pulse;
    bool jack; /* either of them is JACK's */
    double frame_s;
    int inputs, outputs; /* channels that were opened; outputs: 2, 1, or 0 without one */
    device_process *process;
    void *context;
    atomic_bool open;   /* the gate */
    atomic_bool inside; /* the callback is in process */
    atomic_int xruns;
    atomic_int period; /* frames of the last call */
    float input[DEVICE_MAX_FRAMES];
    float output[2 * DEVICE_MAX_FRAMES];
};

/* The stream that plays, and the one that only hears. The chosen channel is the last of `inputs`.
 */
PaStreamCallback card_callback, card_input_callback;

/* Waits until a stream has called so many times more. False when it took longer than `ms`. */
bool card_wait(const struct pulse *pulse, int calls, int ms);

/* From when on it is watched: it is about to be used. */
void card_watch(struct card *card);

extern const struct device_ops card_ops;

#endif
