/* Fills the snapshot. */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include "tui/running.h"

bool look_at_session(struct tui *tui, struct error *err); /* takes, drummers */
void look_at_stage(struct tui *tui);                      /* every frame */
void look_at_lesson(struct tui *tui);                     /* every frame, and when it ends */

/* A take begins, or has ended: the last one is forgotten. */
bool look_for_take(struct tui *tui, struct error *err);

#endif
