#include "listen/entrance.h"

#include "listen/beat_fit.h"
#include "listen/pulse.h"
#include "listen/strumming.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PERIODS = 66, SWINGS = 4, MOST_GUESSES = PERIODS * SWINGS * PULSE_MOST_PARTS };
enum { LEAST_STRUMS = 8, LEAST_AT_LAST = 6 };

static const double swings[SWINGS] = {0.5, 0.57, 0.62, 0.667};
static const double SILENCE_S = 4.5;
static const double SLOWEST = 46, FASTEST = 173; /* in per cent of the marked tempo */
static const double TEMPO_SD = 0.6;   /* of the logarithm of tempo against the marked one */
static const double TOLD_SD = 0.12;   /* the same against what the player says */
static const double SWUNG = 4;        /* nats against a swing */
static const double BAR_FIRST = 0.97; /* the first strum begins a bar, */
static const double PICK_UP[] = {0.012, 0.008, 0.0005}; /* or is at such a level of the last beat */
static const double ELSEWHERE = 0.008;                  /* or anywhere */
static const double WORTH = 50; /* nats: what is less likely than the best by this is left */
static const double SAME_TEMPO = 0.02, SAME_BEAT = 0.12; /* two opinions are one */
static const double TEMPO_RIGHT = 0.01, CUE_RIGHT_MS = 25;
static const double SURE = 0.95;               /* while the guitar plays; */
static const double SURE_AT_LAST = 0.65;       /* when it has stopped, and waits */
static const double STOPPED = 1.1, GONE = 2.6; /* bars of silence */

struct opinion {
    struct pulse_guess guess;
    double likelihood; /* of the times alone; then of all */
    uint64_t places;   /* a hash of what it says of each onset */
    int beat;          /* of the bar, in which the first onset lies */
    double begin_s, period_s;
};

struct entrance {
    struct strumming strumming;
    int count;
    double time_s[PULSE_MOST_ONSETS], strength_db[PULSE_MOST_ONSETS];
    double marked_s, marked_sd; /* a beat as it is expected */

    struct opinion opinions[MOST_GUESSES];
    bool found;
    double mass; /* of the opinions that agree with the best */
    struct opinion best;
    struct beat_fit fit; /* ms from the first onset; beat 0 begins a bar */
};

struct entrance *entrance_new(const struct score *score, int bar)
{
    struct entrance *entrance = calloc(1, sizeof *entrance);
    if (!entrance)
        return NULL;
    strumming_of_score(&entrance->strumming, score, bar);
    entrance_clear(entrance);
    return entrance;
}

void entrance_free(struct entrance *entrance)
{
    free(entrance);
}

void entrance_clear(struct entrance *entrance)
{
    entrance->count = 0;
    entrance->found = false;
    entrance->marked_s = entrance->strumming.metre.beat_s;
    entrance->marked_sd = TEMPO_SD;
}

static uint64_t hash_places(const struct pulse_track *track, int count)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int i = 0; i < count; i++)
        hash = (hash ^ (uint64_t)(2 * track->place[i] + track->extra[i])) * UINT64_C(1099511628211);
    return hash;
}

/* All tempi, feels and places to begin. */
static int suppose(struct entrance *e)
{
    const struct pulse_metre *metre = &e->strumming.metre;
    double fastest = metre->beat_s * 100 / FASTEST, slowest = metre->beat_s * 100 / SLOWEST;
    int count = 0, feels = metre->parts == 4 ? SWINGS : 1;
    for (int i = 0; i < PERIODS; i++) {
        double period_s = fastest * pow(slowest / fastest, (double)i / (PERIODS - 1));
        for (int k = 0; k < feels; k++)
            for (int part = 0; part < metre->parts; part++)
                e->opinions[count++] =
                    (struct opinion){.guess = {period_s, swings[k], part, PULSE_LEVELS - 1}};
        for (int level = 0; level < PULSE_LEVELS - 1; level++)
            e->opinions[count++] = (struct opinion){.guess = {period_s, swings[0], 0, level}};
    }
    return count;
}

static int by_likelihood(const void *a, const void *b)
{
    const struct opinion *one = a, *other = b;
    return (one->likelihood < other->likelihood) - (one->likelihood > other->likelihood);
}

static int by_places(const void *a, const void *b)
{
    const struct opinion *one = a, *other = b;
    if (one->places != other->places)
        return one->places < other->places ? -1 : 1;
    return by_likelihood(a, b);
}

/* Of those that say the same of every onset, the best. */
static int only_different(struct opinion *opinions, int count)
{
    int kept = 0;
    qsort(opinions, (size_t)count, sizeof *opinions, by_places);
    for (int i = 0; i < count; i++)
        if (i == 0 || opinions[i].places != opinions[i - 1].places)
            opinions[kept++] = opinions[i];
    return kept;
}

static int only_likely(struct opinion *opinions, int count, int most)
{
    int kept = 0;
    qsort(opinions, (size_t)count, sizeof *opinions, by_likelihood);
    while (kept < count && kept < most &&
           opinions[kept].likelihood > opinions[0].likelihood - WORTH)
        kept++;
    return kept;
}

/* Where in its bar does the first strum lie? */
static double beginning(const struct pulse_metre *metre, int beat, int part)
{
    if (beat == 0 && part == 0)
        return log(BAR_FIRST);
    if (beat == metre->beats - 1)
        return log(PICK_UP[pulse_level(metre, part)]);
    return log(ELSEWHERE / (metre->parts * metre->beats));
}

/* The best place of the bar for it; others are opinions of their own, at the end of the list. */
static double tempo_likelihood(const struct entrance *e, double period_s)
{
    double percent = 100 * e->strumming.metre.beat_s / period_s;
    double off = log(period_s / e->marked_s) / e->marked_sd;
    return percent < SLOWEST || percent > FASTEST ? -INFINITY : -0.5 * off * off;
}

/* -> the probability of each, in `likelihood`. */
static bool share(struct opinion *opinions, int count)
{
    double most = -INFINITY, sum = 0;
    for (int i = 0; i < count; i++)
        most = fmax(most, opinions[i].likelihood);
    if (most == -INFINITY)
        return false;
    for (int i = 0; i < count; i++)
        sum += opinions[i].likelihood = exp(opinions[i].likelihood - most);
    for (int i = 0; i < count; i++)
        opinions[i].likelihood /= sum;
    return true;
}

/* The beat, by an opinion, that the bar line nearest to `time_s` after the first onset lies off. */
static bool agree(const struct opinion *a, const struct opinion *b, int beats, double time_s)
{
    if (fabs(a->period_s / b->period_s - 1) > SAME_TEMPO)
        return false;
    double apart = (time_s - a->begin_s) / a->period_s + a->beat -
                   (time_s - b->begin_s) / b->period_s - b->beat;
    return fabs(remainder(apart, beats)) < SAME_BEAT;
}

static void weigh(struct entrance *e, int count)
{
    double last_s = e->time_s[e->count - 1] - e->time_s[0];
    const struct opinion *best = &e->opinions[0];
    for (int i = 1; i < count; i++)
        if (e->opinions[i].likelihood > best->likelihood)
            best = &e->opinions[i];
    e->best = *best;
    e->mass = 0;
    for (int i = 0; i < count; i++)
        if (agree(&e->opinions[i], &e->best, e->strumming.metre.beats, last_s))
            e->mass += e->opinions[i].likelihood;
}

/* Every opinion once for each beat of the bar that the first onset may lie in. */
static bool judge(struct entrance *e, int count)
{
    const struct pulse_metre *metre = &e->strumming.metre;
    int beats = metre->beats;
    for (int i = count - 1; i >= 0; i--) {
        struct pulse_track track;
        struct opinion one = e->opinions[i];
        pulse_follow(metre, &one.guess, e->time_s, e->count, &track);
        one.begin_s = track.begin_s;
        one.period_s = track.period_s;
        for (int beat = 0; beat < beats; beat++) {
            struct opinion *judged = &e->opinions[i * beats + beat];
            *judged = one;
            judged->beat = beat;
            judged->likelihood +=
                tempo_likelihood(e, one.period_s) + beginning(metre, beat, one.guess.part) +
                strumming_likelihood(&e->strumming, &track, e->strength_db, e->count, beat);
        }
    }
    if (!share(e->opinions, count * beats))
        return false;
    weigh(e, count * beats);
    return true;
}

static bool fit(struct entrance *e)
{
    const struct pulse_metre *metre = &e->strumming.metre;
    struct pulse_track track;
    double times[PULSE_MOST_ONSETS], beats[PULSE_MOST_ONSETS];
    int place[PULSE_MOST_ONSETS], count = 0;
    pulse_follow(metre, &e->best.guess, e->time_s, e->count, &track);
    for (int i = 0; i < e->count; i++) {
        if (track.extra[i])
            continue;
        int at = track.place[i] + e->best.beat * metre->parts;
        times[count] = 1000 * (e->time_s[i] - e->time_s[0]);
        beats[count] = pulse_beats(metre, e->best.guess.swing, at);
        place[count++] = at % (metre->beats * metre->parts);
    }
    if (count < 3)
        return false;
    beat_fit(times, beats, place, count, &e->fit);
    return true;
}

static void think(struct entrance *e)
{
    const struct pulse_metre *metre = &e->strumming.metre;
    int count = suppose(e);
    for (int i = 0; i < count; i++) {
        struct pulse_track track;
        pulse_follow(metre, &e->opinions[i].guess, e->time_s, e->count, &track);
        e->opinions[i].likelihood =
            track.likelihood - (e->opinions[i].guess.swing > swings[0] ? SWUNG : 0);
        e->opinions[i].places = hash_places(&track, e->count);
    }
    count = only_different(e->opinions, count);
    count = only_likely(e->opinions, count, MOST_GUESSES / metre->beats);
    e->found = judge(e, count) && fit(e);
}

/* The older half of what was heard, up to a bar line as far as one is known. */
static void forget_oldest(struct entrance *e)
{
    int first = e->count / 2;
    double bar = e->strumming.metre.beats;
    for (int i = first; e->found && i < e->count; i++) {
        double ms = 1000 * (e->time_s[i] - e->time_s[0]);
        double off = remainder((ms - e->fit.begin_ms) / e->fit.period_ms, bar);
        if (fabs(off) < SAME_BEAT) {
            first = i;
            break;
        }
    }
    e->count -= first;
    memmove(e->time_s, e->time_s + first, (size_t)e->count * sizeof *e->time_s);
    memmove(e->strength_db, e->strength_db + first, (size_t)e->count * sizeof *e->strength_db);
}

void entrance_hear(struct entrance *e, double time_s, double strength_db)
{
    if (e->count && time_s - e->time_s[e->count - 1] > SILENCE_S) {
        e->count = 0;
        e->found = false;
    }
    if (e->count == PULSE_MOST_ONSETS)
        forget_oldest(e);
    e->time_s[e->count] = time_s;
    e->strength_db[e->count++] = strength_db;
    if (e->count >= 4)
        think(e);
}

void entrance_correct(struct entrance *e, double factor)
{
    if (!e->found)
        return;
    e->marked_s = e->fit.period_ms / 1000 / factor;
    e->marked_sd = TOLD_SD;
    think(e);
}

/* That a normal variate of this SD lies within +-most. */
static double within(double most, double sd)
{
    return erf(most / (sd * sqrt(2)));
}

void entrance_cue(const struct entrance *e, double earliest_s, struct entrance_cue *cue)
{
    const struct pulse_metre *metre = &e->strumming.metre;
    *cue = (struct entrance_cue){.strums = e->count,
                                 .found = e->found,
                                 .tempo_percent = 100,
                                 .beat_s = metre->beat_s,
                                 .beats = metre->beats};
    if (!e->found)
        return;
    double first_s = e->time_s[0], last_s = e->time_s[e->count - 1];
    double earliest = (1000 * (earliest_s - first_s) - e->fit.begin_ms) / e->fit.period_ms;
    double bar = ceil(earliest / metre->beats), sd_ms;
    double cue_ms = beat_fit_time(&e->fit, bar * metre->beats, &sd_ms);
    double period_sd = e->fit.period_sd_ms / e->fit.period_ms;
    cue->beat_s = e->fit.period_ms / 1000;
    cue->tempo_percent = 100 * metre->beat_s / cue->beat_s;
    cue->bar_s = first_s + cue_ms / 1000;
    cue->certainty = e->mass * within(TEMPO_RIGHT, period_sd) * within(CUE_RIGHT_MS, sd_ms);
    double silent = (cue->bar_s - last_s) / (metre->beats * cue->beat_s);
    bool waits = silent > STOPPED;
    cue->sure = silent < GONE && e->count >= (waits ? LEAST_AT_LAST : LEAST_STRUMS) &&
                cue->certainty >= (waits ? SURE_AT_LAST : SURE);
}
