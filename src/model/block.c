#include "model/block.h"

#include "model/short_attention.h"

#include <string.h>

void block_carve(struct activations *act, struct carver *slab, int hidden,
                 const struct attention *shape, bool training)
{
    const size_t N = (size_t)shape->B * (size_t)shape->T, C = (size_t)shape->C;
    const size_t M = N + (size_t)shape->B;
    float **rows[] = {&act->norm1, &act->q, &act->heads, &act->mid, &act->norm2, &act->out};
    float **numbers[] = {&act->mean1, &act->rstd1, &act->mean2, &act->rstd2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i] = carve(slab, N * C);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = carve(slab, N);
    act->norm_m = carve(slab, M * C);
    act->mean_m = carve(slab, M);
    act->rstd_m = carve(slab, M);
    act->kv = carve(slab, M * 2 * C);
    act->p = carve(slab, N * (size_t)shape->H * (size_t)attention_width(shape));
    act->hidden = carve(slab, N * (size_t)hidden);
    if (training)
        act->slope = carve(slab, N * (size_t)hidden);
}

enum { DROP_ATTENTION, DROP_HIDDEN, DROP_FEED };

void block_place_attention(struct block *b, struct weights *w, const char *prefix, int width)
{
    b->norm1 = weights_norm(w, prefix, "norm1", width);
    if (b->cross)
        b->norm_memory = weights_norm(w, prefix, "norm_memory", width);
    b->q = weights_linear(w, prefix, "q", width, width);
    b->kv = weights_linear(w, prefix, "kv", width, 2 * width);
    b->proj = weights_linear(w, prefix, "proj", width, width);
}

void block_place_feed(struct block *b, struct weights *w, const char *prefix, int width, int hidden)
{
    b->norm2 = weights_norm(w, prefix, "norm2", width);
    b->up = weights_linear(w, prefix, "up", width, hidden);
    b->down = weights_linear(w, prefix, "down", hidden, width);
}

static void forward(float *y, const float *x, const float *params, struct linear l, int N)
{
    linear_forward(y, x, params + l.weight, params + l.bias, N, l.in, l.out);
}

static void backward(float *dx, const float *dy, const float *x, const float *params, float *grads,
                     struct linear l, int N, const struct workspace *work)
{
    linear_backward(dx, grads + l.weight, grads + l.bias, dy, x, params + l.weight, N, l.in, l.out,
                    work->scratch);
}

static void norm_forward(float *y, float *mean, float *rstd, const float *x, const float *params,
                         struct norm n, int N, int C)
{
    layernorm_forward(y, mean, rstd, x, params + n.weight, params + n.bias, N, C);
}

static void norm_backward(float *dx, const float *dy, const float *x, const float *mean,
                          const float *rstd, const float *params, float *grads, struct norm n,
                          int N, int C)
{
    layernorm_backward(dx, grads + n.weight, grads + n.bias, dy, x, mean, rstd, params + n.weight,
                       N, C);
}

static void drop(float *x, size_t count, const struct activations *act, uint32_t place,
                 const struct workspace *work)
{
    if (work->dropout > 0)
        dropout(x, count, work->dropout, act->seed + place * 0x632be59bU);
}

static int rows(const struct attention *shape)
{
    return shape->first ? shape->first[shape->B] : shape->B * shape->T;
}

static int memory_rows(const struct attention *shape)
{
    const int keys = shape->first_key ? shape->first_key[shape->B] : rows(shape);
    return keys + shape->B * shape->null_key;
}

void block_forward(const float *params, const struct block *block, struct activations *act,
                   const float *in, const float *memory, const struct attention *shape,
                   const struct workspace *work)
{
    const int N = rows(shape), M = memory_rows(shape), C = shape->C;
    const size_t size = (size_t)N * (size_t)C;
    act->in = in;
    norm_forward(act->norm1, act->mean1, act->rstd1, in, params, block->norm1, N, C);
    const float *attended = act->norm1;
    if (block->cross) {
        norm_forward(act->norm_m, act->mean_m, act->rstd_m, memory, params, block->norm_memory, M,
                     C);
        attended = act->norm_m;
    }
    forward(act->q, act->norm1, params, block->q, N);
    forward(act->kv, attended, params, block->kv, M);
    if (shape->relative)
        attention_forward(act->heads, act->p, act->q, act->kv, shape, work->scratch);
    else
        short_attention_forward(act->heads, act->p, act->q, act->kv, shape);
    forward(act->mid, act->heads, params, block->proj, N);
    drop(act->mid, size, act, DROP_ATTENTION, work);
    add(act->mid, in, size);
    if (!block->up.out) {
        memcpy(act->out, act->mid, size * sizeof *act->out);
        return;
    }
    norm_forward(act->norm2, act->mean2, act->rstd2, act->mid, params, block->norm2, N, C);
    forward(act->hidden, act->norm2, params, block->up, N);
    const size_t hidden = (size_t)N * (size_t)block->up.out;
    gelu_forward(act->hidden, act->slope, hidden);
    drop(act->hidden, hidden, act, DROP_HIDDEN, work);
    forward(act->out, act->hidden, params, block->down, N);
    drop(act->out, size, act, DROP_FEED, work);
    add(act->out, act->mid, size);
}

/* From the gradient of `out` to that of `mid`. */
static void feed_backward(const float *params, float *grads, const struct block *block,
                          const struct activations *act, float *d, int N, int C,
                          const struct workspace *work)
{
    const size_t size = (size_t)N * (size_t)C, hidden = (size_t)N * (size_t)block->up.out;
    memcpy(work->a, d, size * sizeof *d);
    drop(work->a, size, act, DROP_FEED, work);
    backward(work->d_hidden, work->a, act->hidden, params, grads, block->down, N, work);
    drop(work->d_hidden, hidden, act, DROP_HIDDEN, work);
    multiply(work->d_hidden, act->slope, hidden);
    backward(work->a, work->d_hidden, act->norm2, params, grads, block->up, N, work);
    norm_backward(d, work->a, act->mid, act->mean2, act->rstd2, params, grads, block->norm2, N, C);
}

void block_backward(const float *params, float *grads, const struct block *block,
                    const struct activations *act, float *d, const float *memory, float *d_memory,
                    float *drelative, float *dsame, const struct attention *shape,
                    const struct workspace *work)
{
    const int N = rows(shape), M = memory_rows(shape), C = shape->C;
    const size_t size = (size_t)N * (size_t)C;
    if (block->up.out)
        feed_backward(params, grads, block, act, d, N, C, work);

    float *d_heads = work->d_hidden, *d_q = work->a; /* hidden is at least as wide as C */
    memcpy(work->a, d, size * sizeof *d);
    drop(work->a, size, act, DROP_ATTENTION, work);
    backward(d_heads, work->a, act->heads, params, grads, block->proj, N, work);
    if (shape->relative)
        attention_backward(d_q, work->d_kv, drelative, dsame, d_heads, act->p, act->q, act->kv,
                           shape, work->scratch);
    else
        short_attention_backward(d_q, work->d_kv, d_heads, act->p, act->q, act->kv, shape);
    float *d_norm1 = work->d_hidden;
    backward(d_norm1, d_q, act->norm1, params, grads, block->q, N, work);
    if (block->cross) {
        backward(work->b, work->d_kv, act->norm_m, params, grads, block->kv, M, work);
        norm_backward(d_memory, work->b, memory, act->mean_m, act->rstd_m, params, grads,
                      block->norm_memory, M, C);
    } else {
        backward(work->b, work->d_kv, act->norm1, params, grads, block->kv, M, work);
        add(d_norm1, work->b, size);
    }
    norm_backward(d, d_norm1, act->in, act->mean1, act->rstd1, params, grads, block->norm1, N, C);
}
