/* Which of PortAudio's devices to use. To be called while PortAudio is initialised. Private to this
 * room. */
#ifndef AUDIO_PICK_H
#define AUDIO_PICK_H

#include "audio/device.h"

struct pick {
    int input, output; /* PortAudio's device numbers, -1 for none */
};

/* JACK before ALSA before the rest; named devices by any part of "API: name", upper or lower case.
 * False with *absent when there is nothing to choose from, without it when a name fits nothing. */
bool pick_devices(const char *input, const char *output, struct pick *pick, bool *absent,
                  struct error *err);

/* "JACK", "ALSA", ... */
const char *pick_api(int device);

#endif
