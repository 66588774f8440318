/* Training a drummer's network on a folder of recordings, from nothing.
 *
 * AdamW, cosine schedule with a short warm-up, gradients clipped at norm 1, a running average of
 * the weights kept beside them and shipped. Each batch is shared by the threads; the result does
 * not depend on how it was interrupted: `output.state` holds everything, is written once a minute,
 * and is taken up again when it is there. `output.log` has a line per validation. */
#ifndef LEARN_PRETRAIN_H
#define LEARN_PRETRAIN_H

#include "base/error.h"
#include "model/groove.h"
#include "model/paper.h"

struct pretrain_progress {
    double epoch, epochs;
    double loss; /* running mean of the training loss */
    double seconds, seconds_left;
    bool validated;                     /* the next four are of the last validation */
    double offset_mae_ms, velocity_mae; /* nothing heard */
    double heard_offset_mae_ms;         /* the true past heard */
};

enum { PRETRAIN_TEACHERS = 8 };

struct pretrain_options {
    const char *model; /* which network: "groove", "paper" */
    const char
        *folder; /* like the Groove MIDI Dataset: learns from "train", watches "validation" */
    const char *output; /* the checkpoint to write */
    double epochs;
    int threads;
    int batch, window; /* windows a step, steps a window */
    double rate;       /* Adam's at its highest */
    double dropout;
    double validate_every; /* epochs */
    uint64_t seed;
    /* Checkpoints of grooves whose mean is learnt, instead of what the recordings say; up to the
     * first NULL. */
    const char *teachers[PRETRAIN_TEACHERS];
    struct groove_config groove; /* the sizes of whichever it is */
    struct paper_config paper;
    bool (*watch)(void *context,
                  const struct pretrain_progress *progress); /* false stops, keeping the state */
    void *context;
};

/* `model` must be one that pretrain_knows. */
struct pretrain_options pretrain_defaults(const char *model);

/* False, with the names there are, for a model that is not trained on recordings. */
bool pretrain_knows(const char *model, struct error *err);

bool pretrain(const struct pretrain_options *options, struct error *err);

#endif
