#include "rehearsal/room_private.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A lesson under way. The thread owns everything but the progress and the flags until it is joined.
 */
struct lesson_thread {
    pthread_t thread;
    pthread_mutex_t lock; /* of progress; never taken by anything real-time */
    struct lesson_progress progress;
    atomic_bool cancel, over;

    int take_number, parent;
    struct checkpoint *from;
    const struct score *score;
    struct take *take;
    struct lesson_options options;

    struct checkpoint *learnt;
    struct lesson_report report;
    struct error error;
};

static bool watch(void *context, const struct lesson_progress *progress)
{
    struct lesson_thread *lesson = context;
    pthread_mutex_lock(&lesson->lock);
    lesson->progress = *progress;
    pthread_mutex_unlock(&lesson->lock);
    return !atomic_load(&lesson->cancel);
}

static void *learn(void *context)
{
    struct lesson_thread *lesson = context;
    lesson->learnt = lesson_learn(lesson->from, lesson->score, lesson->take, &lesson->options,
                                  watch, lesson, &lesson->report, &lesson->error);
    atomic_store(&lesson->over, true);
    return NULL;
}

static void free_lesson(struct lesson_thread *lesson)
{
    if (!lesson)
        return;
    checkpoint_free(lesson->from);
    checkpoint_free(lesson->learnt);
    take_free(lesson->take);
    pthread_mutex_destroy(&lesson->lock);
    free(lesson);
}

/* True when the current drummer, or one it grew from, has already learnt from this take. */
static bool already_learnt(struct room *room, int checkpoint, int take)
{
    struct session_checkpoint info;
    while (checkpoint && session_checkpoint_info(room->session, checkpoint, &info, NULL)) {
        if (info.take == take)
            return true;
        checkpoint = info.parent;
    }
    return false;
}

bool room_lesson_choice(struct room *room, int number, struct lesson_choice *choice,
                        struct bars *flubs, struct error *err)
{
    const struct score *score;
    struct take *take = room_stored_take(room, number, &score, err);
    if (!take)
        return false;
    *choice = (struct lesson_choice)LESSON_OF_ALL;
    take_flubs(take, flubs, &choice->bars);
    take_free(take);
    return true;
}

struct lesson_options room_lesson_recipe(struct room *room)
{
    struct session_checkpoint info;
    const struct lesson_options *recipe = NULL;
    int current;
    if (session_current(room->session, &current, NULL) &&
        session_checkpoint_info(room->session, current, &info, NULL))
        recipe = lesson_recipe(info.model);
    return recipe ? *recipe : lesson_defaults;
}

bool room_advise(struct room *room, int number, const struct lesson_choice *choice,
                 struct lesson_advice *advice, struct error *err)
{
    const struct score *score;
    struct take *take = room_stored_take(room, number, &score, err);
    bool advised = take && lesson_advise(score, take, choice, advice, err);
    take_free(take);
    return advised;
}

bool room_start_lesson(struct room *room, int number, const struct lesson_options *options,
                       struct error *err)
{
    assert(!room->lesson);
    struct lesson_thread *lesson = calloc(1, sizeof *lesson);
    if (!lesson)
        return error_set(err, "out of memory");
    pthread_mutex_init(&lesson->lock, NULL);
    lesson->take_number = number;
    lesson->options = *options;
    lesson->take = room_stored_take(room, number, &lesson->score, err);
    if (!lesson->take)
        goto fail;
    lesson->from = room_checkpoint(room, 0, &lesson->parent, err);
    if (!lesson->from)
        goto fail;
    if (already_learnt(room, lesson->parent, number)) {
        error_set(err, "the drummer has already learnt from take %d", number);
        error_hint(err, "roll back to before that lesson, or play another take");
        goto fail;
    }
    if (pthread_create(&lesson->thread, NULL, learn, lesson) != 0) {
        error_set(err, "cannot start the lesson's thread");
        goto fail;
    }
    room->lesson = lesson;
    return true;
fail:
    free_lesson(lesson);
    return false;
}

/* A take whose lesson was rolled back may still be rejected. */
bool room_reject(struct room *room, int number, struct error *err)
{
    int current;
    bool learning = room->lesson && room->lesson->take_number == number;
    if (!session_current(room->session, &current, err))
        return false;
    if (learning || already_learnt(room, current, number)) {
        error_set(err, "cannot reject take %d: the drummer %s from it", number,
                  learning ? "is learning" : "has learnt");
        return error_hint(err, "roll back to a drummer from before that lesson first");
    }
    return session_take_set_status(room->session, number, TAKE_REJECTED, err);
}

bool room_learning(const struct room *room)
{
    return room->lesson != NULL;
}

bool room_lesson_over(const struct room *room)
{
    return room->lesson && atomic_load(&room->lesson->over);
}

void room_lesson_progress(const struct room *room, struct lesson_progress *progress)
{
    assert(room->lesson);
    pthread_mutex_lock(&room->lesson->lock);
    *progress = room->lesson->progress;
    pthread_mutex_unlock(&room->lesson->lock);
}

void room_cancel_lesson(struct room *room)
{
    if (room->lesson)
        atomic_store(&room->lesson->cancel, true);
}

int room_finish_lesson(struct room *room, struct lesson_report *report, struct error *err)
{
    struct lesson_thread *lesson = room->lesson;
    int number = 0;
    assert(lesson);
    pthread_join(lesson->thread, NULL);
    room->lesson = NULL;
    if (!lesson->learnt) {
        if (err)
            *err = lesson->error;
    } else {
        struct session_checkpoint info = {
            .parent = lesson->parent,
            .take = lesson->take_number,
            .epochs = lesson->report.epochs,
            .loss_before = lesson->report.loss_before,
            .loss_after = lesson->report.loss_after,
            .seconds = lesson->report.seconds,
        };
        number = room_add_checkpoint(room, lesson->learnt, &info, err);
        if (report)
            *report = lesson->report;
    }
    free_lesson(lesson);
    return number;
}
