/* The demo where there is no screen: takes with lessons in between, and what they taught. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include "cli/options.h"
#include "rehearsal/room.h"

#include <limits.h>

/* Plays three takes of the room's song, learns after each but the last, prints a short table. */
bool demo_play(const struct arguments *arguments, struct room *room, struct error *err);

/* A session file in a folder of its own among the temporary files. */
struct demo_session {
    char folder[PATH_MAX];
    char path[PATH_MAX + 16];
};
bool demo_session_make(struct demo_session *session, struct error *err);
void demo_session_find(struct demo_session *session, const char *folder); /* one made earlier */
void demo_session_remove(struct demo_session *session); /* nothing happens to one never made */

#endif
