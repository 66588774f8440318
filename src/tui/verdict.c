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
        int bar = score->steps[step->step].bar;
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

/* A stored take and its score at the take's tempo. */
struct reading {
    struct score *score;
    struct take *take;
};

static bool read_take(struct reading *reading, struct session *session,
                      const struct session_take *info, struct error *err)
{
    reading->score = session_score(session, info->settings.tempo_percent, err);
    reading->take =
        reading->score ? session_take_get(session, info->number, reading->score, err) : NULL;
    return reading->take != NULL;
}

static void end_reading(struct reading *reading)
{
    take_free(reading->take);
    score_free(reading->score);
}

static bool read_verdict(struct verdict *verdict, struct session *session, struct error *err)
{
    struct reading reading;
    bool read = read_take(&reading, session, &verdict->take, err) &&
                (new_bars(&verdict->bars, verdict->take.number, reading.score->bar_count) ||
                 error_set(err, "out of memory"));
    if (read)
        verdict->grid_ms = measure(reading.take, reading.score, &verdict->bars);
    if (read)
        take_flubs(reading.take, &verdict->flubs, &verdict->choice.bars);
    read =
        read && lesson_advise(reading.score, reading.take, &verdict->choice, &verdict->advice, err);
    end_reading(&reading);
    return read;
}

static bool read_before(struct verdict *verdict, struct session *session,
                        const struct session_take *before, struct error *err)
{
    struct reading reading;
    bool read = read_take(&reading, session, before, err) &&
                (new_bars(&verdict->before, before->number, reading.score->bar_count) ||
                 error_set(err, "out of memory"));
    if (read)
        measure(reading.take, reading.score, &verdict->before);
    end_reading(&reading);
    return read;
}

bool verdict_load(struct verdict *verdict, struct session *session, const struct history *history,
                  int number, struct error *err)
{
    struct verdict fresh = {.choice = LESSON_OF_ALL, .bar = 1};
    if (!session_take_info(session, number, &fresh.take, err))
        return false;
    const struct take_settings *settings = &fresh.take.settings;
    const struct session_take *before = history_take(history, number - 1);
    fresh.length_s = fmax((double)fresh.take.stop_frame / settings->rate, 0.0);
    if (!read_verdict(&fresh, session, err) ||
        (before && !read_before(&fresh, session, before, err))) {
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
