#include "model/paper.h"

#include "model/paper_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct paper_config paper_defaults(void)
{
    return (struct paper_config){.width = 64,
                                 .heads = 16,
                                 .hidden = 256,
                                 .encoders = 6,
                                 .decoders = 6,
                                 .window = 16,
                                 .before = 10};
}

static void lay_out(struct paper_layout *l, const struct paper_config *c)
{
    struct weights *w = &l->weights;
    char prefix[32];
    l->score = weights_linear(w, "", "score", PAPER_SCORE, c->width);
    for (int i = 0; i < c->encoders; i++) {
        snprintf(prefix, sizeof prefix, "encoder.%d.", i);
        block_place_attention(&l->encoder[i], w, prefix, c->width);
        block_place_feed(&l->encoder[i], w, prefix, c->width, c->hidden);
    }
    l->past = weights_linear(w, "", "past", PAPER_PAST, c->width);
    for (int i = 0; i < c->decoders; i++) {
        snprintf(prefix, sizeof prefix, "decoder.%d.self.", i);
        block_place_attention(&l->self[i], w, prefix, c->width);
        l->cross[i].cross = true;
        snprintf(prefix, sizeof prefix, "decoder.%d.cross.", i);
        block_place_attention(&l->cross[i], w, prefix, c->width);
        block_place_feed(&l->cross[i], w, prefix, c->width, c->hidden);
    }
    l->norm = weights_norm(w, "", "norm", c->width);
    l->output = weights_linear(w, "", "output", c->width, PAPER_OUTPUTS);
    l->scale = weights_vector(w, "", "scale", PAPER_OUTPUTS);
}

static bool give_positions(struct paper *p)
{
    const int T = p->config.window, C = p->config.width;
    float *positions = malloc((size_t)T * (size_t)C * sizeof *positions);
    p->layout->positions = positions;
    for (int t = 0; positions && t < T; t++)
        for (int k = 0; k < C; k++) {
            double angle = t * pow(10000, -(double)(k - k % 2) / C);
            positions[t * C + k] = (float)(k % 2 ? cos(angle) : sin(angle));
        }
    return positions != NULL;
}

/* The layout alone. NULL when out of memory. */
static struct paper *outline(struct paper_config config)
{
    struct paper *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->config = config;
    p->layout = calloc(1, sizeof *p->layout);
    if (!p->layout) {
        paper_free(p);
        return NULL;
    }
    lay_out(p->layout, &config);
    return p;
}

static void expose_weights(struct paper *p)
{
    p->params = p->layout->weights.params;
    p->size = p->layout->weights.size;
}

/* The output begins near silence, the scales at about 15 ms and 15 of velocity. */
struct paper *paper_new(struct paper_config config, uint64_t seed)
{
    struct paper *p = outline(config);
    struct rng rng;
    if (!p || !weights_allocate(&p->layout->weights) || !give_positions(p)) {
        paper_free(p);
        return NULL;
    }
    expose_weights(p);
    rng_seed(&rng, seed);
    weights_randomise(&p->layout->weights, &rng);
    const struct linear output = p->layout->output;
    for (int i = 0; i < output.in * output.out; i++)
        p->params[output.weight + (size_t)i] *= .1F;
    for (int i = 0; i < PAPER_OUTPUTS; i++)
        p->params[p->layout->scale + (size_t)i] = -.5F;
    return p;
}

void paper_free(struct paper *paper)
{
    if (!paper)
        return;
    if (paper->layout) {
        free(paper->layout->weights.params);
        free(paper->layout->positions);
    }
    free(paper->layout);
    free(paper);
}

static bool read_config(struct paper_config *c, const struct checkpoint *checkpoint,
                        struct error *err)
{
    c->width = weights_dimension(checkpoint, "score.weight", 1);
    c->hidden = weights_dimension(checkpoint, "encoder.0.up.weight", 1);
    c->encoders = weights_layers(checkpoint, "encoder.%d.q.weight", PAPER_BLOCKS_MAX);
    c->decoders = weights_layers(checkpoint, "decoder.%d.self.q.weight", PAPER_BLOCKS_MAX);
    c->heads = checkpoint_get_size(checkpoint, "heads");
    c->window = checkpoint_get_size(checkpoint, "window");
    c->before = checkpoint_get_size(checkpoint, "before");
    if (!c->width || !c->hidden)
        return error_set(err,
                         "the checkpoint holds no network of the paper's: a tensor is missing");
    if (c->heads < 1 || c->window < 1 || c->before < 0 || c->before >= c->window)
        return error_set(err,
                         "the network's metadata 'heads', 'window' or 'before' is no such number");
    if (c->width % c->heads || c->width > 4096 || c->hidden > 16384)
        return error_set(err, "the network is of impossible size: width %d, %d heads, hidden %d",
                         c->width, c->heads, c->hidden);
    if (c->encoders > PAPER_BLOCKS_MAX || c->decoders > PAPER_BLOCKS_MAX)
        return error_set(err, "the network has more than %d layers", PAPER_BLOCKS_MAX);
    return true;
}

struct paper *paper_from(const struct checkpoint *checkpoint, struct error *err)
{
    struct paper_config config;
    if (!read_config(&config, checkpoint, err))
        return NULL;
    struct paper *p = outline(config);
    bool good = p && weights_read(&p->layout->weights, checkpoint, err);
    if (good && give_positions(p)) {
        expose_weights(p);
        return p;
    }
    if (!p || good)
        error_set(err, "cannot open the network: out of memory");
    paper_free(p);
    return NULL;
}

void paper_store(const struct paper *paper, const float *params, struct checkpoint *checkpoint)
{
    checkpoint_set(checkpoint, "model", "paper");
    checkpoint_set_size(checkpoint, "heads", paper->config.heads);
    checkpoint_set_size(checkpoint, "window", paper->config.window);
    checkpoint_set_size(checkpoint, "before", paper->config.before);
    weights_store(&paper->layout->weights, params, checkpoint);
}

static const float FARTHEST =
    16; /* units of the bar: a fifth of it; no hit is played further off */

void paper_read_step(const struct step *step, float score[PAPER_SCORE])
{
    const struct position *at = &step->at;
    for (int c = 0; c < DRUM_COUNT; c++)
        score[c] = (float)step->velocity[c] / PAPER_LOUD;
    score[DRUM_COUNT] = (float)((at->bpm - 120) / 30);
    score[DRUM_COUNT + 1] = (float)(((double)at->numerator / at->denominator - 1) * 4);
    score[DRUM_COUNT + 2] = (float)((at->phase - .5) * 10);
}

void paper_recall_nothing(const float *score, float past[PAPER_PAST])
{
    memset(past, 0, PAPER_OUTPUTS * sizeof *past);
    memcpy(past + PAPER_OUTPUTS, score + DRUM_COUNT, PAPER_LOCATION * sizeof *past);
}

static float between(float x, float low, float high)
{
    return fminf(high, fmaxf(low, x));
}

void paper_recall(const float *score, const float *outputs, const float *g, const float *score_next,
                  float past[PAPER_PAST])
{
    paper_recall_nothing(score_next, past);
    for (int c = 0; c < DRUM_COUNT; c++) {
        if (score[c] <= 0)
            continue;
        float velocity = PAPER_LOUD * score[c] + PAPER_VELOCITY * outputs[PAPER_DELTA + c];
        past[c] = between(velocity, 1, 127) / PAPER_LOUD;
        past[PAPER_OFFSET + c] = between(outputs[PAPER_OFFSET + c], -FARTHEST, FARTHEST);
    }
    past[PAPER_GUITAR] = between(g ? *g : outputs[PAPER_GUITAR], -FARTHEST, FARTHEST);
}
