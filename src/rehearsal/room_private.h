/* What the files of the room share. */
#ifndef REHEARSAL_ROOM_PRIVATE_H
#define REHEARSAL_ROOM_PRIVATE_H

#include "rehearsal/awaiting.h"
#include "rehearsal/guitar.h"
#include "rehearsal/room.h"

struct lesson_thread;

struct room {
    struct session *session;
    struct score *score;   /* at its own tempo */
    struct score **scaled; /* at every other tempo that was asked for, until the room closes */
    int scaled_count;
    struct arranged { /* every way it was practised, until the room closes */
        struct take_settings of;
        struct score *score;
    } * arranged;
    int arranged_count;
    char *soundfont; /* as asked for, or NULL */
    struct stage *stage;
    struct round_trip round_trip; /* of the stage's sound card */
    struct lesson_thread *lesson;
    struct listening *listening;
    int listening_between[2]; /* checkpoints, when it is blind: the old and the new */

    /* The live take. */
    struct awaiting *awaiting; /* the guitar that begins it */
    struct room_take_options awaited;
    bool playing;
    struct take_settings settings;
    const struct score *played;
    struct model *model;
    struct guitar guitar;
    int checkpoint;
    struct recorder *recorder; /* of the guitar; NULL: it is not recorded */
    struct error unrecorded;   /* why the last take's was not kept */
};

enum { ROOM_COUNT_IN_BARS = 1 }; /* unless asked for otherwise */

bool room_check_settings(const struct take_settings *settings, struct error *err);
void room_pitches(const struct room *room, bool pitches[128]); /* that the kit must have */

/* The parts of beginning a live take. room->settings as the options and the stage have them; the
 * drummer; the take, which joins a guitar that sounds where `zero` is given (struct engine_take).
 */
bool room_settle(struct room *room, const struct room_take_options *options, struct error *err);
bool room_can_join(const struct take_settings *settings, struct error *err);
bool room_call_drummer(struct room *room, struct error *err);
bool room_start_take(struct room *room, const struct room_take_options *options,
                     const int64_t *zero, struct error *err);

/* The score that a take is played from: the song at a tempo, or its bars as they are practised. */
const struct score *room_score_of(struct room *room, const struct take_settings *settings,
                                  struct error *err);

/* A stored checkpoint; 0 is the current one. *number receives which it was. NULL on failure. */
struct checkpoint *room_checkpoint(struct room *room, int number, int *used, struct error *err);

/* Adds a checkpoint and makes it current. Returns its number. */
int room_add_checkpoint(struct room *room, const struct checkpoint *checkpoint,
                        const struct session_checkpoint *info, struct error *err);

/* Gets ready to record what `guitar` plays in the next take. Then that take is kept with its
 * recording: without it rather than not at all, as room_unrecorded tells. */
void room_begin_recording(struct room *room, const struct room_take_options *options,
                          const struct guitar *guitar, int rate);
int room_keep_take(struct room *room, struct take *take, const struct score *score, int checkpoint,
                   struct error *err);
void room_drop_recording(struct room *room); /* when there is no take after all */

/* The recorded guitar of a take, its round trip taken off, at `rate` (0: the take's): sound and
 * sound_frame of `guitar`. Without samples, and true, where none was recorded. */
bool room_recorded_guitar(struct room *room, const struct take *take, int number, int rate,
                          struct guitar *guitar, struct error *err);

/* A drummer plays the whole song for himself; `number` 0: the current one. */
struct take *room_play_alone(struct room *room, int number, double expression, struct error *err);

/* The score of a stored take with every pass that might have been played: which was the last one is
 * told by a change. What render_again wants. */
const struct score *room_score_to_play(struct room *room, const struct take *stored,
                                       struct error *err);

/* The drummer a take is played by: the current one if it is of the model asked for, else the newest
 * of that model, else a fresh one, which is added. */
struct model *room_choose_model(struct room *room, const char *name, int *number,
                                struct error *err);

#endif
