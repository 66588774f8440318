/* What a session holds, as a tree: every drummer, below each what was played with it, then those
 * that grew from it. */
#ifndef REHEARSAL_HISTORY_H
#define REHEARSAL_HISTORY_H

#include "store/session.h"

/* A line of the tree. */
struct history_row {
    int checkpoint; /* index into checkpoints; for a take, of the drummer that played it */
    int take;       /* index into takes, -1 for a drummer */
    int level;      /* 0 for the main line of descent, one more for each that branches off */
    bool last;      /* nothing on its line comes after it */
    bool branches;  /* a drummer that begins a line of its own */
};

struct history { /* begins as all zero */
    struct session_take *takes;
    int take_count;
    struct session_checkpoint *checkpoints;
    int checkpoint_count;
    int current; /* checkpoint */
    struct history_row *rows;
    int row_count;
};

/* What the session holds now, instead of what was read before; arranged. */
bool history_read(struct history *history, struct session *session, struct error *err);
void history_release(struct history *history);

/* Makes the rows. Of the drummers that grew from one, those that branch off come first, then the
 * one that leads to the current drummer, else the newest, which goes on on the same line. False
 * when out of memory. */
bool history_arrange(struct history *history);

/* What the tree draws before a row, UTF-8: "│ ├─ ". Of the levels at most `most` are shown. */
void history_rails(const struct history_row *row, int most, char *out, int size);

/* NULL when the number is not there. */
const struct session_take *history_take(const struct history *history, int number);
const struct session_checkpoint *history_checkpoint(const struct history *history, int number);

/* The newest accepted or undecided take, else the newest; 0 when there is none. */
int history_newest(const struct history *history);

/* The drummer that plays when `model` is asked for: the current one where it is of that model or
 * "" is asked for, else the newest of it. NULL when there is none yet: it comes with the take. */
const struct session_checkpoint *history_player(const struct history *history, const char *model);

/* Whether drummer `number`, or one it grew from, learnt from `take`. */
bool history_has_learnt(const struct history *history, int number, int take);

/* The newest drummer that learnt from take `number`, 0 when none did. */
int history_pupil(const struct history *history, int number);

/* Whether a row has `words` in it, upper case or lower: in its number, as "take 3" or "#2", what
 * was decided, its model, its date, as "2026-11-26" or "thu 26 nov", or its note. */
bool history_finds(const struct history *history, const struct history_row *row, const char *words);

/* A day on which takes were played, by the local calendar. */
struct history_day {
    int64_t date_s; /* of its first take */
    int takes;      /* in which a guitar was heard, and that were not rejected; 1 at least */
    double mean_ms, best_ms, last_ms; /* |guitar - drums| */
};

/* The days in order, malloc'd; NULL with *count 0 where there is none or memory is out. */
struct history_day *history_days(const struct history *history, int *count);

#endif
