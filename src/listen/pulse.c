#include "listen/pulse.h"

#include <assert.h>
#include <math.h>

static const double HAND_MS = 9;
static const double HABIT_MS = 16, OFFBEAT = 0.015; /* SD of a place's habit; off the beat, of a
                                                       beat more */
static const double FREEDOM = 4;                    /* of Student's t: a slip happens */
static const double GUESS = 0.015;                  /* SD of a guessed period, as a share of it */
static const double WANDER = 0.002;                 /* SD of its change in a beat */
static const double SHY[] = {0, 1, 4};              /* how little a level is expected: nats */
static const double EXTRA = 4;                      /* the same of an onset that belongs nowhere */

int pulse_level(const struct pulse_metre *metre, int part)
{
    static const int quarters[] = {0, 2, 1, 2}, sixths[] = {0, 2, 1, 2, 1, 2};
    return metre->parts == 4 ? quarters[part] : sixths[part];
}

double pulse_beats(const struct pulse_metre *metre, double swing, int place)
{
    int beat = place / metre->parts, part = place % metre->parts;
    if (metre->parts != 4)
        return beat + (double)part / metre->parts;
    const double within[] = {0, swing / 2, swing, (1 + swing) / 2};
    return beat + within[part];
}

/* Of phase a and period p in t = a + p b + habit, all in ms. What phase and habit have in common
 * is not followed up. */
struct filter {
    double a, p;
    double aa, ap, pp; /* covariance */
    double beats;      /* so far */
    struct habit {
        double ms, variance;
        bool known;
    } habits[PULSE_MOST_BEATS * PULSE_MOST_PARTS]; /* of a bar; from whichever beat is the first */
};

static void follow(struct filter *f, struct habit *habit, double beats, double t)
{
    double seen = f->aa + 2 * beats * f->ap + beats * beats * f->pp, hand = HAND_MS * HAND_MS;
    double miss = t - f->a - f->p * beats - habit->ms;
    double z2 = miss * miss / (seen + habit->variance + hand);
    double weight = (FREEDOM + 1) / (FREEDOM + z2);
    double all = seen + habit->variance + hand / weight;
    habit->ms += habit->variance / all * miss;
    habit->variance -= habit->variance * habit->variance / all;
    double to_a = (f->aa + beats * f->ap) / all, to_p = (f->ap + beats * f->pp) / all;
    f->a += to_a * miss;
    f->p += to_p * miss;
    double ha = f->aa + beats * f->ap, hp = f->ap + beats * f->pp;
    f->aa -= to_a * ha;
    f->ap -= to_a * hp;
    f->pp -= to_p * hp;
}

/* The period may have changed by now; where the last beat was, is known as well as it was. */
static void drift(struct filter *f, double beats)
{
    double passed = beats - f->beats, more = WANDER * f->p * WANDER * f->p * passed;
    f->pp += more;
    f->ap -= more * f->beats;
    f->aa += more * f->beats * f->beats;
    f->beats = beats;
}

/* The logarithm of Student's density. */
static double density(double miss, double variance)
{
    static const double constant = -0.98083; /* lgamma(2.5) - lgamma(2) - log(4 pi) / 2 */
    return constant - 0.5 * log(variance) -
           0.5 * (FREEDOM + 1) * log1p(miss * miss / (FREEDOM * variance));
}

static struct habit *habit_of(const struct pulse_metre *metre, struct filter *f, int place)
{
    struct habit *habit = &f->habits[place % (metre->beats * metre->parts)];
    if (habit->known)
        return habit;
    double ms = HABIT_MS + (pulse_level(metre, place % metre->parts) ? OFFBEAT * f->p : 0);
    *habit = (struct habit){.variance = ms * ms, .known = true};
    return habit;
}

/* The place an onset is meant for, after `last`; false: none. */
static bool choose(const struct pulse_metre *metre, const struct pulse_guess *guess,
                   struct filter *f, double t, int last, int *place, double *likelihood)
{
    int near = (int)floor((t - f->a) / f->p * metre->parts);
    double best = -INFINITY;
    *likelihood = -log(f->p);
    for (int k = near - 3; k <= near + 3; k++) {
        if (k <= last || pulse_level(metre, k % metre->parts) > guess->finest)
            continue;
        const struct habit *habit = habit_of(metre, f, k);
        double b = pulse_beats(metre, guess->swing, k),
               shy = SHY[pulse_level(metre, k % metre->parts)];
        double variance = f->aa + 2 * b * f->ap + b * b * f->pp + habit->variance;
        double like = density(t - f->a - f->p * b - habit->ms, variance + HAND_MS * HAND_MS);
        if (like - shy <= best)
            continue;
        best = like - shy;
        *place = k;
        *likelihood = like;
    }
    if (best >= -log(f->p) - EXTRA)
        return true;
    *likelihood = -log(f->p);
    return false;
}

void pulse_follow(const struct pulse_metre *metre, const struct pulse_guess *guess,
                  const double *times_s, int count, struct pulse_track *track)
{
    assert(count > 0 && count <= PULSE_MOST_ONSETS);
    double p = 1000 * guess->period_s, first = pulse_beats(metre, guess->swing, guess->part);
    double spread = GUESS * GUESS * p * p;
    struct filter f = {
        .a = -p * first, .p = p, .ap = -first * spread, .pp = spread, .beats = first};
    struct habit *habit = habit_of(metre, &f, guess->part);
    f.aa = HAND_MS * HAND_MS + habit->variance + first * first * spread;
    track->place[0] = track->last = guess->part;
    track->extra[0] = false;
    track->likelihood = 0;
    for (int i = 1; i < count; i++) {
        double t = 1000 * (times_s[i] - times_s[0]), like;
        int place = track->last;
        track->extra[i] = !choose(metre, guess, &f, t, track->last, &place, &like);
        track->place[i] = place;
        track->likelihood += like;
        if (track->extra[i])
            continue;
        double beats = pulse_beats(metre, guess->swing, place);
        drift(&f, beats);
        follow(&f, habit_of(metre, &f, place), beats, t);
        track->last = place;
    }
    track->begin_s = f.a / 1000;
    track->period_s = f.p / 1000;
}
