#include "tui/drill_now.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The dropout that was over no longer ago than the drums had played. */
static bool last_dropout(const struct score *score, const struct take_settings *settings,
                         const struct moment *moments, int clock_bar, struct dropout *last)
{
    double *g_ms = malloc((size_t)score->step_count * sizeof *g_ms);
    int end = 0, from = 0;
    bool found = false;
    if (!g_ms)
        return false;
    for (int i = 0; i < score->step_count; i++) {
        g_ms[i] = moments[i].heard ? moments[i].guitar_ms : NAN;
        end = practice_clock_bar(score, i) < clock_bar ? i + 1 : end;
    }
    struct dropout one;
    while (dropout_next(score, settings, g_ms, from, end, &one)) {
        *last = one;
        from = one.end_step;
        found = true;
    }
    free(g_ms);
    return found;
}

static void look_for_silence(struct drill_now *now, const struct practice *practice, int played_bar)
{
    int cycle = practice->play_bars + practice->out_bars;
    if (!practice_is_out(practice, played_bar))
        return;
    now->out_bar = played_bar % cycle - practice->play_bars + 1;
    now->out_bars = practice->out_bars;
}

struct drill_now drill_now_at(const struct score *score, const struct take_settings *settings,
                              const struct moment *moments, int clock_bar, bool told)
{
    const struct passage *passage = practice_passage(score, clock_bar);
    const struct practice *practice = &settings->practice;
    int first_bar = passage || settings->first_bar == 0 ? 0 : settings->first_bar - 1;
    struct drill_now now = {.tempo_percent = settings->tempo_percent, .told = told};
    if (passage && passage->pass) {
        now.pass = passage->pass;
        now.passes = practice_passes(score);
        now.tempo_percent = passage->tempo_percent;
        now.vamp = practice->vamp_first > 0;
        now.last_time = told || now.pass == now.passes;
    }
    look_for_silence(&now, practice, clock_bar - first_bar);
    if (practice->out_bars && !now.out_bars)
        now.drifted = last_dropout(score, settings, moments, clock_bar, &now.dropout);
    return now;
}

void drill_now_drift(const struct dropout *dropout, char *out, int size)
{
    if (isnan(dropout->drift_ms))
        snprintf(out, (size_t)size, "too few notes heard without the drums");
    else
        snprintf(out, (size_t)size, "drifted %.0f ms %s (%.1f %% %s)", fabs(dropout->drift_ms),
                 dropout->drift_ms < 0 ? "early" : "late", fabs(dropout->tempo_percent),
                 dropout->tempo_percent < 0 ? "slow" : "fast");
}
