#include "tui/verdict.h"

#include <math.h>

/* The bar that sticks out, else the first one played. */
static void select_odd(struct verdict *verdict)
{
    const struct judgement *judgement = &verdict->judged.judgement;
    verdict->anchor = verdict->bar = 1;
    verdict_go_to_bar(verdict, verdict->take.settings.first_bar);
    if (judgement->odd_count) {
        verdict->bar = judgement->odd[0].first;
        verdict->anchor = judgement->odd[0].last;
    }
}

bool verdict_load(struct verdict *verdict, struct room *room, int number, struct error *err)
{
    struct verdict fresh = {.choice = LESSON_OF_ALL};
    if (!session_take_info(room_session(room), number, &fresh.take, err))
        return false;
    if (!room_judge(room, number, &fresh.judged, err) ||
        !room_lesson_choice(room, number, &fresh.choice, &fresh.flubs, err) ||
        !room_advise(room, number, &fresh.choice, &fresh.advice, err)) {
        verdict_release(&fresh);
        return false;
    }
    fresh.length_s = fmax((double)fresh.take.stop_frame / fresh.take.settings.rate, 0.0);
    select_odd(&fresh);
    verdict_release(verdict);
    *verdict = fresh;
    return true;
}

void verdict_release(struct verdict *verdict)
{
    room_verdict_release(&verdict->judged);
    *verdict = (struct verdict){.bar = 1, .anchor = 1};
}

int verdict_bars(const struct verdict *verdict)
{
    return verdict->judged.rows[0].count;
}

/* The first bar of the column that holds `bar`. */
static int column_of(int bar, int stride)
{
    return (bar - 1) / stride * stride + 1;
}

struct bar_range verdict_selected(const struct verdict *verdict, int stride)
{
    const bool forward = verdict->anchor <= verdict->bar;
    const int first = forward ? verdict->anchor : verdict->bar;
    const int last = column_of(forward ? verdict->bar : verdict->anchor, stride) + stride - 1;
    const int bars = verdict_bars(verdict);
    return (struct bar_range){column_of(first, stride), last < bars ? last : bars};
}

void verdict_go_to_bar(struct verdict *verdict, int bar)
{
    if (bar >= 1 && bar <= verdict_bars(verdict))
        verdict->bar = bar;
    if (!verdict->stretching)
        verdict->anchor = verdict->bar;
}

void verdict_move_bar(struct verdict *verdict, int stride, int direction)
{
    verdict_go_to_bar(verdict, column_of(verdict->bar, stride) + direction * stride);
}

void verdict_stretch(struct verdict *verdict)
{
    verdict->stretching = !verdict->stretching;
    if (verdict->stretching)
        verdict->anchor = verdict->bar;
}

void verdict_move_row(struct verdict *verdict, int direction)
{
    const int row = verdict->row + direction;
    if (row >= 0 && row < verdict->judged.row_count)
        verdict->row = row;
}

bool verdict_toggle_bars(struct verdict *verdict, int stride)
{
    const struct bar_range selected = verdict_selected(verdict, stride);
    const bool in = !bars_hold(&verdict->choice.bars, verdict->bar);
    verdict->stretching = false;
    return bars_put(&verdict->choice.bars, selected.first, selected.last, in);
}
