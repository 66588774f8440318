#include "rehearsal/history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool history_read(struct history *history, struct session *session, struct error *err)
{
    struct history now = {0};
    if (!session_takes(session, &now.takes, &now.take_count, err) ||
        !session_checkpoints(session, &now.checkpoints, &now.checkpoint_count, err) ||
        !session_current(session, &now.current, err) ||
        (!history_arrange(&now) && !error_set(err, "out of memory"))) {
        history_release(&now);
        return false;
    }
    history_release(history);
    *history = now;
    return true;
}

void history_release(struct history *history)
{
    free(history->takes);
    free(history->checkpoints);
    free(history->rows);
    *history = (struct history){0};
}

/* ---- the tree ---- */

static void add_row(struct history *history, struct history_row row)
{
    history->rows[history->row_count++] = row;
}

static void add_takes(struct history *history, int checkpoint, int level)
{
    for (int i = 0; i < history->take_count; i++)
        if (history->takes[i].checkpoint == history->checkpoints[checkpoint].number)
            add_row(history, (struct history_row){.checkpoint = checkpoint, .take = i, level});
}

/* A child's number is above its parent's, so every walk ends whatever the file says. */
static bool is_child(const struct history *history, int index, int parent)
{
    const struct session_checkpoint *child = &history->checkpoints[index];
    return child->parent == parent && child->number > parent;
}

/* Whether the current drummer is this one or grew from it. */
static bool leads_to_current(const struct history *history, int number)
{
    const struct session_checkpoint *at = history_checkpoint(history, history->current);
    while (at && at->number > number && at->parent < at->number)
        at = history_checkpoint(history, at->parent);
    return at && at->number == number;
}

/* Of the drummers that grew from one: its index, -1 where there is none. */
static int find_heir(const struct history *history, int parent)
{
    int heir = -1;
    for (int i = 0; i < history->checkpoint_count; i++)
        if (is_child(history, i, parent)) {
            heir = i;
            if (leads_to_current(history, history->checkpoints[i].number))
                break;
        }
    return heir;
}

/* A line of descent to its end. */
static void add_line(struct history *history, int index, int level)
{
    for (bool branches = level > 0; index >= 0; branches = false) {
        int number = history->checkpoints[index].number, heir = find_heir(history, number);
        add_row(history, (struct history_row){index, -1, level, .branches = branches});
        add_takes(history, index, level);
        for (int i = 0; i < history->checkpoint_count; i++)
            if (i != heir && is_child(history, i, number))
                add_line(history, i, level + 1);
        if (heir < 0)
            history->rows[history->row_count - 1].last = true;
        index = heir;
    }
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
            add_line(history, i, 0);
    return true;
}

void history_rails(const struct history_row *row, int most, char *out, int size)
{
    bool drummer = row->take < 0;
    int rails = row->level - row->branches, hidden = rails > most ? rails - most : 0, used = 0;
    out[0] = '\0';
    for (int i = hidden; i < rails && used < size; i++)
        used += snprintf(out + used, (size_t)(size - used), i == hidden && hidden ? "… " : "│ ");
    if (used < size)
        snprintf(out + used, (size_t)(size - used), "%s",
                 row->branches ? "├─"
                 : drummer     ? ""
                 : row->last   ? "└─ "
                               : "├─ ");
}

/* ---- who is who ---- */

/* Numbers ascend. */
static int by_take(const void *number, const void *take)
{
    int wanted = *(const int *)number, found = ((const struct session_take *)take)->number;
    return (wanted > found) - (wanted < found);
}

static int by_checkpoint(const void *number, const void *checkpoint)
{
    int wanted = *(const int *)number,
        found = ((const struct session_checkpoint *)checkpoint)->number;
    return (wanted > found) - (wanted < found);
}

const struct session_take *history_take(const struct history *history, int number)
{
    if (history->take_count == 0)
        return NULL;
    return bsearch(&number, history->takes, (size_t)history->take_count, sizeof *history->takes,
                   by_take);
}

const struct session_checkpoint *history_checkpoint(const struct history *history, int number)
{
    if (history->checkpoint_count == 0)
        return NULL;
    return bsearch(&number, history->checkpoints, (size_t)history->checkpoint_count,
                   sizeof *history->checkpoints, by_checkpoint);
}

int history_newest(const struct history *history)
{
    for (int i = history->take_count - 1; i >= 0; i--)
        if (history->takes[i].status != TAKE_REJECTED)
            return history->takes[i].number;
    return history->take_count ? history->takes[history->take_count - 1].number : 0;
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

/* ---- words ---- */

static void describe(const struct history *history, const struct history_row *row, char *out,
                     size_t size)
{
    const struct session_checkpoint *drummer = &history->checkpoints[row->checkpoint];
    const struct session_take *take = row->take < 0 ? NULL : &history->takes[row->take];
    time_t when = (time_t)(take ? take->date_s : drummer->date_s);
    struct tm local;
    char date[64] = "";
    if (localtime_r(&when, &local))
        strftime(date, sizeof date, "%Y-%m-%d %a %d %b %H:%M", &local);
    if (take)
        snprintf(out, size, "take %d\n%s\n%s\n%s\n%s", take->number, take_status_name(take->status),
                 take->settings.model, date, take->note);
    else
        snprintf(out, size, "drummer #%d\n%s\n%s\n%s", drummer->number, drummer->model, date,
                 drummer->note);
}

static void to_lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

bool history_finds(const struct history *history, const struct history_row *row, const char *words)
{
    char text[SESSION_NOTE_SIZE + 256], wanted[SESSION_NOTE_SIZE + 256];
    describe(history, row, text, sizeof text);
    snprintf(wanted, sizeof wanted, "%s", words);
    to_lower(text);
    to_lower(wanted);
    return strstr(text, wanted) != NULL;
}

/* ---- days ---- */

static bool same_day(int64_t a_s, int64_t b_s)
{
    time_t a = (time_t)a_s, b = (time_t)b_s;
    struct tm x, y;
    return localtime_r(&a, &x) && localtime_r(&b, &y) && x.tm_year == y.tm_year &&
           x.tm_yday == y.tm_yday;
}

struct history_day *history_days(const struct history *history, int *count)
{
    struct history_day *days = calloc((size_t)history->take_count + 1, sizeof *days);
    *count = 0;
    for (int i = 0; days && i < history->take_count; i++) {
        const struct session_take *take = &history->takes[i];
        double ms = take->summary.asynchrony_mae_ms;
        if (take->status == TAKE_REJECTED || take->summary.matched == 0)
            continue;
        if (*count == 0 || !same_day(days[*count - 1].date_s, take->date_s))
            days[(*count)++] = (struct history_day){.date_s = take->date_s, .best_ms = ms};
        struct history_day *day = &days[*count - 1];
        day->takes++;
        day->mean_ms += (ms - day->mean_ms) / day->takes;
        day->best_ms = fmin(day->best_ms, ms);
        day->last_ms = ms;
    }
    return days;
}
