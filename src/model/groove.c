#include "model/groove.h"

#include "model/features.h"
#include "model/groove_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct groove_config groove_defaults(void)
{
    return (struct groove_config){.inputs = FEATURE_COUNT,
                                  .width = 64,
                                  .heads = 4,
                                  .hidden = 256,
                                  .encoders = 6,
                                  .decoders = 2,
                                  .reach = 32,
                                  .encoder_band = 48,
                                  .memory_band = 128};
}

/* Gives the next place in the slab a name. Tensors begin on whole cache lines. */
static size_t place(struct groove *g, const char *prefix, const char *name, int rank, int d0,
                    int d1, int d2)
{
    struct named *t = &g->layout->tensors[g->layout->tensor_count++];
    snprintf(t->name, sizeof t->name, "%s%s", prefix, name);
    t->rank = rank;
    t->shape[0] = d0;
    t->shape[1] = d1;
    t->shape[2] = d2;
    t->offset = g->size;
    g->size += ((size_t)d0 * (size_t)d1 * (size_t)d2 + 15) / 16 * 16;
    return t->offset;
}

static struct linear place_linear(struct groove *g, const char *prefix, const char *name, int in,
                                  int out)
{
    char full[40];
    struct linear l = {.in = in, .out = out};
    snprintf(full, sizeof full, "%s.weight", name);
    l.weight = place(g, prefix, full, 2, in, out, 1);
    snprintf(full, sizeof full, "%s.bias", name);
    l.bias = place(g, prefix, full, 1, out, 1, 1);
    return l;
}

static struct norm place_norm(struct groove *g, const char *prefix, const char *name)
{
    char full[40];
    struct norm n;
    snprintf(full, sizeof full, "%s.weight", name);
    n.weight = place(g, prefix, full, 1, g->config.width, 1, 1);
    snprintf(full, sizeof full, "%s.bias", name);
    n.bias = place(g, prefix, full, 1, g->config.width, 1, 1);
    return n;
}

static struct block place_block(struct groove *g, const char *prefix, bool cross)
{
    const int width = g->config.width, hidden = g->config.hidden;
    struct block b = {.cross = cross};
    b.norm1 = place_norm(g, prefix, "norm1");
    if (cross)
        b.norm_memory = place_norm(g, prefix, "norm_memory");
    b.q = place_linear(g, prefix, "q", width, width);
    b.kv = place_linear(g, prefix, "kv", width, 2 * width);
    b.proj = place_linear(g, prefix, "proj", width, width);
    b.norm2 = place_norm(g, prefix, "norm2");
    b.up = place_linear(g, prefix, "up", width, hidden);
    b.down = place_linear(g, prefix, "down", hidden, width);
    return b;
}

static void lay_out(struct groove *g)
{
    const struct groove_config *c = &g->config;
    struct groove_layout *l = g->layout;
    char prefix[24];
    l->input = place_linear(g, "", "input", c->inputs, c->width);
    for (int i = 0; i < c->encoders; i++) {
        snprintf(prefix, sizeof prefix, "encoder.%d.", i);
        l->encoder[i] = place_block(g, prefix, false);
    }
    l->heard = place_linear(g, "", "heard", 3, c->width);
    l->memory = place_block(g, "memory.", false);
    l->null = place(g, "", "null", 1, c->width, 1, 1);
    for (int i = 0; i < c->decoders; i++) {
        snprintf(prefix, sizeof prefix, "decoder.%d.", i);
        l->decoder[i] = place_block(g, prefix, true);
    }
    l->relative = place(g, "", "relative", 3, RELATIVE_COUNT, c->heads, 2 * c->reach + 1);
    l->same = place(g, "", "same", 3, RELATIVE_COUNT, c->heads, 2);
    l->norm = place_norm(g, "", "norm");
    l->output = place_linear(g, "", "output", c->width, GROOVE_OUTPUTS);
}

/* The layout alone; give_params makes it whole. */
static struct groove *outline(struct groove_config config)
{
    struct groove *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->config = config;
    g->layout = calloc(1, sizeof *g->layout);
    if (!g->layout) {
        groove_free(g);
        return NULL;
    }
    lay_out(g);
    return g;
}

/* All zeros. False, and g freed, when out of memory. */
static bool give_params(struct groove *g)
{
    g->params = aligned_alloc(64, g->size * sizeof *g->params);
    if (!g->params) {
        groove_free(g);
        return false;
    }
    memset(g->params, 0, g->size * sizeof *g->params);
    return true;
}

static size_t tensor_size(const struct named *t)
{
    return (size_t)(t->shape[0] * t->shape[1] * t->shape[2]);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

/* Uniform within 1/sqrt(in) for linear layers, their biases too; 1 and 0 for norms; an output that
 * begins near silence. The rest stays 0. */
struct groove *groove_new(struct groove_config config, uint64_t seed)
{
    struct groove *g = outline(config);
    if (!g || !give_params(g))
        return NULL;
    struct rng rng;
    rng_seed(&rng, seed);
    double bound = 0;
    for (int i = 0; i < g->layout->tensor_count; i++) {
        const struct named *t = &g->layout->tensors[i];
        float *w = g->params + t->offset;
        bool norm = strstr(t->name, "norm") != NULL;
        if (t->rank == 2)
            bound = 1 / sqrt((double)t->shape[0]);
        for (size_t k = 0; k < tensor_size(t); k++) {
            if (norm)
                w[k] = ends_with(t->name, ".weight") ? 1 : 0;
            else if (!strcmp(t->name, "output.weight"))
                w[k] = (float)(.01 * rng_normal(&rng));
            else if (ends_with(t->name, ".weight") || ends_with(t->name, ".bias"))
                w[k] = (float)rng_between(&rng, -bound, bound);
        }
    }
    return g;
}

struct groove *groove_copy(const struct groove *groove)
{
    struct groove *g = outline(groove->config);
    if (!g || !give_params(g))
        return NULL;
    memcpy(g->params, groove->params, g->size * sizeof *g->params);
    return g;
}

void groove_free(struct groove *groove)
{
    if (!groove)
        return;
    free(groove->params);
    free(groove->layout);
    free(groove);
}

/* Size `dimension` of tensor `name`, or 0. */
static int size_of(const struct checkpoint *checkpoint, const char *name, int dimension)
{
    const struct tensor *t = checkpoint_find(checkpoint, name);
    if (!t || t->rank <= dimension || t->shape[dimension] > 1 << 16)
        return 0;
    return (int)t->shape[dimension];
}

static int count_blocks(const struct checkpoint *checkpoint, const char *stack)
{
    char name[40];
    for (int i = 0; i <= GROOVE_BLOCKS_MAX; i++) {
        snprintf(name, sizeof name, "%s.%d.q.weight", stack, i);
        if (!checkpoint_find(checkpoint, name))
            return i;
    }
    return GROOVE_BLOCKS_MAX + 1;
}

static int band_of(const struct checkpoint *checkpoint, const char *key)
{
    const char *text = checkpoint_get(checkpoint, key);
    char *end;
    long band = text ? strtol(text, &end, 10) : -1;
    return !text || *end || end == text || band < 0 || band > 4096 ? -1 : (int)band;
}

static bool read_config(struct groove_config *c, const struct checkpoint *checkpoint,
                        struct error *err)
{
    c->inputs = size_of(checkpoint, "input.weight", 0);
    c->width = size_of(checkpoint, "input.weight", 1);
    c->hidden = size_of(checkpoint, "memory.up.weight", 1);
    c->heads = size_of(checkpoint, "relative", 1);
    c->reach = (size_of(checkpoint, "relative", 2) - 1) / 2;
    c->encoders = count_blocks(checkpoint, "encoder");
    c->decoders = count_blocks(checkpoint, "decoder");
    c->encoder_band = band_of(checkpoint, "encoder_band");
    c->memory_band = band_of(checkpoint, "memory_band");
    if (!c->inputs || !c->width || !c->hidden || !c->heads)
        return error_set(err, "the checkpoint holds no groove: a tensor is missing");
    if (c->width % c->heads || c->width > 4096 || c->hidden > 16384)
        return error_set(err, "the groove is of impossible size: width %d, %d heads, hidden %d",
                         c->width, c->heads, c->hidden);
    if (c->encoders > GROOVE_BLOCKS_MAX || c->decoders > GROOVE_BLOCKS_MAX)
        return error_set(err, "the groove has more than %d blocks", GROOVE_BLOCKS_MAX);
    if (c->encoder_band < 0 || c->memory_band < 0)
        return error_set(err, "the groove's metadata 'encoder_band' or 'memory_band' is no band");
    return true;
}

static bool check_tensor(const struct named *want, const struct checkpoint *checkpoint,
                         struct error *err)
{
    const struct tensor *t = checkpoint_find(checkpoint, want->name);
    if (!t)
        return error_set(err, "the groove has no tensor '%s'", want->name);
    bool same = t->type == TENSOR_F32 && t->rank == want->rank;
    for (int i = 0; same && i < t->rank; i++)
        same = t->shape[i] == want->shape[i];
    return same ||
           error_set(err, "the groove's tensor '%s' has the wrong type or shape", want->name);
}

/* Every tensor is checked before room is made for any: no file asks for more than it brings. */
struct groove *groove_from(const struct checkpoint *checkpoint, struct error *err)
{
    struct groove_config config;
    if (!read_config(&config, checkpoint, err))
        return NULL;
    struct groove *g = outline(config);
    for (int i = 0; g && i < g->layout->tensor_count; i++)
        if (!check_tensor(&g->layout->tensors[i], checkpoint, err)) {
            groove_free(g);
            return NULL;
        }
    if (!g || !give_params(g)) {
        error_set(err, "cannot open the groove: out of memory");
        return NULL;
    }
    for (int i = 0; i < g->layout->tensor_count; i++) {
        const struct named *t = &g->layout->tensors[i];
        memcpy(g->params + t->offset, checkpoint_find(checkpoint, t->name)->data,
               tensor_size(t) * sizeof *g->params);
    }
    return g;
}

void groove_store(const struct groove *groove, struct checkpoint *checkpoint)
{
    char text[16];
    checkpoint_set(checkpoint, "model", "groove");
    snprintf(text, sizeof text, "%d", groove->config.encoder_band);
    checkpoint_set(checkpoint, "encoder_band", text);
    snprintf(text, sizeof text, "%d", groove->config.memory_band);
    checkpoint_set(checkpoint, "memory_band", text);
    for (int i = 0; i < groove->layout->tensor_count; i++) {
        const struct named *t = &groove->layout->tensors[i];
        checkpoint_put(checkpoint, t->name, TENSOR_F32, t->rank, t->shape,
                       groove->params + t->offset);
    }
}
