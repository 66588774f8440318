/* The guitar begins alone, and the drums come in: begun, followed, given up. */
#ifndef TUI_ENTRANCE_H
#define TUI_ENTRANCE_H

#include "listen/entrance.h"

struct tui;

/* What is shown of it. */
struct entrance_look {
    struct entrance_cue cue; /* times from now */
};

void entrance_await(struct tui *tui);
void entrance_give_up(struct tui *tui);                  /* nothing where none is awaited */
void entrance_correct_beat(struct tui *tui, int faster); /* twice as fast, or half */
void entrance_tick(
    struct tui *tui); /* often: the take begins in it; who looks elsewhere gives up */

#endif
