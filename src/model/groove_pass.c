#include "model/groove_layout.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Padding at the end of a sequence is left out, and so is all that would be remembered of one in
 * which nothing is heard: rows of the sequences follow each other with no gaps. N rows at most. */
struct groove_pass {
    int B, T; /* room */
    bool training;
    struct workspace work;
    struct activations encoder[GROOVE_BLOCKS_MAX], memory, decoder[GROOVE_BLOCKS_MAX];
    float *input;              /* (N,C) */
    float *encoded;            /* (N,C) */
    float *told;               /* (N,3): what the memory is told of the guitar */
    float *token;              /* (N,C): the memory block's input */
    float *recalled;           /* (N+B,C): for each sequence null, then the memory block's output */
    float *norm, *mean, *rstd; /* (N,C) (N) (N) */
    float *outputs;            /* (B,T,GROOVE_OUTPUTS) */
    float *valid, *heard;      /* (B,T); heard only where valid */
    int *beat;                 /* (B,T) place in the beat */
    int *first, *first_told;   /* (B+1) rows of each sequence, and of what is remembered of it */
    float *d, *d_encoded;      /* (N,C) */
    float *d_recalled;         /* (N+B,C) */
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
                              .first = kind == RELATIVE_MEMORY ? pass->first_told : pass->first,
                              .first_key =
                                  kind == RELATIVE_ENCODER ? pass->first : pass->first_told,
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
    if (carver_allocate(&slab, !training))
        pass->slab = slab.slab;
    pass->beat = malloc(((size_t)B * (size_t)T + 2 * ((size_t)B + 1)) * sizeof *pass->beat);
    if (!pass->slab || !pass->beat) {
        groove_pass_free(pass);
        return NULL;
    }
    pass->first = pass->beat + (size_t)B * (size_t)T;
    pass->first_told = pass->first + B + 1;
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

/* Steps of sequence b up to its last valid one. */
static int length_of(const struct groove_batch *batch, int b)
{
    int length = batch->T;
    while (length > 0 && batch->valid && batch->valid[b * batch->T + length - 1] == 0)
        length--;
    return length;
}

static void tell(float told[3], bool heard, float g)
{
    told[0] = heard ? g : 0;
    told[1] = heard;
    told[2] = fabsf(told[0]);
}

static void read_batch(struct groove_pass *pass, const struct groove_batch *batch)
{
    pass->first[0] = pass->first_told[0] = 0;
    for (int b = 0; b < batch->B; b++) {
        const int length = length_of(batch, b);
        float *told = pass->told + (ptrdiff_t)3 * pass->first_told[b];
        bool any = false;
        for (int t = 0, n = b * batch->T; t < batch->T; t++, n++) {
            const bool valid = !batch->valid || batch->valid[n] != 0;
            const bool heard = valid && batch->heard && batch->heard[n] != 0;
            pass->valid[n] = valid;
            pass->heard[n] = heard;
            pass->beat[n] = batch->bin[n] % SCORE_BINS_PER_QUARTER;
            if (t < length)
                tell(told + 3 * t, heard, heard ? batch->g[n] : 0);
            any = any || heard;
        }
        pass->first[b + 1] = pass->first[b] + length;
        pass->first_told[b + 1] = pass->first_told[b] + (any ? length : 0);
    }
}

/* Sequence b of what is kept without gaps, `width` floats a row. */
static float *part(float *rows, const int *first, int b, int width)
{
    return rows + (ptrdiff_t)first[b] * width;
}

static int rows_of(const int *first, int b)
{
    return first[b + 1] - first[b];
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
    const int C = groove->config.width, inputs = groove->config.inputs;
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_ENCODER);
    for (int b = 0; b < batch->B; b++)
        linear_forward(part(pass->input, pass->first, b, C),
                       batch->x + (ptrdiff_t)b * batch->T * inputs, params + l->input.weight,
                       params + l->input.bias, rows_of(pass->first, b), inputs, C);
    const float *x = pass->input;
    for (int i = 0; i < groove->config.encoders; i++) {
        block_forward(params, &l->encoder[i], &pass->encoder[i], x, NULL, &shape, &pass->work);
        x = pass->encoder[i].out;
    }
    memcpy(pass->encoded, x, (size_t)pass->first[batch->B] * (size_t)C * sizeof *x);
}

static void remember(const struct groove *groove, struct groove_pass *pass,
                     const struct groove_batch *batch)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int C = groove->config.width, *told = pass->first_told;
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_MEMORY);
    linear_forward(pass->token, pass->told, params + l->heard.weight, params + l->heard.bias,
                   told[batch->B], 3, C);
    for (int b = 0; b < batch->B; b++)
        add(part(pass->token, told, b, C), part(pass->encoded, pass->first, b, C),
            (size_t)rows_of(told, b) * (size_t)C);
    block_forward(params, &l->memory, &pass->memory, pass->token, NULL, &shape, &pass->work);
    for (int b = 0; b < batch->B; b++) {
        float *to = part(pass->recalled, told, b, C) + (ptrdiff_t)b * C;
        memcpy(to, params + l->null, (size_t)C * sizeof *to);
        memcpy(to + C, part(pass->memory.out, told, b, C),
               (size_t)rows_of(told, b) * (size_t)C * sizeof *to);
    }
}

/* Steps after a sequence's last valid one get zeros. */
static void put_out(const struct groove *groove, struct groove_pass *pass,
                    const struct groove_batch *batch)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int C = groove->config.width;
    for (int b = 0; b < batch->B; b++) {
        const int rows = rows_of(pass->first, b);
        float *to = pass->outputs + (ptrdiff_t)b * batch->T * GROOVE_OUTPUTS;
        linear_forward(to, part(pass->norm, pass->first, b, C), params + l->output.weight,
                       params + l->output.bias, rows, C, GROOVE_OUTPUTS);
        memset(to + (ptrdiff_t)rows * GROOVE_OUTPUTS, 0,
               (size_t)(batch->T - rows) * GROOVE_OUTPUTS * sizeof *to);
    }
}

const float *groove_forward(const struct groove *groove, struct groove_pass *pass,
                            const struct groove_batch *batch, float dropout, struct rng *rng)
{
    assert(batch->B <= pass->B && batch->T <= pass->T);
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
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
                      params + l->norm.bias, pass->first[batch->B], groove->config.width);
    put_out(groove, pass, batch);
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
    const int C = groove->config.width, *told = pass->first_told;
    for (int b = 0; b < batch->B; b++) {
        const float *from = part(pass->d_recalled, told, b, C) + (ptrdiff_t)b * C;
        add(grads + groove->layout->null, from, (size_t)C);
        memcpy(part(pass->d, told, b, C), from + C,
               (size_t)rows_of(told, b) * (size_t)C * sizeof *from);
    }
}

/* pass->d_encoded <- the decoder's part of the encoder's gradient; d_recalled. */
static void decode_backward(const struct groove *groove, struct groove_pass *pass,
                            const struct groove_batch *batch, const float *d_outputs, float *grads)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int C = groove->config.width, N = pass->first[batch->B];
    for (int b = 0; b < batch->B; b++)
        linear_backward(part(pass->work.a, pass->first, b, C), grads + l->output.weight,
                        grads + l->output.bias,
                        d_outputs + (ptrdiff_t)b * batch->T * GROOVE_OUTPUTS,
                        part(pass->norm, pass->first, b, C), params + l->output.weight,
                        rows_of(pass->first, b), C, GROOVE_OUTPUTS, pass->work.scratch);
    memset(pass->d_encoded, 0, (size_t)N * (size_t)C * sizeof(float));
    layernorm_backward(pass->d_encoded, grads + l->norm.weight, grads + l->norm.bias, pass->work.a,
                       pass->stream, pass->mean, pass->rstd, params + l->norm.weight, N, C);
    memset(pass->d_recalled, 0,
           (size_t)(pass->first_told[batch->B] + batch->B) * (size_t)C * sizeof(float));
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_DECODER);
    for (int i = groove->config.decoders - 1; i >= 0; i--)
        block_backward(params, grads, &l->decoder[i], &pass->decoder[i], pass->d_encoded,
                       pass->recalled, pass->d_recalled,
                       relative_of(groove, grads, RELATIVE_DECODER),
                       same_of(groove, grads, RELATIVE_DECODER), &shape, &pass->work);
}

/* Adds the memory's part to pass->d_encoded. */
static void remember_backward(const struct groove *groove, struct groove_pass *pass,
                              const struct groove_batch *batch, float *grads)
{
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int C = groove->config.width, *told = pass->first_told;
    part_memory(groove, pass, batch, grads);
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_MEMORY);
    block_backward(params, grads, &l->memory, &pass->memory, pass->d, NULL, NULL,
                   relative_of(groove, grads, RELATIVE_MEMORY),
                   same_of(groove, grads, RELATIVE_MEMORY), &shape, &pass->work);
    linear_backward(NULL, grads + l->heard.weight, grads + l->heard.bias, pass->d, pass->told,
                    params + l->heard.weight, told[batch->B], 3, C, pass->work.scratch);
    for (int b = 0; b < batch->B; b++)
        add(part(pass->d_encoded, pass->first, b, C), part(pass->d, told, b, C),
            (size_t)rows_of(told, b) * (size_t)C);
}

void groove_backward(const struct groove *groove, struct groove_pass *pass,
                     const struct groove_batch *batch, const float *d_outputs, float *gradients)
{
    assert(pass->training);
    const struct groove_layout *l = groove->layout;
    const float *params = groove->params;
    const int C = groove->config.width, inputs = groove->config.inputs;
    decode_backward(groove, pass, batch, d_outputs, gradients);
    remember_backward(groove, pass, batch, gradients);
    struct attention shape = shape_for(groove, pass, batch, RELATIVE_ENCODER);
    for (int i = groove->config.encoders - 1; i >= 0; i--)
        block_backward(params, gradients, &l->encoder[i], &pass->encoder[i], pass->d_encoded, NULL,
                       NULL, relative_of(groove, gradients, RELATIVE_ENCODER),
                       same_of(groove, gradients, RELATIVE_ENCODER), &shape, &pass->work);
    for (int b = 0; b < batch->B; b++)
        linear_backward(NULL, gradients + l->input.weight, gradients + l->input.bias,
                        part(pass->d_encoded, pass->first, b, C),
                        batch->x + (ptrdiff_t)b * batch->T * inputs, params + l->input.weight,
                        rows_of(pass->first, b), inputs, C, pass->work.scratch);
}
