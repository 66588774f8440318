/* Opening a sound card, or two, through PortAudio. */
#include "audio/backend.h"
#include "audio/card.h"
#include "audio/catalogue.h"
#include "audio/errand.h"
#include "audio/libjack.h"

#include <limits.h>
#include <math.h>
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CALLS_MS = 250, CLOCKS_MS = 1500, USUAL_RATE = 48000 };

static const double MOST_LATENCY_S = 2;

struct opening {
    struct device_config config;
    struct card *card;
    struct catalogue catalogue;
    struct pick pick;
    bool fine, absent;
    struct error err;
};

/* What an errand that never came back may still hold. */
static struct opening *abandoned;

static PaStreamParameters parameters(const struct listed *one, int channels, bool input,
                                     const struct device_config *config, double rate)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(one->device);
    double own = input ? info->defaultLowInputLatency : info->defaultLowOutputLatency;
    return (PaStreamParameters){.device = one->device,
                                .channelCount = channels,
                                .sampleFormat = paFloat32,
                                .suggestedLatency =
                                    config->period > 0 ? 2 * config->period / rate : own};
}

/* The buffer size is left to the driver: asking for one puts PortAudio's own buffer, a period of
 * latency, in between. */
static PaError open_one(PaStream **stream, const PaStreamParameters *in,
                        const PaStreamParameters *out, double rate, PaStreamCallback *callback,
                        struct card *card)
{
    return Pa_OpenStream(stream, in, out, rate, paFramesPerBufferUnspecified, paNoFlag, callback,
                         card);
}

static PaError open_streams(struct opening *o, const struct listed *input,
                            const struct listed *output, double rate)
{
    struct card *card = o->card;
    PaStreamParameters in, out, *heard = NULL, *played = NULL;
    card->inputs = card->outputs = 0;
    if (input) {
        card->inputs = o->config.channel > 0 ? o->config.channel : 1;
        in = parameters(input, card->inputs, true, &o->config, rate);
        heard = &in;
    }
    if (output) {
        card->outputs = output->entry.outputs > 1 ? 2 : 1;
        out = parameters(output, card->outputs, false, &o->config, rate);
        played = &out;
    }
    if (!input || !output || !o->pick.two_clocks)
        return open_one(&card->stream, heard, played, rate, card_callback, card);
    PaError problem = open_one(&card->stream, NULL, played, rate, card_callback, card);
    if (problem != paNoError)
        return problem;
    problem = open_one(&card->input_stream, heard, NULL, rate, card_input_callback, card);
    if (problem != paNoError) {
        Pa_CloseStream(card->stream);
        card->stream = card->input_stream = NULL;
    }
    return problem;
}

/* Both directions, else the output alone, else the input alone, unless they were asked for by name;
 * at the wanted rate, else, if none was wanted, the device's own. */
static PaError open_any(struct opening *o)
{
    struct pick *pick = &o->pick;
    const struct listed *ways[3][2] = {
        {pick->input, pick->output}, {NULL, pick->output}, {pick->input, NULL}};
    double own = (pick->output ? pick->output : pick->input)->entry.rate;
    double rates[2] = {o->config.rate > 0 ? o->config.rate : own, USUAL_RATE};
    PaError first = paNoError;
    for (int way = 0; way < 3; way++) {
        const struct listed *input = ways[way][0], *output = ways[way][1];
        if ((!input && !output) || (!input && o->config.input) || (!output && o->config.output))
            continue;
        for (int r = 0; r < (o->config.rate > 0 ? 1 : 2); r++) {
            if (rates[r] < DEVICE_LOWEST_RATE || rates[r] > DEVICE_HIGHEST_RATE)
                continue;
            PaError problem = open_streams(o, input, output, rates[r]);
            if (problem == paNoError) {
                *pick = (struct pick){input, output, input && output && pick->two_clocks};
                o->card->frame_s = 1 / rates[r];
                return problem;
            }
            first = first ? first : problem;
        }
    }
    return first;
}

static bool check_channel(const struct opening *o, struct error *err)
{
    const struct listed *input = o->pick.input;
    if (o->config.channel <= 1 || (input && o->config.channel <= input->entry.inputs))
        return true;
    if (!input)
        return error_set(err, "cannot hear channel %d: there is no input", o->config.channel);
    error_set(err, "cannot hear channel %d of '%.80s': it has %d", o->config.channel,
              input->entry.name, input->entry.inputs);
    return error_hint(err, "--channel counts from 1");
}

static const char *change_rate(void)
{
    return libjack_is_pipewire() ? "see pw-metadata -n settings 0 clock.force-rate" : "restart it";
}

static bool refuse(struct opening *o, PaError problem)
{
    const struct listed *one = o->pick.output ? o->pick.output : o->pick.input;
    bool jack = Pa_GetHostApiInfo(one->api)->type == paJACK;
    const PaHostErrorInfo *host = Pa_GetLastHostErrorInfo();
    o->absent = !o->config.input && !o->config.output && problem != paInvalidSampleRate;
    if (problem != paInvalidSampleRate) {
        bool more = problem == paUnanticipatedHostError && host && host->errorText[0];
        return error_set(&o->err, "cannot open the sound card: %s",
                         more ? host->errorText : Pa_GetErrorText(problem));
    }
    error_set(&o->err, "'%.80s' cannot run at %d frames a second", one->entry.name,
              o->config.rate > 0 ? o->config.rate : (int)one->entry.rate);
    if (jack)
        return error_hint(&o->err, "the sound server runs at %.0f for all: leave --rate out, or %s",
                          one->entry.rate, change_rate());
    return error_hint(&o->err, "rolypoly devices lists the rates that it can have");
}

static PaError start_streams(struct card *card)
{
    PaError problem = Pa_StartStream(card->stream);
    if (problem == paNoError && card->input_stream)
        problem = Pa_StartStream(card->input_stream);
    return problem;
}

static void close_streams(struct card *card)
{
    Pa_CloseStream(card->stream);
    if (card->input_stream)
        Pa_CloseStream(card->input_stream);
}

static PaHostApiTypeId system_of(const struct listed *one)
{
    return one ? Pa_GetHostApiInfo(one->api)->type : paInDevelopment;
}

static bool open_picked(struct opening *o)
{
    struct card *card = o->card;
    if (!catalogue_read(&o->catalogue, false, &o->err) ||
        !catalogue_pick(&o->catalogue, o->config.input, o->config.output, &o->pick, &o->absent,
                        &o->err) ||
        !check_channel(o, &o->err))
        return false;
    PaError problem = open_any(o);
    if (problem != paNoError)
        return refuse(o, problem);
    card->jack = system_of(o->pick.input) == paJACK || system_of(o->pick.output) == paJACK;
    if (system_of(o->pick.output ? o->pick.output : o->pick.input) == paALSA)
        PaAlsa_EnableRealtimeScheduling(card->stream, 1);
    if (card->input_stream && system_of(o->pick.input) == paALSA)
        PaAlsa_EnableRealtimeScheduling(card->input_stream, 1);
    if (card->input_stream && !(card->drift = drift_new((int)lrint(1 / card->frame_s)))) {
        close_streams(card);
        return error_set(&o->err, "out of memory for the audio device");
    }
    problem = start_streams(card);
    if (problem != paNoError)
        close_streams(card);
    return problem == paNoError || refuse(o, problem);
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
    o->fine = open_picked(o);
    if (!o->fine)
        Pa_Terminate();
}

static void name_one(const struct listed *one, char out[128])
{
    if (one)
        snprintf(out, 128, "%s: %.90s", one->entry.api, one->entry.name);
}

static void name_both(const struct pick *pick, struct device_info *info)
{
    const struct listed *input = pick->input, *output = pick->output;
    name_one(input, info->input);
    name_one(output, info->output);
    if (input && output && input != output)
        snprintf(info->name, sizeof info->name, "%.60s, %.60s", info->input, info->output);
    else
        snprintf(info->name, sizeof info->name, "%.100s%s", output ? info->output : info->input,
                 !input    ? ", no input"
                 : !output ? ", no output"
                           : "");
}

/* What the first calls say is nearer to the truth than what PortAudio knew before them. Some
 * drivers say neither, or nonsense: then it is a period for each way. */
static double sane_s(long long told_ns, double known_s, double period_s)
{
    return told_ns > 0                               ? 1e-9 * (double)told_ns
           : known_s > 0 && known_s < MOST_LATENCY_S ? known_s
                                                     : period_s;
}

static double reported_s(const struct card *card, bool both)
{
    const PaStreamInfo *stream = Pa_GetStreamInfo(card->stream);
    double period_s = atomic_load(&card->period) * card->frame_s;
    long long told_ns = atomic_load(&card->pulse.latency_ns);
    if (!card->input_stream)
        return sane_s(both ? told_ns : 0, stream->inputLatency + stream->outputLatency,
                      2 * period_s);
    const PaStreamInfo *input = Pa_GetStreamInfo(card->input_stream);
    return sane_s(told_ns, stream->outputLatency, period_s) +
           sane_s(atomic_load(&card->input_pulse.latency_ns), input->inputLatency, period_s) +
           drift_delay_frames(card->drift) * card->frame_s;
}

static void describe(const struct opening *o, struct device_info *info)
{
    struct card *card = o->card;
    *info = (struct device_info){.rate = (int)lrint(Pa_GetStreamInfo(card->stream)->sampleRate),
                                 .two_clocks = card->input_stream != NULL};
    name_both(&o->pick, info);
    if (card_wait(&card->pulse, 2, FIRST_CALLS_MS) &&
        (!card->input_stream || card_wait(&card->input_pulse, 2, FIRST_CALLS_MS)))
        info->period = atomic_load(&card->period);
    for (int ms = 0; card->drift && drift_delay_frames(card->drift) <= 0 && ms < CLOCKS_MS;
         ms += 50)
        card_wait(&card->pulse, INT_MAX, 50);
    info->round_trip_s = reported_s(card, o->pick.input && o->pick.output);
}

/* JACK has one period for all who use it. */
static bool check_period(const struct opening *o, const struct device_info *info, struct error *err)
{
    int wanted = o->config.period;
    if (!o->card->jack || wanted == 0 || info->period == 0 || info->period == wanted)
        return true;
    error_set(err, "the sound server runs with %d frames a call, not %d", info->period, wanted);
    return error_hint(err, "leave --period out, or change it for all: %s %d",
                      libjack_is_pipewire() ? "pw-metadata -n settings 0 clock.force-quantum"
                                            : "jack_bufsize",
                      wanted);
}

/* PipeWire changes its period for one who says so in the environment. */
static void ask_pipewire(const struct device_config *config)
{
    char wish[32];
    snprintf(wish, sizeof wish, "%d/%d", config->period,
             config->rate > 0 ? config->rate : USUAL_RATE);
    if (config->period > 0)
        setenv("PIPEWIRE_LATENCY", wish, 1);
}

struct device *portaudio_open(const struct device_config *config, struct device_info *info,
                              bool *absent, struct error *err)
{
    *absent = true;
    if (!errand_allowed(err))
        return NULL;
    ask_pipewire(config);
    struct opening *o = calloc(1, sizeof *o);
    struct card *card = calloc(1, sizeof *card);
    if (!o || !card) {
        free(o);
        free(card);
        error_set(err, "out of memory for the audio device");
        return NULL;
    }
    *card = (struct card){
        .device = {&card_ops}, .process = config->process, .context = config->context};
    *o = (struct opening){.config = *config, .card = card};
    if (!errand_run(open_work, o)) {
        abandoned = o;
        error_set(err, "the sound system does not answer");
        return NULL;
    }
    bool fine = o->fine;
    *absent = o->absent;
    if (fine) {
        card_watch(card);
        describe(o, info);
        fine = check_period(o, info, err);
        if (!fine) {
            *absent = false;
            device_close(&card->device);
        }
    } else {
        *err = o->err;
        drift_free(card->drift);
        free(card);
    }
    catalogue_clear(&o->catalogue);
    free(o);
    return fine ? &card->device : NULL;
}
