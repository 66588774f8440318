/* How close a drummer comes to real drummers: every figure over the hits that were
 * really played, pooled over the recordings of a split.
 *
 * timing: milliseconds from the per-beat grid. MSE in (16th notes)^2. KL divergences compare
 * histograms of all offsets (40 bins over +-80 ms) and velocities (32 bins), one count added to
 * each bin, real against predicted. SD ratio: predicted spread over real spread. */
#ifndef LEARN_EVALUATE_H
#define LEARN_EVALUATE_H

#include "learn/corpus.h"
#include "model/model.h"

struct humanising_error {
    int files;
    long hits;
    double offset_mae_ms, offset_mse_16th2, velocity_mae;
    double timing_kl, velocity_kl;
    double offset_sd_ratio, velocity_sd_ratio;
};

struct evaluate_options {
    bool fills;        /* count fills too, not only grooves */
    bool heard;        /* let the model hear the recording's own past (guitar_ms) and follow it */
    double expression; /* 0: the most likely hit */
    uint64_t seed;
    bool (*progress)(void *context, double done); /* false cancels; or NULL */
    void *context;
};

bool evaluate_model(const struct model *model, const struct corpus *corpus,
                    const struct evaluate_options *options, struct humanising_error *result,
                    struct error *err);

/* The same for baselines: on the grid at the recording's mean velocity, and the table of a training
 * split. */
void evaluate_grid(const struct corpus *corpus, bool fills, struct humanising_error *result);
void evaluate_table(const struct corpus *corpus, bool fills, const struct corpus_table *table,
                    struct humanising_error *result);

#endif
