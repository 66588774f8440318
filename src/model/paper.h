/* The paper's network (Burloiu, AIMC 2023): an encoder-decoder Transformer that reads a window of
 * the score, and step after step how it was played, and says how the next step will be.
 *
 *   score (T,12) -- score ------ + positions -- encoder blocks: all steps of the window -- e
 *                                                                                         |
 *   past (T,22) --- past ------- + positions -- decoder blocks: causal self-attention, cross-
 *                                               attention to e, feed-forward
 *                                                     |
 *                                          norm, output: 19 numbers a step
 *
 * Row i of `past` tells how step i - 1 was played and where step i lies, so that row i of the
 * outputs knows the score of the whole window, and what was played and heard before step i.
 *
 * Blocks are pre-norm with GELU (model/block.h; eps 1e-5), decoder.N.self without feed-forward
 * and decoder.N.cross with norm_memory over e; no attention biases, heads side by side. Positions
 * are the sinusoids of Vaswani et al. (2017): row t holds sin(t w) in channels 2k and cos(t w) in
 * 2k + 1, w = 10000^(-2k / width). y = x weight + bias with weight (in,out); kv holds keys, then
 * values. The tensors, C = width, F = hidden:
 *
 *   score.weight (12,C) .bias (C)   past.weight (22,C) .bias   output.weight (C,19) .bias
 *   norm.weight .bias (C)           scale (19)
 *   encoder.N.      norm1 norm2 .weight .bias (C), q (C,C) kv (C,2C) proj (C,C) up (C,F) down (F,C)
 *   decoder.N.self. norm1, q kv proj
 *   decoder.N.cross. norm1 norm_memory norm2, q kv proj up down
 *
 * and metadata "model" = "paper", "heads", "window" (T), "before". */
#ifndef MODEL_PAPER_H
#define MODEL_PAPER_H

#include "base/rng.h"
#include "model/checkpoint.h"
#include "score/score.h"

#include <stdbool.h>

/* One unit of the numbers in and out: of velocity in, of its output (minus the scored velocity),
 * and of offsets and g, in bars (25 ms at 120 BPM in 4/4). */
#define PAPER_LOUD 64.0F
#define PAPER_VELOCITY 25.0F
#define PAPER_BAR (1.0F / 80)
#define PAPER_MS 25.0F /* one unit of time in losses and scales */

enum {                  /* a step's outputs, and its tensor `scale` */
       PAPER_DELTA = 0, /* velocity minus scored velocity */
       PAPER_OFFSET = DRUM_COUNT,
       PAPER_GUITAR = 2 * DRUM_COUNT, /* g-hat */
       PAPER_OUTPUTS
};

enum { /* what the encoder reads of a step: scored velocities (0 where not hit), location */
       PAPER_LOCATION = 3, /* (bpm - 120) / 30, (metre - 1) * 4, (phase - .5) * 10 */
       PAPER_SCORE = DRUM_COUNT + PAPER_LOCATION,
       /* what the decoder reads: velocities, offsets and g of the step before, this location */
       PAPER_PAST = PAPER_OUTPUTS + PAPER_LOCATION
};

/* `scale` is the logarithm of the Laplace scale of each output's error, in 25 ms and 25 of
 * velocity, between these. */
#define PAPER_SCALE_MIN (-4.0F)
#define PAPER_SCALE_MAX 3.0F

struct paper_config {
    int width, heads, hidden; /* width a multiple of heads; hidden: inside the feed-forward */
    int encoders, decoders;   /* layers */
    int window;               /* T: the memory, in steps */
    int before; /* steps of the window before the one that is played, the rest ahead */
};

struct paper_layout;

struct paper {
    struct paper_config config;
    float *params; /* every weight, in one slab */
    size_t size;   /* floats in it; gradients are arrays of this size */
    struct paper_layout *layout;
};

struct paper_config paper_defaults(void);

/* NULL when out of memory. New weights are random, and seeded. */
struct paper *paper_new(struct paper_config config, uint64_t seed);
void paper_free(struct paper *paper);

/* All sizes come from the checkpoint: tensor shapes and metadata. */
struct paper *paper_from(const struct checkpoint *checkpoint, struct error *err);

/* Puts `params` (paper->params, or another slab of that size) and the sizes into a checkpoint; what
 * else it holds stays. */
void paper_store(const struct paper *paper, const float *params, struct checkpoint *checkpoint);

/* A step as the encoder reads it. */
void paper_read_step(const struct step *step, float score[PAPER_SCORE]);

/* Row i + 1 of `past` from step i: its score row, its outputs, where the guitar was heard (*g,
 * NULL: the network's own g-hat is fed back), and the score row of step i + 1. The row of a song's
 * first step has zeros but for the location. Numbers that could not be played are clamped. */
void paper_recall(const float *score, const float *outputs, const float *g, const float *score_next,
                  float past[PAPER_PAST]);
void paper_recall_nothing(const float *score, float past[PAPER_PAST]);

/* B windows of T steps. Steps that are not valid (padding, at the end) are seen by nobody. */
struct paper_batch {
    int B, T;           /* T at most config.window */
    const float *score; /* (B,T,PAPER_SCORE) */
    const float *past;  /* (B,T,PAPER_PAST) read by paper_decode */
    const float *valid; /* (B,T) 1 or 0; NULL: all valid */
};

/* Room for the activations and, if `training`, the gradients of B windows of up to T steps. NULL
 * when out of memory, or over a gigabyte without training. */
struct paper_pass;
struct paper_pass *paper_pass_new(const struct paper *paper, int B, int T, bool training);
void paper_pass_free(struct paper_pass *pass);

/* e (B,T,width), valid until the pass encodes again. Dropout happens where `rng` is given. */
const float *paper_encode(const struct paper *paper, struct paper_pass *pass,
                          const struct paper_batch *batch, float dropout, struct rng *rng);

/* The outputs (B,T,PAPER_OUTPUTS), valid until the pass decodes again. */
const float *paper_decode(const struct paper *paper, struct paper_pass *pass,
                          const struct paper_batch *batch, const float *encoded, float dropout,
                          struct rng *rng);

/* The way back of the last decode and the last encode (same batch, same weights). Adds to
 * `gradients` (paper->size floats). */
void paper_backward(const struct paper *paper, struct paper_pass *pass,
                    const struct paper_batch *batch, const float *d_outputs, float *gradients);

/* What was really played. */
struct paper_targets {
    const float *velocity; /* (B,T,DRUM_COUNT) minus the scored velocity, units */
    const float *offset;   /* (B,T,DRUM_COUNT) units of the bar */
    const float *hit;      /* (B,T,DRUM_COUNT) 1 or 0: the others do not count */
    const float *g;        /* (B,T) units of the bar */
    const float *unit;     /* (B,T) a unit of the bar in PAPER_MS */
    double hits, steps;    /* what to divide by */
};

/* Negative log likelihoods under Laplace distributions of constant scale: velocity + offset a hit,
 * half of g-hat's a step. d_outputs (B,T,PAPER_OUTPUTS) is overwritten with the gradient, and that
 * of `scale` added to `gradients`; both may be NULL. */
double paper_loss(const struct paper *paper, const struct paper_batch *batch,
                  const struct paper_targets *targets, const float *outputs, float *d_outputs,
                  float *gradients);

/* The Laplace scale of an output's error, in PAPER_MS or PAPER_VELOCITY. */
float paper_spread(const struct paper *paper, int output);

#endif
