#include "audio/naming.h"

#include <stdio.h>
#include <string.h>

static const char *hardware(const char *name)
{
    const char *last = NULL;
    for (const char *at = name; (at = strstr(at, " (hw:")); at++)
        last = at;
    return last;
}

int naming_card(const char *name)
{
    int card;
    const char *at = hardware(name);
    return at && sscanf(at, " (hw:%d", &card) == 1 ? card : -1;
}

void naming_friendly(const char *name, char *out, int size)
{
    const char *end = hardware(name), *colon = strstr(name, ": ");
    if (!end || !colon || colon > end) {
        snprintf(out, (size_t)size, "%s",
                 strcmp(name, "pipewire") == 0 ? "PipeWire"
                 : strcmp(name, "pulse") == 0  ? "PulseAudio"
                                               : name);
        return;
    }
    /* What follows the card's name often says no more than that it is for sound. */
    static const char *const empty[] = {"", "-", "Audio", "USB Audio"};
    int card = (int)(colon - name), part = (int)(end - colon) - 2;
    const char *second = colon + 2;
    bool says_more = strncmp(name, second, (size_t)part) != 0;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if ((int)strlen(empty[i]) == part && strncmp(second, empty[i], (size_t)part) == 0)
            says_more = false;
    snprintf(out, (size_t)size, "%.*s%s%.*s", card, name, says_more ? ", " : "",
             says_more ? part : 0, second);
}

bool naming_is_plumbing(const char *name)
{
    static const char *const words[] = {
        "sysdefault",   "front",      "rear",       "center_lfe", "side",       "iec958",
        "spdif",        "hdmi",       "modem",      "dmix",       "phoneline",  "dsnoop",
        "null",         "samplerate", "lavrate",    "upmix",      "speex",      "speexrate",
        "vdownmix",     "a52",        "oss",        "plughw",     "usbstream",  "arcam_av",
        "rate_convert", "surround21", "surround40", "surround41", "surround50", "surround51",
        "surround71",   "file",       "tee",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    return false;
}
