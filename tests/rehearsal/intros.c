#include "intros.h"

#include "guitarist/guitarist.h"
#include "made_score.h"

#define QUARTERS                                                                                   \
    4,                                                                                             \
    {                                                                                              \
        0, 480, 960, 1440                                                                          \
    }
#define EIGHTHS                                                                                    \
    8,                                                                                             \
    {                                                                                              \
        0, 240, 480, 720, 960, 1200, 1440, 1680                                                    \
    }
#define WALTZ                                                                                      \
    3,                                                                                             \
    {                                                                                              \
        0, 480, 960                                                                                \
    }
#define COMPOUND                                                                                   \
    6,                                                                                             \
    {                                                                                              \
        0, 240, 480, 720, 960, 1200                                                                \
    }

const struct intro_kind intro_kinds[] = {
    {"8 beats", 4, 2, QUARTERS, 8, 4, {0, 0}, 0, 0},
    {"16 beats", 4, 2, QUARTERS, 16, 4, {0, 0}, 0, 0},
    {"16 beats, the first of a bar loud", 4, 2, QUARTERS, 16, 4, {3, 0}, 0, 0},
    {"16 beats, some twice", 4, 2, QUARTERS, 16, 4, {0, 0}, 0.08, 0},
    {"16 beats, some left out", 4, 2, QUARTERS, 16, 4, {0, 0}, 0, 0.1},
    {"24 beats of a waltz", 3, 2, WALTZ, 24, 8, {0, 0}, 0, 0},
    {"4 bars of eighths, down and up", 4, 2, EIGHTHS, 32, 4, {1, -4}, 0, 0},
    {"4 bars, D DU UDU", 4, 2, 6, {0, 480, 720, 1200, 1440, 1680}, 24, 4, {1, -3}, 0, 0},
    {"4 bars of bass and strum", 4, 2, 6, {0, 480, 720, 960, 1440, 1680}, 24, 4, {1, -3}, 0, 0},
    {"4 bars of shuffle", 4, 2, 8, {0, 320, 480, 800, 960, 1280, 1440, 1760}, 32, 4, {1, -3}, 0, 0},
    {"4 bars of 6/8", 6, 3, COMPOUND, 24, 4, {1, -3}, 0, 0},
    {"4 bars of the score's own steps", 4, 2, 0, {0}, 64, 4, {3, 0}, 0, 0},
};
const int intro_kind_count = sizeof intro_kinds / sizeof *intro_kinds;

static struct score *strummed(const struct intro_kind *kind, double bpm)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, kind->numerator, kind->log2_denominator, bpm);
    int bar = 4 * 480 * kind->numerator >> kind->log2_denominator;
    for (int k = 0; k < kind->bars + 4; k++)
        for (int i = 0; i < kind->count; i++)
            smf_hit(bytes, (int64_t)k * bar + kind->ticks[i], 42, 80);
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

/* What the drums will play: eighths in any metre. */
static struct score *marked(const struct intro_kind *kind, uint64_t seed)
{
    struct intro_kind eighths = {.numerator = kind->numerator,
                                 .log2_denominator = kind->log2_denominator,
                                 COMPOUND,
                                 .bars = 12};
    return kind->numerator == 4 ? made_score(16, 120, seed) : strummed(&eighths, 120);
}

static void add(struct made_intro *intro, double time_s, double strength_db)
{
    ck_assert_int_lt(intro->count, INTRO_MOST);
    int at = intro->count++;
    for (; at > 0 && intro->strums[at - 1].time_s > time_s; at--)
        intro->strums[at] = intro->strums[at - 1];
    intro->strums[at].time_s = time_s;
    intro->strums[at].strength_db = strength_db;
}

/* Whether a strum is on a beat, as this metre is counted. */
static bool on_beat(const struct intro_kind *kind, const struct step *step)
{
    double beats = kind->log2_denominator == 3 ? step->at.quarter / 1.5 : step->at.quarter;
    return fabs(beats - rint(beats)) < 0.01;
}

/* His strums, all that are meant (a beginning has no riff in which notes are left out), but for
 * those of the score. Where he would not play, the hand is that of anyone. */
static void play(struct made_intro *intro, const struct intro_kind *kind, const struct score *score,
                 struct guitarist *guitarist, struct rng *rng)
{
    double pulse_ms = 0;
    int beats = 0;
    for (int i = 0; i < score->step_count && intro->count < kind->strums; i++) {
        const struct step *step = &score->steps[i];
        double ms, strength = 10 + rng_normal(rng);
        bool plays = guitarist_play(guitarist, i, &ms), beat = on_beat(kind, step);
        double intent_ms = plays ? guitarist_intent_ms(guitarist) : 0;
        double hand_ms = 8 * rng_normal(rng), chance = rng_uniform(rng);
        if (step->at.bar >= kind->bars)
            break;
        if (!plays && intro->count && kind->count == 0)
            continue;
        if (intro->count && chance < kind->left_out)
            continue;
        if (step->bin == 0)
            strength += kind->accent_db[0];
        else if (!beat)
            strength += kind->accent_db[1];
        pulse_ms += beat ? intent_ms : 0;
        beats += beat;
        double time_s = step->time_s + (plays ? ms : hand_ms) / 1000;
        add(intro, time_s, strength);
        if (chance > 1 - kind->extra)
            add(intro, time_s + rng_between(rng, 0.06, 0.14), strength - 3);
    }
    intro->pulse_s = pulse_ms / beats / 1000;
}

void intro_make(struct made_intro *intro, const struct intro_kind *kind, uint64_t seed)
{
    struct rng rng;
    struct error err = {.text = ""};
    rng_seed(&rng, seed);
    double bpm = rng_between(&rng, 60, 200);
    uint64_t score_seed = rng_next(&rng);
    struct guitarist_options options = {.name = guitarist_name((int)rng_below(&rng, 7)),
                                        .odd = rng_uniform(&rng) < 0.4,
                                        .seed = rng_next(&rng)};
    struct score *score = kind->count ? strummed(kind, bpm) : made_score(16, bpm, score_seed);
    struct guitarist *guitarist = guitarist_new(score, &options, &err);
    ck_assert_msg(guitarist != NULL, "%s", err.text);
    guitarist_start(guitarist, (int)rng_below(&rng, 5));
    *intro = (struct made_intro){.score = marked(kind, score_seed)};
    bool compound = kind->log2_denominator == 3;
    intro->beats = compound ? kind->numerator / 3 : kind->numerator;
    intro->beat_s = (compound ? 1.5 : 1) * 60 / bpm;
    play(intro, kind, score, guitarist, &rng);
    guitarist_free(guitarist);
    score_free(score);
}
