#include "tui/history.h"

#include <stdio.h>

struct history_mark history_mark(const struct history *history, int row)
{
    if (row < 0 || row >= history->row_count)
        return (struct history_mark){0, 0};
    const struct history_row *line = &history->rows[row];
    if (line->take >= 0)
        return (struct history_mark){.take = history->takes[line->take].number};
    return (struct history_mark){.drummer = history->checkpoints[line->checkpoint].number};
}

bool history_mark_same(struct history_mark a, struct history_mark b)
{
    return a.take == b.take && a.drummer == b.drummer;
}

void history_mark_name(struct history_mark mark, char *out, int size)
{
    if (mark.take)
        snprintf(out, (size_t)size, "take %d", mark.take);
    else
        snprintf(out, (size_t)size, "drummer #%d", mark.drummer);
}

struct history_mark history_origin(const struct history *history, struct history_mark mark)
{
    const struct session_take *take = history_take(history, mark.take);
    const struct session_checkpoint *drummer = history_checkpoint(history, mark.drummer);
    if (take)
        return (struct history_mark){.drummer = take->checkpoint};
    if (drummer && drummer->take)
        return (struct history_mark){.take = drummer->take};
    return (struct history_mark){.drummer = drummer ? drummer->parent : 0};
}

struct history_mark history_outcome(const struct history *history, struct history_mark mark)
{
    if (mark.take)
        return (struct history_mark){.drummer = history_pupil(history, mark.take)};
    for (int i = 0; i < history->take_count; i++)
        if (history->takes[i].checkpoint == mark.drummer)
            return (struct history_mark){.take = history->takes[i].number};
    for (int i = 0; i < history->checkpoint_count; i++)
        if (history->checkpoints[i].parent == mark.drummer)
            return (struct history_mark){.drummer = history->checkpoints[i].number};
    return (struct history_mark){0, 0};
}

int history_row(const struct history *history, struct history_mark mark)
{
    int row = history->row_count - 1;
    while (row >= 0 && !history_mark_same(history_mark(history, row), mark))
        row--;
    return row;
}

int history_selected_take(const struct history *history, const struct browsing *browsing)
{
    return history_mark(history, browsing->selected).take;
}

void browsing_select(struct browsing *browsing, const struct history *history, int row, int page)
{
    if (row >= history->row_count)
        row = history->row_count - 1;
    browsing->selected = row < 0 ? 0 : row;
    browsing->at = history_mark(history, browsing->selected);
    if (browsing->first > browsing->selected)
        browsing->first = browsing->selected;
    if (page > 0 && browsing->first < browsing->selected - page + 1)
        browsing->first = browsing->selected - page + 1;
}

void browsing_move(struct browsing *browsing, const struct history *history, int by, int page)
{
    browsing_select(browsing, history, browsing->selected + by, page);
}

void browsing_find_again(struct browsing *browsing, const struct history *history)
{
    int row = history_row(history, browsing->at);
    browsing_select(browsing, history, row < 0 ? browsing->selected : row, 0);
}

int browsing_search(const struct browsing *browsing, const struct history *history, int from,
                    int by)
{
    int count = history->row_count;
    for (int i = 0; i < count; i++) {
        int row = ((from + i * by) % count + count) % count;
        if (history_finds(history, &history->rows[row], browsing->words))
            return row;
    }
    return -1;
}
