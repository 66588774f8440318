#include "tui/history.h"

#include <stdlib.h>
#include <string.h>

static void add_row(struct history *history, struct history_row row)
{
    history->rows[history->row_count++] = row;
}

static void add_takes(struct history *history, int checkpoint, int level)
{
    int before = history->row_count;
    for (int i = 0; i < history->take_count; i++)
        if (history->takes[i].checkpoint == history->checkpoints[checkpoint].number)
            add_row(history, (struct history_row){checkpoint, i, level, false});
    if (history->row_count > before)
        history->rows[history->row_count - 1].last = true;
}

/* A drummer, its takes, then those that grew from it: the first goes on on the same level. A
 * child's number is above its parent's, so this ends whatever the file says. */
static void add_drummer(struct history *history, int index, int level)
{
    int number = history->checkpoints[index].number;
    add_row(history, (struct history_row){index, -1, level, false});
    add_takes(history, index, level);
    for (int i = 0; i < history->checkpoint_count; i++)
        if (history->checkpoints[i].parent == number && history->checkpoints[i].number > number)
            add_drummer(history, i, level++);
}

bool history_arrange(struct history *history)
{
    free(history->rows);
    history->row_count = 0;
    size_t most = (size_t)history->take_count + (size_t)history->checkpoint_count + 1;
    history->rows = calloc(most, sizeof *history->rows);
    if (!history->rows)
        return false;
    for (int i = 0; i < history->checkpoint_count; i++)
        if (!history_checkpoint(history, history->checkpoints[i].parent))
            add_drummer(history, i, 0);
    if (history->selected >= history->row_count)
        history->selected = history->row_count > 0 ? history->row_count - 1 : 0;
    return true;
}

void history_release(struct history *history)
{
    free(history->takes);
    free(history->checkpoints);
    free(history->rows);
    *history = (struct history){0};
}

const struct session_take *history_take(const struct history *history, int number)
{
    for (int i = 0; i < history->take_count; i++)
        if (history->takes[i].number == number)
            return &history->takes[i];
    return NULL;
}

const struct session_checkpoint *history_checkpoint(const struct history *history, int number)
{
    for (int i = 0; i < history->checkpoint_count; i++)
        if (history->checkpoints[i].number == number)
            return &history->checkpoints[i];
    return NULL;
}

int history_newest(const struct history *history)
{
    for (int i = history->take_count - 1; i >= 0; i--)
        if (history->takes[i].status != TAKE_REJECTED)
            return history->takes[i].number;
    return history->take_count ? history->takes[history->take_count - 1].number : 0;
}

int history_selected_take(const struct history *history)
{
    if (history->selected >= history->row_count)
        return 0;
    int take = history->rows[history->selected].take;
    return take >= 0 ? history->takes[take].number : 0;
}

const struct session_checkpoint *history_player(const struct history *history, const char *model)
{
    const struct session_checkpoint *player = history_checkpoint(history, history->current);
    if (!model[0] || (player && strcmp(player->model, model) == 0))
        return player;
    for (int i = history->checkpoint_count - 1; i >= 0; i--)
        if (strcmp(history->checkpoints[i].model, model) == 0)
            return &history->checkpoints[i];
    return NULL;
}

bool history_has_learnt(const struct history *history, int number, int take)
{
    const struct session_checkpoint *drummer = history_checkpoint(history, number);
    while (drummer && drummer->take != take)
        drummer =
            drummer->parent < drummer->number ? history_checkpoint(history, drummer->parent) : NULL;
    return drummer != NULL;
}

int history_pupil(const struct history *history, int number)
{
    for (int i = history->checkpoint_count - 1; i >= 0; i--)
        if (history->checkpoints[i].take == number)
            return history->checkpoints[i].number;
    return 0;
}

void history_move(struct history *history, int by, int page)
{
    int to = history->selected + by;
    if (to >= history->row_count)
        to = history->row_count - 1;
    history->selected = to < 0 ? 0 : to;
    if (history->first > history->selected)
        history->first = history->selected;
    if (page > 0 && history->first < history->selected - page + 1)
        history->first = history->selected - page + 1;
}
