/* The rehearsal room as its user knows it: a score, its session, takes, lessons, undo.
 *
 * Everything the screen and the commands do goes through here. One thread owns a room;
 * the stage and a lesson run on threads of their own, behind these calls. */
#ifndef REHEARSAL_ROOM_H
#define REHEARSAL_ROOM_H

#include "learn/judgement.h"
#include "learn/lesson.h"
#include "learn/lesson_advice.h"
#include "listen/entrance.h"
#include "rehearsal/listening.h"
#include "rehearsal/round_trip.h"
#include "rehearsal/stage.h"
#include "store/session.h"

struct room;

struct room_options {
    const char *path;      /* a score, or a session file */
    const char *session;   /* the session file; NULL: found by the score's content, or made */
    bool quantise;         /* a played file: put it on the grid */
    const char *soundfont; /* NULL: searched for */
    const char
        *lessons; /* another session whose current drummer this new session starts from; or NULL */
};

/* A score without a session gets one, with the pretrained drummer as checkpoint 1. */
struct room *room_open(const struct room_options *options, struct error *err);
void room_close(struct room *room); /* what still runs is cut short: its take or lesson is lost */

struct session *room_session(struct room *room);
const struct score *room_score(const struct room *room); /* at its own tempo */

/* The song at a tempo, the room's until it closes. */
const struct score *room_score_at(struct room *room, double tempo_percent, struct error *err);

/* ---- takes ---- */

enum { ROOM_MOST_COUNT_IN = 8 };

struct room_take_options {
    struct take_settings settings; /* rate, lead and round trip are filled in */
    const char *guitar;    /* rehearsal/guitar.h; NULL: nobody, or live the person at the input */
    int count_in_bars;     /* 0 to ROOM_MOST_COUNT_IN */
    bool click;            /* every beat */
    double sensitivity_db; /* of the ear, -12..12; 0 is its own */
    double reverb;         /* a room around the drums: 0 (none) to 1 */
    bool unrecorded;       /* the guitar's sound is not kept with the take */
    const char *mix;       /* WAV to write, offline only; or NULL */
    struct entrance_cue *entrance; /* room_take: the guitar begins alone, its file with it, and this
                                      receives where in it the drums came in; or NULL */
    bool (*progress)(void *context, double done);
    void *context;
};

/* The settings a take has unless told otherwise. */
struct room_take_options room_take_defaults(const struct room *room);

/* Those of a take without a sound card, complete: for rendering outside a room. */
struct take_settings room_offline_settings(void);

/* Plays a take offline and stores it. Returns its number, 0 on failure. */
int room_take(struct room *room, const struct room_take_options *options, struct error *err);

/* Why the guitar of the last take was not kept, though it should have been; NULL when all is well.
 */
const char *room_unrecorded(const struct room *room);

/* Plays a stored take again from its onsets, changes and misses: with checkpoint 0, that of the
 * take, the same record to the bit. `mix` may be NULL; the guitar is in it where it was recorded.
 */
struct take *room_replay(struct room *room, int number, int checkpoint, const char *mix,
                         double reverb, struct error *err);

/* Opens the sound (see stage.h), again where it was open; `info` says what was found. Not while a
 * take is being played. */
bool room_open_stage(struct room *room, const struct device_config *device,
                     struct device_info *info, struct error *err);
void room_close_stage(struct room *room);    /* so that the sound card can be measured */
struct stage *room_stage(struct room *room); /* NULL before, after a failure, and when closed */

/* What takes on the open stage will have taken off, as it was known when the stage was opened. */
const struct round_trip *room_round_trip(const struct room *room);

/* A live take on the open stage: begin, watch the stage, then end it; ending stops the take and
 * stores it, even where it ended in the count-in. One at a time. */
bool room_begin_take(struct room *room, const struct room_take_options *options, struct error *err);
bool room_playing(const struct room *room);
const struct score *room_played(const struct room *room); /* what it plays, else the song */
int room_end_take(struct room *room, struct error *err);  /* its number, 0 on failure */

/* Instead of room_begin_take: the guitar begins alone on the open stage, and the take begins when
 * its beat is known, at its tempo and without a count-in. What `options` points to must live until
 * then. A virtual guitarist begins by himself. Bars that are repeated cannot be begun so. Nothing
 * is awaited any more when the stage is closed or opened anew, or a take is listened to. */
bool room_await_guitar(struct room *room, const struct room_take_options *options,
                       struct error *err);
bool room_awaiting(const struct room *room);
void room_await_no_more(struct room *room);

/* A piece of the stage's news, while the guitar is awaited. */
void room_overhear(struct room *room, const struct report *news);

/* To be called every ROOM_CUE_S: begins the take when it is time, and *cue says how it stands,
 * times from now. False when it could not begin: then the guitar is awaited no more. */
#define ROOM_CUE_S 0.05
bool room_come_in(struct room *room, struct entrance_cue *cue, struct error *err);

/* The player's word: the beat found is to be taken twice as fast (2), or half (.5). */
void room_correct_cue(struct room *room, double factor);

/* A stored take; `score` receives the score it was played from, at its tempo and with its passes,
 * the room's until it closes. */
struct take *room_stored_take(struct room *room, int number, const struct score **score,
                              struct error *err);
int room_last_take(struct room *room, struct error *err); /* 0: none, with the reason */

/* ---- verdict ---- */

enum { ROOM_MOST_ROWS = 24 }; /* read in some 20 ms; older takes are known by their figures */

/* A stored take beside those before it in which a guitar was heard, as far as they can be read. */
struct room_verdict {
    struct judgement judgement;
    int row_count;
    struct take_bars rows[ROOM_MOST_ROWS]; /* its own, then theirs, the newest first */
};

/* Release it, whatever comes of it. */
bool room_judge(struct room *room, int number, struct room_verdict *verdict, struct error *err);
void room_verdict_release(struct room_verdict *verdict);

/* ---- listening again ---- */

/* Gets a take ready to be listened to at the open stage: as it was played, or blindly the drummer
 * before the last lesson against the current one, on the take that taught him; `seed` hides who is
 * who. One at a time; a take that begins ends it. Look at it with rehearsal/listening.h. */
bool room_listen(struct room *room, int number, struct error *err);
bool room_listen_blindly(struct room *room, uint64_t seed, struct error *err);
struct listening *room_listening(struct room *room); /* NULL: none */

/* When it is ready: lets it sound (it stands still at first). False when out of memory. */
bool room_start_listening(struct room *room, struct error *err);
void room_end_listening(struct room *room);

/* The drummer on side 0 (A) or 1 (B) is the one to go on with: the old one makes the lesson undone.
 * `kept` says whether it was the new one. False when that could not be: nothing has changed. */
bool room_prefer(struct room *room, int side, bool *kept, struct error *err);

/* ---- lessons ---- */

/* What a lesson of take `number` is of unless told otherwise: all but the bars marked as flubs. */
bool room_lesson_choice(struct room *room, int number, struct lesson_choice *choice,
                        struct bars *flubs, struct error *err);

/* What a lesson of the current drummer is unless told otherwise. */
struct lesson_options room_lesson_recipe(struct room *room);

/* What speaks against learning this of take `number`. */
bool room_advise(struct room *room, int number, const struct lesson_choice *choice,
                 struct lesson_advice *advice, struct error *err);

/* Starts a lesson in the background from take `number`; one at a time. */
bool room_start_lesson(struct room *room, int number, const struct lesson_options *options,
                       struct error *err);
bool room_learning(const struct room *room);
bool room_lesson_over(const struct room *room); /* finished, failed or cancelled: finish it */
void room_lesson_progress(const struct room *room, struct lesson_progress *progress);
void room_cancel_lesson(struct room *room);

/* Waits for the end, stores the new checkpoint and makes it current. Returns its number, 0 when it
 * failed or was cancelled: then nothing has changed. */
int room_finish_lesson(struct room *room, struct lesson_report *report, struct error *err);

/* Refused while the current drummer has learnt from the take, or is learning from it. */
bool room_reject(struct room *room, int number, struct error *err);

/* Makes an earlier checkpoint current: `to`, or with 0 the parent. Returns its number, 0 on
 * failure. */
int room_rollback(struct room *room, int to, struct error *err);

/* Deletes a take; or a drummer with all that grew from it and what these have played (see
 * store/session.h). Refused also while a take is being played or a lesson runs. */
bool room_delete_take(struct room *room, int number, struct error *err);
bool room_delete_drummer(struct room *room, int number, struct error *err);

/* ---- out ---- */

enum { ROOM_DRUMMER = -1, ROOM_LAST_ACCEPTED = 0 };

/* The humanised MIDI of a take, of the last accepted take, or of the current drummer with no guitar
 * heard. */
bool room_export(struct room *room, int take, const char *path, struct error *err);

/* The same from a record that is in memory, of the song at the take's tempo, played from `score`.
 */
bool room_write_midi(const struct score *song, const struct score *score, const struct take *take,
                     const char *path, struct error *err);

/* The guitar of a take as a mono WAV that begins with the score's time 0, as `take --guitar` wants
 * it. Fails where none was recorded. */
bool room_export_guitar(struct room *room, int take, const char *path, struct error *err);

#endif
