#include "audio/pick.h"

#include <portaudio.h>
#include <stdio.h>
#include <string.h>

const char *pick_api(int device)
{
    const PaHostApiInfo *api = Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi);
    return api->type == paJACK ? "JACK" : api->name;
}

static bool can(int device, bool input)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    return (input ? info->maxInputChannels : info->maxOutputChannels) > 0;
}

static bool is_named(int device, const char *part)
{
    char name[256];
    snprintf(name, sizeof name, "%s: %s", pick_api(device), Pa_GetDeviceInfo(device)->name);
    return strcasestr(name, part) != NULL;
}

/* Lower is better; -1 is an API without devices. */
static int rank(const PaHostApiInfo *api)
{
    if (api->deviceCount <= 0)
        return -1;
    return api->type == paJACK ? 0 : api->type == paALSA ? 1 : 2;
}

static int best_api(void)
{
    int best = -1, best_rank = 0;
    for (int api = 0; api < Pa_GetHostApiCount(); api++) {
        int r = rank(Pa_GetHostApiInfo(api));
        if (r >= 0 && (best < 0 || r < best_rank)) {
            best = api;
            best_rank = r;
        }
    }
    return best;
}

/* JACK lists every program with ports as a device; the sound card is "system" wherever it is called
 * so. */
static int default_of(int api, bool input)
{
    const PaHostApiInfo *info = Pa_GetHostApiInfo(api);
    for (int i = 0; info->type == paJACK && i < info->deviceCount; i++) {
        int device = Pa_HostApiDeviceIndexToDeviceIndex(api, i);
        if (strcmp(Pa_GetDeviceInfo(device)->name, "system") == 0 && can(device, input))
            return device;
    }
    int device = input ? info->defaultInputDevice : info->defaultOutputDevice;
    return device == paNoDevice ? -1 : device;
}

static int find(const char *part, bool input, int api, struct error *err)
{
    int found = -1;
    for (int device = 0; device < Pa_GetDeviceCount(); device++) {
        bool here = api < 0 || Pa_GetDeviceInfo(device)->hostApi == api;
        if (here && can(device, input) && is_named(device, part) &&
            (found < 0 || rank(Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi)) <
                              rank(Pa_GetHostApiInfo(Pa_GetDeviceInfo(found)->hostApi))))
            found = device;
    }
    if (found < 0) {
        error_set(err, "cannot find an audio %s named '%s'%s", input ? "input" : "output", part,
                  api < 0 ? "" : " beside the other one");
        error_hint(err, "rolypoly devices lists what there is");
    }
    return found;
}

bool pick_devices(const char *input, const char *output, struct pick *pick, bool *absent,
                  struct error *err)
{
    int api = -1;
    *pick = (struct pick){-1, -1};
    *absent = false;
    /* One stream cannot span two systems, so the first named device decides which one it is. */
    if (output) {
        if ((pick->output = find(output, false, -1, err)) < 0)
            return false;
        api = Pa_GetDeviceInfo(pick->output)->hostApi;
    }
    if (input) {
        if ((pick->input = find(input, true, api, err)) < 0)
            return false;
        api = Pa_GetDeviceInfo(pick->input)->hostApi;
    }
    if (api < 0)
        api = best_api();
    if (api >= 0 && !input)
        pick->input = default_of(api, true);
    if (api >= 0 && !output)
        pick->output = default_of(api, false);
    if (pick->input < 0 && pick->output < 0) {
        *absent = true;
        return error_set(err, "no sound card");
    }
    return true;
}
