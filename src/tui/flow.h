/* Takes and lessons: begun, ended, judged. */
#ifndef TUI_FLOW_H
#define TUI_FLOW_H

#include "tui/running.h"

void flow_begin_take(struct tui *tui);
void flow_stop_take(struct tui *tui);
void flow_accept(struct tui *tui, int take);
void flow_reject(struct tui *tui, int take);
void flow_undo(struct tui *tui, int checkpoint); /* 0: to the parent */
void flow_look(struct tui *tui, int take);
void flow_tick(struct tui *tui); /* sees to what has ended by itself */
void flow_end(struct tui *tui);  /* before the room closes: keep the take, end the lesson */

#endif
