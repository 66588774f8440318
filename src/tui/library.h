/* What there is to rehearse: the sessions of the past, newest first, and the scores of one folder.
 *
 * A list of thousands is there at once: what a score holds is looked at one by one, and only where
 * somebody looks. */
#ifndef TUI_LIBRARY_H
#define TUI_LIBRARY_H

#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum library_kind {
    LIBRARY_SESSION, /* has been rehearsed */
    LIBRARY_DEMO,    /* the bundled song and a virtual guitarist */
    LIBRARY_UP,      /* the folder above */
    LIBRARY_FOLDER,
    LIBRARY_SCORE
};

struct library_item {
    enum library_kind kind;
    char *name; /* as it is shown and filtered */
    char *path; /* "" of the demo */
    bool looked_at;
    char broken[256]; /* why it cannot be opened; "" where it can, or is not known yet */
    int take_count;   /* of a session */
    int64_t last_s;
    double last_ms;  /* NaN: no guitar was heard */
    int bars;        /* of a score that was looked at; at its own tempo: */
    double length_s; /* */
};

enum { LIBRARY_FILTER = 64 };

struct library {
    char folder[PATH_MAX]; /* whose scores are listed; "": none */
    const char *home;      /* paths in it are shown as ~/...; NULL: none. Borrowed */
    struct library_item *items;
    int count;
    int *shown; /* indices of those that pass the filter, in their order */
    int shown_count;
    char filter[LIBRARY_FILTER];
    int selected, first; /* of those shown; the first one on the screen */
};

/* Forgets what was listed and lists anew: the sessions of folder `sessions`, unless NULL, the demo
 * with them, then the scores and folders of `folder`, unless NULL. The selection goes to the first
 * item, or past it where that leads up. False, with what could be listed, when a folder cannot be
 * read. */
bool library_read(struct library *library, const char *sessions, const char *folder,
                  struct error *err);
void library_release(struct library *library);

/* Shows what holds every word of `text`, in any case. "" shows everything. */
void library_filter(struct library *library, const char *text);

/* NULL where nothing is shown. */
const struct library_item *library_selected(const struct library *library);
void library_select(struct library *library, const char *path); /* where it is shown */

/* Moves the selection and keeps it on a screen of `page` items. */
void library_move(struct library *library, int by, int page);

/* Looks at one score that is not known yet among the `page` items on the screen. False when there
 * is none left. */
bool library_look(struct library *library, int page);
void library_look_at(struct library_item *item);

/* Remembers why an item could not be opened. */
void library_mark_broken(struct library *library, const char *path, const char *why);

#endif
