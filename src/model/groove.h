/* The groove: a Transformer that reads a drum score and what has been heard of the guitar, and says
 * how a drummer would play each step and where the guitar will fall.
 *
 *   x ---- input ---- encoder blocks (both ways along the score) ---- e
 *                                                                     |
 *   heard g ------- + e ---- memory block (heard steps alone) ---- m  |     null
 *                                                                  |  |      |
 *             decoder blocks: query e, row i sees m of heard steps < i, and the null token
 *                                      |
 *                                      38 outputs a step
 *
 * It never sees its own output, so there is no exposure bias, and with nothing heard it is a plain
 * humaniser. Blocks are pre-norm Transformer blocks (Xiong et al. 2020); attention has learnt
 * biases for the distance in steps (Shaw et al. 2018), for the same place in the bar, and for the
 * same place in the beat. All attention is banded: a step depends on nothing further than the bands
 * away, so a song of any length costs the same per step and gives the same numbers as a window of
 * it.
 *
 * Times are in units of 25 ms, velocities in units of 25 around the scored velocity; scales are
 * logarithms. Weights may be shared by threads that each have a pass; a pass belongs to one thread.
 */
#ifndef MODEL_GROOVE_H
#define MODEL_GROOVE_H

#include "base/rng.h"
#include "model/checkpoint.h"
#include "score/score.h"

#include <stdbool.h>

#define GROOVE_MS 25.0       /* one unit of time */
#define GROOVE_VELOCITY 25.0 /* one unit of velocity */

enum { /* where the outputs of a step are */
       GROOVE_OFFSET = 0,
       GROOVE_OFFSET_SCALE = DRUM_COUNT,
       GROOVE_DELTA = 2 * DRUM_COUNT, /* velocity minus scored velocity */
       GROOVE_DELTA_SCALE = 3 * DRUM_COUNT,
       GROOVE_GUITAR = 4 * DRUM_COUNT,
       GROOVE_GUITAR_SCALE,
       GROOVE_OUTPUTS
};

/* Log scales mean what they say between these; losses and predictions clamp them. */
#define GROOVE_SCALE_MIN (-4.0F)
#define GROOVE_SCALE_MAX 3.0F

struct groove_config {
    int inputs;             /* features of a step: FEATURE_COUNT */
    int width;              /* of the residual stream; a multiple of heads */
    int heads, hidden;      /* hidden: width inside the feed-forward layers */
    int encoders, decoders; /* blocks */
    int reach;              /* distances beyond +-reach steps share a bias */
    int encoder_band;       /* the encoder sees this many steps either way */
    int memory_band;        /* memory and decoder see this many steps back */
};

struct groove_layout;

struct groove {
    struct groove_config config;
    float *params; /* every weight, in one slab: an optimiser needs to know no more */
    size_t size;   /* floats in it; gradients are arrays of this size */
    struct groove_layout *layout;
};

struct groove_config groove_defaults(void);

/* NULL when out of memory. New weights are random, and seeded. */
struct groove *groove_new(struct groove_config config, uint64_t seed);
struct groove *groove_copy(const struct groove *groove);
void groove_free(struct groove *groove);

/* All sizes come from the checkpoint: tensor shapes, and metadata "encoder_band" and "memory_band".
 */
struct groove *groove_from(const struct checkpoint *checkpoint, struct error *err);

/* Puts `params` (groove->params, or another slab of that size), the sizes, and metadata "model" =
 * "groove" into a checkpoint; what else it holds stays. */
void groove_store(const struct groove *groove, const float *params, struct checkpoint *checkpoint);

/* Windows of B songs, T steps each. Steps that are not valid (padding) are seen by nobody. */
struct groove_batch {
    int B, T;
    const float *x;     /* (B,T,inputs), model/features.h */
    const int *bin;     /* (B,T) step.bin */
    const float *g;     /* (B,T) where the guitar fell; read only where heard */
    const float *heard; /* (B,T) 1 or 0; NULL: nothing heard */
    const float *valid; /* (B,T) 1 or 0; NULL: all valid */
};

/* Room for the activations and, if `training`, the gradients of batches up to B * T steps
 * of windows up to T. Reusable. NULL when out of memory, or over a gigabyte without training. */
struct groove_pass;
struct groove_pass *groove_pass_new(const struct groove *groove, int B, int T, bool training);
void groove_pass_free(struct groove_pass *pass);

/* The outputs (B,T,GROOVE_OUTPUTS), valid until the pass is used again; zeros where a sequence has
 * ended. Dropout happens where `rng` is given. */
const float *groove_forward(const struct groove *groove, struct groove_pass *pass,
                            const struct groove_batch *batch, float dropout, struct rng *rng);

/* The encoder's output e (rows,width) of the last forward: the sequences after each other, each up
 * to its last valid step. */
const float *groove_encoded(const struct groove_pass *pass);

/* The way back of the last forward (same batch, same weights) from the gradient of any loss on the
 * outputs. Adds to `gradients` (groove->size floats). */
void groove_backward(const struct groove *groove, struct groove_pass *pass,
                     const struct groove_batch *batch, const float *d_outputs, float *gradients);

/* What was really played, or what another groove would play. */
struct groove_targets {
    const float *offset;   /* (B,T,DRUM_COUNT) */
    const float *velocity; /* (B,T,DRUM_COUNT) minus the scored velocity */
    const float *hit;      /* (B,T,DRUM_COUNT) 1 or 0: the others do not count */
    const float *g;        /* (B,T) the guitar */
    double hits, steps;    /* what to divide by; 0: those of this batch */
    /* (B,T,GROOVE_OUTPUTS) a teacher's outputs: where they are given, the loss is the cross entropy
     * with his distributions instead (Hinton, Vinyals and Dean 2015). NULL: none */
    const float *taught;
};

struct groove_loss {
    double total;                    /* offset + velocity + guitar / 2 */
    double offset, velocity, guitar; /* negative log likelihoods, Laplace, per hit and per step */
    double offset_error;             /* sum of |offset - its median| over the hits, units */
    double hits, steps;              /* in this batch */
};

/* d_outputs (B,T,GROOVE_OUTPUTS) is overwritten with the gradient of `total`; may be NULL. */
struct groove_loss groove_loss(const struct groove_batch *batch,
                               const struct groove_targets *targets, const float *outputs,
                               float *d_outputs);

#endif
