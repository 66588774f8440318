#include "rehearsal/comparison.h"

#include "rehearsal/room_private.h"

#include <math.h>
#include <stdlib.h>

void comparison_release(struct comparison *comparison)
{
    for (int i = 0; i < 2; i++) {
        free(comparison->bar_ms[i]);
        free(comparison->taught[i]);
    }
    *comparison = (struct comparison){0};
}

/* A mean for every bar. */
struct bar_means {
    float *ms;
    int *count;
};

static bool begin_bars(struct bar_means *bars, int count, struct error *err)
{
    bars->ms = calloc((size_t)count + 1, sizeof *bars->ms);
    bars->count = calloc((size_t)count + 1, sizeof *bars->count);
    return (bars->ms && bars->count) || error_set(err, "out of memory");
}

static void add_to_bar(struct bar_means *bars, int bar, double ms)
{
    bars->count[bar]++;
    bars->ms[bar] += ((float)ms - bars->ms[bar]) / (float)bars->count[bar];
}

/* Gives the means away. */
static float *end_bars(struct bar_means *bars, int count)
{
    for (int bar = 0; bars->ms && bars->count && bar < count; bar++)
        if (bars->count[bar] == 0)
            bars->ms[bar] = NAN;
    free(bars->count);
    return bars->ms;
}

/* ---- takes ---- */

static bool compare_take(struct room *room, int number, int which, struct comparison *comparison,
                         struct error *err)
{
    const struct score *score;
    struct bar_means bars = {NULL, NULL};
    struct take *take = room_stored_take(room, number, &score, err);
    bool good = take && session_take_info(room->session, number, &comparison->takes[which], err) &&
                begin_bars(&bars, comparison->bar_count, err);
    for (int i = 0; good && i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        int bar = score->steps[step->step].bar;
        double guitar_ms;
        if (bar < comparison->bar_count && take_heard(take, i, &guitar_ms))
            add_to_bar(&bars, bar, fabs(guitar_ms - step->drums_ms));
    }
    comparison->bar_ms[which] = end_bars(&bars, comparison->bar_count);
    take_free(take);
    return good;
}

/* ---- drummers ---- */

static void add_stroke(struct compared_drum *drum, double ms, double velocity)
{
    drum->hits++;
    drum->ms += (ms - drum->ms) / drum->hits;
    drum->velocity += (velocity - drum->velocity) / drum->hits;
    drum->apart_ms += (fabs(ms) - drum->apart_ms) / drum->hits;
    drum->apart_velocity += (fabs(velocity) - drum->apart_velocity) / drum->hits;
}

/* Both have played the whole song, so that their hits are the same ones. */
static void compare_strokes(const struct score *score, const struct take *first,
                            const struct take *second, struct comparison *comparison,
                            struct bar_means bars[2])
{
    for (int i = 0; i < first->hit_count && i < second->hit_count; i++) {
        const struct take_hit *a = &first->hits[i], *b = &second->hits[i];
        const struct hit *hit = &score->hits[a->hit];
        double ms = 1000.0 * (double)(b->frame - a->frame) / first->settings.rate;
        int bar = score->steps[hit->step].bar;
        add_stroke(&comparison->drums[hit->drum], ms, b->velocity - a->velocity);
        add_stroke(&comparison->all, ms, b->velocity - a->velocity);
        for (int k = 0; k < 2 && bar < comparison->bar_count; k++)
            add_to_bar(&bars[k], bar, fabs(ms));
    }
}

static bool compare_drumming(struct room *room, struct comparison *comparison, struct error *err)
{
    struct bar_means bars[2] = {{NULL, NULL}, {NULL, NULL}};
    struct take *first = room_play_alone(room, comparison->checkpoints[0].number, 0, err);
    struct take *second =
        first ? room_play_alone(room, comparison->checkpoints[1].number, 0, err) : NULL;
    bool good = second && begin_bars(&bars[0], comparison->bar_count, err) &&
                begin_bars(&bars[1], comparison->bar_count, err);
    if (good)
        compare_strokes(room->score, first, second, comparison, bars);
    for (int i = 0; i < 2; i++)
        comparison->bar_ms[i] = end_bars(&bars[i], comparison->bar_count);
    take_free(first);
    take_free(second);
    return good;
}

/* The lessons of one drummer and those it grew from that the other has not had. */
static bool list_lessons(const struct history *history, int own, int other, int **list, int *count,
                         struct error *err)
{
    *list = calloc((size_t)history->checkpoint_count + 1, sizeof **list);
    if (!*list)
        return error_set(err, "out of memory");
    const struct session_checkpoint *at = history_checkpoint(history, own);
    while (at) {
        if (at->take && !history_has_learnt(history, other, at->take))
            (*list)[(*count)++] = at->take;
        at = at->parent < at->number ? history_checkpoint(history, at->parent) : NULL;
    }
    for (int i = 0; i < *count / 2; i++) {
        int late = (*list)[i];
        (*list)[i] = (*list)[*count - 1 - i];
        (*list)[*count - 1 - i] = late;
    }
    return true;
}

static bool compare_lessons(struct room *room, struct comparison *comparison, struct error *err)
{
    struct history history = {0};
    bool good = history_read(&history, room->session, err);
    for (int i = 0; good && i < 2; i++)
        good = list_lessons(&history, comparison->checkpoints[i].number,
                            comparison->checkpoints[!i].number, &comparison->taught[i],
                            &comparison->taught_count[i], err);
    history_release(&history);
    return good;
}

/* ---- both ---- */

bool room_compare(struct room *room, bool drummers, int first, int second,
                  struct comparison *comparison, struct error *err)
{
    struct comparison now = {.drummers = drummers, .bar_count = room->score->bar_count};
    bool good;
    if (drummers)
        good = session_checkpoint_info(room->session, first, &now.checkpoints[0], err) &&
               session_checkpoint_info(room->session, second, &now.checkpoints[1], err) &&
               compare_drumming(room, &now, err) && compare_lessons(room, &now, err);
    else
        good = compare_take(room, first, 0, &now, err) && compare_take(room, second, 1, &now, err);
    if (!good) {
        comparison_release(&now);
        return false;
    }
    comparison_release(comparison);
    *comparison = now;
    return true;
}

double comparison_ms(const struct comparison *comparison, int bar)
{
    float first = comparison->bar_ms[0][bar], second = comparison->bar_ms[1][bar];
    return comparison->drummers ? first : fabsf(second - first);
}

int comparison_widest(const struct comparison *comparison, int *bars, int most)
{
    int count = 0;
    for (int bar = 0; bar < comparison->bar_count; bar++) {
        double ms = comparison_ms(comparison, bar);
        int at = count;
        while (at > 0 && comparison_ms(comparison, bars[at - 1]) < ms)
            at--;
        if (!(ms > 0) || at == most)
            continue;
        count += count < most;
        for (int i = count - 1; i > at; i--)
            bars[i] = bars[i - 1];
        bars[at] = bar;
    }
    return count;
}
