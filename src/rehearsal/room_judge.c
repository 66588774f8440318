#include "rehearsal/room_private.h"

#include <stdlib.h>

static struct take *read_row(struct room *room, int number, struct room_verdict *verdict,
                             const struct score **score, struct error *err)
{
    struct take *take = room_stored_take(room, number, score, err);
    if (take &&
        !take_bars_measure(&verdict->rows[verdict->row_count++], number, *score, take, err)) {
        take_free(take);
        return NULL;
    }
    return take;
}

static bool read_earlier(struct room *room, int number, struct room_verdict *verdict,
                         struct error *err)
{
    struct session_take *takes;
    int count;
    bool good = session_takes(room->session, &takes, &count, err);
    if (!good)
        return false;
    for (int i = count - 1; good && i >= 0 && verdict->row_count < ROOM_MOST_ROWS; i--) {
        const struct score *score;
        if (takes[i].number >= number || takes[i].summary.matched == 0)
            continue;
        struct take *take = read_row(room, takes[i].number, verdict, &score, err);
        good = take != NULL;
        take_free(take);
    }
    free(takes);
    return good;
}

bool room_judge(struct room *room, int number, struct room_verdict *verdict, struct error *err)
{
    const struct score *score;
    *verdict = (struct room_verdict){.row_count = 0};
    struct take *take = read_row(room, number, verdict, &score, err);
    bool judged = take && read_earlier(room, number, verdict, err) &&
                  judgement_make(score, take, &verdict->rows[0], &verdict->rows[1],
                                 verdict->row_count - 1, &verdict->judgement, err);
    take_free(take);
    return judged;
}

void room_verdict_release(struct room_verdict *verdict)
{
    for (int i = 0; i < verdict->row_count; i++)
        take_bars_release(&verdict->rows[i]);
    *verdict = (struct room_verdict){.row_count = 0};
}
