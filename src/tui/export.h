/* The question for a file name, and the file. */
#ifndef TUI_EXPORT_H
#define TUI_EXPORT_H

#include "tui/running.h"

void export_ask(struct tui *tui, int take);

#endif
