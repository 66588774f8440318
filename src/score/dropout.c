#include "score/dropout.h"

#include "base/median.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_NOTES = 3, MOST_NOTES = 128, NOTES_BEFORE = 16 };

struct notes {
    double time_s[MOST_NOTES], g_ms[MOST_NOTES];
    int count;
};

/* Evenly chosen where there are more than fit. */
static void collect(struct notes *notes, const struct score *score, const double *g_ms, int first,
                    int end)
{
    int heard = 0, seen = 0;
    for (int i = first; i < end; i++)
        heard += !isnan(g_ms[i]);
    int every = 1 + (heard - 1) / MOST_NOTES;
    notes->count = 0;
    for (int i = first; i < end; i++)
        if (!isnan(g_ms[i]) && seen++ % every == 0) {
            notes->time_s[notes->count] = score->steps[i].time_s;
            notes->g_ms[notes->count++] = g_ms[i];
        }
}

/* In ms a second. */
static double slope_of(const struct notes *notes)
{
    double slopes[MOST_NOTES * (MOST_NOTES - 1) / 2];
    int count = 0;
    for (int i = 1; i < notes->count; i++)
        for (int j = 0; j < i; j++)
            slopes[count++] =
                (notes->g_ms[i] - notes->g_ms[j]) / (notes->time_s[i] - notes->time_s[j]);
    return median(slopes, count);
}

/* Where the line through the notes is at `at_s`. */
static double line_at(const struct notes *notes, double slope, double at_s)
{
    double heights[MOST_NOTES];
    for (int i = 0; i < notes->count; i++)
        heights[i] = notes->g_ms[i] + slope * (at_s - notes->time_s[i]);
    return median(heights, notes->count);
}

/* Where the guitar was before step `first`; NaN when that is not known. */
static double level_before(const struct score *score, const struct take_settings *settings,
                           const double *g_ms, int first)
{
    double before[NOTES_BEFORE];
    int count = 0;
    for (int i = first - 1; i >= 0 && count < NOTES_BEFORE && !take_is_out(score, settings, i); i--)
        if (!isnan(g_ms[i]))
            before[count++] = g_ms[i];
    return count < LEAST_NOTES ? NAN : median(before, count);
}

static void measure(struct dropout *dropout, const struct score *score,
                    const struct take_settings *settings, const double *g_ms)
{
    struct notes notes;
    collect(&notes, score, g_ms, dropout->first_step, dropout->end_step);
    dropout->heard = notes.count;
    dropout->drift_ms = dropout->tempo_percent = NAN;
    if (notes.count < LEAST_NOTES)
        return;
    double slope = slope_of(&notes);
    double level = level_before(score, settings, g_ms, dropout->first_step);
    double end_s = score_bar_s(score, practice_clock_bar(score, dropout->end_step - 1) + 2);
    if (isnan(level))
        level = line_at(&notes, slope, score->steps[dropout->first_step].time_s);
    dropout->drift_ms = line_at(&notes, slope, end_s) - level;
    dropout->tempo_percent = 100 / (1 + slope / 1000) - 100;
}

bool dropout_next(const struct score *score, const struct take_settings *settings,
                  const double *g_ms, int from, int end, struct dropout *dropout)
{
    struct take_range range;
    if (settings->practice.out_bars == 0 || !take_range(score, settings, &range, NULL))
        return false;
    int first = from > range.first_step ? from : range.first_step;
    while (first < end && !take_is_out(score, settings, first))
        first++;
    int after = first;
    while (after < range.end_step && take_is_out(score, settings, after))
        after++;
    if (first >= end || after > end)
        return false;
    *dropout = (struct dropout){.first_step = first,
                                .end_step = after,
                                .first_bar = score->steps[first].bar + 1,
                                .last_bar = score->steps[after - 1].bar + 1};
    measure(dropout, score, settings, g_ms);
    return true;
}

bool dropouts_of_take(const struct score *score, const struct take *take, struct dropout **list,
                      int *count)
{
    *list = NULL;
    *count = 0;
    if (take->settings.practice.out_bars == 0 || take->step_count == 0)
        return true;
    double *g_ms = calloc((size_t)score->step_count + 1, sizeof *g_ms);
    *list = calloc((size_t)take->step_count + 1, sizeof **list);
    if (!g_ms || !*list) {
        free(g_ms);
        free(*list);
        return false;
    }
    for (int i = 0; i < score->step_count; i++)
        g_ms[i] = NAN;
    for (int i = 0; i < take->onset_count; i++)
        if (take->onsets[i].step >= 0)
            g_ms[take->onsets[i].step] = take->onsets[i].deviation_ms;
    int end = take->steps[take->step_count - 1].step + 1;
    for (int from = 0; dropout_next(score, &take->settings, g_ms, from, end, &(*list)[*count]);
         from = (*list)[(*count)++].end_step)
        ;
    free(g_ms);
    return true;
}
