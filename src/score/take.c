#include "score/take.h"

#include <math.h>
#include <stdlib.h>

struct take *take_new(const struct score *score, const struct take_settings *settings,
                      int onset_capacity)
{
    struct take *take = calloc(1, sizeof *take);
    if (!take)
        return NULL;
    take->settings = *settings;
    take->onsets = calloc((size_t)onset_capacity + 1, sizeof *take->onsets);
    take->steps = calloc((size_t)score->step_count, sizeof *take->steps);
    take->hits = calloc((size_t)score->hit_count, sizeof *take->hits);
    if (!take->onsets || !take->steps || !take->hits) {
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
    free(take->steps);
    free(take->hits);
    free(take);
}

/* Onsets are kept as they were heard, so those of one step may lie apart; the first counts. */
bool take_heard(const struct take *take, int index, double *deviation_ms)
{
    for (int i = 0; i < take->onset_count; i++)
        if (take->onsets[i].step == take->steps[index].step) {
            *deviation_ms = take->onsets[i].deviation_ms;
            return true;
        }
    return false;
}

struct take_summary take_summarise(const struct take *take)
{
    struct take_summary summary = {
        .steps = take->step_count,
        .hits = take->hit_count,
        .onsets = take->onset_count,
    };
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        double deviation_ms;
        summary.deadline_misses += !step->planned;
        if (!take_heard(take, i, &deviation_ms))
            continue;
        summary.matched++;
        summary.prediction_mae_ms += fabs(step->predicted_ms - deviation_ms);
        summary.asynchrony_mae_ms += fabs(deviation_ms - step->drums_ms);
        summary.asynchrony_mean_ms += deviation_ms - step->drums_ms;
    }
    if (summary.matched) {
        summary.prediction_mae_ms /= summary.matched;
        summary.asynchrony_mae_ms /= summary.matched;
        summary.asynchrony_mean_ms /= summary.matched;
    }
    return summary;
}
