/* JACK's own library, which comes with PortAudio where that was built with it: asked for by name,
 * never linked. Private to this room. */
#ifndef AUDIO_LIBJACK_H
#define AUDIO_LIBJACK_H

#include <stdbool.h>

/* JACK's messages go nowhere. */
void libjack_hush(void);

/* Whether it is PipeWire that answers as JACK. */
bool libjack_is_pipewire(void);

#endif
