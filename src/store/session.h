/* A session: one SQLite file that holds a score, every take of it, every checkpoint of the drummer
 * and which checkpoint is current. Closed, it is that one file and can be copied.
 *
 * Every change is one transaction: it is in the file completely or not at all, whatever
 * happens to the process or the machine. A change that fails leaves everything as it was and may be
 * tried again. Nothing read is trusted: what comes out is in range, or is an error.
 *
 * Takes and checkpoints are numbered from 1; 0 stands for none. What is deleted leaves a hole: its
 * number is not given again. A handle belongs to one thread at a
 * time; several processes may have one file open, and wait for each other for up to 5 s. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "base/error.h"
#include "score/score.h"
#include "score/take.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

struct session_info {
    char *path;
    char score_name[128];
    char score_id[17];
    bool quantised;
    bool read_only;    /* the file, as it was opened: changes will fail */
    int64_t created_s; /* dates are seconds since 1970 UTC */
};

/* The session of `score` at `path`, made when there is none. NULL also when the file is there
 * but holds another score. */
struct session *session_create(const char *path, const struct score *score, struct error *err);

/* Whether a file means to be a session, good or damaged: it begins as SQLite's do, or is called
 * *.db. False for one that is not there or no ordinary file. */
bool session_is_file(const char *path);

/* An existing session. One that cannot be written opens too; changes then fail. */
struct session *session_open(const char *path, struct error *err);
void session_close(struct session *session);

const struct session_info *session_info(const struct session *session);

/* The stored score, at a tempo. NULL on failure. */
struct score *session_score(struct session *session, double tempo_percent, struct error *err);

/* Reads the whole file for damage. Takes a second or two on a large one. */
bool session_check(struct session *session, struct error *err);

/* ---- in a folder ---- */

/* Where the session of `score` is, or would be made, in `folder`: SLUG-ID.db, or any other name
 * when a file there holds the score. */
bool session_find(const char *folder, const struct score *score, char *path, int size,
                  struct error *err);

/* A session whose score has the same name but other content: an edited score's earlier lessons. */
struct session_sibling {
    char *path;
    int take_count, checkpoint_count;
    int64_t last_s; /* date of its newest take or checkpoint */
};

/* Newest first. Files that are no sessions are passed over. */
bool session_siblings(const char *folder, const struct score *score, struct session_sibling **list,
                      int *count, struct error *err);
void session_siblings_free(struct session_sibling *list, int count);

/* What a list of songs says of a session. */
struct session_summary {
    char *path;
    char score_name[128]; /* "" where the file cannot be read */
    bool damaged;         /* or no session: session_open says more */
    int take_count;
    int64_t last_s; /* date of its newest take or lesson */
    double last_ms; /* mean distance of drums and guitar in its last take; NaN: none was heard */
};

/* The newest first. A folder that is not there holds none. */
bool session_list(const char *folder, struct session_summary **list, int *count, struct error *err);
void session_list_free(struct session_summary *list, int count);

/* ---- takes ---- */

enum { SESSION_NOTE_SIZE = 256 }; /* what the player notes on a take or a checkpoint */

enum take_status { TAKE_UNDECIDED, TAKE_ACCEPTED, TAKE_REJECTED };
const char *take_status_name(enum take_status status); /* "undecided", ... */

struct session_take {
    int number;
    enum take_status status;
    int64_t date_s;
    int checkpoint; /* that played it; 0: none did */
    struct take_settings settings;
    struct take_sound sound;
    struct take_summary summary;
    int64_t stop_frame;
    int xruns;
    size_t recording_size;        /* 0: the guitar was not recorded */
    char note[SESSION_NOTE_SIZE]; /* "": none */
};

/* Adds a take, undecided, played with `checkpoint`. `score` is the session's score at the
 * take's tempo. Returns its number, 0 on failure. */
int session_take_add(struct session *session, const struct take *take, const struct score *score,
                     int checkpoint, struct error *err);

/* The take as it was added, every field but the recording, bit for bit; `score` as above. The
 * caller frees it. */
struct take *session_take_get(struct session *session, int number, const struct score *score,
                              struct error *err);
bool session_take_info(struct session *session, int number, struct session_take *info,
                       struct error *err);

/* The guitar's sound in a take; the bytes are malloc'd, NULL and no error where none was recorded.
 * They may be anything (audio/recording.h reads them with suspicion). */
bool session_recording(struct session *session, int number, struct take_recording *recording,
                       struct error *err);
bool session_take_set_status(struct session *session, int number, enum take_status status,
                             struct error *err);

/* All takes in order; the caller frees the list. */
bool session_takes(struct session *session, struct session_take **list, int *count,
                   struct error *err);

/* ---- checkpoints ---- */

struct session_checkpoint {
    int number;
    int parent; /* checkpoint it grew from; 0: the first */
    int take;   /* take it learnt from; 0: none */
    char model[32];
    int64_t date_s;
    int epochs;
    double loss_before, loss_after; /* NaN when there was no lesson */
    double seconds;                 /* the lesson took */
    size_t size;                    /* of its bytes */
    char note[SESSION_NOTE_SIZE];
};

/* In one transaction: adds a checkpoint, makes it current, and marks the take it learnt from as
 * accepted. number, date_s, size and note of `info` are not read. Returns its number, 0 on failure.
 */
int session_checkpoint_add(struct session *session, const struct session_checkpoint *info,
                           const void *bytes, size_t size, struct error *err);

/* The bytes, malloc'd. NULL on failure. */
uint8_t *session_checkpoint_get(struct session *session, int number, size_t *size,
                                struct error *err);
bool session_checkpoint_info(struct session *session, int number, struct session_checkpoint *info,
                             struct error *err);

/* All checkpoints in order; the caller frees the list. */
bool session_checkpoints(struct session *session, struct session_checkpoint **list, int *count,
                         struct error *err);

/* *number is 0 in a session that has no checkpoint yet. */
bool session_current(struct session *session, int *number, struct error *err);
bool session_set_current(struct session *session, int number, struct error *err);

/* The highest number a take has, or had before it was deleted; 0: none. */
bool session_takes_numbered(struct session *session, int *highest, struct error *err);

/* ---- notes ---- */

/* One line of UTF-8 without control characters, shorter than SESSION_NOTE_SIZE, instead of what was
 * noted before; "" takes that away. */
bool session_note_take(struct session *session, int number, const char *text, struct error *err);
bool session_note_checkpoint(struct session *session, int number, const char *text,
                             struct error *err);

/* ---- deletion ---- */

/* A take goes with all that is kept of it. Refused while a checkpoint has learnt from it. */
bool session_take_deletable(struct session *session, int number, struct error *err);
bool session_take_delete(struct session *session, int number, struct error *err);

/* A checkpoint goes with all that grew from it and all that these played: without them a take
 * could not be played again. Refused while one of them is current, or taught another. */
struct session_branch {
    int checkpoints, takes;
};
bool session_branch_deletable(struct session *session, int number, struct session_branch *branch,
                              struct error *err);
bool session_branch_delete(struct session *session, int number, struct error *err);

#endif
