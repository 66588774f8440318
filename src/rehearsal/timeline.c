#include "rehearsal/timeline.h"

#include "model/touch.h"

#include <math.h>
#include <stdlib.h>

/* For a sample's lead-in before its attack. A longer one loses its beginning; the attack stays on
 * time. */
static const double ATTACK_S = 0.008;
/* What a model may take, at the least. */
static const double THINKING_S = 0.010;
/* The last sounds ring out. */
static const double TAIL_S = 2.0;
static const double SILENT_START_S = 0.5;

int64_t timeline_lead_frames(int rate, int period)
{
    double thinking = fmax(THINKING_S, 2.5 * period / rate);
    return llround((ATTACK_S + thinking) * rate);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void place_steps(struct timeline *timeline, const struct score *score,
                        const struct take_settings *settings)
{
    double rate = settings->rate;
    int64_t attack = llround(ATTACK_S * rate);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        double early_ms, late_ms;
        touch_reach(step, &settings->controls, &early_ms, &late_ms);
        double first_s = score->hits[step->first_hit].scored_s;
        int64_t earliest = llround((first_s - early_ms / 1000.0) * rate);
        timeline->plan[i] = earliest - settings->lead_frames;
        timeline->deadline[i] = earliest - attack;
        double room_s = fmin(0.5 * step->gap_s[0], 0.25);
        timeline->strum[i] = llround((step->time_s - room_s) * rate) - 512;
    }
    /* A later step with a longer reach pulls the ones before it, so that the order holds. */
    for (int i = score->step_count - 2; i >= 0; i--) {
        timeline->plan[i] = earlier(timeline->plan[i], timeline->plan[i + 1]);
        timeline->deadline[i] = earlier(timeline->deadline[i], timeline->deadline[i + 1]);
        timeline->strum[i] = earlier(timeline->strum[i], timeline->strum[i + 1]);
    }
}

/* One click a beat of the first bar's metre, whether a drum is hit in it or not; in compound metres
 * every third is accented. */
static bool count_in(struct timeline *timeline, const struct score *score, int first_bar, int rate,
                     int bars)
{
    double start_s = score_bar_s(score, first_bar);
    int64_t start_tick = clock_bar_tick(score->clock, first_bar - 1);
    struct position at = clock_position(score->clock, (double)start_tick);
    int beats = bars * at.numerator;
    timeline->clicks = calloc((size_t)beats + 1, sizeof *timeline->clicks);
    if (!timeline->clicks)
        return false;
    double beat_s = at.bar_s / at.numerator;
    bool compound = at.denominator >= 8 && at.numerator % 3 == 0;
    for (int k = 0; k < beats; k++)
        timeline->clicks[k] = (struct click){
            .frame = llround((start_s - (beats - k) * beat_s) * rate),
            .accent = k % at.numerator == 0 || (compound && k % 3 == 0),
        };
    timeline->click_count = beats;
    double lead_in_s = beats ? beats * beat_s + 0.1 : SILENT_START_S;
    timeline->first_frame = llround((start_s - lead_in_s) * rate);
    return true;
}

struct timeline *timeline_new(const struct score *score, const struct take_settings *settings,
                              int count_in_bars, struct error *err)
{
    struct timeline *timeline = calloc(1, sizeof *timeline);
    size_t steps = (size_t)score->step_count + 1;
    if (!timeline)
        goto memory;
    if (!score_bars(score, settings->first_bar, settings->last_bar, &timeline->first_step,
                    &timeline->end_step, err)) {
        timeline_free(timeline);
        return NULL;
    }
    timeline->plan = calloc(steps, sizeof *timeline->plan);
    timeline->deadline = calloc(steps, sizeof *timeline->deadline);
    timeline->strum = calloc(steps, sizeof *timeline->strum);
    int first_bar = settings->first_bar > 0 ? settings->first_bar : 1;
    if (!timeline->plan || !timeline->deadline || !timeline->strum ||
        !count_in(timeline, score, first_bar, settings->rate, count_in_bars))
        goto memory;
    place_steps(timeline, score, settings);
    /* With a long leash the first hit may lie before the count-in. */
    timeline->first_frame = earlier(timeline->first_frame, timeline->plan[timeline->first_step]);
    double end_s = settings->last_bar > 0 && settings->last_bar < score->bar_count
                       ? score_bar_s(score, settings->last_bar + 1)
                       : score->duration_s;
    double last_hit_s = score->steps[timeline->end_step - 1].time_s;
    timeline->last_frame = llround((fmax(end_s, last_hit_s) + TAIL_S) * settings->rate);
    return timeline;
memory:
    error_set(err, "out of memory");
    timeline_free(timeline);
    return NULL;
}

void timeline_free(struct timeline *timeline)
{
    if (!timeline)
        return;
    free(timeline->clicks);
    free(timeline->plan);
    free(timeline->deadline);
    free(timeline->strum);
    free(timeline);
}
