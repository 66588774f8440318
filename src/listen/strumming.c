#include "listen/strumming.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MOST_PLACES = PULSE_MOST_BEATS * PULSE_MOST_PARTS };

/* Ways of strumming and how usual they are. */
static const double BEATS = 0.60, LOOSE_BEATS = 0.1, EIGHTHS = 0.06, SCORE = 0.12, PATTERN = 0.126,
                    HALVES = 0.004;
/* How often they strike a place of each level. */
static const double beats_strike[PULSE_LEVELS] = {0.975, 0.012, 0.005},
                    loose_strike[PULSE_LEVELS] = {0.87, 0.015, 0.005};
static const double eighths_strike[PULSE_LEVELS] = {0.95, 0.90, 0.01};
static const double score_strikes[PULSE_LEVELS] = {0.90, 0.80, 0.35}, elsewhere = 0.015;
static const double pattern_strikes[PULSE_LEVELS] = {0.80, 0.45, 0.08};
static const double HABIT = 2; /* how many bars a pattern's prior is worth */
static const double EXTRA = 4; /* nats for an onset that belongs nowhere */

static struct pulse_metre count_bar(const struct position *at)
{
    bool compound = at->denominator >= 8 && at->numerator % 3 == 0;
    struct pulse_metre metre = {
        .beats = compound ? at->numerator / 3 : at->numerator,
        .parts = compound ? 6 : 4,
    };
    if (metre.beats > PULSE_MOST_BEATS)
        metre.beats = PULSE_MOST_BEATS;
    metre.beat_s = at->bar_s / metre.beats;
    return metre;
}

/* Twelfths of a beat as parts: what is a triplet's end is as well an eighth swung. */
static int part_of(const struct pulse_metre *metre, int twelfth)
{
    static const int quarters[] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4};
    return metre->parts == 4 ? quarters[twelfth] : (twelfth + 1) / 2;
}

void strumming_of_score(struct strumming *s, const struct score *score, int bar)
{
    memset(s, 0, sizeof *s);
    struct position at =
        clock_position(score->clock, (double)clock_bar_tick(score->clock, bar - 1));
    s->metre = count_bar(&at);
    int places = s->metre.beats * s->metre.parts;
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        if (step->at.bar < bar - 1 || step->at.bar >= bar - 1 + STRUMMING_BARS)
            continue;
        int twelfth = (int)floor(step->at.phase * s->metre.beats * 12 + 0.5);
        int place = twelfth / 12 * s->metre.parts + part_of(&s->metre, twelfth % 12);
        int of_bar = step->at.bar - (bar - 1) + place / places;
        if (of_bar < STRUMMING_BARS)
            s->step[of_bar][place % places] = true;
        if (step->at.bar - (bar - 1) + 1 > s->bars)
            s->bars = step->at.bar - (bar - 1) + 1;
    }
    s->bars = s->bars > 0 ? s->bars : 1;
}

/* Places struck and passed, by place in one or two bars. */
struct counts {
    int struck[2 * MOST_PLACES], passed[2 * MOST_PLACES];
};

/* What has a probability of its own at each place, drawn round `mean`. */
static double repeats(int struck, int passed, double mean)
{
    double yes = HABIT * mean, no = HABIT * (1 - mean), sum = 0;
    for (int i = 0; i < struck; i++)
        sum += log((yes + i) / (HABIT + i));
    for (int i = 0; i < passed - struck; i++)
        sum += log((no + i) / (HABIT + struck + i));
    return sum;
}

static double add(double log_a, double log_b)
{
    double most = fmax(log_a, log_b);
    if (log_a == -INFINITY)
        return log_b;
    return most + log1p(exp(fmin(log_a, log_b) - most));
}

static double one(bool struck, double p)
{
    return log(struck ? p : 1 - p);
}

/* The onsets as places from the beginning of the bar that holds the first. */
static double places_struck(const struct strumming *s, const struct pulse_track *track, int count,
                            int beat)
{
    const struct pulse_metre *metre = &s->metre;
    int bar = metre->beats * metre->parts, shift = beat * metre->parts;
    struct counts one_bar = {0}, score = {0};
    double beats = log(BEATS), loose = log(LOOSE_BEATS), eighths = log(EIGHTHS),
           halves = log(HALVES), written = log(SCORE), pattern = log(PATTERN), extras = 0;
    int next = 0;
    for (int place = track->place[0]; place <= track->last; place++) {
        while (next < count && track->extra[next])
            next++;
        bool struck = next < count && track->place[next] == place;
        next += struck;
        int at = place + shift, level = pulse_level(metre, at % metre->parts);
        int of_beat = at / metre->parts % metre->beats;
        beats += one(struck, beats_strike[level]);
        loose += one(struck, loose_strike[level]);
        eighths += one(struck, eighths_strike[level]);
        halves += one(struck, level == 0 && of_beat % 2 == 0 ? beats_strike[0] : 0.015);
        one_bar.passed[at % bar]++;
        one_bar.struck[at % bar] += struck;
        if (!s->step[at / bar % s->bars][at % bar]) {
            written += one(struck, elsewhere);
            continue;
        }
        score.passed[at % (2 * bar)]++;
        score.struck[at % (2 * bar)] += struck;
    }
    for (int i = 0; i < 2 * bar; i++) {
        int level = pulse_level(metre, i % metre->parts);
        pattern += repeats(one_bar.struck[i], one_bar.passed[i], pattern_strikes[level]);
        written += repeats(score.struck[i], score.passed[i], score_strikes[level]);
    }
    for (int i = 0; i < count; i++)
        extras -= track->extra[i] ? EXTRA : 0;
    return extras + add(add(add(beats, loose), eighths), add(add(halves, written), pattern));
}

/* What makes a strum loud: that it begins the bar, that it is off the beat, that its beat is an
 * even one. Each has an effect that is not known, with a mean and an SD in dB. */
enum { EFFECTS = 4 };
static const double effect_mean[EFFECTS] = {0, 1, -2.5, 0.5},
                    effect_sd[EFFECTS] = {60, 1.5, 1.5, 0.7};
/* How much strums differ besides: nobody knows before. */
enum { NOISES = 3 };
static const double TRUST = 0.8; /* in what strengths say */
static const double noise_db[NOISES] = {0.7, 1.5, 3};

static void look_at(const struct strumming *s, int at, double x[EFFECTS])
{
    int bar = s->metre.beats * s->metre.parts, of_beat = at % bar / s->metre.parts;
    bool off = at % s->metre.parts != 0;
    x[0] = 1;
    x[1] = at % bar == 0;
    x[2] = off;
    x[3] = !off && of_beat % 2 == 1;
}

/* One strum after the other, each judged by what is known of the effects after those before. */
static double strengths_heard(const struct strumming *s, const struct pulse_track *track,
                              const double *strengths, int count, int beat, double noise)
{
    double mean[EFFECTS], cov[EFFECTS][EFFECTS] = {{0}}, sum = 0;
    memcpy(mean, effect_mean, sizeof mean);
    for (int i = 0; i < EFFECTS; i++)
        cov[i][i] = effect_sd[i] * effect_sd[i];
    for (int k = 1; k < count; k++) { /* the first rises from silence */
        double x[EFFECTS], cx[EFFECTS] = {0}, miss = strengths[k], variance = noise * noise;
        if (track->extra[k])
            continue;
        look_at(s, track->place[k] + beat * s->metre.parts, x);
        for (int i = 0; i < EFFECTS; i++) {
            for (int j = 0; j < EFFECTS; j++)
                cx[i] += cov[i][j] * x[j];
            miss -= x[i] * mean[i];
            variance += x[i] * cx[i];
        }
        sum -= 0.5 * (log(variance) + miss * miss / variance);
        for (int i = 0; i < EFFECTS; i++) {
            mean[i] += cx[i] / variance * miss;
            for (int j = 0; j < EFFECTS; j++)
                cov[i][j] -= cx[i] * cx[j] / variance;
        }
    }
    return sum;
}

double strumming_likelihood(const struct strumming *s, const struct pulse_track *track,
                            const double *strengths, int count, int beat)
{
    assert(beat >= 0 && beat < s->metre.beats);
    double heard = -INFINITY;
    for (int i = 0; i < NOISES; i++)
        heard = add(heard, strengths_heard(s, track, strengths, count, beat, noise_db[i]));
    return places_struck(s, track, count, beat) + TRUST * heard;
}
