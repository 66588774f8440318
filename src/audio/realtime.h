/* Being on time: priority for a thread that must not be kept waiting, and memory that stays where
 * it is. Nothing here is needed to play; where the system does not allow it, nothing is said. */
#ifndef AUDIO_REALTIME_H
#define AUDIO_REALTIME_H

#include <stdbool.h>

enum realtime {
    REALTIME_UNKNOWN, /* nobody has asked yet */
    REALTIME_NONE,    /* an ordinary thread among the others */
    REALTIME_LIMITS,  /* allowed by the user's limits (or to root) */
    REALTIME_KIT      /* granted by RealtimeKit, over D-Bus */
};

/* Gives the calling thread real-time priority, well below that of any sound card's thread. Not for
 * an audio thread itself: it asks the system, and waits for RealtimeKit for a fifth of a second at
 * most, once. Should the thread run for a tenth of a second without a pause it loses the priority
 * again (SIGXCPU is used for that). One thread at a time. */
enum realtime realtime_thread(void);

/* What realtime_thread would say, without doing it to the caller. */
enum realtime realtime_allowed(void);

/* Keeps all of the program's memory, as it is and as it grows, from being paged out; what is not
 * used yet is not taken for it. False where the limit of locked memory is in the way. */
bool realtime_lock_memory(void);

#endif
