/* Listening again: a take as it was, or two drummers' ways of playing it. */
#include "rehearsal/room_private.h"

#include <assert.h>
#include <stdlib.h>

/* All but the drummers. */
static bool plan_take(struct room *room, int number, struct listening_plan *plan, struct error *err)
{
    *plan = (struct listening_plan){.number = number};
    room_end_listening(room);
    room_await_no_more(room);
    if (!room->stage)
        return error_set(err, "there is no sound to listen with");
    plan->rate = stage_device(room->stage)->rate;
    plan->take = room_stored_take(room, number, &plan->score, err);
    return plan->take && session_recording(room->session, number, &plan->recording, err);
}

static bool begin(struct room *room, struct listening_plan *plan, bool good, struct error *err)
{
    if (good)
        room->listening = listening_new(plan, err);
    else
        listening_plan_clear(plan);
    return room->listening != NULL;
}

bool room_listen(struct room *room, int number, struct error *err)
{
    struct listening_plan plan;
    return begin(room, &plan, plan_take(room, number, &plan, err), err);
}

static bool plan_drummers(struct room *room, struct listening_plan *plan, struct error *err)
{
    plan->whole = room_score_to_play(room, plan->take, err);
    if (!plan->whole)
        return false;
    for (int k = 0; k < 2; k++) {
        plan->drummers[k] = room_checkpoint(room, room->listening_between[k], NULL, err);
        if (!plan->drummers[k])
            return false;
    }
    return true;
}

bool room_listen_blindly(struct room *room, uint64_t seed, struct error *err)
{
    struct session_checkpoint info;
    struct listening_plan plan;
    int current;
    if (!session_current(room->session, &current, err) ||
        !session_checkpoint_info(room->session, current, &info, err))
        return false;
    if (info.parent == 0 || info.take == 0)
        return error_set(err, "drummer #%d has had no lesson", current);
    room->listening_between[LISTENING_OLD] = info.parent;
    room->listening_between[LISTENING_NEW] = current;
    bool good = plan_take(room, info.take, &plan, err) && plan_drummers(room, &plan, err);
    plan.seed = seed;
    return begin(room, &plan, good, err);
}

struct listening *room_listening(struct room *room)
{
    return room->listening;
}

bool room_start_listening(struct room *room, struct error *err)
{
    assert(room->listening && !room->playing);
    struct playback *playback =
        listening_playback(room->listening, kit_longest_attack(stage_kit(room->stage)));
    if (!playback)
        return error_set(err, "out of memory");
    stage_listen(room->stage, playback);
    return true;
}

void room_end_listening(struct room *room)
{
    if (!room->listening)
        return;
    stage_hush(room->stage);
    listening_free(room->listening);
    room->listening = NULL;
}

bool room_prefer(struct room *room, int side, bool *kept, struct error *err)
{
    int current;
    assert(room->listening && listening_is_blind(room->listening));
    *kept = listening_drummer(room->listening, side) == LISTENING_NEW;
    if (!session_current(room->session, &current, err))
        return false;
    if (current != room->listening_between[LISTENING_NEW])
        return error_set(err, "drummer #%d plays now: it is too late to choose", current);
    return *kept || room_rollback(room, room->listening_between[LISTENING_OLD], err) != 0;
}
