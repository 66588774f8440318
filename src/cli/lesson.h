/* Waiting for a lesson, with a bar and a way out. */
#ifndef CLI_LESSON_H
#define CLI_LESSON_H

#include "rehearsal/room.h"

/* Watches the room's lesson to its end. Returns the new checkpoint, 0 when it failed or Ctrl-C
 * ended it: then nothing has changed. */
int lesson_wait(struct room *room, struct lesson_report *report, struct error *err);

#endif
