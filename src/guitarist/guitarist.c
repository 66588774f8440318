#include "guitarist/guitarist.h"

#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RIFF_BINS = 2 * SCORE_BINS, SIXTEENTHS = 16, PHRASES = 4 };

static const double MISS = 0.05;   /* notes of the riff left out */
static const double SLIP = 0.03;   /* notes played anywhere */
static const double WANDER = 0.97; /* his drift from step to step */
static const double REACH =
    0.45; /* of the gap to the nearer neighbour: further off it would be another note */
static const double MIN_GAP_MS = 40; /* flams are no limit */
static const double MAX_GAP_MS =
    555; /* however long the rest, within 250 ms it is still this note */
static const double MAX_CORRECTION_MS = 12;

/* What he always does. Places in the bar are bins of a twelfth of a quarter. */
struct habits {
    double constant_ms;
    double place_ms[SCORE_BINS];
    double place_beats[SCORE_BINS]; /* what follows the tempo: swing */
    double phrase_ms[PHRASES];
    double slope_ms[2];     /* from the begin to the end of eight bars */
    double riff[RIFF_BINS]; /* a note is in the riff where this is below the place's weight */
    double jitter_ms, wander_ms, correction, most_correction_ms;
    /* Only when odd. */
    double section_ms[2][SCORE_BINS];
    double two_bar_ms[RIFF_BINS];
    double practice_ms[SCORE_BINS]; /* change from take to take */
};

struct part { /* one step of the score in this take */
    double habit_ms, reach_ms;
    bool in_riff;
    bool plays, slips;
    double place_ms;  /* habit, mood and drift of this take */
    double jitter_ms; /* or, when it slips, where it lands */
};

struct guitarist {
    const struct score *score;
    uint64_t seed;
    bool odd;
    struct habits habits;
    struct part *parts;
    double asynchrony_ms; /* drums minus his note, the last time both sounded */
    double intent_ms, deviation_ms;
    int played; /* the step of his last note, -1 before it */
};

static void spread(struct rng *rng, double sd, double table[SCORE_BINS])
{
    for (int i = 0; i < SIXTEENTHS; i++) {
        double shift = sd * rng_normal(rng);
        for (int k = 0; k < SCORE_BINS / SIXTEENTHS; k++)
            table[SCORE_BINS / SIXTEENTHS * i + k] += shift;
    }
}

static void on_grid(struct habits *habits, struct rng *rng)
{
    spread(rng, 4, habits->place_ms);
}

static void laid_back(struct habits *habits, struct rng *rng)
{
    habits->constant_ms += rng_between(rng, 12, 22);
    double backbeat = rng_between(rng, 5, 12);
    habits->place_ms[12] += backbeat;
    habits->place_ms[36] += backbeat;
    spread(rng, 4, habits->place_ms);
}

static void swinger(struct habits *habits, struct rng *rng)
{
    double ratio = rng_between(rng, 0.56, 0.64);
    for (int bin = 0; bin < SCORE_BINS; bin++) {
        int place = bin % SCORE_BINS_PER_QUARTER;
        if (place == 6)
            habits->place_beats[bin] += ratio - 0.5;
        else if (place == 3 || place == 9)
            habits->place_beats[bin] += 0.5 * (ratio - 0.5);
    }
    spread(rng, 4, habits->place_ms);
}

static void straightener(struct habits *habits, struct rng *rng)
{
    double late = rng_between(rng, 0.5, 0.9), early = rng_between(rng, 0.5, 0.9);
    double offbeat = rng_between(rng, 5, 12);
    for (int bin = 0; bin < SCORE_BINS; bin++) {
        int place = bin % SCORE_BINS_PER_QUARTER;
        if (place == 8)
            habits->place_beats[bin] -= (2.0 / 3 - 0.5) * late;
        else if (place == 4)
            habits->place_beats[bin] -= (1.0 / 3 - 0.25) * early;
        else if (place == 6)
            habits->place_ms[bin] -= offbeat;
    }
    spread(rng, 4, habits->place_ms);
}

static void subverter(struct habits *habits, struct rng *rng)
{
    habits->place_ms[0] -= rng_between(rng, 40, 75);
    habits->place_ms[24] -= rng_between(rng, 10, 40);
    spread(rng, 4, habits->place_ms);
}

static void rusher(struct habits *habits, struct rng *rng)
{
    habits->slope_ms[0] *= 3;
    habits->slope_ms[1] *= 3;
    spread(rng, 4, habits->place_ms);
}

static void pattern(struct habits *habits, struct rng *rng)
{
    for (int i = 0; i < SCORE_BINS; i += SCORE_BINS / SIXTEENTHS) {
        double place = rng_between(rng, -30, 30);
        for (int k = 0; k < SCORE_BINS / SIXTEENTHS; k++)
            habits->place_ms[i + k] += place;
    }
}

static const struct {
    const char *name;
    void (*shape)(struct habits *habits, struct rng *rng);
} players[] = {
    {"on-grid", on_grid},           {"laid-back", laid_back}, {"swinger", swinger},
    {"straightener", straightener}, {"subverter", subverter}, {"rusher", rusher},
    {"pattern", pattern},
};

enum { PLAYERS = sizeof players / sizeof players[0] };

const char *guitarist_name(int index)
{
    return index >= 0 && index < PLAYERS ? players[index].name : NULL;
}

static int find(const char *name)
{
    for (int i = 0; i < PLAYERS; i++)
        if (strcmp(players[i].name, name) == 0)
            return i;
    return -1;
}

static bool unknown(const char *name, struct error *err)
{
    char list[200] = "";
    for (int i = 0; i < PLAYERS; i++) {
        strcat(list, i ? ", " : "");
        strcat(list, players[i].name);
    }
    error_set(err, "there is no guitarist '%s'", name);
    return error_hint(err, "one of: %s", list);
}

/* All draws but the player's own come first, so that players of one seed differ in their kind
 * alone. */
static void form_habits(struct habits *habits, int player, uint64_t seed, bool odd)
{
    struct rng rng;
    rng_seed(&rng, seed);
    for (int i = 0; i < RIFF_BINS; i++)
        habits->riff[i] = rng_uniform(&rng);
    habits->constant_ms = 4 * rng_normal(&rng);
    for (int i = 0; i < PHRASES; i++)
        habits->phrase_ms[i] = 6 * rng_normal(&rng);
    for (int i = 0; i < 2; i++)
        habits->slope_ms[i] = 6 * rng_normal(&rng);
    habits->jitter_ms = rng_between(&rng, 4, 12);
    habits->wander_ms = rng_between(&rng, 3, 7);
    habits->correction = rng_between(&rng, 0.1, 0.4);
    habits->most_correction_ms = MAX_CORRECTION_MS;
    players[player].shape(habits, &rng);
    if (!odd)
        return;
    rng_seed(&rng, seed + UINT64_C(0x6f6464)); /* "odd" */
    spread(&rng, 10, habits->section_ms[0]);
    spread(&rng, 10, habits->section_ms[1]);
    for (int i = 0; i < RIFF_BINS; i++)
        habits->two_bar_ms[i] = 8 * rng_normal(&rng);
    spread(&rng, 4, habits->practice_ms);
}

static bool in_riff(const struct habits *habits, int riff_bin)
{
    static const double weight[SCORE_BINS_PER_QUARTER] = {
        .95, .35, .35, .35, .8, .35, .85, .35, .8, .35, .35, .35,
    };
    return habits->riff[riff_bin] < weight[riff_bin % SCORE_BINS_PER_QUARTER];
}

static struct part learn_part(const struct guitarist *guitarist, const struct step *step)
{
    const struct habits *habits = &guitarist->habits;
    int bar = step->at.bar, phrase = bar / 8;
    int riff_bin = bar % 2 * SCORE_BINS + step->bin;
    double gap_ms = 1000 * fmin(step->gap_s[0], step->gap_s[1]);
    struct part part = {
        .in_riff = in_riff(habits, riff_bin),
        .reach_ms = REACH * fmin(fmax(gap_ms, MIN_GAP_MS), MAX_GAP_MS),
        .habit_ms = habits->constant_ms + habits->place_ms[step->bin] +
                    habits->place_beats[step->bin] * 60000 / step->at.bpm +
                    habits->phrase_ms[phrase % 2 + 2 * (phrase / 4 % 2)] +
                    habits->slope_ms[phrase % 2] * (bar % 8 / 8.0 - 0.5),
    };
    if (guitarist->odd) {
        part.habit_ms += habits->section_ms[phrase % 2][step->bin] + habits->two_bar_ms[riff_bin];
        part.habit_ms += step->drums & 1u << DRUM_SNARE ? 8 : 0;
        part.habit_ms -= step->drums & 1u << DRUM_CRASH ? 5 : 0;
    }
    return part;
}

struct guitarist *guitarist_new(const struct score *score, const struct guitarist_options *options,
                                struct error *err)
{
    const char *name = options->name ? options->name : "laid-back";
    int player = find(name);
    if (player < 0) {
        unknown(name, err);
        return NULL;
    }
    struct guitarist *guitarist = calloc(1, sizeof *guitarist);
    struct part *parts = calloc((size_t)score->step_count + 1, sizeof *parts);
    if (!guitarist || !parts) {
        free(guitarist);
        free(parts);
        error_set(err, "out of memory for the guitarist");
        return NULL;
    }
    guitarist->score = score;
    guitarist->seed = options->seed;
    guitarist->odd = options->odd;
    guitarist->parts = parts;
    form_habits(&guitarist->habits, player, options->seed, options->odd);
    for (int i = 0; i < score->step_count; i++)
        parts[i] = learn_part(guitarist, &score->steps[i]);
    guitarist_start(guitarist, 0);
    return guitarist;
}

void guitarist_free(struct guitarist *guitarist)
{
    if (!guitarist)
        return;
    free(guitarist->parts);
    free(guitarist);
}

void guitarist_react(struct guitarist *guitarist, double correction, double most_ms)
{
    guitarist->habits.correction = correction;
    guitarist->habits.most_correction_ms = most_ms;
}

/* Student's t with three degrees of freedom, scaled to SD 1: mostly close, sometimes far off. */
static double heavy_tailed(struct rng *rng)
{
    double numerator = rng_normal(rng), squares = 0;
    for (int i = 0; i < 3; i++) {
        double x = rng_normal(rng);
        squares += x * x;
    }
    return numerator / sqrt(fmax(squares, 1e-6));
}

/* One take's moods. Every draw is made at every step, so that no slip shifts the ones after it. */
void guitarist_start(struct guitarist *guitarist, int take)
{
    const struct habits *habits = &guitarist->habits;
    struct rng rng;
    rng_seed(&rng, guitarist->seed * UINT64_C(1000003) + (uint64_t)take + 1);
    double mood[SCORE_BINS];
    for (int i = 0; i < SCORE_BINS; i++)
        mood[i] = 2 * rng_normal(&rng);
    double drift = habits->wander_ms * rng_normal(&rng);
    double period = rng_between(&rng, 60, 140), begin = rng_uniform(&rng);
    for (int i = 0; i < guitarist->score->step_count; i++) {
        const struct step *step = &guitarist->score->steps[i];
        struct part *part = &guitarist->parts[i];
        double rubato = 1.2 * habits->wander_ms * sin(2 * M_PI * (i / period + begin));
        part->place_ms = part->habit_ms + mood[step->bin] + (guitarist->odd ? rubato : drift);
        if (guitarist->odd)
            part->place_ms += take * habits->practice_ms[step->bin];
        drift = WANDER * drift + habits->wander_ms * sqrt(1 - WANDER * WANDER) * rng_normal(&rng);
        double normal = rng_normal(&rng), tailed = heavy_tailed(&rng);
        double astray = rng_between(&rng, -1, 1) * part->reach_ms / REACH / 3;
        part->plays = part->in_riff & (rng_uniform(&rng) >= MISS);
        part->slips = rng_uniform(&rng) < SLIP;
        part->jitter_ms =
            part->slips ? astray : habits->jitter_ms * (guitarist->odd ? tailed : normal);
    }
    guitarist->asynchrony_ms = guitarist->intent_ms = guitarist->deviation_ms = 0;
    guitarist->played = -1;
}

static double clamp(double x, double limit)
{
    return fmax(-limit, fmin(x, limit));
}

bool guitarist_play(struct guitarist *guitarist, int step, double *deviation_ms)
{
    assert(step >= 0 && step < guitarist->score->step_count);
    const struct part *part = &guitarist->parts[step];
    if (!part->plays)
        return false;
    const struct habits *habits = &guitarist->habits;
    double correction =
        clamp(habits->correction * guitarist->asynchrony_ms, habits->most_correction_ms);
    guitarist->intent_ms = clamp(part->place_ms + correction, part->reach_ms);
    guitarist->deviation_ms = clamp(
        part->slips ? part->jitter_ms : guitarist->intent_ms + part->jitter_ms, part->reach_ms);
    guitarist->played = step;
    *deviation_ms = guitarist->deviation_ms;
    return true;
}

void guitarist_hear(struct guitarist *guitarist, int step, double drums_ms)
{
    if (step == guitarist->played)
        guitarist->asynchrony_ms = drums_ms - guitarist->deviation_ms;
}

double guitarist_intent_ms(const struct guitarist *guitarist)
{
    return guitarist->intent_ms;
}
