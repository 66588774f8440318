/* What there is to say about a stored take. */
#ifndef TUI_VERDICT_H
#define TUI_VERDICT_H

#include "tui/screen.h"

/* Reads take `number` and the one before it from the session. The verdict that was there is
 * released. */
bool verdict_load(struct verdict *verdict, struct session *session, const struct history *history,
                  int number, struct error *err);
void verdict_release(struct verdict *verdict);

#endif
