#include "audio/catalogue.h"

#include "audio/libjack.h"
#include "audio/naming.h"

#include <portaudio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JACK_RANK, ALSA_RANK, OTHER_RANK, PLUMBING_RANK };

const int device_rates[DEVICE_RATES] = {44100, 48000, 88200, 96000, 192000};

/* JACK lists every program with ports as a device; the sound card is "system" wherever it is called
 * so. */
static int default_of(int api, bool input)
{
    const PaHostApiInfo *info = Pa_GetHostApiInfo(api);
    for (int i = 0; info->type == paJACK && i < info->deviceCount; i++) {
        int device = Pa_HostApiDeviceIndexToDeviceIndex(api, i);
        const PaDeviceInfo *one = Pa_GetDeviceInfo(device);
        if (strcmp(one->name, "system") == 0 &&
            (input ? one->maxInputChannels : one->maxOutputChannels) > 0)
            return device;
    }
    return input ? info->defaultInputDevice : info->defaultOutputDevice;
}

static unsigned rates_of(int device, const PaDeviceInfo *info)
{
    unsigned rates = 0;
    bool input = info->maxOutputChannels < 1;
    PaStreamParameters one = {.device = device,
                              .channelCount = 1,
                              .sampleFormat = paFloat32,
                              .suggestedLatency = input ? info->defaultLowInputLatency
                                                        : info->defaultLowOutputLatency};
    if (!input && info->maxOutputChannels > 1)
        one.channelCount = 2;
    for (int i = 0; i < DEVICE_RATES; i++)
        if (Pa_IsFormatSupported(input ? &one : NULL, input ? NULL : &one, device_rates[i]) ==
            paFormatIsSupported)
            rates |= 1u << i;
    return rates;
}

static void describe(struct listed *listed, int device, bool rates)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    const PaHostApiInfo *api = Pa_GetHostApiInfo(info->hostApi);
    bool jack = api->type == paJACK;
    struct device_entry *entry = &listed->entry;
    *listed = (struct listed){.device = device, .api = info->hostApi};
    entry->plumbing = !jack && naming_is_plumbing(info->name);
    listed->rank = entry->plumbing       ? PLUMBING_RANK
                   : jack                ? JACK_RANK
                   : api->type == paALSA ? ALSA_RANK
                                         : OTHER_RANK;
    naming_friendly(info->name, entry->name, sizeof entry->name);
    snprintf(entry->system_name, sizeof entry->system_name, "%s", info->name);
    snprintf(entry->api, sizeof entry->api, "%s",
             !jack                   ? api->name
             : libjack_is_pipewire() ? "PipeWire"
                                     : "JACK");
    entry->inputs = info->maxInputChannels;
    entry->outputs = info->maxOutputChannels;
    entry->rate = info->defaultSampleRate;
    entry->input_latency_s = info->defaultLowInputLatency;
    entry->output_latency_s = info->defaultLowOutputLatency;
    entry->rates = rates ? rates_of(device, info) : 0;
}

static int by_rank(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    return x->rank != y->rank ? x->rank - y->rank : x->device - y->device;
}

static void mark_defaults(struct catalogue *catalogue)
{
    for (int i = 0; i < catalogue->count; i++) {
        struct listed *one = &catalogue->items[i];
        bool best = one->api == catalogue->items[0].api;
        one->entry.number = i + 1;
        one->entry.is_default_input = best && one->device == default_of(one->api, true);
        one->entry.is_default_output = best && one->device == default_of(one->api, false);
    }
}

bool catalogue_read(struct catalogue *catalogue, bool rates, struct error *err)
{
    int count = Pa_GetDeviceCount();
    *catalogue = (struct catalogue){.count = count > 0 ? count : 0};
    catalogue->items = calloc((size_t)catalogue->count + 1, sizeof *catalogue->items);
    if (!catalogue->items)
        return error_set(err, "out of memory");
    for (int i = 0; i < catalogue->count; i++)
        describe(&catalogue->items[i], i, rates);
    qsort(catalogue->items, (size_t)catalogue->count, sizeof *catalogue->items, by_rank);
    mark_defaults(catalogue);
    return true;
}

void catalogue_clear(struct catalogue *catalogue)
{
    free(catalogue->items);
    *catalogue = (struct catalogue){0};
}

static bool can(const struct listed *one, bool input)
{
    return (input ? one->entry.inputs : one->entry.outputs) > 0;
}

/* How well a name fits: 3 is the very device, 2 its whole name, 1 a part of it, 0 not at all. */
static int fit(const struct listed *one, const char *name)
{
    char full[192], number[16];
    const struct device_entry *entry = &one->entry;
    snprintf(number, sizeof number, "%d", entry->number);
    snprintf(full, sizeof full, "%s: %s", entry->api, entry->name);
    if (strcmp(name, number) == 0)
        return 3;
    if (strcasecmp(name, entry->name) == 0 || strcasecmp(name, full) == 0 ||
        strcmp(name, entry->system_name) == 0)
        return 2;
    return strcasestr(full, name) || strcasestr(entry->system_name, name);
}

/* "1 system, 4 Scarlett 2i2 USB": as many as there is room for. */
static void name_all(const struct catalogue *catalogue, bool input, const char *part, char *out,
                     size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < catalogue->count; i++) {
        const struct listed *one = &catalogue->items[i];
        size_t used = strlen(out);
        if (can(one, input) && !one->entry.plumbing && (!part || fit(one, part)) &&
            used + strlen(one->entry.name) + 16 < size)
            snprintf(out + used, size - used, "%s%d %s", used ? ", " : "", one->entry.number,
                     one->entry.name);
    }
}

static bool none_fits(const struct catalogue *catalogue, bool input, const char *name,
                      struct error *err)
{
    char all[160];
    name_all(catalogue, input, NULL, all, sizeof all);
    error_set(err, "cannot find an audio %s named '%s'", input ? "input" : "output", name);
    if (!all[0])
        return error_hint(err, "there is none at all; rolypoly devices lists what there is");
    return error_hint(err, "there is %s; rolypoly devices says more", all);
}

static bool several_fit(const struct catalogue *catalogue, bool input, const char *name,
                        struct error *err)
{
    char all[200];
    name_all(catalogue, input, name, all, sizeof all);
    error_set(err, "'%s' fits several audio %ss: %s", name, input ? "input" : "output", all);
    return error_hint(err, "give more of the name, or its number");
}

/* Of those that fit best, the one of the best system; within one system it must be alone. */
static const struct listed *find(const struct catalogue *catalogue, const char *name, bool input,
                                 int api, struct error *err)
{
    const struct listed *found = NULL;
    int best = 0;
    bool alone = true;
    for (int i = 0; i < catalogue->count; i++) {
        const struct listed *one = &catalogue->items[i];
        int how = can(one, input) && (api < 0 || one->api == api) ? fit(one, name) : 0;
        if (how > best) {
            best = how;
            found = one;
            alone = true;
        } else if (how && how == best && found->rank == one->rank) {
            alone = false;
        }
    }
    if (!found) {
        none_fits(catalogue, input, name, err);
        return NULL;
    }
    if (!alone && best < 3) {
        several_fit(catalogue, input, name, err);
        return NULL;
    }
    return found;
}

static const struct listed *usual(const struct catalogue *catalogue, int api, bool input)
{
    int device = api < 0 ? paNoDevice : default_of(api, input);
    for (int i = 0; i < catalogue->count; i++)
        if (catalogue->items[i].device == device)
            return &catalogue->items[i];
    return NULL;
}

static bool one_clock(const struct listed *a, const struct listed *b)
{
    int card = naming_card(a->entry.system_name);
    return a->device == b->device ||
           (a->api == b->api &&
            (a->rank == JACK_RANK || (card >= 0 && card == naming_card(b->entry.system_name))));
}

bool catalogue_pick(const struct catalogue *catalogue, const char *input, const char *output,
                    struct pick *pick, bool *absent, struct error *err)
{
    *pick = (struct pick){0};
    *absent = false;
    if (output && !(pick->output = find(catalogue, output, false, -1, err)))
        return false;
    if (input) { /* beside the output, if it is there */
        if (pick->output)
            pick->input = find(catalogue, input, true, pick->output->api, NULL);
        if (!pick->input && !(pick->input = find(catalogue, input, true, -1, err)))
            return false;
    }
    int api = pick->output       ? pick->output->api
              : pick->input      ? pick->input->api
              : catalogue->count ? catalogue->items[0].api
                                 : -1;
    if (!input)
        pick->input = usual(catalogue, api, true);
    if (!output)
        pick->output = usual(catalogue, api, false);
    if (!pick->input && !pick->output) {
        *absent = true;
        return error_set(err, "no sound card");
    }
    pick->two_clocks = pick->input && pick->output && !one_clock(pick->input, pick->output);
    return true;
}
