/* How close a drummer comes to real drummers: every figure over the hits that were
 * really played, pooled over the recordings of a split. */
#ifndef LEARN_EVALUATE_H
#define LEARN_EVALUATE_H

#include "learn/corpus.h"
#include "model/model.h"

enum { EVALUATE_LAGS = 3, EVALUATE_STRETCHES = 5, EVALUATE_METRES = 16 };
extern const int evaluate_lags[EVALUATE_LAGS]; /* 1, 2, 8 steps */

/* How hits hang together. */
struct coherence {
    double autocorrelation[EVALUATE_LAGS]; /* of the steps' mean offsets, each recording around its
                                              mean, products and squares pooled */
    double within_step_ms;                 /* SD of the offsets within steps of two drums or more */
};

/* The error over some of the hits; the means are NAN where there is none. */
struct partial_error {
    long hits;
    double offset_mae_ms, velocity_mae;
};

struct stretch_error { /* by position in the song; bars from 1, last 0: to the end */
    int first_bar, last_bar;
    struct partial_error error;
};

struct metre_error {
    int numerator, denominator;
    struct partial_error error;
};

struct humanising_error {
    int files;
    long hits;
    double offset_mae_ms, velocity_mae; /* from the per-beat grid; 0..127 */
    double offset_mse_16th2;            /* (16th notes)^2 */
    /* Histograms of all offsets (40 bins over +-80 ms) and velocities (32 bins), one count added to
     * each bin: KL divergence, real against made. Spread: made over real. */
    double timing_kl, velocity_kl;
    double offset_sd_ratio, velocity_sd_ratio;
    struct coherence played, made;
    struct stretch_error stretches[EVALUATE_STRETCHES];
    struct metre_error metres[EVALUATE_METRES]; /* the most frequent first */
    int metre_count;
};

struct evaluate_options {
    bool fills;        /* count fills too, not only grooves */
    bool heard;        /* let the model hear the recording's own past (guitar_ms) and follow it */
    double expression; /* 0: the most likely hit */
    bool independent;  /* instead of a drummer's spread, normal noise of the same SD for each hit by
                          itself: what expression has to be better than */
    uint64_t seed;
    bool (*progress)(void *context, double done); /* false cancels; or NULL */
    void *context;
};

bool evaluate_model(const struct model *model, const struct corpus *corpus,
                    const struct evaluate_options *options, struct humanising_error *result,
                    struct error *err);

/* The same for baselines: on the grid at the recording's mean velocity, and the table of a training
 * split. */
bool evaluate_grid(const struct corpus *corpus, bool fills, struct humanising_error *result,
                   struct error *err);
bool evaluate_table(const struct corpus *corpus, bool fills, const struct corpus_table *table,
                    struct humanising_error *result, struct error *err);

#endif
