#include "rehearsal/room_private.h"

#include "base/paths.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool open_session_file(struct room *room, const char *path, struct error *err)
{
    room->session = session_open(path, err);
    if (!room->session)
        return false;
    room->score = session_score(room->session, 100, err);
    return room->score != NULL;
}

static bool open_score(struct room *room, const struct room_options *options, struct error *err)
{
    struct score_options reading = {.quantise = options->quantise};
    room->score = score_load(options->path, &reading, err);
    if (!room->score)
        return false;
    char folder[4096], found[4096];
    if (!options->session && (!paths_sessions(folder, sizeof folder, err) ||
                              !session_find(folder, room->score, found, sizeof found, err)))
        return false;
    const char *path = options->session ? options->session : found;
    room->session = session_create(path, room->score, err);
    return room->session != NULL;
}

/* The drummer of another session, as it stands there. */
static struct checkpoint *borrow_drummer(const char *path, struct error *err)
{
    struct checkpoint *checkpoint = NULL;
    struct session *other = session_open(path, err);
    if (!other)
        return NULL;
    int number;
    size_t size;
    if (session_current(other, &number, err)) {
        uint8_t *bytes = session_checkpoint_get(other, number, &size, err);
        if (bytes)
            checkpoint = checkpoint_read(bytes, size, err);
        free(bytes);
    }
    session_close(other);
    return checkpoint;
}

/* A new session begins with the pretrained drummer, or the one its lessons are taken from. */
static bool ensure_first_checkpoint(struct room *room, const char *lessons, struct error *err)
{
    int current;
    if (!session_current(room->session, &current, err))
        return false;
    if (current != 0)
        return true;
    struct checkpoint *first =
        lessons ? borrow_drummer(lessons, err) : model_pretrained("groove", err);
    if (!first)
        return false;
    struct session_checkpoint info = {.loss_before = NAN, .loss_after = NAN};
    bool added = room_add_checkpoint(room, first, &info, err) != 0;
    checkpoint_free(first);
    return added;
}

struct room *room_open(const struct room_options *options, struct error *err)
{
    struct room *room = calloc(1, sizeof *room);
    if (!room) {
        error_set(err, "out of memory");
        return NULL;
    }
    bool opened = session_is_file(options->path) ? open_session_file(room, options->path, err)
                                                 : open_score(room, options, err);
    if (!opened || !ensure_first_checkpoint(room, options->lessons, err)) {
        room_close(room);
        return NULL;
    }
    room->soundfont = options->soundfont ? strdup(options->soundfont) : NULL;
    return room;
}

void room_close(struct room *room)
{
    if (!room)
        return;
    if (room->lesson) {
        room_cancel_lesson(room);
        room_finish_lesson(room, NULL, NULL);
    }
    room_end_listening(room);
    room_await_no_more(room);
    stage_close(room->stage);
    room_drop_recording(room);
    model_close(room->model);
    guitar_close(&room->guitar);
    session_close(room->session);
    for (int i = 0; i < room->scaled_count; i++)
        score_free(room->scaled[i]);
    free(room->scaled);
    for (int i = 0; i < room->arranged_count; i++)
        score_free(room->arranged[i].score);
    free(room->arranged);
    score_free(room->score);
    free(room->soundfont);
    free(room);
}

struct session *room_session(struct room *room)
{
    return room->session;
}

const struct score *room_score(const struct room *room)
{
    return room->score;
}

struct stage *room_stage(struct room *room)
{
    return room->stage;
}

const struct score *room_score_at(struct room *room, double tempo_percent, struct error *err)
{
    if (tempo_percent == room->score->tempo_percent)
        return room->score;
    for (int i = 0; i < room->scaled_count; i++)
        if (room->scaled[i]->tempo_percent == tempo_percent)
            return room->scaled[i];
    size_t count = (size_t)room->scaled_count + 1;
    struct score **scaled = realloc(room->scaled, count * sizeof *scaled);
    if (!scaled) {
        error_set(err, "out of memory");
        return NULL;
    }
    room->scaled = scaled;
    scaled[room->scaled_count] = session_score(room->session, tempo_percent, err);
    return scaled[room->scaled_count] ? scaled[room->scaled_count++] : NULL;
}

static bool same_practice(const struct take_settings *a, const struct take_settings *b)
{
    const struct practice *p = &a->practice, *q = &b->practice;
    return a->tempo_percent == b->tempo_percent && a->first_bar == b->first_bar &&
           a->last_bar == b->last_bar && p->passes == q->passes && p->played == q->played &&
           p->vamp_first == q->vamp_first && p->vamp_last == q->vamp_last &&
           p->ramp_percent == q->ramp_percent;
}

const struct score *room_score_of(struct room *room, const struct take_settings *settings,
                                  struct error *err)
{
    const struct score *song = room_score_at(room, settings->tempo_percent, err);
    if (!song || !practice_arranges(&settings->practice))
        return song;
    for (int i = 0; i < room->arranged_count; i++)
        if (same_practice(&room->arranged[i].of, settings))
            return room->arranged[i].score;
    size_t count = (size_t)room->arranged_count + 1;
    struct arranged *arranged = realloc(room->arranged, count * sizeof *arranged);
    if (!arranged) {
        error_set(err, "out of memory");
        return NULL;
    }
    room->arranged = arranged;
    struct score *score = take_score(song, settings, err);
    if (score)
        arranged[room->arranged_count++] = (struct arranged){*settings, score};
    return score;
}

struct checkpoint *room_checkpoint(struct room *room, int number, int *used, struct error *err)
{
    if (number == 0 && !session_current(room->session, &number, err))
        return NULL;
    size_t size;
    uint8_t *bytes = session_checkpoint_get(room->session, number, &size, err);
    if (!bytes)
        return NULL;
    struct checkpoint *checkpoint = checkpoint_read(bytes, size, err);
    free(bytes);
    if (!checkpoint)
        error_prefix(err, "cannot use checkpoint %d", number);
    if (used)
        *used = number;
    return checkpoint;
}

int room_add_checkpoint(struct room *room, const struct checkpoint *checkpoint,
                        const struct session_checkpoint *info, struct error *err)
{
    size_t size;
    uint8_t *bytes = checkpoint_write(checkpoint, &size, err);
    if (!bytes)
        return 0;
    struct session_checkpoint row = *info;
    const char *model = checkpoint_get(checkpoint, "model");
    snprintf(row.model, sizeof row.model, "%s", model ? model : "groove");
    int number = session_checkpoint_add(room->session, &row, bytes, size, err);
    free(bytes);
    return number;
}

/* The newest checkpoint of a model, 0 when there is none; the current one wins. */
static bool find_checkpoint(struct room *room, const char *name, int *number, struct error *err)
{
    struct session_checkpoint *list;
    int count, current;
    if (!session_current(room->session, &current, err) ||
        !session_checkpoints(room->session, &list, &count, err))
        return false;
    *number = 0;
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].model, name) == 0 && *number != current)
            *number = list[i].number;
    free(list);
    return true;
}

static int add_fresh(struct room *room, const char *name, struct error *err)
{
    int current;
    if (!session_current(room->session, &current, err))
        return 0;
    struct checkpoint *fresh = model_pretrained(name, err);
    if (!fresh)
        return 0;
    struct session_checkpoint info = {.loss_before = NAN, .loss_after = NAN};
    int number = room_add_checkpoint(room, fresh, &info, err);
    checkpoint_free(fresh);
    /* Trying another drummer for a take does not send the present one home. */
    if (number && !session_set_current(room->session, current, err))
        return 0;
    return number;
}

struct model *room_choose_model(struct room *room, const char *name, int *number, struct error *err)
{
    *number = 0;
    if (name[0] && (!find_checkpoint(room, name, number, err) ||
                    (*number == 0 && (*number = add_fresh(room, name, err)) == 0)))
        return NULL;
    struct checkpoint *checkpoint = room_checkpoint(room, *number, number, err);
    struct model *model = checkpoint ? model_open(checkpoint, err) : NULL;
    checkpoint_free(checkpoint);
    return model;
}

int room_rollback(struct room *room, int to, struct error *err)
{
    int current;
    if (!session_current(room->session, &current, err))
        return 0;
    if (to == 0) {
        struct session_checkpoint info;
        if (!session_checkpoint_info(room->session, current, &info, err))
            return 0;
        to = info.parent;
        if (to == 0) {
            error_set(err, "cannot roll back: checkpoint %d has no parent", current);
            return 0;
        }
    }
    return session_set_current(room->session, to, err) ? to : 0;
}

/* Who plays or learns has need of what might be deleted. */
static bool check_idle(const struct room *room, struct error *err)
{
    if (!room->playing && !room->lesson)
        return true;
    error_set(err, "nothing can be deleted while a %s",
              room->playing ? "take is being played" : "lesson runs");
    return error_hint(err, "wait for its end");
}

bool room_delete_take(struct room *room, int number, struct error *err)
{
    return check_idle(room, err) && session_take_delete(room->session, number, err);
}

bool room_delete_drummer(struct room *room, int number, struct error *err)
{
    return check_idle(room, err) && session_branch_delete(room->session, number, err);
}
