/* The guitar begins alone, and the take joins it. */
#include "rehearsal/room_private.h"

#include "base/stopwatch.h"

#include <assert.h>

static const double STRUMS_AHEAD_S = 0.12; /* more than ROOM_CUE_S */
static const double HASTE_S = 0.03;        /* for whatever else takes time */

/* What beginning a take costs is found by doing most of it: the score and what the drummer computes
 * of it, which live until the room closes, or not at all. */
static bool prepare(struct room *room, double *cost_s, struct error *err)
{
    double begin_s = stopwatch_s();
    const struct score *score = room_score_at(room, 100, err);
    struct performance *performance = score ? model_begin(room->model, score, err) : NULL;
    performance_end(performance);
    *cost_s = stopwatch_s() - begin_s;
    return performance != NULL;
}

bool room_await_guitar(struct room *room, const struct room_take_options *options,
                       struct error *err)
{
    struct awaiting_options waits = {.score = room_score_at(room, 100, err),
                                     .settings = &room->settings};
    if (!waits.score || !room_settle(room, options, err) || !room_can_join(&room->settings, err) ||
        !room_call_drummer(room, err) || !session_takes_numbered(room->session, &waits.take, err) ||
        !prepare(room, &waits.ready_s, err))
        return false;
    waits.ready_s = 2 * waits.ready_s + HASTE_S;
    waits.plays = options->guitar != NULL;
    waits.seed = room->settings.seed;
    waits.clock = stage_status(room->stage).clock;
    stage_set_sensitivity(room->stage, (float)options->sensitivity_db);
    room->awaited = *options;
    room->awaiting = awaiting_new(&waits, err);
    return room->awaiting != NULL;
}

bool room_awaiting(const struct room *room)
{
    return room->awaiting != NULL;
}

void room_await_no_more(struct room *room)
{
    awaiting_free(room->awaiting);
    room->awaiting = NULL;
}

void room_overhear(struct room *room, const struct report *news)
{
    if (news->kind == REPORT_HEARD)
        awaiting_hear(room->awaiting, news->frame, (double)news->strength);
}

void room_correct_cue(struct room *room, double factor)
{
    awaiting_correct(room->awaiting, factor);
}

static bool begin(struct room *room, const struct entrance_cue *cue, struct error *err)
{
    room->settings.tempo_percent = cue->tempo_percent;
    const struct score *score = room_score_at(room, cue->tempo_percent, err);
    int64_t zero = score ? awaiting_zero(room->awaiting, cue, score) : 0;
    room_await_no_more(room);
    return score && room_start_take(room, &room->awaited, &zero, err);
}

bool room_come_in(struct room *room, struct entrance_cue *cue, struct error *err)
{
    assert(room->awaiting);
    int64_t clock = stage_status(room->stage).clock;
    int rate = room->settings.rate;
    struct engine_strum strum;
    int64_t ahead = clock + (int64_t)(STRUMS_AHEAD_S * rate);
    while (awaiting_strum(room->awaiting, ahead, &strum))
        stage_strum(room->stage, &strum);
    bool now = awaiting_comes_in(room->awaiting, clock, ROOM_CUE_S, cue);
    bool good = !now || begin(room, cue, err);
    cue->bar_s -= (double)clock / rate;
    return good;
}
