#include "model/paper_layout.h"
#include "model/short_attention.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct paper_pass {
    int B, T; /* room: windows, steps of each */
    bool training;
    struct workspace work;
    struct activations encoder[PAPER_BLOCKS_MAX];
    struct activations self[PAPER_BLOCKS_MAX], cross[PAPER_BLOCKS_MAX];
    float *read, *encoded;     /* (N,C): the encoder's input and output */
    float *recalled;           /* (N,C): the decoder's input */
    float *norm, *mean, *rstd; /* (N,C) (N) (N) */
    float *outputs;            /* (N,PAPER_OUTPUTS) */
    float *valid;              /* (N) */
    float *none;               /* (H,2) zeros: attention here has no biases; their gradients too */
    float *d, *d_encoded;      /* (N,C) */
    const float *memory;       /* (N,C): the e that was last decoded from */
    const float *stream;       /* (N,C): what the final norm read */
    float *slab;
    int *place; /* (N) zeros: nor does it know places in the bar */
};

enum attention_kind { ENCODER, DECODER_SELF, DECODER_CROSS };

static struct attention shape_for(const struct paper *paper, const struct paper_pass *pass, int B,
                                  int T, enum attention_kind kind)
{
    return (struct attention){.B = B,
                              .T = T,
                              .C = paper->config.width,
                              .H = paper->config.heads,
                              .before = T - 1,
                              .after = kind == DECODER_SELF ? 0 : T - 1,
                              .seen = pass->valid,
                              .bin = pass->place,
                              .beat = pass->place,
                              .relative = T <= SHORT_ATTENTION ? NULL : pass->none,
                              .same = pass->none};
}

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t scratch_for(const struct paper_config *c, const struct attention *shape)
{
    const size_t C = (size_t)c->width, hidden = (size_t)c->hidden;
    const size_t widest = largest(largest(hidden, 2 * C), (size_t)PAPER_PAST);
    return largest(widest * C, attention_scratch(shape));
}

static void carve_blocks(struct paper_pass *pass, struct carver *slab, const struct paper *paper)
{
    const struct paper_config *c = &paper->config;
    struct activations shared = {0};
    const struct attention shape = shape_for(paper, pass, pass->B, pass->T, ENCODER);
    pass->work.scratch = carve(slab, scratch_for(c, &shape));
    if (!pass->training)
        block_carve(&shared, slab, c->hidden, &shape, false);
    for (int i = 0; i < c->encoders; i++)
        if (pass->training)
            block_carve(&pass->encoder[i], slab, c->hidden, &shape, true);
        else
            pass->encoder[i] = shared;
    for (int i = 0; i < c->decoders; i++)
        if (pass->training) {
            block_carve(&pass->self[i], slab, 0, &shape, true);
            block_carve(&pass->cross[i], slab, c->hidden, &shape, true);
        } else {
            pass->self[i] = pass->cross[i] = shared;
        }
}

static void carve_pass(struct paper_pass *pass, struct carver *slab, const struct paper *paper)
{
    const size_t N = (size_t)pass->B * (size_t)pass->T;
    const size_t C = (size_t)paper->config.width, hidden = (size_t)paper->config.hidden;
    float **rows[] = {&pass->read, &pass->encoded, &pass->recalled, &pass->norm};
    float **back[] = {&pass->work.a, &pass->work.b, &pass->d, &pass->d_encoded};
    carve_blocks(pass, slab, paper);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i] = carve(slab, N * C);
    pass->mean = carve(slab, N);
    pass->rstd = carve(slab, N);
    pass->outputs = carve(slab, N * PAPER_OUTPUTS);
    pass->valid = carve(slab, N);
    pass->none = carve(slab, 4 * (size_t)paper->config.heads);
    if (!pass->training)
        return;
    for (size_t i = 0; i < sizeof back / sizeof *back; i++)
        *back[i] = carve(slab, N * C);
    pass->work.d_kv = carve(slab, N * 2 * C);
    pass->work.d_hidden = carve(slab, N * largest(hidden, C));
}

struct paper_pass *paper_pass_new(const struct paper *paper, int B, int T, bool training)
{
    struct paper_pass *pass = calloc(1, sizeof *pass);
    if (!pass)
        return NULL;
    pass->B = B;
    pass->T = T;
    pass->training = training;
    struct carver slab = {0};
    carve_pass(pass, &slab, paper);
    if (carver_allocate(&slab, !training))
        pass->slab = slab.slab;
    pass->place = calloc((size_t)B * (size_t)T, sizeof *pass->place);
    if (!pass->slab || !pass->place) {
        paper_pass_free(pass);
        return NULL;
    }
    carve_pass(pass, &slab, paper);
    memset(pass->none, 0, 4 * (size_t)paper->config.heads * sizeof *pass->none);
    return pass;
}

void paper_pass_free(struct paper_pass *pass)
{
    if (!pass)
        return;
    free(pass->slab);
    free(pass->place);
    free(pass);
}

static void begin(const struct paper *paper, struct paper_pass *pass,
                  const struct paper_batch *batch, float dropout, struct rng *rng)
{
    assert(batch->B <= pass->B && batch->T <= pass->T && batch->T <= paper->config.window);
    for (int n = 0; n < batch->B * batch->T; n++)
        pass->valid[n] = !batch->valid || batch->valid[n] != 0;
    pass->work.dropout = rng ? dropout : 0;
}

static uint32_t seed(const struct paper_pass *pass, struct rng *rng)
{
    return pass->work.dropout > 0 ? (uint32_t)rng_next(rng) : 0;
}

/* y (N,C) = x w + b + positions. */
static void embed(const struct paper *paper, float *y, const float *x, struct linear l,
                  const struct paper_batch *batch)
{
    const int C = paper->config.width;
    linear_forward(y, x, paper->params + l.weight, paper->params + l.bias, batch->B * batch->T,
                   l.in, C);
    for (int b = 0; b < batch->B; b++)
        add(y + (ptrdiff_t)b * batch->T * C, paper->layout->positions,
            (size_t)batch->T * (size_t)C);
}

const float *paper_encode(const struct paper *paper, struct paper_pass *pass,
                          const struct paper_batch *batch, float dropout, struct rng *rng)
{
    const struct paper_layout *l = paper->layout;
    const struct attention shape = shape_for(paper, pass, batch->B, batch->T, ENCODER);
    begin(paper, pass, batch, dropout, rng);
    embed(paper, pass->read, batch->score, l->score, batch);
    const float *x = pass->read;
    for (int i = 0; i < paper->config.encoders; i++) {
        pass->encoder[i].seed = seed(pass, rng);
        block_forward(paper->params, &l->encoder[i], &pass->encoder[i], x, NULL, &shape,
                      &pass->work);
        x = pass->encoder[i].out;
    }
    memcpy(pass->encoded, x,
           (size_t)(batch->B * batch->T) * (size_t)paper->config.width * sizeof *x);
    return pass->encoded;
}

const float *paper_decode(const struct paper *paper, struct paper_pass *pass,
                          const struct paper_batch *batch, const float *encoded, float dropout,
                          struct rng *rng)
{
    const struct paper_layout *l = paper->layout;
    const float *params = paper->params;
    const int N = batch->B * batch->T, C = paper->config.width;
    const struct attention self = shape_for(paper, pass, batch->B, batch->T, DECODER_SELF);
    const struct attention cross = shape_for(paper, pass, batch->B, batch->T, DECODER_CROSS);
    begin(paper, pass, batch, dropout, rng);
    embed(paper, pass->recalled, batch->past, l->past, batch);
    const float *x = pass->recalled;
    pass->memory = encoded;
    for (int i = 0; i < paper->config.decoders; i++) {
        pass->self[i].seed = seed(pass, rng);
        pass->cross[i].seed = seed(pass, rng);
        block_forward(params, &l->self[i], &pass->self[i], x, NULL, &self, &pass->work);
        block_forward(params, &l->cross[i], &pass->cross[i], pass->self[i].out, encoded, &cross,
                      &pass->work);
        x = pass->cross[i].out;
    }
    pass->stream = x;
    layernorm_forward(pass->norm, pass->mean, pass->rstd, x, params + l->norm.weight,
                      params + l->norm.bias, N, C);
    linear_forward(pass->outputs, pass->norm, params + l->output.weight, params + l->output.bias, N,
                   C, PAPER_OUTPUTS);
    return pass->outputs;
}

/* From d_outputs to the gradients of the decoder's weights, and to d_encoded. */
static void decode_backward(const struct paper *paper, struct paper_pass *pass,
                            const struct paper_batch *batch, const float *d_outputs, float *grads)
{
    const struct paper_layout *l = paper->layout;
    const float *params = paper->params;
    const int N = batch->B * batch->T, C = paper->config.width;
    const size_t size = (size_t)N * (size_t)C * sizeof(float);
    float *d_none = pass->none + 2 * paper->config.heads;
    const struct attention self = shape_for(paper, pass, batch->B, batch->T, DECODER_SELF);
    const struct attention cross = shape_for(paper, pass, batch->B, batch->T, DECODER_CROSS);
    linear_backward(pass->work.a, grads + l->output.weight, grads + l->output.bias, d_outputs,
                    pass->norm, params + l->output.weight, N, C, PAPER_OUTPUTS, pass->work.scratch);
    memset(pass->d, 0, size);
    layernorm_backward(pass->d, grads + l->norm.weight, grads + l->norm.bias, pass->work.a,
                       pass->stream, pass->mean, pass->rstd, params + l->norm.weight, N, C);
    memset(pass->d_encoded, 0, size);
    for (int i = paper->config.decoders - 1; i >= 0; i--) {
        block_backward(params, grads, &l->cross[i], &pass->cross[i], pass->d, pass->memory,
                       pass->d_encoded, d_none, d_none, &cross, &pass->work);
        block_backward(params, grads, &l->self[i], &pass->self[i], pass->d, NULL, NULL, d_none,
                       d_none, &self, &pass->work);
    }
    linear_backward(NULL, grads + l->past.weight, grads + l->past.bias, pass->d, batch->past,
                    params + l->past.weight, N, l->past.in, C, pass->work.scratch);
}

void paper_backward(const struct paper *paper, struct paper_pass *pass,
                    const struct paper_batch *batch, const float *d_outputs, float *gradients)
{
    assert(pass->training);
    const struct paper_layout *l = paper->layout;
    const float *params = paper->params;
    const int N = batch->B * batch->T, C = paper->config.width;
    float *d_none = pass->none + 2 * paper->config.heads;
    const struct attention shape = shape_for(paper, pass, batch->B, batch->T, ENCODER);
    decode_backward(paper, pass, batch, d_outputs, gradients);
    for (int i = paper->config.encoders - 1; i >= 0; i--)
        block_backward(params, gradients, &l->encoder[i], &pass->encoder[i], pass->d_encoded, NULL,
                       NULL, d_none, d_none, &shape, &pass->work);
    linear_backward(NULL, gradients + l->score.weight, gradients + l->score.bias, pass->d_encoded,
                    batch->score, params + l->score.weight, N, l->score.in, C, pass->work.scratch);
}
