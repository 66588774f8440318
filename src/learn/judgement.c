#include "learn/judgement.h"

#include <math.h>
#include <stdlib.h>

static const double SURE = 2;           /* standard errors */
static const double MODEL_SHARE = 0.04; /* what the filter's model may be off by (tests) */
static const double HARDLY = 0.15;      /* a share that is as good as none */

static bool holds(uint64_t places, int bin)
{
    return places >> bin & 1;
}

/* Whether he was heard at this place of this bar in at least half of the takes that came by. */
static bool usually_plays(const struct take_bars *earlier, int count, const struct step *step)
{
    int came = 0, heard = 0;
    for (int i = 0; i < count; i++) {
        if (step->bar >= earlier[i].count)
            continue;
        const struct take_bar *bar = &earlier[i].bars[step->bar];
        came += holds(bar->struck, step->bin);
        heard += holds(bar->heard, step->bin);
    }
    return came > 0 && 2 * heard >= came;
}

static void measure(const struct score *score, const struct take *take,
                    const struct take_bars *earlier, int count, struct judgement *judgement)
{
    double squares = 0;
    judgement->steps = take->step_count;
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        double g_ms;
        const bool heard = take_heard(take, i, &g_ms);
        if (usually_plays(earlier, count, &score->steps[step->step])) {
            judgement->expected++;
            judgement->expected_heard += heard;
        }
        if (!heard)
            continue;
        const double lean_ms = g_ms - step->drums_ms;
        judgement->notes++;
        judgement->apart_ms += fabs(lean_ms);
        judgement->lean_ms += lean_ms;
        squares += lean_ms * lean_ms;
        judgement->within_ms += fabs(g_ms - step->predicted_ms);
        judgement->grid_ms += fabs(g_ms);
    }
    const double notes = judgement->notes ? judgement->notes : NAN;
    judgement->apart_ms /= notes;
    judgement->lean_ms /= notes;
    judgement->within_ms /= notes;
    judgement->grid_ms /= notes;
    judgement->spread_ms = sqrt(fmax(squares / notes - judgement->lean_ms * judgement->lean_ms, 0));
    if (judgement->notes == 0)
        judgement->spread_ms = NAN; /* fmax would make it 0 */
}

static bool look_at_dropouts(const struct score *score, const struct take *take,
                             struct judgement *judgement, struct error *err)
{
    struct dropout *list;
    int count;
    if (!dropouts_of_take(score, take, &list, &count))
        return error_set(err, "out of memory");
    for (int i = 0; i < count; i++) {
        if (isnan(list[i].drift_ms))
            continue;
        const double most_ms = judgement->dropouts++ ? fabs(judgement->dropout.drift_ms) : -1;
        if (fabs(list[i].drift_ms) > most_ms)
            judgement->dropout = list[i];
    }
    free(list);
    return true;
}

bool judgement_make(const struct score *score, const struct take *take,
                    const struct take_bars *bars, const struct take_bars *earlier,
                    int earlier_count, struct judgement *judgement, struct error *err)
{
    *judgement = (struct judgement){.take = bars->take};
    measure(score, take, earlier, earlier_count, judgement);
    return judgement_of_bars(bars, earlier, earlier_count, judgement, err) &&
           reaction_measure(score, take, &judgement->reaction, err) &&
           look_at_dropouts(score, take, judgement, err);
}

void judgement_compare(struct judgement *judgement, int take, int notes, double apart_ms)
{
    if (notes < JUDGEMENT_LEAST_NOTES)
        return;
    if (judgement->earlier++ == 0) {
        judgement->last = take;
        judgement->last_ms = apart_ms;
    }
    if (judgement->best == 0 || apart_ms < judgement->best_ms) {
        judgement->best = take;
        judgement->best_ms = apart_ms;
    }
}

double judgement_drums_ms(const struct judgement *judgement)
{
    return judgement->grid_ms - judgement->apart_ms;
}

enum coming judgement_coming(const struct judgement *judgement)
{
    const struct reaction *reaction = &judgement->reaction;
    const double doubt = SURE * hypot(reaction->sd, MODEL_SHARE);
    if (reaction->notes < JUDGEMENT_LEAST_NOTES)
        return COMING_UNKNOWN;
    if (reaction->share > doubt)
        return COMING;
    return reaction->share + doubt < HARDLY ? COMING_NOT : COMING_UNKNOWN;
}
