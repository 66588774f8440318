/* attention_forward and attention_backward (model/kernels.h) for windows of at most SHORT_ATTENTION
 * steps, without biases, null key or `self`: a window's heads are too small for matrix products. */
#ifndef MODEL_SHORT_ATTENTION_H
#define MODEL_SHORT_ATTENTION_H

#include "model/kernels.h"

enum { SHORT_ATTENTION = 16 };

/* Shapes as in attention_forward, but p (B,H,T,SHORT_ATTENTION) holds for each key the queries'
 * weights. `bin`, `beat`, `relative` and `same` are not read. */
void short_attention_forward(float *y, float *p, const float *q, const float *kv,
                             const struct attention *shape);

/* Overwrites dq and dkv. */
void short_attention_backward(float *dq, float *dkv, const float *dy, const float *p,
                              const float *q, const float *kv, const struct attention *shape);

#endif
