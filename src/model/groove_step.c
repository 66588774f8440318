#include "model/groove_step.h"

#include "model/groove_layout.h"
#include "model/kernels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 512 }; /* steps encoded at a time, between margins as wide as the encoder sees */

struct groove_player {
    const struct groove *groove;
    int T;
    int *bin;
    float *g;         /* (T) units */
    bool *heard;      /* (T) */
    float *encoded;   /* (T,C) */
    float *own;       /* (T,GROOVE_OUTPUTS) */
    float *memory_kv; /* (T,2C): the memory block's keys and values of heard steps */
    /* (decoders,1+T,2C): the decoders' keys and values; row 0 is the null token */
    float *recalled_kv;
    int *rows, count;                     /* (band + 1) keys the step at hand sees, how many */
    float *bias, *scores;                 /* (H,count) */
    float *x, *norm, *q, *heads, *hidden; /* one row each */
    float *slab;
};

static float *kv_of(const struct groove_player *p, int decoder, int row)
{
    return p->recalled_kv + ((ptrdiff_t)decoder * (p->T + 1) + row) * 2 * p->groove->config.width;
}

static void forward(const struct groove_player *p, float *y, const float *x, struct linear l)
{
    const float *params = p->groove->params;
    linear_forward(y, x, params + l.weight, params + l.bias, 1, l.in, l.out);
}

static void normalise(const struct groove_player *p, float *y, const float *x, struct norm n)
{
    float mean, rstd;
    const float *params = p->groove->params;
    layernorm_forward(y, &mean, &rstd, x, params + n.weight, params + n.bias, 1,
                      p->groove->config.width);
}

/* The biases of p->rows, seen from `step`; the null token in front, if there is one, has none. */
static void look_up_biases(struct groove_player *p, int kind, int step, int null)
{
    const struct groove_config *c = &p->groove->config;
    const int heads = c->heads, reach = c->reach, count = p->count, span = 2 * reach + 1;
    const float *params = p->groove->params;
    const float *relative = params + p->groove->layout->relative + kind * heads * span + reach;
    const float *same = params + p->groove->layout->same + kind * heads * 2;
    const int bin = p->bin[step], beat = bin % SCORE_BINS_PER_QUARTER;
    for (int h = 0; h < heads && null; h++)
        p->bias[h * count] = 0;
    for (int i = null; i < count; i++) {
        const int j = p->rows[i] - null, d = j - step < -reach ? -reach : j - step;
        const bool same_bin = p->bin[j] == bin;
        const bool same_beat = p->bin[j] % SCORE_BINS_PER_QUARTER == beat;
        for (int h = 0; h < heads; h++)
            p->bias[h * count + i] = relative[h * span + d] + (same_bin ? same[2 * h] : 0) +
                                     (same_beat ? same[2 * h + 1] : 0);
    }
}

/* What `step` sees of the heard steps, the same for all decoders: its keys and their biases. */
static void look_back(struct groove_player *p, int kind, int step)
{
    const int band = p->groove->config.memory_band, null = kind == RELATIVE_DECODER;
    p->count = 0;
    if (null)
        p->rows[p->count++] = 0;
    for (int j = step > band ? step - band : 0; j < step; j++)
        if (p->heard[j])
            p->rows[p->count++] = null + j;
    if (!null)
        p->rows[p->count++] = step;
    look_up_biases(p, kind, step, null);
}

/* p->x becomes the output of one block for one step, which has looked back and whose keys and
 * values are already in kv. */
static void block_step(struct groove_player *p, const struct block *block, const float *kv)
{
    const struct groove_config *c = &p->groove->config;
    normalise(p, p->norm, p->x, block->norm1);
    forward(p, p->q, p->norm, block->q);
    memcpy(p->scores, p->bias, (size_t)(c->heads * p->count) * sizeof *p->scores);
    attention_step(p->heads, p->q, kv, kv + c->width, 2 * c->width, p->rows, p->count, p->scores,
                   c->width, c->heads);
    forward(p, p->norm, p->heads, block->proj);
    add(p->x, p->norm, (size_t)c->width);
    normalise(p, p->norm, p->x, block->norm2);
    forward(p, p->hidden, p->norm, block->up);
    gelu_forward(p->hidden, NULL, (size_t)c->hidden);
    forward(p, p->norm, p->hidden, block->down);
    add(p->x, p->norm, (size_t)c->width);
}

/* p->x is a memory token: its keys and values for every decoder, in row `row`. */
static void keep_token(struct groove_player *p, int row)
{
    const struct groove_layout *l = p->groove->layout;
    for (int i = 0; i < p->groove->config.decoders; i++) {
        normalise(p, p->norm, p->x, l->decoder[i].norm_memory);
        forward(p, kv_of(p, i, row), p->norm, l->decoder[i].kv);
    }
}

static void remember(struct groove_player *p, int step)
{
    const struct groove_layout *l = p->groove->layout;
    const int C = p->groove->config.width;
    const float told[3] = {p->g[step], 1, fabsf(p->g[step])};
    forward(p, p->x, told, l->heard);
    add(p->x, p->encoded + (ptrdiff_t)step * C, (size_t)C);
    normalise(p, p->norm, p->x, l->memory.norm1);
    forward(p, p->memory_kv + (ptrdiff_t)step * 2 * C, p->norm, l->memory.kv);
    look_back(p, RELATIVE_MEMORY, step);
    block_step(p, &l->memory, p->memory_kv);
    keep_token(p, 1 + step);
}

void groove_player_restart(struct groove_player *p)
{
    memset(p->heard, 0, (size_t)p->T * sizeof *p->heard);
}

void groove_player_hear(struct groove_player *p, int step, double g_ms)
{
    assert(step >= 0 && step < p->T);
    p->g[step] = (float)(g_ms / GROOVE_MS);
    p->heard[step] = true;
    const int last = step + p->groove->config.memory_band;
    for (int i = step; i < p->T && i <= last; i++)
        if (p->heard[i])
            remember(p, i);
}

void groove_player_predict(struct groove_player *p, int step, float out[GROOVE_OUTPUTS])
{
    assert(step >= 0 && step < p->T);
    const struct groove_layout *l = p->groove->layout;
    const int C = p->groove->config.width;
    memcpy(p->x, p->encoded + (ptrdiff_t)step * C, (size_t)C * sizeof *p->x);
    look_back(p, RELATIVE_DECODER, step);
    for (int i = 0; i < p->groove->config.decoders; i++)
        block_step(p, &l->decoder[i], kv_of(p, i, 0));
    normalise(p, p->norm, p->x, l->norm);
    forward(p, out, p->norm, l->output);
}

const float *groove_player_own(const struct groove_player *p, int step)
{
    assert(step >= 0 && step < p->T);
    return p->own + (ptrdiff_t)step * GROOVE_OUTPUTS;
}

/* The encoder and the decoder with nothing heard, in pieces: what a long song needs does not grow
 * with it. */
static bool read_song(struct groove_player *p, const float *x)
{
    const struct groove_config *c = &p->groove->config;
    const int margin = c->encoders * c->encoder_band;
    const int widest = p->T < PIECE + 2 * margin ? p->T : PIECE + 2 * margin;
    struct groove_pass *pass = groove_pass_new(p->groove, 1, widest, false);
    if (!pass)
        return false;
    for (int first = 0; first < p->T; first += PIECE) {
        const int end = first + PIECE < p->T ? first + PIECE : p->T;
        const int from = first > margin ? first - margin : 0;
        const int to = end + margin < p->T ? end + margin : p->T;
        const struct groove_batch batch = {
            .B = 1, .T = to - from, .x = x + (ptrdiff_t)from * c->inputs, .bin = p->bin + from};
        const float *outputs = groove_forward(p->groove, pass, &batch, 0, NULL);
        const ptrdiff_t skip = first - from, count = end - first;
        memcpy(p->own + (ptrdiff_t)first * GROOVE_OUTPUTS, outputs + skip * GROOVE_OUTPUTS,
               (size_t)count * GROOVE_OUTPUTS * sizeof *p->own);
        memcpy(p->encoded + (ptrdiff_t)first * c->width, groove_encoded(pass) + skip * c->width,
               (size_t)(count * c->width) * sizeof *p->encoded);
    }
    groove_pass_free(pass);
    return true;
}

static bool allocate(struct groove_player *p)
{
    const struct groove_config *c = &p->groove->config;
    const size_t T = (size_t)p->T, C = (size_t)c->width, H = (size_t)c->heads;
    const size_t most = (size_t)(c->memory_band < p->T ? c->memory_band : p->T) + 1;
    const struct slab_piece pieces[] = {{&p->g, T},
                                        {&p->encoded, T * C},
                                        {&p->own, T * GROOVE_OUTPUTS},
                                        {&p->memory_kv, T * 2 * C},
                                        {&p->recalled_kv, (size_t)c->decoders * (T + 1) * 2 * C},
                                        {&p->bias, H * most},
                                        {&p->scores, H * most},
                                        {&p->x, C},
                                        {&p->norm, C},
                                        {&p->q, C},
                                        {&p->heads, C},
                                        {&p->hidden, (size_t)c->hidden}};
    p->slab = slab_of(pieces, sizeof pieces / sizeof *pieces);
    p->bin = malloc(T * sizeof *p->bin);
    p->heard = calloc(T, sizeof *p->heard);
    p->rows = malloc(most * sizeof *p->rows);
    return p->slab && p->bin && p->heard && p->rows;
}

struct groove_player *groove_player_new(const struct groove *groove, const float *x, const int *bin,
                                        int T, struct error *err)
{
    struct groove_player *p = calloc(1, sizeof *p);
    if (p) {
        p->groove = groove;
        p->T = T;
    }
    if (!p || !allocate(p)) {
        error_set(err,
                  "cannot begin a performance of %d steps: out of memory, or the network too large",
                  T);
        groove_player_free(p);
        return NULL;
    }
    memcpy(p->bin, bin, (size_t)T * sizeof *bin);
    if (!read_song(p, x)) {
        error_set(err, "cannot read a song of %d steps: out of memory, or the network too large",
                  T);
        groove_player_free(p);
        return NULL;
    }
    memcpy(p->x, groove->params + groove->layout->null, (size_t)groove->config.width * sizeof *x);
    keep_token(p, 0);
    return p;
}

void groove_player_free(struct groove_player *p)
{
    if (!p)
        return;
    free(p->slab);
    free(p->bin);
    free(p->heard);
    free(p->rows);
    free(p);
}
