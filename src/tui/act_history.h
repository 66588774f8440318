/* What one does in the history: walk, search, note, compare, delete. */
#ifndef TUI_ACT_HISTORY_H
#define TUI_ACT_HISTORY_H

#include "tui/running.h"

void act_history_open(struct tui *tui); /* at the current drummer's newest take */
void act_history_move(struct tui *tui, int by);

/* To what the selected came from, or with `direction` 1 to what came of it. */
void act_history_lineage(struct tui *tui, int direction);

/* The deeds of keys, all about what is selected; a note also about the take looked at. */
void act_history_look(struct tui *tui);
void act_history_let_play(struct tui *tui);
void act_history_compare(struct tui *tui);
void act_history_note(struct tui *tui);
void act_history_search(struct tui *tui);

/* The first asks, the second does it if that was asked just before. */
void act_history_delete(struct tui *tui);
void act_history_delete_meant(struct tui *tui);

#endif
