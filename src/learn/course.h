/* What pretraining needs of a kind of network: weights in one slab, batches of windows cut from
 * recordings, and the gradient of its loss over some windows of a batch. */
#ifndef LEARN_COURSE_H
#define LEARN_COURSE_H

#include "base/rng.h"
#include "learn/corpus.h"
#include "learn/pretrain.h"

struct course_ops;

/* The head of every course. */
struct course {
    const struct course_ops *ops;
    float *params;
    size_t size; /* floats in params, and in any gradient */
    long steps;  /* score steps in the recordings: an epoch draws as many. 0: nothing to draw */
};

struct course_ops {
    const char *model;
    /* The part of the options that depends on the model. */
    void (*defaults)(struct pretrain_options *options);
    /* A network with new, seeded weights, its material, and room for a batch. The corpus may go
     * afterwards. */
    struct course *(*open)(const struct pretrain_options *options, const struct corpus *train,
                           struct error *err);
    void (*close)(struct course *course);
    /* `params` as a checkpoint of this network. */
    void (*store)(const struct course *course, const float *params, struct checkpoint *checkpoint);
    /* The next batch. */
    void (*draw)(struct course *course, struct rng *rng);
    /* Room for one thread to work on `count` windows at a time. NULL when out of memory. */
    void *(*hire)(const struct course *course, int count);
    void (*dismiss)(void *worker);
    /* Forward and backward over windows [first, first + count) of the batch. Adds to `gradients`;
     * returns their share of the batch's loss. May run in several threads. */
    double (*work)(const struct course *course, void *worker, int first, int count, float dropout,
                   struct rng *rng, float *gradients);
};

extern const struct course_ops course_groove, course_paper;

#endif
