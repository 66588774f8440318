#include "learn/lesson_advice.h"

#include "base/median.h"
#include "learn/lesson_notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_NOTES = 8, LEAST_DRIFTING = 32 };

static const double MOST_STRAYS = 0.5;     /* of the notes */
static const double MOST_SHIFT_MS = 60;    /* no player leans that far all song long */
static const double MOST_OF_CHANCE = 0.65; /* of the spread that notes at random have */
static const double MOST_DRIFT_MS = 60;    /* from the first quarter of the notes to the last */
static const double MOST_CLOCKS_PPM = 200; /* crystals are within 100 of each other */
static const double REACH = 0.45;          /* of the gap: how far off an onset is still a step's */
static const double MOST_REACH_MS = 200;
static const double AROUND_MS = 200; /* of the part that was played: what comes earlier is tuning */

/* The drums' sound comes back after the same way every time, whatever the drummer did. */
static const double LOCK_MS = 3, MOST_LOCKED = 0.8;
static const double LOOSER = 2; /* the player's own spread would be so many times the lock's */

/* A few numbers for each note chosen. */
struct numbers {
    double *g_ms, *off_ms, *lock_ms, *scratch;
    int *bin;
    int count;
};

/* Of those that are numbers, NAN when none is; `size`: of their sizes. */
static double median_of(struct numbers *numbers, const double *values, bool size)
{
    int count = 0;
    for (int i = 0; i < numbers->count; i++)
        if (!isnan(values[i]))
            numbers->scratch[count++] = size ? fabs(values[i]) : values[i];
    return median(numbers->scratch, count);
}

static void count_strays(const struct score *score, const struct take *take,
                         struct lesson_advice *advice)
{
    if (take->step_count == 0)
        return;
    const double first_s = score->steps[take->steps[0].step].time_s - AROUND_MS / 1000;
    const double last_s =
        score->steps[take->steps[take->step_count - 1].step].time_s + AROUND_MS / 1000;
    for (int i = 0; i < take->onset_count; i++) {
        const double time_s = (double)take->onsets[i].frame / take->settings.rate;
        const bool stray = take->onsets[i].step < 0;
        if (stray && (time_s < first_s || time_s > last_s))
            continue;
        advice->strays += stray;
        advice->played++;
    }
}

/* How far a note could be from its step and still be heard as its own; anywhere within, by chance,
 * it is half as far on average. */
static double chance_ms(const struct step *step)
{
    return fmin(REACH * 1000 * fmin(step->gap_s[0], step->gap_s[1]), MOST_REACH_MS) / 2;
}

/* From the guitar to the nearest of the step's drums as they sounded; NAN where none did. */
static double from_drums(const struct score *score, const struct take *take, int step,
                         int64_t frame, int *hit)
{
    double nearest = NAN;
    while (*hit < take->hit_count && score->hits[take->hits[*hit].hit].step < step)
        ++*hit;
    for (int h = *hit; h < take->hit_count && score->hits[take->hits[h].hit].step == step; h++) {
        double ms = 1000.0 * (double)(frame - take->hits[h].frame) / take->settings.rate;
        if (!(fabs(ms) >= fabs(nearest)))
            nearest = ms;
    }
    return nearest;
}

static void gather(struct numbers *numbers, const struct score *score, const struct take *take,
                   const struct lesson_notes *notes, struct lesson_advice *advice)
{
    double chance = 0;
    for (int i = 0, hit = 0; i < notes->steps; i++) {
        const struct step *step = &score->steps[take->steps[i].step];
        advice->steps += notes->drums[i] != 0;
        if (notes->heard[i] == 0)
            continue;
        const int n = numbers->count++;
        const double g_s = step->time_s + notes->g_ms[i] / 1000;
        numbers->g_ms[n] = notes->g_ms[i];
        numbers->bin[n] = step->bin;
        numbers->lock_ms[n] =
            from_drums(score, take, take->steps[i].step, llround(g_s * take->settings.rate), &hit);
        chance += chance_ms(step);
    }
    advice->notes = numbers->count;
    advice->chance_ms = numbers->count ? chance / numbers->count : 0;
}

/* Each note beside the others at its place in the bar, which are shrunk towards all: a place that
 * was heard once says nothing of itself. */
static void measure_spread(struct numbers *numbers, struct lesson_advice *advice)
{
    double sum[SCORE_BINS] = {0}, off = 0;
    int count[SCORE_BINS] = {0};
    for (int i = 0; i < numbers->count; i++) {
        sum[numbers->bin[i]] += numbers->g_ms[i] - advice->shift_ms;
        count[numbers->bin[i]]++;
    }
    for (int i = 0; i < numbers->count; i++) {
        const int bin = numbers->bin[i];
        const double own = numbers->g_ms[i] - advice->shift_ms;
        numbers->off_ms[i] = own - (sum[bin] - own) / count[bin];
        off += fabs(numbers->off_ms[i]);
    }
    advice->spread_ms = off / numbers->count;
}

/* Returns whether the notes keep closer to the drums than to any habit of a player. */
static bool measure_bleed(struct numbers *numbers, struct lesson_advice *advice)
{
    const double way = median_of(numbers, numbers->lock_ms, false);
    int locked = 0;
    for (int i = 0; i < numbers->count; i++) {
        numbers->lock_ms[i] -= way;
        locked += fabs(numbers->lock_ms[i]) <= LOCK_MS;
    }
    advice->bleed = (double)locked / numbers->count;
    return advice->bleed >= MOST_LOCKED && median_of(numbers, numbers->off_ms, true) >
                                               LOOSER * median_of(numbers, numbers->lock_ms, true);
}

/* NAN where there are too few notes to tell. */
static double measure_drift(const struct numbers *numbers)
{
    const int quarter = numbers->count / 4;
    if (numbers->count < LEAST_DRIFTING)
        return NAN;
    memcpy(numbers->scratch, numbers->g_ms, (size_t)quarter * sizeof *numbers->scratch);
    const double first = median(numbers->scratch, quarter);
    memcpy(numbers->scratch, numbers->g_ms + numbers->count - quarter,
           (size_t)quarter * sizeof *numbers->scratch);
    return median(numbers->scratch, quarter) - first;
}

static void judge(struct numbers *numbers, struct lesson_advice *advice)
{
    if (advice->strays > MOST_STRAYS * advice->played)
        advice->doubts |= 1u << DOUBT_STRAY;
    if (numbers->count == 0) {
        advice->doubts |= 1u << (advice->steps ? DOUBT_FEW : DOUBT_NOTHING);
        return;
    }
    advice->shift_ms = median_of(numbers, numbers->g_ms, false);
    measure_spread(numbers, advice);
    advice->drift_ms = measure_drift(numbers);
    const bool bleeds = measure_bleed(numbers, advice);
    if (numbers->count < LEAST_NOTES) {
        advice->doubts |= 1u << DOUBT_FEW; /* and no more can be said */
        return;
    }
    if (fabs(advice->shift_ms) > MOST_SHIFT_MS)
        advice->doubts |= 1u << DOUBT_SHIFTED;
    if (advice->spread_ms > MOST_OF_CHANCE * advice->chance_ms)
        advice->doubts |= 1u << DOUBT_RANDOM;
    if (bleeds)
        advice->doubts |= 1u << DOUBT_BLEED;
    if (fabs(advice->drift_ms) > MOST_DRIFT_MS)
        advice->doubts |= 1u << DOUBT_DRIFT;
}

/* What the take was heard and sounded through. */
static void judge_sound(const struct take *take, struct lesson_advice *advice)
{
    const struct {
        enum lesson_doubt doubt;
        bool holds;
    } cases[] = {
        {DOUBT_STALE, take->sound.source == ROUND_TRIP_STALE},
        {DOUBT_REPORTED, take->sound.source == ROUND_TRIP_REPORTED},
        {DOUBT_GAPS, advice->gaps > 0},
        {DOUBT_LATE, advice->late > 0},
        {DOUBT_CLOCKS, fabs(advice->clocks_ppm) > MOST_CLOCKS_PPM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cases[i].holds)
            advice->doubts |= 1u << cases[i].doubt;
}

bool lesson_advise(const struct score *score, const struct take *take,
                   const struct lesson_choice *choice, struct lesson_advice *advice,
                   struct error *err)
{
    struct lesson_notes notes;
    struct numbers numbers = {.count = 0};
    const size_t room = (size_t)take->step_count + 1;
    *advice = (struct lesson_advice){
        .round_trip_ms = 1000.0 * (double)take->settings.round_trip_frames / take->settings.rate,
        .round_trip = take->sound.source,
        .drift_ms = NAN,
        .gaps = take->xruns,
        .late = take_summarise(take).deadline_misses,
        .clocks_ppm = take->sound.drift_ppm,
    };
    double *slab = malloc(4 * room * sizeof *slab);
    numbers.bin = malloc(room * sizeof *numbers.bin);
    bool good = lesson_notes_collect(&notes, score, take, choice) && slab && numbers.bin;
    if (good) {
        numbers.g_ms = slab;
        numbers.off_ms = slab + room;
        numbers.lock_ms = slab + 2 * room;
        numbers.scratch = slab + 3 * room;
        count_strays(score, take, advice);
        gather(&numbers, score, take, &notes, advice);
        judge(&numbers, advice);
        judge_sound(take, advice);
    } else {
        error_set(err, "out of memory");
    }
    lesson_notes_release(&notes);
    free(slab);
    free(numbers.bin);
    return good;
}
