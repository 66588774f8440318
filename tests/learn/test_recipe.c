/* Twenty training steps as PyTorch takes them (tests/model/make_fixture.py --curve): the same
 * weights, the same batches, the same losses. */
#include "learn/recipe.h"
#include "learn/team.h"
#include "model/features.h"
#include "model/groove_layout.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIXTURE "tests/learn/curve_fixture.safetensors"

enum { STEPS = 20, BATCHES = 4, B = 2, T = 32 };
static const double RATE = 0.05;

static const float *tensor(const struct checkpoint *fixture, const char *prefix, const char *name)
{
    char full[96];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const struct tensor *t = checkpoint_find(fixture, full);
    ck_assert_msg(t != NULL, "no tensor %s", full);
    return t->data;
}

/* Batch `index` of the fixture, as windows_draw would have filled it. */
static void fill(struct window_batch *batch, const struct checkpoint *fixture, int index)
{
    const struct {
        const char *name;
        float *to;
        int width;
    } parts[] = {
        {"x", batch->x, FEATURE_COUNT},
        {"g", batch->g, 1},
        {"heard", batch->heard, 1},
        {"valid", batch->valid, 1},
        {"offset", batch->offset, DRUM_COUNT},
        {"velocity", batch->velocity, DRUM_COUNT},
        {"hit", batch->hit, DRUM_COUNT},
    };
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        size_t count = (size_t)(B * T * parts[k].width);
        memcpy(parts[k].to, tensor(fixture, "batch.", parts[k].name) + (size_t)index * count,
               count * sizeof(float));
    }
    const float *bin = tensor(fixture, "batch.", "bin") + (ptrdiff_t)index * B * T;
    batch->hits = batch->steps = 0;
    for (int n = 0; n < B * T; n++) {
        batch->bin[n] = (int)bin[n];
        batch->steps += batch->valid[n] != 0;
        for (int c = 0; c < DRUM_COUNT; c++)
            batch->hits += batch->valid[n] != 0 && batch->hit[n * DRUM_COUNT + c] != 0;
    }
}

/* Mean distance of the weights of `groove` from the fixture's averaged ones. Not the furthest:
 * keys' biases have no gradient but rounding, which Adam makes steps of. */
static double distance(const struct groove *groove, const struct checkpoint *fixture)
{
    double sum = 0, count = 0;
    for (int i = 0; i < groove->layout->tensor_count; i++) {
        const struct named *t = &groove->layout->tensors[i];
        const float *torch = tensor(fixture, "average.", t->name);
        int64_t size = t->shape[0] * t->shape[1] * t->shape[2];
        for (int64_t k = 0; k < size; k++)
            sum += fabs((double)groove->params[t->offset + (size_t)k] - torch[k]);
        count += (double)size;
    }
    return sum / count;
}

START_TEST(trains_like_pytorch)
{
    struct error err;
    struct checkpoint *fixture = checkpoint_load(FIXTURE, &err);
    ck_assert_msg(fixture != NULL, "%s", err.text);
    struct groove *groove = groove_from(fixture, &err);
    ck_assert_msg(groove != NULL, "%s", err.text);
    struct groove *average = groove_copy(groove);
    struct adam *adam = recipe_adam(groove->size);
    struct window_batch *batch = window_batch_new(B, T);
    struct team *team = team_new(groove, 2, B, T);
    const float *losses = tensor(fixture, "", "losses");
    for (int step = 0; step < STEPS; step++) {
        float *gradients;
        fill(batch, fixture, step % BATCHES);
        struct groove_loss loss = team_step(team, batch, 0, 1, &gradients);
        ck_assert_msg(fabs(loss.total - losses[step]) < 1e-3, "loss of step %d: %.6f, PyTorch %.6f",
                      step, loss.total, losses[step]);
        ck_assert_double_gt(adam_clip(gradients, groove->size, 1.0), 1.0);
        adam_step(adam, groove->params, gradients, (float)recipe_rate(RATE, step, STEPS));
        recipe_average(average->params, groove->params, groove->size, step);
    }
    double away = distance(average, fixture);
    ck_assert_msg(away < 2e-5, "the averaged weights are %g from PyTorch's", away);
    ck_assert_double_lt(losses[STEPS - 1], losses[3] - 1);
    team_free(team);
    window_batch_free(batch);
    adam_free(adam);
    groove_free(average);
    groove_free(groove);
    checkpoint_free(fixture);
}
END_TEST

Suite *recipe_suite(void)
{
    Suite *suite = suite_create("recipe");
    TCase *tests = tcase_create("curve");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, trains_like_pytorch);
    suite_add_tcase(suite, tests);
    return suite;
}
