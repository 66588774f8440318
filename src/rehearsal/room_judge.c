#include "rehearsal/room_private.h"

#include <stdlib.h>

/* The next row; NULL, and there is none, when the take cannot be read. */
static struct take *read_row(struct room *room, int number, struct room_verdict *verdict,
                             const struct score **score, struct error *err)
{
    struct take_bars *row = &verdict->rows[verdict->row_count];
    struct take *take = room_stored_take(room, number, score, err);
    if (take && take_bars_measure(row, number, *score, take, err)) {
        verdict->row_count++;
        return take;
    }
    take_free(take);
    return NULL;
}

/* Takes before this one in which a guitar was heard, the newest first. One that cannot be read must
 * not hide what can be said of this one. */
static void read_earlier(struct room *room, const struct session_take *takes, int count,
                         struct room_verdict *verdict)
{
    for (int i = count - 1; i >= 0 && verdict->row_count < ROOM_MOST_ROWS; i--) {
        const struct score *score;
        if (takes[i].summary.matched > 0)
            take_free(read_row(room, takes[i].number, verdict, &score, NULL));
    }
}

static int count_before(const struct session_take *takes, int count, int number)
{
    while (count > 0 && takes[count - 1].number >= number)
        count--;
    return count;
}

bool room_judge(struct room *room, int number, struct room_verdict *verdict, struct error *err)
{
    const struct score *score;
    struct session_take *takes = NULL;
    int count = 0;
    *verdict = (struct room_verdict){.row_count = 0};
    struct take *take = read_row(room, number, verdict, &score, err);
    bool judged = take && session_takes(room->session, &takes, &count, err);
    count = count_before(takes, count, number);
    if (judged) {
        read_earlier(room, takes, count, verdict);
        judged = judgement_make(score, take, &verdict->rows[0], &verdict->rows[1],
                                verdict->row_count - 1, &verdict->judgement, err);
    }
    for (int i = count - 1; judged && i >= 0; i--)
        judgement_compare(&verdict->judgement, takes[i].number, takes[i].summary.matched,
                          takes[i].summary.asynchrony_mae_ms);
    free(takes);
    take_free(take);
    return judged;
}

void room_verdict_release(struct room_verdict *verdict)
{
    for (int i = 0; i < verdict->row_count; i++)
        take_bars_release(&verdict->rows[i]);
    *verdict = (struct room_verdict){.row_count = 0};
}
