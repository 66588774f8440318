/* Twenty training steps as PyTorch takes them (tests/model/make_fixture.py --curve): the same
 * weights, the same batches, the same losses. */
#include "learn/recipe.h"
#include "model/groove.h"
#include "model/groove_layout.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE "tests/learn/curve_fixture.safetensors"

enum { STEPS = 20, BATCHES = 4, B = 2, T = 32, INPUTS = 7 };
static const double RATE = 0.05;

static const float *tensor(const struct checkpoint *fixture, const char *prefix, const char *name)
{
    char full[96];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const struct tensor *t = checkpoint_find(fixture, full);
    ck_assert_msg(t != NULL, "no tensor %s", full);
    return t->data;
}

struct task {
    struct groove_batch batch;
    struct groove_targets targets;
    int bin[B * T];
};

/* Batch `index` of the fixture. */
static void open_task(struct task *task, const struct checkpoint *fixture, int index)
{
    const ptrdiff_t at = (ptrdiff_t)index * B * T;
    const float *bin = tensor(fixture, "batch.", "bin") + at;
    for (int n = 0; n < B * T; n++)
        task->bin[n] = (int)bin[n];
    task->batch = (struct groove_batch){.B = B,
                                        .T = T,
                                        .x = tensor(fixture, "batch.", "x") + at * INPUTS,
                                        .bin = task->bin,
                                        .g = tensor(fixture, "batch.", "g") + at,
                                        .heard = tensor(fixture, "batch.", "heard") + at,
                                        .valid = tensor(fixture, "batch.", "valid") + at};
    task->targets =
        (struct groove_targets){.offset = tensor(fixture, "batch.", "offset") + at * DRUM_COUNT,
                                .velocity = tensor(fixture, "batch.", "velocity") + at * DRUM_COUNT,
                                .hit = tensor(fixture, "batch.", "hit") + at * DRUM_COUNT,
                                .g = task->batch.g};
}

/* Mean distance of the weights of `groove` from the fixture's averaged ones. Not the furthest:
 * keys' biases have no gradient but rounding, which Adam makes steps of. */
static double distance(const struct groove *groove, const struct checkpoint *fixture)
{
    double sum = 0, count = 0;
    for (int i = 0; i < groove->layout->weights.count; i++) {
        const struct named *t = &groove->layout->weights.tensors[i];
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
    struct groove_pass *pass = groove_pass_new(groove, B, T, true);
    float *gradients = malloc(groove->size * sizeof *gradients);
    const float *losses = tensor(fixture, "", "losses");
    int clipped = 0;
    for (int step = 0; step < STEPS; step++) {
        struct task task;
        float d_outputs[B * T * GROOVE_OUTPUTS];
        open_task(&task, fixture, step % BATCHES);
        const float *outputs = groove_forward(groove, pass, &task.batch, 0, NULL);
        double loss = groove_loss(&task.batch, &task.targets, outputs, d_outputs).total;
        ck_assert_msg(fabs(loss - losses[step]) < 1e-3, "loss of step %d: %.6f, PyTorch %.6f", step,
                      loss, losses[step]);
        memset(gradients, 0, groove->size * sizeof *gradients);
        groove_backward(groove, pass, &task.batch, d_outputs, gradients);
        clipped += adam_clip(gradients, groove->size, 1.0) > 1;
        adam_step(adam, groove->params, gradients, (float)recipe_rate(RATE, step, STEPS));
        recipe_average(average->params, groove->params, groove->size, step);
    }
    double away = distance(average, fixture);
    ck_assert_msg(away < 2e-5, "the averaged weights are %g from PyTorch's", away);
    ck_assert_msg(clipped > 0 && clipped < STEPS, "%d gradients were clipped", clipped);
    ck_assert_double_lt(losses[STEPS - 1], losses[3] - .3);
    free(gradients);
    groove_pass_free(pass);
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
