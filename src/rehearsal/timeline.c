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
}

/* A later step with a longer reach pulls the ones before it, so that the order holds. */
static void keep_order(struct timeline *timeline, const struct score *score)
{
    for (int i = score->step_count - 2; i >= 0; i--) {
        timeline->plan[i] = earlier(timeline->plan[i], timeline->plan[i + 1]);
        timeline->deadline[i] = earlier(timeline->deadline[i], timeline->deadline[i + 1]);
        timeline->strum[i] = earlier(timeline->strum[i], timeline->strum[i + 1]);
    }
}

/* It holds whichever pass is the last one, too: the next is not asked for later than what would
 * follow instead. */
static void keep_order_at_seams(struct timeline *timeline, const struct score *score, int rate)
{
    struct skip skip;
    for (int pass = 1; practice_skip_after(score, pass, &skip); pass++) {
        if (skip.to == score->step_count)
            continue;
        int64_t frames = llround((skip.end_s - skip.begin_s) * rate);
        timeline->plan[skip.from] =
            earlier(timeline->plan[skip.from], timeline->plan[skip.to] - frames);
        timeline->deadline[skip.from] =
            earlier(timeline->deadline[skip.from], timeline->deadline[skip.to] - frames);
    }
}

static bool is_accented(const struct position *at, int beat)
{
    bool compound = at->denominator >= 8 && at->numerator % 3 == 0;
    return beat % at->numerator == 0 || (compound && beat % 3 == 0);
}

/* One click a beat of the first bar's metre, whether a drum is hit in it or not; in compound metres
 * every third is accented. */
static bool count_in(struct timeline *timeline, const struct score *score, int first_bar, int rate,
                     int bars)
{
    int64_t start_tick = clock_bar_tick(score->clock, first_bar);
    double start_s = clock_seconds(score->clock, (double)start_tick);
    struct position at = clock_position(score->clock, (double)start_tick);
    int beats = bars * at.numerator;
    timeline->clicks = calloc((size_t)beats + 1, sizeof *timeline->clicks);
    if (!timeline->clicks)
        return false;
    double beat_s = at.bar_s / at.numerator;
    for (int k = 0; k < beats; k++)
        timeline->clicks[k] = (struct click){
            .frame = llround((start_s - (beats - k) * beat_s) * rate),
            .accent = is_accented(&at, k),
        };
    timeline->click_count = beats;
    double lead_in_s = beats ? beats * beat_s + 0.1 : SILENT_START_S;
    timeline->first_frame = llround((start_s - lead_in_s) * rate);
    return true;
}

/* The beats of one bar of the clock: how many, and into `beats` if it is not NULL. */
static int beats_of_bar(const struct score *score, int bar, int rate, struct click *beats)
{
    int64_t tick = clock_bar_tick(score->clock, bar), end = clock_bar_tick(score->clock, bar + 1);
    struct position at = clock_position(score->clock, (double)tick);
    double beat_ticks = 4.0 * score->ppq / at.denominator;
    int count = 0;
    for (; (double)tick + count * beat_ticks < (double)end - 0.5; count++)
        if (beats)
            beats[count] = (struct click){
                .frame =
                    llround(clock_seconds(score->clock, (double)tick + count * beat_ticks) * rate),
                .accent = is_accented(&at, count),
            };
    return count;
}

static bool list_beats(struct timeline *timeline, const struct score *score,
                       const struct take_range *range, int rate)
{
    int count = 0, end_bar = range->first_bar;
    for (; score_bar_s(score, end_bar + 1) < range->end_s - 1e-6; end_bar++)
        count += beats_of_bar(score, end_bar, rate, NULL);
    timeline->beats = calloc((size_t)count + 1, sizeof *timeline->beats);
    for (int bar = range->first_bar; timeline->beats && bar < end_bar; bar++)
        timeline->beat_count +=
            beats_of_bar(score, bar, rate, timeline->beats + timeline->beat_count);
    return timeline->beats != NULL;
}

struct timeline *timeline_new(const struct score *score, const struct take_settings *settings,
                              int count_in_bars, struct error *err)
{
    struct timeline *timeline = calloc(1, sizeof *timeline);
    size_t steps = (size_t)score->step_count + 1;
    if (!timeline)
        goto memory;
    struct take_range range;
    if (!take_range(score, settings, &range, err)) {
        timeline_free(timeline);
        return NULL;
    }
    timeline->first_step = range.first_step;
    timeline->end_step = range.end_step;
    timeline->plan = calloc(steps, sizeof *timeline->plan);
    timeline->deadline = calloc(steps, sizeof *timeline->deadline);
    timeline->strum = calloc(steps, sizeof *timeline->strum);
    if (!timeline->plan || !timeline->deadline || !timeline->strum ||
        !count_in(timeline, score, range.first_bar, settings->rate, count_in_bars) ||
        !list_beats(timeline, score, &range, settings->rate))
        goto memory;
    place_steps(timeline, score, settings);
    keep_order(timeline, score);
    keep_order_at_seams(timeline, score, settings->rate);
    keep_order(timeline, score);
    /* With a long leash the first hit may lie before the count-in. */
    timeline->first_frame = earlier(timeline->first_frame, timeline->plan[timeline->first_step]);
    double last_hit_s = score->steps[timeline->end_step - 1].time_s;
    timeline->last_frame = llround((fmax(range.end_s, last_hit_s) + TAIL_S) * settings->rate);
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
    free(timeline->beats);
    free(timeline->plan);
    free(timeline->deadline);
    free(timeline->strum);
    free(timeline);
}
