#include "model/groove.h"

#include "model/features.h"
#include "model/groove_layout.h"

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

static void place_block(struct weights *w, struct block *b, const char *prefix,
                        const struct groove_config *c)
{
    block_place_attention(b, w, prefix, c->width);
    block_place_feed(b, w, prefix, c->width, c->hidden);
}

static void lay_out(struct groove_layout *l, const struct groove_config *c)
{
    struct weights *w = &l->weights;
    char prefix[24];
    l->input = weights_linear(w, "", "input", c->inputs, c->width);
    for (int i = 0; i < c->encoders; i++) {
        snprintf(prefix, sizeof prefix, "encoder.%d.", i);
        place_block(w, &l->encoder[i], prefix, c);
    }
    l->heard = weights_linear(w, "", "heard", 3, c->width);
    place_block(w, &l->memory, "memory.", c);
    l->null = weights_vector(w, "", "null", c->width);
    for (int i = 0; i < c->decoders; i++) {
        snprintf(prefix, sizeof prefix, "decoder.%d.", i);
        l->decoder[i].cross = true;
        place_block(w, &l->decoder[i], prefix, c);
    }
    l->relative = weights_table(w, "relative", RELATIVE_COUNT, c->heads, 2 * c->reach + 1);
    l->same = weights_table(w, "same", RELATIVE_COUNT, c->heads, 2);
    l->norm = weights_norm(w, "", "norm", c->width);
    l->output = weights_linear(w, "", "output", c->width, GROOVE_OUTPUTS);
}

/* The layout alone. NULL when out of memory. */
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
    lay_out(g->layout, &config);
    return g;
}

static struct groove *expose_weights(struct groove *g)
{
    g->params = g->layout->weights.params;
    g->size = g->layout->weights.size;
    return g;
}

/* All zeros. NULL when out of memory. */
static struct groove *blank(struct groove_config config)
{
    struct groove *g = outline(config);
    if (g && weights_allocate(&g->layout->weights))
        return expose_weights(g);
    groove_free(g);
    return NULL;
}

/* The output begins near silence; what is no linear layer and no norm, at 0. */
struct groove *groove_new(struct groove_config config, uint64_t seed)
{
    struct groove *g = blank(config);
    struct rng rng;
    if (!g)
        return NULL;
    rng_seed(&rng, seed);
    weights_randomise(&g->layout->weights, &rng);
    const struct linear output = g->layout->output;
    for (int i = 0; i < output.in * output.out; i++)
        g->params[output.weight + (size_t)i] *= .1F;
    return g;
}

struct groove *groove_copy(const struct groove *groove)
{
    struct groove *g = blank(groove->config);
    if (g)
        memcpy(g->params, groove->params, g->size * sizeof *g->params);
    return g;
}

void groove_free(struct groove *groove)
{
    if (!groove)
        return;
    if (groove->layout)
        free(groove->layout->weights.params);
    free(groove->layout);
    free(groove);
}

static bool read_config(struct groove_config *c, const struct checkpoint *checkpoint,
                        struct error *err)
{
    c->inputs = weights_dimension(checkpoint, "input.weight", 0);
    c->width = weights_dimension(checkpoint, "input.weight", 1);
    c->hidden = weights_dimension(checkpoint, "memory.up.weight", 1);
    c->heads = weights_dimension(checkpoint, "relative", 1);
    c->reach = (weights_dimension(checkpoint, "relative", 2) - 1) / 2;
    c->encoders = weights_layers(checkpoint, "encoder.%d.q.weight", GROOVE_BLOCKS_MAX);
    c->decoders = weights_layers(checkpoint, "decoder.%d.q.weight", GROOVE_BLOCKS_MAX);
    c->encoder_band = checkpoint_get_size(checkpoint, "encoder_band");
    c->memory_band = checkpoint_get_size(checkpoint, "memory_band");
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

struct groove *groove_from(const struct checkpoint *checkpoint, struct error *err)
{
    struct groove_config config;
    if (!read_config(&config, checkpoint, err))
        return NULL;
    struct groove *g = outline(config);
    if (!g)
        error_set(err, "cannot open the groove: out of memory");
    if (g && weights_read(&g->layout->weights, checkpoint, err))
        return expose_weights(g);
    groove_free(g);
    return NULL;
}

void groove_store(const struct groove *groove, const float *params, struct checkpoint *checkpoint)
{
    checkpoint_set(checkpoint, "model", "groove");
    checkpoint_set_size(checkpoint, "encoder_band", groove->config.encoder_band);
    checkpoint_set_size(checkpoint, "memory_band", groove->config.memory_band);
    weights_store(&groove->layout->weights, params, checkpoint);
}
