#include "score/take_bars.h"

#include <math.h>
#include <stdlib.h>

static void hear(struct take_bar *bar, const struct take_step *step, double g_ms)
{
    const double lean_ms = g_ms - step->drums_ms;
    bar->notes++;
    bar->apart_ms += (float)fabs(lean_ms);
    bar->lean_ms += (float)lean_ms;
    bar->guitar_ms += (float)g_ms;
}

/* Sums become means. */
static void divide(struct take_bar *bar)
{
    const float notes = bar->notes ? (float)bar->notes : NAN;
    bar->apart_ms /= notes;
    bar->lean_ms /= notes;
    bar->guitar_ms /= notes;
}

bool take_bars_measure(struct take_bars *bars, int number, const struct score *score,
                       const struct take *take, struct error *err)
{
    *bars = (struct take_bars){.take = number, .count = score->bar_count};
    bars->bars = calloc((size_t)bars->count + 1, sizeof *bars->bars);
    if (!bars->bars)
        return error_set(err, "out of memory");
    for (int i = 0; i < take->step_count; i++) {
        const struct step *step = &score->steps[take->steps[i].step];
        double g_ms;
        if (step->bar >= bars->count)
            continue;
        struct take_bar *bar = &bars->bars[step->bar];
        bar->struck |= UINT64_C(1) << step->bin;
        if (!take_heard(take, i, &g_ms))
            continue;
        bar->heard |= UINT64_C(1) << step->bin;
        hear(bar, &take->steps[i], g_ms);
    }
    for (int bar = 0; bar < bars->count; bar++)
        divide(&bars->bars[bar]);
    return true;
}

void take_bars_release(struct take_bars *bars)
{
    free(bars->bars);
    *bars = (struct take_bars){0};
}

struct sums {
    double apart_ms, lean_ms, notes;
};

static struct sums add_up(const struct take_bars *bars, int first, int last)
{
    struct sums sums = {0};
    for (int i = first - 1; i < last && i < bars->count; i++) {
        const struct take_bar *bar = &bars->bars[i];
        if (bar->notes == 0)
            continue;
        sums.apart_ms += (double)bar->apart_ms * bar->notes;
        sums.lean_ms += (double)bar->lean_ms * bar->notes;
        sums.notes += bar->notes;
    }
    return sums;
}

double take_bars_apart_ms(const struct take_bars *bars, int first, int last)
{
    const struct sums sums = add_up(bars, first, last);
    return sums.apart_ms / sums.notes;
}

double take_bars_lean_ms(const struct take_bars *bars, int first, int last)
{
    const struct sums sums = add_up(bars, first, last);
    return sums.lean_ms / sums.notes;
}
