/* Runs a call that may never come back. PortAudio 19.6 waits up to ten minutes for a JACK server
 * that has died in the meantime, and then aborts the program. Private to this room. */
#ifndef AUDIO_PATIENCE_H
#define AUDIO_PATIENCE_H

#include <stdbool.h>

/* Runs work(arg) in a thread of its own for at most `ms`. False when it did not come back, or there
 * was no memory for a thread: it is then held where it is, by a SIGRTMAX that this program leaves
 * to it from then on, and nothing that it used may be touched or freed again. */
bool patience_run(void (*work)(void *arg), void *arg, int ms);

#endif
