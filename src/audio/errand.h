/* One way into PortAudio: quietly, with patience, and never again once it did not come back.
 * Private to this room. */
#ifndef AUDIO_ERRAND_H
#define AUDIO_ERRAND_H

#include "base/error.h"

#include <stdbool.h>

/* Before the first errand of a piece of work. False, with the reason, when this process has lost
 * PortAudio. */
bool errand_allowed(struct error *err);

/* Runs work(arg), which calls PortAudio. False when it did not come back: what it used may never be
 * touched or freed again, and no errand is allowed any more. */
bool errand_run(void (*work)(void *arg), void *arg);

/* PortAudio lost its JACK server: nothing may call it again. */
void errand_give_up(void);

#endif
