/* The question for a file name, and the file. */
#ifndef TUI_EXPORT_H
#define TUI_EXPORT_H

#include "tui/running.h"

void export_ask(struct tui *tui, int take);
void export_to(struct tui *tui, int take, const char *path); /* asks before it replaces a file */

#endif
