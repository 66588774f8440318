/* How well does a drummer learn a guitarist? Players whose every intention is known stand in for
 * him, and each predictor plays its own five takes with each of them; then real drummers do, as
 * they left the grid.
 *
 * A note is always scored before it is learnt from: the figures are those of the next note, and of
 * the next take. A step is placed as in a take at `follow` 1 (model/touch.h, no expression, a leash
 * of 120 ms); the player hears and reacts to the mean of its hits. No player is expected further
 * off than players go, .45 of the gap to the nearer step. After every take the drummer has a lesson
 * (learn/lesson.h). What has no feel of its own strikes all drums of a step together.
 * Deterministic for a seed, whatever the threads. */
#ifndef LEARN_DUET_H
#define LEARN_DUET_H

#include "learn/corpus.h"
#include "learn/lesson.h"

enum duet_predictor {
    DUET_ZERO,      /* the guitar is expected on the grid */
    DUET_EMA,       /* learn/baseline.h: at the running mean of this take's deviations */
    DUET_TABLE,     /* at the mean of this place in the bar, all takes */
    DUET_TABLE_EMA, /* both */
    DUET_EAR,       /* model/ear.h, with no network */
    DUET_NETWORK,   /* the drummer's network, with no ear and no lesson */
    DUET_DRUMMER,   /* the whole drummer */
    DUET_PREDICTORS
};

enum duet_figure {
    DUET_PREDICTION, /* |expected - played| */
    DUET_ASYNCHRONY, /* |drums - guitar| */
    DUET_FLOOR,      /* |intended - played|: no predictor can know more */
    DUET_FIGURES
};

enum { DUET_TAKES = 5 };

enum { DUET_THREADS = 2 }; /* a lesson has two more of its own */

struct duet_options {
    int players;     /* how many duets; 0 means three of each guitarist */
    bool odd;        /* guitarists with structure that simple predictors miss */
    bool late;       /* every onset becomes known only after the next step has been planned */
    bool fills;      /* fills too, not grooves alone */
    bool forgetting; /* measure it, on the first player of each guitarist */
    uint64_t seed;
    const struct checkpoint *drummer;    /* NULL: he and his network are left out */
    const struct lesson_options *lesson; /* NULL: no lessons; the recipe of the drummer's model is
                                            lesson_recipe */
    bool (*progress)(void *user, double share); /* NULL, or called as it goes on, from any thread
                                                   but never twice at once; false stops */
    void *user;
};

struct duet_player {
    int guitarist; /* guitarist_name */
    /* Means over the notes of a take, ms. NAN for predictors left out, and where no note fell. */
    double ms[DUET_PREDICTORS][DUET_TAKES][DUET_FIGURES];
    double humanising_ms; /* the drummer's, after the last lesson, with an empty ear; NAN where it
                             was not measured */
};

struct duet_result {
    struct duet_player *players;
    int count;
    double humanising_ms; /* before the first lesson; NAN where it was not measured */
};

/* "zero", "running mean", ... */
const char *duet_predictor_name(enum duet_predictor predictor);

/* Whether the options leave this one in. */
bool duet_includes(const struct duet_options *options, enum duet_predictor predictor);

/* Guitarists play along the corpus's pieces; up to 384 steps. Long ones in 4/4 are dealt at random
 * where there are any, the straightener gets one with triplets. */
bool duet_run(const struct corpus *corpus, const struct duet_options *options,
              struct duet_result *result, struct error *err);
void duet_clear(struct duet_result *result);

struct duet_drummers {
    int recordings;
    long steps;
    double mae_ms[DUET_PREDICTORS]; /* over all steps; NAN where left out, or there is no step */
};

/* Real drummers stand in for the guitarist: recordings of at least 64 steps, up to 1500 steps of
 * each, heard once. Predictors do not influence them, and there is no lesson. */
bool duet_drummers(const struct corpus *corpus, const struct duet_options *options,
                   struct duet_drummers *result, struct error *err);

#endif
