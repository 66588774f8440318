#include "score/take.h"

#include <math.h>
#include <stdlib.h>

const char *round_trip_source_name(enum round_trip_source source)
{
    static const char *const names[ROUND_TRIP_SOURCES] = {"none", "reported", "measured", "stale"};
    return names[source];
}

struct take *take_new(const struct score *score, const struct take_settings *settings,
                      int onset_capacity, int change_capacity)
{
    struct take *take = calloc(1, sizeof *take);
    if (!take)
        return NULL;
    take->settings = *settings;
    take->sound.drift_ppm = NAN;
    take->onsets = calloc((size_t)onset_capacity + 1, sizeof *take->onsets);
    take->changes = calloc((size_t)change_capacity + 1, sizeof *take->changes);
    take->steps = calloc((size_t)score->step_count, sizeof *take->steps);
    take->hits = calloc((size_t)score->hit_count, sizeof *take->hits);
    if (!take->onsets || !take->changes || !take->steps || !take->hits) {
        take_free(take);
        return NULL;
    }
    return take;
}

void take_free(struct take *take)
{
    if (!take)
        return;
    free(take->onsets);
    free(take->changes);
    free(take->steps);
    free(take->hits);
    free(take->recording.bytes);
    free(take);
}

struct score *take_score(const struct score *song, const struct take_settings *settings,
                         struct error *err)
{
    return practice_score(song, settings->first_bar, settings->last_bar, &settings->practice, err);
}

bool take_range(const struct score *score, const struct take_settings *settings,
                struct take_range *range, struct error *err)
{
    bool arranged = score->passage_count > 0;
    int first_bar = arranged || settings->first_bar == 0 ? 1 : settings->first_bar;
    bool to_end = arranged || settings->last_bar == 0 || settings->last_bar >= score->bar_count;
    *range = (struct take_range){
        .end_step = score->step_count,
        .first_bar = first_bar - 1,
        .end_s = to_end ? score->duration_s : score_bar_s(score, settings->last_bar + 1),
    };
    return arranged || score_bars(score, first_bar, settings->last_bar, &range->first_step,
                                  &range->end_step, err);
}

bool take_is_out(const struct score *score, const struct take_settings *settings, int step)
{
    bool whole = score->passage_count > 0 || settings->first_bar == 0;
    int first_bar = whole ? 0 : settings->first_bar - 1;
    return practice_is_out(&settings->practice, practice_clock_bar(score, step) - first_bar);
}

bool take_flubs(const struct take *take, struct bars *flubs, struct bars *others)
{
    bool whole = true;
    *flubs = (struct bars){0};
    *others = bars_all;
    for (int i = 0; i < take->change_count; i++)
        whole = change_flubs(&take->changes[i], flubs, others) && whole;
    return whole;
}

bool take_heard(const struct take *take, int index, double *deviation_ms)
{
    for (int i = 0; i < take->onset_count; i++)
        if (take->onsets[i].step == take->steps[index].step) {
            *deviation_ms = take->onsets[i].deviation_ms;
            return true;
        }
    return false;
}

static int compare_step(const void *key, const void *element)
{
    return *(const int *)key - ((const struct take_step *)element)->step;
}

/* The take step an onset belongs to; NULL for none, and where the take stopped before it. */
static const struct take_step *step_of(const struct take *take, const struct take_onset *onset)
{
    if (onset->step < 0 || take->step_count == 0)
        return NULL;
    return bsearch(&onset->step, take->steps, (size_t)take->step_count, sizeof *take->steps,
                   compare_step);
}

struct take_summary take_summarise(const struct take *take)
{
    struct take_summary summary = {
        .steps = take->step_count,
        .hits = take->hit_count,
        .onsets = take->onset_count,
    };
    for (int i = 0; i < take->step_count; i++)
        summary.deadline_misses += !take->steps[i].planned;
    for (int i = 0; i < take->onset_count; i++) {
        const struct take_onset *onset = &take->onsets[i];
        const struct take_step *step = step_of(take, onset);
        if (!step)
            continue;
        summary.matched++;
        summary.prediction_mae_ms += fabs(step->predicted_ms - onset->deviation_ms);
        summary.asynchrony_mae_ms += fabs(onset->deviation_ms - step->drums_ms);
        summary.asynchrony_mean_ms += onset->deviation_ms - step->drums_ms;
    }
    if (summary.matched) {
        summary.prediction_mae_ms /= summary.matched;
        summary.asynchrony_mae_ms /= summary.matched;
        summary.asynchrony_mean_ms /= summary.matched;
    }
    return summary;
}
