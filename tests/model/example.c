#include "example.h"

#include "model/groove_layout.h"

#include <stdlib.h>

struct groove_config example_config(void)
{
    return (struct groove_config){.inputs = 7,
                                  .width = 16,
                                  .heads = 2,
                                  .hidden = 32,
                                  .encoders = 2,
                                  .decoders = 2,
                                  .reach = 4,
                                  .encoder_band = 5,
                                  .memory_band = 9};
}

static float *numbers(size_t count, struct rng *rng, double keep)
{
    float *x = malloc(count * sizeof *x);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(keep > 0 ? rng_uniform(rng) < keep : rng_normal(rng));
    return x;
}

struct example example_new(int B, int T, int inputs, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    size_t N = (size_t)B * (size_t)T;
    struct example e = {.x = numbers(N * (size_t)inputs, &rng, 0),
                        .g = numbers(N, &rng, 0),
                        .heard = numbers(N, &rng, .6),
                        .valid = numbers(N, &rng, 1),
                        .offset = numbers(N * DRUM_COUNT, &rng, 0),
                        .velocity = numbers(N * DRUM_COUNT, &rng, 0),
                        .hit = numbers(N * DRUM_COUNT, &rng, .4),
                        .bin = malloc(N * sizeof(int))};
    for (size_t n = 0; n < N; n++)
        e.bin[n] = (int)rng_below(&rng, 16) * 3;
    for (size_t n = N - (size_t)T / 4; n < N; n++)
        e.valid[n] = 0;
    e.batch = (struct groove_batch){B, T, e.x, e.bin, e.g, e.heard, e.valid};
    e.targets =
        (struct groove_targets){.offset = e.offset, .velocity = e.velocity, .hit = e.hit, .g = e.g};
    return e;
}

void example_free(struct example *e)
{
    float *all[] = {e->x, e->g, e->heard, e->valid, e->offset, e->velocity, e->hit};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    free(e->bin);
}

struct groove *example_groove(struct groove_config config, uint64_t seed)
{
    struct groove *groove = groove_new(config, seed);
    struct rng rng;
    rng_seed(&rng, seed + 1);
    for (int i = 0; i < groove->layout->weights.count; i++) {
        const struct named *t = &groove->layout->weights.tensors[i];
        for (int64_t k = 0; k < t->shape[0] * t->shape[1] * t->shape[2]; k++)
            groove->params[t->offset + (size_t)k] += (float)(.25 * rng_normal(&rng));
    }
    return groove;
}
