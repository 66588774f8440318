#include "cli/bench_groove.h"

#include "base/rng.h"
#include "model/adam.h"
#include "model/features.h"
#include "model/groove.h"
#include "model/groove_step.h"
#include "model/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_ROUNDS = 5, WINDOWS = 16, WINDOW = 128, TRAIN_ROUNDS = 12, DROPOUT_PERCENT = 15 };
enum { SIDE = 256, MATMUL_ROUNDS = 200 };

static bool time_player(const struct groove *groove, const struct score *score, const float *x,
                        const int *bins, double *times, struct error *err)
{
    float outputs[GROOVE_OUTPUTS];
    struct groove_player *player = groove_player_new(groove, x, bins, score->step_count, err);
    for (int i = 0; player && i < score->step_count; i++) {
        double start = stopwatch_cpu_s();
        if (i > 0)
            groove_player_hear(player, i - 1, 20.0 * sin(i));
        groove_player_predict(player, i, outputs);
        times[i] = 1e6 * (stopwatch_cpu_s() - start);
    }
    groove_player_free(player);
    return player != NULL;
}

static bool time_steps(const struct groove *groove, const struct score *score,
                       struct groove_speed *speed, struct error *err)
{
    const size_t T = (size_t)score->step_count;
    float *x = malloc(T * FEATURE_COUNT * sizeof *x);
    int *bins = malloc(T * sizeof *bins);
    double *times = malloc(STEP_ROUNDS * T * sizeof *times);
    bool good = (x && bins && times) || error_set(err, "out of memory");
    if (good)
        features_compute(score, 0, score->step_count, NULL, x);
    for (size_t i = 0; good && i < T; i++)
        bins[i] = score->steps[i].bin;
    for (size_t round = 0; good && round < STEP_ROUNDS; round++)
        good = time_player(groove, score, x, bins, times + round * T, err);
    if (good)
        speed->step_us = spread_of(times, STEP_ROUNDS * score->step_count);
    free(x);
    free(bins);
    free(times);
    return good;
}

/* Steps that a step within `before` and `after` of it sees, summed over a window. */
static double pairs(int before, int after)
{
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
        int first = i > before ? i - before : 0;
        int last = i + after < WINDOW - 1 ? i + after : WINDOW - 1;
        sum += last - first + 1;
    }
    return sum;
}

/* Of a training step, by formula. Counted are the products of layers and, within the bands and with
 * the null token, of attention: keys with queries and weights with values. The way back has two
 * products for each, but for the layers that read the features and the guitar, whose inputs want no
 * gradient. Norms, softmax, GELU, dropout, loss and Adam are not counted. */
static double operations(const struct groove_config *c)
{
    const double C = c->width, blocks = c->encoders + 1 + c->decoders;
    const double inputs = (c->inputs + 3) * C;
    const double layers = blocks * (4 * C * C + 2 * C * c->hidden) + C * GROOVE_OUTPUTS;
    const double seen = c->encoders * pairs(c->encoder_band, c->encoder_band) +
                        pairs(c->memory_band, 0) +
                        c->decoders * (pairs(c->memory_band, -1) + WINDOW);
    return 2.0 * WINDOWS * (WINDOW * (2 * inputs + 3 * layers) + 3 * 2 * C * seen);
}

/* Everything a training step needs, in one piece of memory. */
struct training {
    struct groove *groove;
    struct groove_pass *pass;
    struct adam *adam;
    struct groove_batch batch;
    struct groove_targets targets;
    float *numbers, *d_outputs, *gradients;
    int *bin;
};

static bool set_up(struct training *t, const struct groove *groove)
{
    const size_t steps = WINDOWS * WINDOW, inputs = (size_t)groove->config.inputs;
    const size_t cells = steps * DRUM_COUNT, count = steps * (inputs + 1) + 3 * cells + steps;
    t->groove = groove_copy(groove);
    t->pass = groove_pass_new(groove, WINDOWS, WINDOW, true);
    t->adam = adam_new(groove->size);
    t->numbers = malloc(count * sizeof *t->numbers);
    t->d_outputs = malloc(steps * GROOVE_OUTPUTS * sizeof *t->d_outputs);
    t->gradients = malloc(groove->size * sizeof *t->gradients);
    t->bin = malloc(steps * sizeof *t->bin);
    if (!t->groove || !t->pass || !t->adam || !t->numbers || !t->d_outputs || !t->gradients ||
        !t->bin)
        return false;
    struct rng rng;
    rng_seed(&rng, 1);
    for (size_t i = 0; i < count; i++)
        t->numbers[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < steps; i++)
        t->bin[i] = (int)(i % SCORE_BINS);
    float *ones = t->numbers + count - steps, *g = t->numbers + steps * inputs, *cell = g + steps;
    for (size_t i = 0; i < steps; i++)
        ones[i] = 1;
    t->batch = (struct groove_batch){
        .B = WINDOWS, .T = WINDOW, .x = t->numbers, .bin = t->bin, .g = g, .heard = ones};
    t->targets = (struct groove_targets){
        .offset = cell, .velocity = cell + cells, .hit = cell + 2 * cells, .g = g};
    return true;
}

static void take_step(struct training *t, struct rng *rng)
{
    memset(t->gradients, 0, t->groove->size * sizeof *t->gradients);
    const float *outputs =
        groove_forward(t->groove, t->pass, &t->batch, DROPOUT_PERCENT / 100.0F, rng);
    groove_loss(&t->batch, &t->targets, outputs, t->d_outputs);
    groove_backward(t->groove, t->pass, &t->batch, t->d_outputs, t->gradients);
    adam_clip(t->gradients, t->groove->size, 1);
    adam_step(t->adam, t->groove->params, t->gradients, 1e-5F);
}

static bool time_training(const struct groove *groove, struct groove_speed *speed,
                          struct error *err)
{
    struct training t = {0};
    struct rng rng;
    double best = INFINITY;
    rng_seed(&rng, 2);
    bool good = set_up(&t, groove) || error_set(err, "out of memory");
    for (int round = 0; good && round < TRAIN_ROUNDS; round++) {
        double start = stopwatch_cpu_s();
        take_step(&t, &rng);
        best = fmin(best, stopwatch_cpu_s() - start);
    }
    speed->train_step_ms = 1e3 * best;
    speed->train_gflops = 1e-9 * operations(&groove->config) / best;
    groove_free(t.groove);
    groove_pass_free(t.pass);
    adam_free(t.adam);
    free(t.numbers);
    free(t.d_outputs);
    free(t.gradients);
    free(t.bin);
    return good;
}

/* Squares that fit the second cache. */
static bool time_matmul(struct groove_speed *speed, struct error *err)
{
    const size_t size = SIDE * SIDE;
    float *numbers = aligned_alloc(64, 3 * size * sizeof *numbers);
    if (!numbers)
        return error_set(err, "out of memory");
    for (size_t i = 0; i < 3 * size; i++)
        numbers[i] = 1;
    const struct matmul task = {.c = numbers,
                                .c_row = SIDE,
                                .a = numbers + size,
                                .a_row = SIDE,
                                .a_col = 1,
                                .b = numbers + 2 * size,
                                .b_row = SIDE,
                                .m = SIDE,
                                .n = SIDE,
                                .k = SIDE};
    double best = INFINITY;
    for (int round = 0; round < MATMUL_ROUNDS; round++) {
        double start = stopwatch_cpu_s();
        matmul(task);
        best = fmin(best, stopwatch_cpu_s() - start);
    }
    speed->matmul_gflops = 2e-9 * SIDE * SIDE * SIDE / best;
    free(numbers);
    return true;
}

bool bench_groove(const struct checkpoint *drummer, const struct score *score,
                  struct groove_speed *speed, struct error *err)
{
    const char *model = checkpoint_get(drummer, "model");
    *speed = (struct groove_speed){{NAN, NAN, NAN}, NAN, NAN, NAN};
    if (!model || strcmp(model, "groove") != 0)
        return true;
    struct groove *groove = groove_from(drummer, err);
    bool good = groove && time_steps(groove, score, speed, err) &&
                time_training(groove, speed, err) && time_matmul(speed, err);
    groove_free(groove);
    return good;
}
