#include "audio/card.h"

#include "audio/denormals.h"
#include "audio/errand.h"
#include "base/stopwatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STALLED_MS = 1500 };

/* What PortAudio still holds after it was given up. */
static struct card *abandoned;

static int64_t clock_ms(void)
{
    return stopwatch_ns() / 1000000;
}

/* ---- the threads of the cards ---- */

static void beat(struct pulse *pulse, double latency_s)
{
    bool said = latency_s > 0 && latency_s < 2;
    atomic_store(&pulse->latency_ns, said ? (long long)(1e9 * latency_s) : 0);
    atomic_fetch_add(&pulse->calls, 1);
}

int card_input_callback(const void *input, void *output, unsigned long count,
                        const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                        void *context)
{
    (void)output;
    struct card *card = context;
    denormals_off();
    bool lost = (flags & (paInputUnderflow | paInputOverflow)) != 0;
    if (lost && atomic_load(&card->open))
        atomic_fetch_add(&card->xruns, 1);
    if (input)
        drift_write(card->drift, (const float *)input + card->inputs - 1, card->inputs, (int)count,
                    lost, stopwatch_s());
    beat(&card->input_pulse, time->currentTime - time->inputBufferAdcTime);
    return paContinue;
}

static void choose_channel(const struct card *card, const float *in, float *out, int frames)
{
    in += card->inputs - 1;
    for (int i = 0; i < frames; i++)
        out[i] = isfinite(in[i * card->inputs]) ? in[i * card->inputs] : 0;
}

/* What of the input belongs to these frames of the output. */
static void hear(struct card *card, const float *in, int frames, bool lost, double now_s)
{
    if (card->drift)
        drift_read(card->drift, card->input, frames, lost, now_s);
    else if (in)
        choose_channel(card, in, card->input, frames);
    else
        memset(card->input, 0, sizeof *card->input * (size_t)frames);
}

static void play(struct card *card, float *out, int frames)
{
    if (out && card->outputs == 2) {
        card->process(card->context, card->input, out, frames);
        return;
    }
    card->process(card->context, card->input, card->output, frames);
    for (int i = 0; out && i < frames; i++)
        out[i] = 0.5f * (card->output[2 * i] + card->output[2 * i + 1]);
}

int card_callback(const void *input, void *output, unsigned long count,
                  const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags, void *context)
{
    struct card *card = context;
    const float *in = input;
    float *out = output;
    double now_s = card->drift ? stopwatch_s() : 0;
    denormals_off();
    atomic_store(&card->inside, true);
    bool open = atomic_load(&card->open);
    bool lost =
        (flags & (paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow)) != 0;
    if (open && lost)
        atomic_fetch_add(&card->xruns, 1);
    if (!open && out)
        memset(out, 0, sizeof *out * count * (size_t)card->outputs);
    for (unsigned long at = 0; at < count; at += DEVICE_MAX_FRAMES) {
        int frames = count - at < DEVICE_MAX_FRAMES ? (int)(count - at) : DEVICE_MAX_FRAMES;
        hear(card, in ? in + at * (size_t)card->inputs : NULL, frames, lost && at == 0, now_s);
        if (open)
            play(card, out ? out + at * (size_t)card->outputs : NULL, frames);
        now_s += frames * card->frame_s;
    }
    atomic_store(&card->period, (int)count);
    atomic_store(&card->inside, false);
    beat(&card->pulse,
         time->outputBufferDacTime - (card->drift ? time->currentTime : time->inputBufferAdcTime));
    return paContinue;
}

/* ---- everybody else ---- */

bool card_wait(const struct pulse *pulse, int calls, int ms)
{
    int before = atomic_load(&pulse->calls);
    for (; ms > 0; ms--) {
        if (atomic_load(&pulse->calls) - before >= calls)
            return true;
        stopwatch_wait_ms(1);
    }
    return false;
}

static bool is_still(struct pulse *pulse)
{
    int calls = atomic_load(&pulse->calls);
    int64_t now = clock_ms();
    if (atomic_load(&pulse->seen) != calls) {
        atomic_store(&pulse->moved_at_ms, now); /* first: another thread may look in between */
        atomic_store(&pulse->seen, calls);
    }
    return now - atomic_load(&pulse->moved_at_ms) > STALLED_MS;
}

void card_watch(struct card *card)
{
    atomic_store(&card->pulse.moved_at_ms, clock_ms());
    atomic_store(&card->input_pulse.moved_at_ms, clock_ms());
}

static bool is_lost(const struct device *device)
{
    struct card *card = (struct card *)device;
    if (Pa_IsStreamActive(card->stream) != 1 || is_still(&card->pulse))
        return true;
    return card->input_stream &&
           (Pa_IsStreamActive(card->input_stream) != 1 || is_still(&card->input_pulse));
}

static bool start_card(struct device *device, struct error *err)
{
    struct card *card = (struct card *)device;
    if (is_lost(device)) {
        error_set(err, "cannot start: the sound card has vanished");
        return error_hint(err,
                          "see that it or its sound server is there, then start rolypoly again");
    }
    atomic_store(&card->xruns, 0);
    atomic_store(&card->open, true);
    return true;
}

/* A callback that saw the gate open is inside, and is waited for; a later one sees it closed. */
static void stop_card(struct device *device)
{
    struct card *card = (struct card *)device;
    atomic_store(&card->open, false);
    while (atomic_load(&card->inside) && !is_lost(device))
        stopwatch_wait_ms(1);
}

static int count_xruns(const struct device *device)
{
    return atomic_load(&((const struct card *)device)->xruns);
}

static bool tell_drift(const struct device *device, struct device_drift *drift)
{
    const struct card *card = (const struct card *)device;
    if (card->drift)
        *drift = drift_state(card->drift);
    return card->drift != NULL;
}

static void close_work(void *arg)
{
    struct card *card = arg;
    PaStream *const streams[] = {card->stream, card->input_stream};
    for (int i = 0; i < 2; i++)
        if (streams[i]) {
            Pa_AbortStream(streams[i]);
            Pa_CloseStream(streams[i]);
        }
    Pa_Terminate();
}

/* Without its server, closing a JACK stream ends in a failed assertion of PortAudio: the stream and
 * the library are then left as they are. */
static void close_card(struct device *device)
{
    struct card *card = (struct card *)device;
    stop_card(device);
    bool alive = !is_lost(device) && card_wait(&card->pulse, 1, STALLED_MS);
    if (card->jack && !alive)
        errand_give_up();
    else if (errand_run(close_work, card)) {
        drift_free(card->drift);
        free(card);
        return;
    }
    abandoned = card;
}

const struct device_ops card_ops = {start_card,  stop_card, close_card,
                                    count_xruns, is_lost,   tell_drift};
