/* What one does in the history: walk, search, note, compare, delete. */
#ifndef TUI_BROWSE_H
#define TUI_BROWSE_H

#include "tui/running.h"

void browse_open(struct tui *tui); /* at the current drummer's newest take */
void browse_move(struct tui *tui, int by);

/* The deeds of keys, all about what is selected. */
void browse_look(struct tui *tui, int unused);
void browse_let_play(struct tui *tui, int unused);
void browse_compare(struct tui *tui, int unused);
void browse_note(struct tui *tui, int unused);
void browse_search(struct tui *tui, int unused);

/* The first asks, the second does it if that was asked just before. */
void browse_delete(struct tui *tui, int unused);
void browse_delete_meant(struct tui *tui, int unused);

#endif
