/* The sound card through PortAudio. The stream runs from open to close; between device_start and
 * device_stop a gate lets the callback through to process. So there is no second way into
 * PortAudio's start and stop, which wait for ever when a JACK server has died. */
#include "audio/backend.h"
#include "audio/denormals.h"
#include "audio/hush.h"
#include "audio/patience.h"
#include "audio/pick.h"

#include <math.h>
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ANSWER_MS = 3000, /* a call into PortAudio that takes longer never comes back */
    FIRST_CALLS_MS = 250,
    STALLED_MS = 1500
};

struct card {
    struct device device;
    PaStream *stream;
    bool jack;
    int outputs; /* channels: 2, 1, or 0 without an output */
    device_process *process;
    void *context;
    atomic_bool open;   /* the gate */
    atomic_bool inside; /* the callback is in process */
    atomic_int xruns, calls;
    atomic_int period;           /* frames of the last call */
    atomic_llong round_trip_ns;  /* of the last call, as the driver has it */
    _Atomic int64_t moved_at_ms; /* when `calls` was last seen to have changed */
    atomic_int seen_calls;
    float input[DEVICE_MAX_FRAMES];
    float output[2 * DEVICE_MAX_FRAMES];
};

/* Set when PortAudio did not come back from a call, or lost its JACK server: nothing may call it
 * again. */
static atomic_bool wedged;
static struct card *abandoned;

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

/* Runs a piece of work inside PortAudio, quietly and with patience. */
static bool errand(void (*work)(void *), void *arg)
{
    int kept = hush_begin();
    bool back = patience_run(work, arg, ANSWER_MS);
    hush_end(kept);
    if (!back)
        atomic_store(&wedged, true);
    return back;
}

static void process_piece(struct card *card, const float *in, float *out, int frames)
{
    for (int i = 0; i < frames; i++)
        card->input[i] = in && isfinite(in[i]) ? in[i] : 0;
    if (out && card->outputs == 2) {
        card->process(card->context, card->input, out, frames);
        return;
    }
    card->process(card->context, card->input, card->output, frames);
    for (int i = 0; out && i < frames; i++)
        out[i] = 0.5f * (card->output[2 * i] + card->output[2 * i + 1]);
}

static int callback(const void *input, void *output, unsigned long count,
                    const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                    void *context)
{
    struct card *card = context;
    denormals_off();
    atomic_store(&card->inside, true);
    bool open = atomic_load(&card->open);
    if (open &&
        (flags & (paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow)))
        atomic_fetch_add(&card->xruns, 1);
    if (!open && output)
        memset(output, 0, sizeof(float) * count * (size_t)card->outputs);
    for (unsigned long at = 0; open && at < count; at += DEVICE_MAX_FRAMES) {
        unsigned long left = count - at;
        process_piece(card, input ? (const float *)input + at : NULL,
                      output ? (float *)output + at * (size_t)card->outputs : NULL,
                      left < DEVICE_MAX_FRAMES ? (int)left : DEVICE_MAX_FRAMES);
    }
    double round_trip = time->outputBufferDacTime - time->inputBufferAdcTime;
    atomic_store(&card->round_trip_ns,
                 round_trip > 0 && round_trip < 2 ? (long long)(1e9 * round_trip) : 0);
    atomic_store(&card->period, (int)count);
    atomic_store(&card->inside, false);
    atomic_fetch_add(&card->calls, 1);
    return paContinue;
}

static bool card_lost(const struct device *device)
{
    struct card *card = (struct card *)device;
    if (Pa_IsStreamActive(card->stream) != 1)
        return true;
    int calls = atomic_load(&card->calls);
    int64_t now = clock_ms();
    if (atomic_load(&card->seen_calls) != calls) {
        atomic_store(&card->moved_at_ms, now); /* first: another thread may look in between */
        atomic_store(&card->seen_calls, calls);
    }
    return now - atomic_load(&card->moved_at_ms) > STALLED_MS;
}

static bool card_start(struct device *device, struct error *err)
{
    struct card *card = (struct card *)device;
    if (card_lost(device)) {
        error_set(err, "cannot start: the sound card has vanished");
        return error_hint(err,
                          "see that it or its sound server is there, then start rolypoly again");
    }
    atomic_store(&card->xruns, 0);
    atomic_store(&card->open, true);
    return true;
}

/* A callback that saw the gate open is inside, and is waited for; a later one sees it closed. */
static void card_stop(struct device *device)
{
    struct card *card = (struct card *)device;
    atomic_store(&card->open, false);
    while (atomic_load(&card->inside) && !card_lost(device))
        sleep_ms(1);
}

static int card_xruns(const struct device *device)
{
    return atomic_load(&((const struct card *)device)->xruns);
}

static bool wait_for_calls(struct card *card, int wanted, int ms)
{
    int before = atomic_load(&card->calls);
    for (; ms > 0; ms--) {
        if (atomic_load(&card->calls) - before >= wanted)
            return true;
        sleep_ms(1);
    }
    return false;
}

static void close_work(void *arg)
{
    struct card *card = arg;
    Pa_AbortStream(card->stream);
    Pa_CloseStream(card->stream);
    Pa_Terminate();
}

/* Without its server, closing a JACK stream ends in a failed assertion of PortAudio: the stream and
 * the library are then left as they are. */
static void card_close(struct device *device)
{
    struct card *card = (struct card *)device;
    card_stop(device);
    bool alive = !card_lost(device) && wait_for_calls(card, 1, STALLED_MS);
    if (card->jack && !alive)
        atomic_store(&wedged, true);
    else if (errand(close_work, card)) {
        free(card);
        return;
    }
    abandoned = card;
}

struct opening {
    struct device_config config;
    struct card *card;
    struct pick pick;
    int rate;
    bool fine, absent;
    struct error err;
};

static PaStreamParameters parameters(int device, int channels, bool input, int period, double rate)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    double own = input ? info->defaultLowInputLatency : info->defaultLowOutputLatency;
    return (PaStreamParameters){.device = device,
                                .channelCount = channels,
                                .sampleFormat = paFloat32,
                                .suggestedLatency = period > 0 ? 2 * period / rate : own};
}

/* The buffer size is left to the driver: asking for one puts PortAudio's own buffer, a period of
 * latency, in between. */
static PaError open_stream(struct opening *o, int input, int output, double rate)
{
    struct card *card = o->card;
    PaStreamParameters in, out;
    card->outputs = 0;
    if (input >= 0)
        in = parameters(input, 1, true, o->config.period, rate);
    if (output >= 0) {
        card->outputs = Pa_GetDeviceInfo(output)->maxOutputChannels > 1 ? 2 : 1;
        out = parameters(output, card->outputs, false, o->config.period, rate);
    }
    return Pa_OpenStream(&card->stream, input >= 0 ? &in : NULL, output >= 0 ? &out : NULL, rate,
                         paFramesPerBufferUnspecified, paNoFlag, callback, card);
}

/* Both directions, else the output alone, else the input alone, unless they were asked for by name;
 * at the wanted rate, else the device's own. */
static PaError open_any(struct opening *o)
{
    struct pick *pick = &o->pick;
    int ways[3][2] = {{pick->input, pick->output}, {-1, pick->output}, {pick->input, -1}};
    double own =
        Pa_GetDeviceInfo(pick->output >= 0 ? pick->output : pick->input)->defaultSampleRate;
    double rates[3] = {o->config.rate > 0 ? o->config.rate : own, own, 48000};
    PaError first = paNoError;
    for (int way = 0; way < 3; way++) {
        int input = ways[way][0], output = ways[way][1];
        if ((input < 0 && output < 0) || (input < 0 && o->config.input) ||
            (output < 0 && o->config.output))
            continue;
        for (int r = 0; r < 3; r++) {
            if (rates[r] < DEVICE_LOWEST_RATE || rates[r] > DEVICE_HIGHEST_RATE)
                continue;
            PaError problem = open_stream(o, input, output, rates[r]);
            if (problem == paNoError) {
                *pick = (struct pick){input, output};
                return problem;
            }
            first = first ? first : problem;
        }
    }
    return first;
}

static void open_work(void *arg)
{
    struct opening *o = arg;
    PaError problem = Pa_Initialize();
    if (problem != paNoError) {
        o->absent = true;
        error_set(&o->err, "no sound system: %s", Pa_GetErrorText(problem));
        return;
    }
    if (!pick_devices(o->config.input, o->config.output, &o->pick, &o->absent, &o->err)) {
        Pa_Terminate();
        return;
    }
    problem = open_any(o);
    if (problem == paNoError) {
        const PaHostApiInfo *api = Pa_GetHostApiInfo(
            Pa_GetDeviceInfo(o->pick.output >= 0 ? o->pick.output : o->pick.input)->hostApi);
        o->card->jack = api->type == paJACK;
        if (api->type == paALSA)
            PaAlsa_EnableRealtimeScheduling(o->card->stream, 1);
        problem = Pa_StartStream(o->card->stream);
        if (problem != paNoError)
            Pa_CloseStream(o->card->stream);
    }
    o->fine = problem == paNoError;
    if (!o->fine) {
        o->absent = !o->config.input && !o->config.output;
        error_set(&o->err, "cannot open the sound card: %s", Pa_GetErrorText(problem));
        Pa_Terminate();
    }
}

static void describe(const struct opening *o, struct device_info *info)
{
    struct card *card = o->card;
    const PaStreamInfo *stream = Pa_GetStreamInfo(card->stream);
    *info = (struct device_info){.rate = (int)lrint(stream->sampleRate)};
    int input = o->pick.input, output = o->pick.output, first = output >= 0 ? output : input;
    const char *name = Pa_GetDeviceInfo(first)->name;
    if (input >= 0 && output >= 0 && input != output)
        snprintf(info->name, sizeof info->name, "%s: %.50s, %.50s", pick_api(first),
                 Pa_GetDeviceInfo(input)->name, name);
    else
        snprintf(info->name, sizeof info->name, "%s: %.90s%s", pick_api(first), name,
                 input < 0    ? ", no input"
                 : output < 0 ? ", no output"
                              : "");
    /* What the first calls say is nearer to the truth than what PortAudio knew before them. */
    if (wait_for_calls(card, 2, FIRST_CALLS_MS)) {
        info->period = atomic_load(&card->period);
        info->round_trip_s = 1e-9 * (double)atomic_load(&card->round_trip_ns);
    }
    if (info->round_trip_s <= 0 || input < 0 || output < 0)
        info->round_trip_s = stream->inputLatency + stream->outputLatency;
}

static bool enter(struct error *err)
{
    if (atomic_load(&wedged))
        return error_set(err, "sound comes back when rolypoly is started again");
    hush_libraries();
    setenv("JACK_NO_START_SERVER", "1", 0);
    return true;
}

struct device *portaudio_open(const struct device_config *config, struct device_info *info,
                              bool *absent, struct error *err)
{
    static const struct device_ops ops = {card_start, card_stop, card_close, card_xruns, card_lost};
    *absent = true;
    if (!enter(err))
        return NULL;
    struct opening *o = calloc(1, sizeof *o);
    struct card *card = calloc(1, sizeof *card);
    if (!o || !card) {
        free(o);
        free(card);
        error_set(err, "out of memory for the audio device");
        return NULL;
    }
    card->device.ops = &ops;
    card->process = config->process;
    card->context = config->context;
    *o = (struct opening){.config = *config, .card = card};
    if (!errand(open_work, o)) {
        abandoned = card; /* and *o: the errand may still hold both */
        error_set(err, "the sound system does not answer");
        return NULL;
    }
    bool fine = o->fine;
    *absent = o->absent;
    if (fine) {
        atomic_store(&card->moved_at_ms, clock_ms());
        describe(o, info);
    } else {
        *err = o->err;
        free(card);
    }
    free(o);
    return fine ? &card->device : NULL;
}

struct listing {
    struct device_entry *entries;
    int count;
    PaError problem;
};

static void list_work(void *arg)
{
    struct listing *listing = arg;
    listing->problem = Pa_Initialize();
    if (listing->problem != paNoError)
        return;
    struct pick usual;
    bool absent;
    pick_devices(NULL, NULL, &usual, &absent, NULL);
    int count = Pa_GetDeviceCount();
    listing->entries = calloc(count > 0 ? (size_t)count : 1, sizeof *listing->entries);
    for (int i = 0; listing->entries && i < count; i++) {
        const PaDeviceInfo *info = Pa_GetDeviceInfo(i);
        struct device_entry *entry = &listing->entries[listing->count++];
        snprintf(entry->name, sizeof entry->name, "%s", info->name);
        snprintf(entry->api, sizeof entry->api, "%s", pick_api(i));
        entry->inputs = info->maxInputChannels;
        entry->outputs = info->maxOutputChannels;
        entry->rate = info->defaultSampleRate;
        entry->input_latency_s = info->defaultLowInputLatency;
        entry->output_latency_s = info->defaultLowOutputLatency;
        entry->is_default = i == usual.input || i == usual.output;
    }
    Pa_Terminate();
}

bool device_list(void (*each)(void *context, const struct device_entry *entry), void *context,
                 struct error *err)
{
    if (!enter(err))
        return false;
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing)
        return error_set(err, "cannot list the sound cards: out of memory");
    if (!errand(list_work, listing))
        return error_set(err, "cannot list the sound cards: the sound system does not answer");
    bool fine = listing->problem == paNoError && listing->entries;
    for (int i = 0; i < listing->count; i++)
        each(context, &listing->entries[i]);
    if (!fine)
        error_set(err, "cannot list the sound cards: %s",
                  listing->problem ? Pa_GetErrorText(listing->problem) : "out of memory");
    free(listing->entries);
    free(listing);
    return fine;
}
