/* One Transformer block, forward and back: pre-norm attention, and a feed-forward layer where it
 * has one. For the networks' own files. */
#ifndef MODEL_BLOCK_H
#define MODEL_BLOCK_H

#include "model/kernels.h"
#include "model/slab.h"
#include "model/weights.h"

#include <stdbool.h>

struct block {
    struct norm norm1, norm2;
    struct norm norm_memory; /* where it attends to a memory: of that */
    struct linear q, kv, proj;
    struct linear up, down; /* feed-forward; up.out is 0 where there is none */
    bool cross;             /* attends to a memory, not to its own input */
};

/* Place a block's tensors; `cross` is set already. A block may do without the feed-forward layer.
 */
void block_place_attention(struct block *block, struct weights *weights, const char *prefix,
                           int width);
void block_place_feed(struct block *block, struct weights *weights, const char *prefix, int width,
                      int hidden);

/* What a block keeps of its forward pass. N rows: B T, or fewer of shorter sequences; M = rows of
 * kv: N, or those of the memory and B null tokens. Without training, blocks share one of these. */
struct activations {
    const float *in;                 /* (N,C) */
    float *norm1, *mean1, *rstd1;    /* (N,C) (N) (N) */
    float *norm_m, *mean_m, *rstd_m; /* (M,C) (M) (M): cross attention only */
    float *q, *kv, *p, *heads;       /* (N,C) (M,2C) (B,H,T,width) (N,C) */
    float *mid;                      /* (N,C): in + attention */
    float *norm2, *mean2, *rstd2;    /* (N,C) (N) (N) */
    float *hidden, *slope;           /* (N,hidden); slope of the GELU, training only */
    float *out;                      /* (N,C): mid + feed-forward, or mid */
    uint32_t seed;                   /* of its dropout */
};

/* Shared by all blocks, overwritten by each. */
struct workspace {
    float dropout;       /* rate; 0: none */
    float *scratch;      /* attention_scratch, or in * out of the largest layer */
    float *a, *b, *d_kv; /* (N,C) (M,C) (M,2C) */
    float *d_hidden;     /* (N,hidden) */
};

/* Room for a block whose feed-forward layer is `hidden` wide and whose attention is no wider than
 * `shape`. */
void block_carve(struct activations *act, struct carver *slab, int hidden,
                 const struct attention *shape, bool training);

/* memory: what is attended to (M,C); NULL: the block's own input. `out` may share its buffer with
 * `in`. A shape without `relative` is one of short_attention.h. */
void block_forward(const float *params, const struct block *block, struct activations *act,
                   const float *in, const float *memory, const struct attention *shape,
                   const struct workspace *work);

/* d (N,C): gradient of `out` in, of `in` out. Adds to d_memory (M,C) and to grads. drelative and
 * dsame as attention_backward has them. */
void block_backward(const float *params, float *grads, const struct block *block,
                    const struct activations *act, float *d, const float *memory, float *d_memory,
                    float *drelative, float *dsame, const struct attention *shape,
                    const struct workspace *work);

#endif
