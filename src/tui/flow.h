/* Takes and lessons: begun, ended, judged. */
#ifndef TUI_FLOW_H
#define TUI_FLOW_H

#include "tui/running.h"

/* Whether a take or a lesson is under way, for which `what` must wait; says so. */
bool flow_busy(struct tui *tui, const char *what);

void flow_begin_take(struct tui *tui);
void flow_stop_take(struct tui *tui);
void flow_accept(struct tui *tui, int take);
void flow_reject(struct tui *tui, int take);
void flow_undo(struct tui *tui, int checkpoint); /* 0: to the parent */
void flow_look(struct tui *tui, int take);
void flow_tick(struct tui *tui); /* sees to what has ended by itself */
int flow_keep(struct tui *tui);  /* ends the take that is being played, now; its number, or 0 */
int flow_end(struct tui *tui);   /* before the room closes: ends the lesson; the take kept, or 0 */

#endif
