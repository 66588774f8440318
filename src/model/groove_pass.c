#include "model/groove_layout.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct groove_pass {
    int B, T; /* room */
    bool training;
    struct workspace work;
    struct activations encoder[GROOVE_BLOCKS_MAX], memory, decoder[GROOVE_BLOCKS_MAX];
    float *input;              /* (N,C) */
    float *encoded;            /* (N,C) */
    float *told;               /* (N,3): what the memory is told of the guitar */
    float *token;              /* (N,C): the memory block's input */
    float *recalled;           /* (B,T+1,C): null, then the memory block's output */
    float *norm, *mean, *rstd; /* (N,C) (N) (N) */
    float *outputs;            /* (N,GROOVE_OUTPUTS) */
    float *valid, *heard;      /* (N); heard only where valid */
    int *beat;                 /* (N) place in the beat */
    float *d, *d_encoded;      /* (N,C) */
    float *d_recalled;         /* (B,T+1,C) */
    const float *stream;       /* (N,C) what the final norm read */
    float *slab;
};

static struct attention shape_for(const struct groove *groove, const struct groove_pass *pass,
                                  const struct groove_batch *batch, int kind)
{
    const struct groove_config *c = &groove->config;
    const int bands[RELATIVE_COUNT][2] = {
        {c->encoder_band, c->encoder_band}, {c->memory_band, 0}, {c->memory_band, -1}};
    const float *relative = groove->params + groove->layout->relative;
    const float *same = groove->params + groove->layout->same;
    return (struct attention){.B = batch->B,
                              .T = batch->T,
                              .C = c->width,
                              .H = c->heads,
                              .R = c->reach,
                              .before = bands[kind][0],
                              .after = bands[kind][1],
                              .null_key = kind == RELATIVE_DECODER,
                              .self = kind == RELATIVE_MEMORY,
                              .seen = kind == RELATIVE_ENCODER ? pass->valid : pass->heard,
                              .bin = batch->bin,
                              .beat = pass->beat,
                              .relative = relative + kind * c->heads * (2 * c->reach + 1),
                              .same = same + kind * c->heads * 2};
}

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void carve_blocks(struct groove_pass *pass, struct carver *slab, const struct groove *groove)
{
    const struct groove_config *c = &groove->config;
    const struct groove_batch room = {.B = pass->B, .T = pass->T};
    struct attention widest = {0};
    size_t scratch = (size_t)largest((size_t)c->inputs, (size_t)c->hidden) * (size_t)c->width;
    scratch = largest(scratch, 2 * (size_t)c->width * (size_t)c->width);
    scratch = largest(scratch, (size_t)GROOVE_OUTPUTS * (size_t)c->width);
    for (int kind = 0; kind < RELATIVE_COUNT; kind++) {
        struct attention shape = shape_for(groove, pass, &room, kind);
        scratch = largest(scratch, attention_scratch(&shape));
        if (!kind || attention_width(&shape) > attention_width(&widest))
            widest = shape;
    }
    pass->work.scratch = carve(slab, scratch);
    block_carve(&pass->memory, slab, c->hidden, &widest, pass->training);
    for (int kind = 0; kind < 2; kind++) {
        struct attention shape =
            shape_for(groove, pass, &room, kind ? RELATIVE_DECODER : RELATIVE_ENCODER);
        for (int i = 0; i < (kind ? c->decoders : c->encoders); i++) {
            struct activations *act = kind ? &pass->decoder[i] : &pass->encoder[i];
            if (pass->training)
                block_carve(act, slab, c->hidden, &shape, true);
            else
                *act = pass->memory;
        }
    }
}

static void carve_pass(struct groove_pass *pass, struct carver *slab, const struct groove *groove)
{
    const size_t N = (size_t)pass->B * (size_t)pass->T, M = N + (size_t)pass->B;
    const size_t C = (size_t)groove->config.width, hidden = (size_t)groove->config.hidden;
    carve_blocks(pass, slab, groove);
    pass->input = carve(slab, N * C);
    pass->encoded = carve(slab, N * C);
    pass->told = carve(slab, N * 3);
    pass->token = carve(slab, N * C);
    pass->recalled = carve(slab, M * C);
    pass->norm = carve(slab, N * C);
    pass->mean = carve(slab, N);
    pass->rstd = carve(slab, N);
    pass->outputs = carve(slab, N * GROOVE_OUTPUTS);
    pass->valid = carve(slab, N);
    pass->heard = carve(slab, N);
    if (!pass->training)
        return;
    pass->work.a = carve(slab, N * C);
    pass->work.b = carve(slab, M * C);
    pass->work.d_kv = carve(slab, M * 2 * C);
    pass->work.d_hidden = carve(slab, N * largest(hidden, C));
    pass->d = carve(slab, N * C);
    pass->d_encoded = carve(slab, N * C);
    pass->d_recalled = carve(slab, M * C);
}

struct groove_pass *groove_pass_new(const struct groove *groove, int B, int T, bool training)
{
    struct groove_pass *pass = calloc(1, sizeof *pass);
    if (!pass)
        return NULL;
    pass->B = B;
    pass->T = T;
    pass->training = training;
    struct carver slab = {0};
    carve_pass(pass, &slab, groove);
    if (training || slab.used <= GROOVE_ROOM_MAX)
        pass->slab = aligned_alloc(64, slab.used * sizeof *pass->slab);
    pass->beat = malloc((size_t)B * (size_t)T * sizeof *pass->beat);
    if (!pass->slab || !pass->beat) {
        groove_pass_free(pass);
        return NULL;
    }
    slab = (struct carver){.slab = pass->slab};
    carve_pass(pass, &slab, groove);
    return pass;
}

void groove_pass_free(struct groove_pass *pass)
{
    if (!pass)
        return;
    free(pass->slab);
    free(pass->beat);
    free(pass);
}

const float *groove_encoded(const struct groove_pass *pass)
{
    return pass->encoded;
}

static void read_batch(struct groove_pass *pass, const struct groove_batch *batch)
{
    for (int n = 0; n < batch->B * batch->T; n++) {
        pass->valid[n] = !batch->valid || batch->valid[n] != 0;
        pass->heard[n] = pass->valid[n] != 0 && batch->heard && batch->heard[n] != 0;
        pass->beat[n] = batch->bin[n] % SCORE_BINS_PER_QUARTER;
        float g = pass->heard[n] != 0 ? batch->g[n] : 0;
        pass->told[3 * n] = g;
        pass->told[3 * n + 1] = pass->heard[n];
        pass->told[3 * n + 2] = fabsf(g);
    }
}

static void seed_dropout(const struct groove *groove, struct groove_pass *pass, float rate,
                         struct rng *rng)
{
    pass->work.dropout = rng ? rate : 0;
    if (!rng || rate <= 0)
        return;
    for (int i = 0; i < groove->config.encoders; i++)
        pass->encoder[i].seed = (uint32_t)rng_next(rng);
    pass->memory.seed = (uint32_t)rng_next(rng);
    for (int i = 0; i < groove->config.decoders; i++)
        pass->decoder[i].seed = (uint32_t)rng_next(rng);
}

static void encode(const struct groove *groove, struct groove_pass *pass,
                   const struct groove_batch *batch)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int N = batch->B * batch->T, C = groove->config.width;
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_ENCODER);
    linear_forward(pass->input, batch->x, params + l->input.weight, params + l->input.bias, N,
                   l->input.in, C);
    const float *x = pass->input;
    for (int i = 0; i < groove->config.encoders; i++) {
        block_forward(params, &l->encoder[i], &pass->encoder[i], x, NULL, &shape, &pass->work);
        x = pass->encoder[i].out;
    }
    memcpy(pass->encoded, x, (size_t)N * (size_t)C * sizeof *x);
}

static void remember(const struct groove *groove, struct groove_pass *pass,
                     const struct groove_batch *batch)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int N = batch->B * batch->T, T = batch->T, C = groove->config.width;
    const size_t size = (size_t)T * (size_t)C, row = (size_t)C * sizeof(float);
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_MEMORY);
    linear_forward(pass->token, pass->told, params + l->heard.weight, params + l->heard.bias, N, 3,
                   C);
    add(pass->token, pass->encoded, (size_t)N * (size_t)C);
    block_forward(params, &l->memory, &pass->memory, pass->token, NULL, &shape, &pass->work);
    for (int b = 0; b < batch->B; b++) {
        float *to = pass->recalled + (size_t)b * (size + (size_t)C);
        memcpy(to, params + l->null, row);
        memcpy(to + C, pass->memory.out + (size_t)b * size, (size_t)T * row);
    }
}

const float *groove_forward(const struct groove *groove, struct groove_pass *pass,
                            const struct groove_batch *batch, float dropout, struct rng *rng)
{
    assert(batch->B <= pass->B && batch->T <= pass->T);
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int N = batch->B * batch->T, C = groove->config.width;
    read_batch(pass, batch);
    seed_dropout(groove, pass, dropout, rng);
    encode(groove, pass, batch);
    remember(groove, pass, batch);
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_DECODER);
    const float *x = pass->encoded;
    for (int i = 0; i < groove->config.decoders; i++) {
        block_forward(params, &l->decoder[i], &pass->decoder[i], x, pass->recalled, &shape,
                      &pass->work);
        x = pass->decoder[i].out;
    }
    pass->stream = x;
    layernorm_forward(pass->norm, pass->mean, pass->rstd, x, params + l->norm.weight,
                      params + l->norm.bias, N, C);
    linear_forward(pass->outputs, pass->norm, params + l->output.weight, params + l->output.bias, N,
                   C, GROOVE_OUTPUTS);
    return pass->outputs;
}

/* Where the gradients of one kind's biases lie. */
static float *relative_of(const struct groove *groove, float *grads, int kind)
{
    const struct groove_config *c = &groove->config;
    return grads + groove->layout->relative + kind * c->heads * (2 * c->reach + 1);
}

static float *same_of(const struct groove *groove, float *grads, int kind)
{
    return grads + groove->layout->same + kind * groove->config.heads * 2;
}

/* d_recalled -> d, the gradient of the memory block's output, and the null token's. */
static void part_memory(const struct groove *groove, struct groove_pass *pass,
                        const struct groove_batch *batch, float *grads)
{
    const size_t C = (size_t)groove->config.width, size = (size_t)batch->T * C;
    for (int b = 0; b < batch->B; b++) {
        const float *from = pass->d_recalled + (size_t)b * (size + C);
        add(grads + groove->layout->null, from, C);
        memcpy(pass->d + (size_t)b * size, from + C, size * sizeof *from);
    }
}

static void decode_backward(const struct groove *groove, struct groove_pass *pass,
                            const struct groove_batch *batch, const float *d_outputs, float *grads)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int N = batch->B * batch->T, C = groove->config.width;
    const size_t size = (size_t)N * (size_t)C;
    linear_backward(pass->work.a, grads + l->output.weight, grads + l->output.bias, d_outputs,
                    pass->norm, params + l->output.weight, N, C, GROOVE_OUTPUTS,
                    pass->work.scratch);
    memset(pass->d, 0, size * sizeof(float));
    layernorm_backward(pass->d, grads + l->norm.weight, grads + l->norm.bias, pass->work.a,
                       pass->stream, pass->mean, pass->rstd, params + l->norm.weight, N, C);
    memset(pass->d_recalled, 0, (size + (size_t)batch->B * (size_t)C) * sizeof(float));
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_DECODER);
    for (int i = groove->config.decoders - 1; i >= 0; i--)
        block_backward(params, grads, &l->decoder[i], &pass->decoder[i], pass->d, pass->recalled,
                       pass->d_recalled, relative_of(groove, grads, RELATIVE_DECODER),
                       same_of(groove, grads, RELATIVE_DECODER), &shape, &pass->work);
}

void groove_backward(const struct groove *groove, struct groove_pass *pass,
                     const struct groove_batch *batch, const float *d_outputs, float *gradients)
{
    assert(pass->training);
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int N = batch->B * batch->T, C = groove->config.width;
    const size_t size = (size_t)N * (size_t)C;
    decode_backward(groove, pass, batch, d_outputs, gradients);
    memcpy(pass->d_encoded, pass->d, size * sizeof(float));

    part_memory(groove, pass, batch, gradients);
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_MEMORY);
    block_backward(params, gradients, &l->memory, &pass->memory, pass->d, NULL, NULL,
                   relative_of(groove, gradients, RELATIVE_MEMORY),
                   same_of(groove, gradients, RELATIVE_MEMORY), &shape, &pass->work);
    linear_backward(NULL, gradients + l->heard.weight, gradients + l->heard.bias, pass->d,
                    pass->told, params + l->heard.weight, N, 3, C, pass->work.scratch);
    add(pass->d, pass->d_encoded, size);

    shape = shape_for(groove, pass, batch, RELATIVE_ENCODER);
    for (int i = groove->config.encoders - 1; i >= 0; i--)
        block_backward(params, gradients, &l->encoder[i], &pass->encoder[i], pass->d, NULL, NULL,
                       relative_of(groove, gradients, RELATIVE_ENCODER),
                       same_of(groove, gradients, RELATIVE_ENCODER), &shape, &pass->work);
    linear_backward(NULL, gradients + l->input.weight, gradients + l->input.bias, pass->d, batch->x,
                    params + l->input.weight, N, l->input.in, C, pass->work.scratch);
}
