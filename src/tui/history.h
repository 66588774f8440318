/* The history as it is walked: where one stands in its tree, what is searched and compared. */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include "rehearsal/history.h"

/* A take, or a drummer where `take` is 0, by number; 0 and 0: neither. */
struct history_mark {
    int take, drummer;
};

struct browsing {
    int selected, first;    /* rows; the first one on the screen */
    struct history_mark at; /* what is selected, to be found again in a tree that has changed */
    struct history_mark compared;  /* the first of two */
    struct history_mark doomed;    /* is to be deleted, if that is meant */
    struct history_mark noted;     /* what a note is asked for */
    char words[SESSION_NOTE_SIZE]; /* being searched; "": nothing is */
    int search_from;               /* the row where that began */
    int64_t now_s;                 /* what dates are told from */
};

/* Of a row; neither where there is no such row. */
struct history_mark history_mark(const struct history *history, int row);
bool history_mark_same(struct history_mark a, struct history_mark b);

/* "take 3" or "drummer #2". */
void history_mark_name(struct history_mark mark, char *out, int size);

/* Where it came from: of a take the drummer that played it, of a drummer the take that taught it,
 * or the drummer before. And what came of it: of a take the drummer it taught, of a drummer the
 * first take it played, or the first that grew from it. Neither take nor drummer where there is
 * none. */
struct history_mark history_origin(const struct history *history, struct history_mark mark);
struct history_mark history_outcome(const struct history *history, struct history_mark mark);

/* Its row, -1 where it has none. */
int history_row(const struct history *history, struct history_mark mark);

/* The number of the selected take; 0 when a drummer is selected. */
int history_selected_take(const struct history *history, const struct browsing *browsing);

/* Moves the selection and keeps it on a screen of `page` lines. */
void browsing_move(struct browsing *browsing, const struct history *history, int by, int page);
void browsing_select(struct browsing *browsing, const struct history *history, int row, int page);

/* After the tree has changed: what was selected still is, or its place. */
void browsing_find_again(struct browsing *browsing, const struct history *history);

/* The next row that has browsing->words in it, from `from` on or, with `by` -1, back, round the
 * end; -1 where there is none. */
int browsing_search(const struct browsing *browsing, const struct history *history, int from,
                    int by);

#endif
