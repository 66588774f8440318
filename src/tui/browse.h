/* What one does in the history: walk, search, note, compare, delete. */
#ifndef TUI_BROWSE_H
#define TUI_BROWSE_H

#include "tui/running.h"

void browse_open(struct tui *tui); /* at the current drummer's newest take */
void browse_move(struct tui *tui, int by);

/* To what the selected came from, or with `direction` 1 to what came of it. */
void browse_lineage(struct tui *tui, int direction);

/* The deeds of keys, all about what is selected; a note also about the take looked at. */
void browse_look(struct tui *tui, int unused);
void browse_let_play(struct tui *tui, int unused);
void browse_compare(struct tui *tui, int unused);
void browse_note(struct tui *tui, int unused);
void browse_search(struct tui *tui, int unused);

/* The first asks, the second does it if that was asked just before. */
void browse_delete(struct tui *tui, int unused);
void browse_delete_meant(struct tui *tui, int unused);

#endif
