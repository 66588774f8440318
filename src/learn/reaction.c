#include "learn/reaction.h"

#include "model/filter.h"

#include <math.h>

/* Habits and drifts as the ear's plain filter has them; the share may be anything a player can do.
 */
static const struct filter_tuning tuning = {
    .name = "reaction",
    .sd = {[HABIT_SLOW] = 5.5,
           [HABIT_REACTION] = 0.7,
           [HABIT_CONSTANT] = 12,
           [HABIT_BAR] = 14,
           [HABIT_BEAT] = 14,
           [HABIT_SECTION] = 5,
           [HABIT_RUSH] = 10},
    .slow_keep = 0.97,
};

static const double MOST_MS = 40; /* further apart it was a slip, and is answered as one */

/* Plays the take to the filter, note by note. */
static void listen(struct filter *filter, const struct score *score, const struct take *take,
                   struct reaction *reaction)
{
    double asynchrony_ms = NAN, g_ms;
    double sum = 0;
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        if (!take_heard(take, i, &g_ms))
            continue;
        struct occasion occasion = {.step = step->step};
        if (!isnan(asynchrony_ms)) {
            occasion.asynchrony_ms = asynchrony_ms;
            sum += fmin(fabs(asynchrony_ms), MOST_MS);
            reaction->notes++;
        }
        filter_hear(filter, &occasion, g_ms, 1);
        const bool silent = take_is_out(score, &take->settings, step->step);
        asynchrony_ms = silent ? NAN : step->drums_ms - g_ms; /* nobody answers silence */
    }
    int at = filter_habit(filter, HABIT_REACTION);
    reaction->share = filter_mean(filter, at);
    reaction->sd = sqrt(filter_covariance(filter, at, at));
    reaction->ms = reaction->notes ? reaction->share * sum / reaction->notes : 0;
}

bool reaction_measure(const struct score *score, const struct take *take, struct reaction *reaction,
                      struct error *err)
{
    *reaction = (struct reaction){.notes = 0};
    struct filter *filter = filter_new(score, &tuning);
    if (!filter)
        return error_set(err, "out of memory");
    filter_start_take(filter);
    listen(filter, score, take, reaction);
    filter_free(filter);
    return true;
}
