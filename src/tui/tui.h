/* The screen: a rehearsal in a terminal. It talks to the room alone, never to the sound
 * or the model, and nothing it does waits for either. */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "audio/device.h"
#include "rehearsal/room.h"
#include "tui/knobs.h"

struct tui_options {
    struct room_take_options take; /* what takes begin with; the user changes it on the way */
    struct device_config device;
    bool demo;     /* say what to try next */
    bool autoplay; /* begin the first take at once */
};

/* What a rehearsal goes on with in another process. Plain data. */
struct tui_rest {
    bool there;
    struct knobs knobs;
};

enum { TUI_AGAIN = -1 };

/* Opens the room's stage, shows it and follows the keys until the user quits; a take that is being
 * played then is kept, a lesson that is running is cancelled. The terminal is left as it was found,
 * whatever happens.
 * Returns 0 when the user quit, 1 with the reason when there is no usable terminal or no sound, and
 * 128 + N when signal N (SIGINT, SIGTERM, SIGHUP) ended it. TUI_AGAIN: the user wants to play on,
 * but this process has lost sound for good (device_needs_new_process): another is to go on with
 * *rest. With rest->there set by the caller it goes on with that, and begins a take if there is
 * sound. */
int tui_run(struct room *room, const struct tui_options *options, struct tui_rest *rest,
            struct error *err);

#endif
