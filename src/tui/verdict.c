#include "tui/verdict.h"

#include "tui/history.h"

#include <math.h>
#include <stdlib.h>

static bool new_bars(struct bar_figures *bars, int take, int count)
{
    *bars = (struct bar_figures){.take = take, .count = count};
    bars->ms = calloc((size_t)count + 1, sizeof *bars->ms);
    return bars->ms != NULL;
}

/* Fills the bars and returns the mean distance from the grid. */
static double measure(const struct take *take, const struct score *score, struct bar_figures *bars)
{
    int *heard = calloc((size_t)bars->count + 1, sizeof *heard);
    double grid_ms = 0;
    int count = 0;
    for (int i = 0; heard && i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        int bar = score->steps[step->step].at.bar;
        double guitar_ms;
        if (bar >= bars->count || !take_heard(take, i, &guitar_ms))
            continue;
        grid_ms += fabs(guitar_ms);
        count++;
        bars->ms[bar] += (float)fabs(guitar_ms - step->drums_ms);
        heard[bar]++;
    }
    for (int bar = 0; bar < bars->count; bar++)
        bars->ms[bar] = heard && heard[bar] ? bars->ms[bar] / (float)heard[bar] : NAN;
    free(heard);
    return count ? grid_ms / count : 0.0;
}

static bool read_bars(struct session *session, int number, double tempo_percent,
                      struct bar_figures *bars, double *grid_ms, struct error *err)
{
    struct score *score = session_score(session, tempo_percent, err);
    struct take *take = score ? session_take_get(session, number, score, err) : NULL;
    bool read =
        take && (new_bars(bars, number, score->bar_count) || error_set(err, "out of memory"));
    if (read)
        *grid_ms = measure(take, score, bars);
    take_free(take);
    score_free(score);
    return read;
}

bool verdict_load(struct verdict *verdict, struct session *session, const struct history *history,
                  int number, struct error *err)
{
    struct verdict fresh = {0};
    if (!session_take_info(session, number, &fresh.take, err))
        return false;
    const struct take_settings *settings = &fresh.take.settings;
    fresh.length_s = fmax((double)fresh.take.stop_frame / settings->rate, 0.0);
    if (!read_bars(session, number, settings->tempo_percent, &fresh.bars, &fresh.grid_ms, err))
        return false;
    double unused;
    const struct session_take *before = history_take(history, number - 1);
    if (before && !read_bars(session, number - 1, before->settings.tempo_percent, &fresh.before,
                             &unused, err)) {
        verdict_release(&fresh);
        return false;
    }
    verdict_release(verdict);
    *verdict = fresh;
    return true;
}

void verdict_release(struct verdict *verdict)
{
    free(verdict->bars.ms);
    free(verdict->before.ms);
    *verdict = (struct verdict){0};
}
