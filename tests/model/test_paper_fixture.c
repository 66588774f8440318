/* The paper's network against its PyTorch twin (make_fixture.py --paper). */
#include "model/paper.h"
#include "suite.h"

#include "model/paper_layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define FIXTURE "tests/model/paper_fixture.safetensors"

enum { B = 3, T = 12, N = B * T };

static const float *tensor(const struct checkpoint *c, const char *prefix, const char *name)
{
    char full[96];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const struct tensor *t = checkpoint_find(c, full);
    ck_assert_msg(t != NULL, "no tensor %s", full);
    return t->data;
}

static struct paper_targets targets_of(const struct checkpoint *c)
{
    struct paper_targets targets = {
        .velocity = tensor(c, "batch.", "velocity"),
        .offset = tensor(c, "batch.", "offset"),
        .hit = tensor(c, "batch.", "hit"),
        .g = tensor(c, "batch.", "g"),
        .unit = tensor(c, "batch.", "unit"),
    };
    const float *valid = tensor(c, "batch.", "valid");
    for (int n = 0; n < N; n++) {
        targets.steps += valid[n];
        for (int k = 0; k < DRUM_COUNT; k++)
            targets.hits += valid[n] * targets.hit[n * DRUM_COUNT + k];
    }
    return targets;
}

/* |made - torch| over |torch|, as vectors. */
static double difference(const float *made, const float *torch, int64_t count)
{
    double d = 0, size = 0;
    for (int64_t i = 0; i < count; i++) {
        d += ((double)made[i] - torch[i]) * ((double)made[i] - torch[i]);
        size += (double)torch[i] * torch[i];
    }
    return sqrt(d) / (sqrt(size) + 1e-9);
}

START_TEST(equals_pytorch)
{
    struct error err;
    struct checkpoint *c = checkpoint_load(FIXTURE, &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    struct paper *paper = paper_from(c, &err);
    ck_assert_msg(paper != NULL, "%s", err.text);
    const struct paper_targets targets = targets_of(c);
    const struct paper_batch batch = {.B = B,
                                      .T = T,
                                      .score = tensor(c, "batch.", "score"),
                                      .past = tensor(c, "batch.", "past"),
                                      .valid = tensor(c, "batch.", "valid")};
    struct paper_pass *pass = paper_pass_new(paper, B, T, true);
    const float *encoded = paper_encode(paper, pass, &batch, 0, NULL);
    const float *outputs = paper_decode(paper, pass, &batch, encoded, 0, NULL);
    const float *want = tensor(c, "batch.", "outputs");
    for (int k = 0; k < N * PAPER_OUTPUTS; k++)
        if (batch.valid[k / PAPER_OUTPUTS] != 0)
            ck_assert_float_eq_tol(outputs[k], want[k], 1e-5F);

    float d_outputs[N * PAPER_OUTPUTS], *grads = calloc(paper->size, sizeof *grads);
    double loss = paper_loss(paper, &batch, &targets, outputs, d_outputs, grads);
    ck_assert_double_eq_tol(loss, *tensor(c, "batch.", "loss"), 1e-5);
    paper_backward(paper, pass, &batch, d_outputs, grads);
    for (int i = 0; i < paper->layout->weights.count; i++) {
        const struct named *t = &paper->layout->weights.tensors[i];
        double d = difference(grads + t->offset, tensor(c, "gradient.", t->name),
                              t->shape[0] * t->shape[1]);
        ck_assert_msg(d < 1e-4, "gradient of %s differs by %g", t->name, d);
    }
    free(grads);
    paper_pass_free(pass);
    paper_free(paper);
    checkpoint_free(c);
}
END_TEST

Suite *paper_fixture_suite(void);
Suite *paper_fixture_suite(void)
{
    Suite *suite = suite_create("paper fixture");
    TCase *tests = tcase_create("pytorch");
    tcase_add_test(tests, equals_pytorch);
    suite_add_tcase(suite, tests);
    return suite;
}
