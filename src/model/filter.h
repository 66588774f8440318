/* A Kalman filter over habits that can be named: one opinion of how this guitarist plays this song.
 *
 *   g(step) = drifts + constant + place in the bar and in the beat + drums struck with it
 *           + reaction to the last asynchrony + weight of the groove network's guess
 *           + two-bar pattern + this bar and this section of the song
 *           + today's mood at this place + this place in this section + this step of the song
 *           + jitter
 *
 * A section is eight bars. Times are milliseconds from a step's scored time, variances ms^2.
 * Nothing allocates after filter_new but filter_load, nothing is random. The derivation is in
 * docs/LEARNING.md. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "model/checkpoint.h"
#include "score/score.h"

/* What is learnt together, in the order of the state; how many numbers each is. */
enum habit {
    HABIT_SLOW,     /* 1, drift, AR(1) from step to step */
    HABIT_FAST,     /* 1, drift */
    HABIT_REACTION, /* 1, share of the last asynchrony that comes back */
    HABIT_CONSTANT, /* 1 */
    HABIT_GROOVE,   /* 1, weight of the network's guess */
    HABIT_BAR,      /* SCORE_BINS, place in the bar */
    HABIT_BEAT,     /* SCORE_BINS_PER_QUARTER, place in the beat */
    HABIT_CLASS,    /* DRUM_COUNT, what goes with a drum */
    /* The song's own. */
    HABIT_TWO_BARS, /* 2 * SCORE_BINS */
    HABIT_SONG_BAR, /* one a bar; of more than 512 bars, neighbours share one */
    HABIT_SECTION,  /* one a section */
    HABIT_RUSH,     /* one a section: from its begin to its end */
    HABITS
};

/* What is learnt by itself, number by number. */
enum cell {
    CELL_MOOD,          /* place in the bar, forgotten after the take */
    CELL_SECTION_PLACE, /* place in the bar in this section */
    CELL_STEP,          /* step of the song */
    CELLS
};

struct filter_tuning {
    const char *name;
    double sd[HABITS];                    /* prior; 0: it has no such habit */
    double cell_sd[CELLS];                /* the same */
    double slow_keep, fast_keep;          /* what is left of a drift a step later */
    double groove;                        /* weight of the network's guess, in the mean */
    double renewal_ms2, song_renewal_ms2; /* variance that habits gain between takes */
};

struct filter;

/* NULL when out of memory. The score and the tuning must outlive it. */
struct filter *filter_new(const struct score *score, const struct filter_tuning *tuning);
void filter_free(struct filter *filter);

/* A take begins: drifts and moods are forgotten, habits may have changed a little. */
void filter_start_take(struct filter *filter);

/* What is known of a step before the guitar is heard there. */
struct occasion {
    int step;
    double groove_ms;     /* the network's guess; 0 where there is none */
    double asynchrony_ms; /* drums minus guitar at the last step before it where both sounded */
};

/* Where the guitar will fall: mean, and variance with the jitter of the hand. Steps in any order.
 */
void filter_predict(const struct filter *filter, const struct occasion *occasion, double *mean_ms,
                    double *variance_ms2);

/* It fell at `guitar_ms`, an onset that counts `weight` times as much as any, in (0, 1]. Steps in
 * any order, each at most once a take. */
void filter_hear(struct filter *filter, const struct occasion *occasion, double guitar_ms,
                 double weight);

/* Tensors "ear.NAME.mean" (n), ".covariance" (n(n+1)/2: the rows of the lower triangle),
 * ".section_places" and ".steps" (2,cells: means, variances), ".jitter" (variance, onsets it was
 * learnt from). A mood is not kept. */
void filter_store(const struct filter *filter, struct checkpoint *checkpoint);

/* False when the tensors are missing or no filter's; the filter is then good for nothing. Of
 * another song (`same_song` false) only the guitarist's own habits are taken, less surely. */
bool filter_load(struct filter *filter, const struct checkpoint *checkpoint, bool same_song);

/* The state itself, cells left out; filter_habit is where a habit's numbers begin in it. */
int filter_size(const struct filter *filter);
int filter_habit(const struct filter *filter, enum habit habit);
double filter_mean(const struct filter *filter, int i);
double filter_covariance(const struct filter *filter, int i, int j);

#endif
