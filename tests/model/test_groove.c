/* The network against its PyTorch twin (make_fixture.py), against a plain double version of itself,
 * and against what it promises: it never looks ahead, never further than its bands, and knows "not
 * heard" from "on the grid". */
#include "example.h"
#include "model/groove.h"
#include "naive_groove.h"
#include "suite.h"

#include "model/groove_layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INPUTS = 7, MEMORY_BAND = 9 }; /* as example_config has them */

#define FIXTURE "tests/model/groove_fixture.safetensors"

static const float *tensor(const struct checkpoint *c, const char *prefix, const char *name)
{
    char full[96];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const struct tensor *t = checkpoint_find(c, full);
    ck_assert_msg(t != NULL, "no tensor %s", full);
    return t->data;
}

/* |a - b| / (|a| + |b|) of two vectors. */
static double difference(const float *a, const double *b, size_t count)
{
    double d = 0, sa = 0, sb = 0;
    for (size_t i = 0; i < count; i++) {
        d += (a[i] - b[i]) * (a[i] - b[i]);
        sa += (double)a[i] * a[i];
        sb += b[i] * b[i];
    }
    return sqrt(d) / (sqrt(sa) + sqrt(sb) + 1e-9);
}

static void load_batch(const struct checkpoint *c, struct example *e, int B, int T)
{
    const float *bin = tensor(c, "batch.", "bin");
    *e = (struct example){.bin = malloc((size_t)(B * T) * sizeof *e->bin)};
    for (int n = 0; n < B * T; n++)
        e->bin[n] = (int)bin[n];
    e->batch = (struct groove_batch){B,
                                     T,
                                     tensor(c, "batch.", "x"),
                                     e->bin,
                                     tensor(c, "batch.", "g"),
                                     tensor(c, "batch.", "heard"),
                                     tensor(c, "batch.", "valid")};
    e->targets = (struct groove_targets){.offset = tensor(c, "batch.", "offset"),
                                         .velocity = tensor(c, "batch.", "velocity"),
                                         .hit = tensor(c, "batch.", "hit"),
                                         .g = tensor(c, "batch.", "g")};
}

START_TEST(equals_pytorch)
{
    enum { B = 2, T = 36 };
    struct error err;
    struct checkpoint *c = checkpoint_load(FIXTURE, &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    struct groove *groove = groove_from(c, &err);
    ck_assert_msg(groove != NULL, "%s", err.text);
    struct example e;
    load_batch(c, &e, B, T);
    struct groove_pass *pass = groove_pass_new(groove, B, T, true);
    const float *outputs = groove_forward(groove, pass, &e.batch, 0, NULL);
    const float *want = tensor(c, "batch.", "outputs");
    for (int n = 0; n < B * T; n++)
        for (int k = 0; k < GROOVE_OUTPUTS && e.batch.valid[n] != 0; k++)
            ck_assert_float_eq_tol(outputs[n * GROOVE_OUTPUTS + k], want[n * GROOVE_OUTPUTS + k],
                                   1e-5F);

    float d_outputs[B * T * GROOVE_OUTPUTS];
    float *grads = calloc(groove->size, sizeof *grads);
    struct groove_loss loss = groove_loss(&e.batch, &e.targets, outputs, d_outputs);
    ck_assert_double_eq_tol(loss.total, *tensor(c, "batch.", "loss"), 1e-5);
    groove_backward(groove, pass, &e.batch, d_outputs, grads);
    for (int i = 0; i < groove->layout->weights.count; i++) {
        const struct named *t = &groove->layout->weights.tensors[i];
        size_t count = (size_t)(t->shape[0] * t->shape[1] * t->shape[2]);
        const float *torch = tensor(c, "gradient.", t->name);
        double *exact = malloc(count * sizeof *exact);
        for (size_t k = 0; k < count; k++)
            exact[k] = torch[k];
        double d = difference(grads + t->offset, exact, count);
        ck_assert_msg(d < 1e-3, "gradient of %s differs by %g", t->name, d);
        free(exact);
    }
    free(grads);
    groove_pass_free(pass);
    groove_free(groove);
    free(e.bin);
    checkpoint_free(c);
}
END_TEST

/* Central differences of the double version along each tensor: a few single weights and one random
 * direction. */
static void check_tensor(const struct groove *groove, const struct named *t, double *params,
                         const float *grads, const struct example *e, struct rng *rng)
{
    size_t count = (size_t)(t->shape[0] * t->shape[1] * t->shape[2]);
    const double h = 1e-6;
    double *direction = malloc(count * sizeof *direction);
    double norm = 0, analytic = 0;
    for (size_t k = 0; k < count; k++) {
        direction[k] = rng_normal(rng) + 2 * (grads[t->offset + k] > 0) - 1;
        analytic += direction[k] * grads[t->offset + k];
        norm += (double)grads[t->offset + k] * grads[t->offset + k];
    }
    double loss[2];
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < count; k++)
            params[t->offset + k] = groove->params[t->offset + k] + (side ? h : -h) * direction[k];
        loss[side] = naive_groove_loss(groove, params, &e->batch, &e->targets, NULL);
    }
    for (size_t k = 0; k < count; k++)
        params[t->offset + k] = groove->params[t->offset + k];
    double numeric = (loss[1] - loss[0]) / (2 * h);
    double error = fabs(numeric - analytic) / (fabs(numeric) + fabs(analytic) + 1e-6);
    ck_assert_msg(error < 1e-3 && norm > 0, "gradient of %s: %g, by differences %g", t->name,
                  analytic, numeric);
    free(direction);
}

START_TEST(equals_double_version_and_its_differences)
{
    enum { B = 3, T = 40, DEAF = 1 };
    struct groove *groove = example_groove(example_config(), 5);
    struct example e = example_new(B, T, INPUTS, 11);
    memset(e.heard + DEAF * T, 0, T * sizeof *e.heard); /* between two that hear */
    struct groove_pass *pass = groove_pass_new(groove, B, T, true);
    double *params = malloc(groove->size * sizeof *params);
    for (size_t i = 0; i < groove->size; i++)
        params[i] = groove->params[i];
    double exact[B * T * GROOVE_OUTPUTS];
    float d_outputs[B * T * GROOVE_OUTPUTS];
    const float *outputs = groove_forward(groove, pass, &e.batch, 0, NULL);
    double total = naive_groove_loss(groove, params, &e.batch, &e.targets, exact);
    for (int n = 0; n < B * T; n++)
        for (int k = 0; k < GROOVE_OUTPUTS && e.valid[n] != 0; k++)
            ck_assert_double_eq_tol(outputs[n * GROOVE_OUTPUTS + k], exact[n * GROOVE_OUTPUTS + k],
                                    1e-5);
    float *grads = calloc(groove->size, sizeof *grads);
    struct groove_loss loss = groove_loss(&e.batch, &e.targets, outputs, d_outputs);
    ck_assert_double_eq_tol(loss.total, total, 1e-5);
    groove_backward(groove, pass, &e.batch, d_outputs, grads);
    struct rng rng;
    rng_seed(&rng, 3);
    for (int i = 0; i < groove->layout->weights.count; i++)
        check_tensor(groove, &groove->layout->weights.tensors[i], params, grads, &e, &rng);
    free(grads);
    free(params);
    groove_pass_free(pass);
    example_free(&e);
    groove_free(groove);
}
END_TEST

/* With dropout the loss is still a function of the weights, as long as the seed stands still. */
START_TEST(dropout_goes_back_the_way_it_came)
{
    enum { B = 1, T = 24 };
    struct groove *groove = example_groove(example_config(), 8);
    struct example e = example_new(B, T, INPUTS, 12);
    struct groove_pass *pass = groove_pass_new(groove, B, T, true);
    float d_outputs[B * T * GROOVE_OUTPUTS];
    float *grads = calloc(groove->size, sizeof *grads);
    struct rng rng;
    rng_seed(&rng, 1);
    struct rng again = rng;
    const float *outputs = groove_forward(groove, pass, &e.batch, .3F, &again);
    double base = groove_loss(&e.batch, &e.targets, outputs, d_outputs).total;
    groove_backward(groove, pass, &e.batch, d_outputs, grads);
    const size_t at = groove->layout->encoder[0].up.weight;
    double numeric = 0, analytic = 0;
    for (size_t k = 0; k < 64; k++) {
        double loss[2], h = 1e-2;
        float was = groove->params[at + k];
        for (int side = 0; side < 2; side++) {
            groove->params[at + k] = was + (float)(side ? h : -h);
            again = rng;
            outputs = groove_forward(groove, pass, &e.batch, .3F, &again);
            loss[side] = groove_loss(&e.batch, &e.targets, outputs, NULL).total;
        }
        groove->params[at + k] = was;
        numeric += fabs((loss[1] - loss[0]) / (2 * h) - grads[at + k]);
        analytic += fabs(grads[at + k]);
    }
    ck_assert_double_lt(numeric, .03 * analytic);
    outputs = groove_forward(groove, pass, &e.batch, .3F, &again);
    ck_assert_double_ne(groove_loss(&e.batch, &e.targets, outputs, NULL).total, base);
    free(grads);
    groove_pass_free(pass);
    example_free(&e);
    groove_free(groove);
}
END_TEST

/* The largest change of the outputs of steps [first, end). */
static double change(const float *a, const float *b, int first, int end)
{
    double most = 0;
    for (int i = first * GROOVE_OUTPUTS; i < end * GROOVE_OUTPUTS; i++)
        most = fmax(most, fabs((double)a[i] - b[i]));
    return most;
}

START_TEST(hears_the_past_alone)
{
    enum { T = 40, SIZE = T * GROOVE_OUTPUTS * sizeof(float) };
    struct groove *groove = example_groove(example_config(), 6);
    struct example e = example_new(1, T, INPUTS, 13);
    struct groove_pass *pass = groove_pass_new(groove, 1, T, false);
    e.batch.valid = NULL;
    float before[T * GROOVE_OUTPUTS];
    for (int i = 0; i < T; i++) {
        e.heard[i] = 1;
        memcpy(before, groove_forward(groove, pass, &e.batch, 0, NULL), SIZE);
        e.g[i] += 3;
        const float *after = groove_forward(groove, pass, &e.batch, 0, NULL);
        ck_assert_double_eq(change(before, after, 0, i + 1), 0);
        if (i + 1 < T)
            ck_assert_double_gt(change(before, after, i + 1, i + 2), 1e-4);
        /* Memory block and decoder blocks reach back one band each. */
        if (i + 2 * MEMORY_BAND + 1 < T)
            ck_assert_double_eq(change(before, after, i + 2 * MEMORY_BAND + 1, T), 0);
        e.g[i] = 0;
        memcpy(before, groove_forward(groove, pass, &e.batch, 0, NULL), SIZE);
        e.heard[i] = 0;
        after = groove_forward(groove, pass, &e.batch, 0, NULL);
        if (i + 1 < T)
            ck_assert_double_gt(change(before, after, i + 1, i + 2), 1e-4);
        e.heard[i] = i % 3 != 0;
    }
    groove_pass_free(pass);
    example_free(&e);
    groove_free(groove);
}
END_TEST

/* A change of the score is felt this far: encoder bands add up; then it travels in memory. */
START_TEST(far_steps_do_not_matter)
{
    enum { T = 48, SIZE = T * GROOVE_OUTPUTS * sizeof(float) };
    struct groove *groove = example_groove(example_config(), 7);
    struct example e = example_new(1, T, INPUTS, 14);
    struct groove_pass *pass = groove_pass_new(groove, 1, T, false);
    e.batch.valid = e.batch.heard = NULL;
    float before[T * GROOVE_OUTPUTS];
    memcpy(before, groove_forward(groove, pass, &e.batch, 0, NULL), SIZE);
    const struct groove_config config = example_config();
    const int at = 24, reach = config.encoders * config.encoder_band;
    e.x[at * INPUTS] += 2;
    const float *after = groove_forward(groove, pass, &e.batch, 0, NULL);
    ck_assert_double_eq(change(before, after, 0, at - reach), 0);
    ck_assert_double_eq(change(before, after, at + reach + 1, T), 0);
    ck_assert_double_gt(change(before, after, at - reach, at - reach + 1), 0);
    ck_assert_double_gt(change(before, after, at + reach, at + reach + 1), 0);
    groove_pass_free(pass);
    example_free(&e);
    groove_free(groove);
}
END_TEST

/* Padding after a song, beside other songs, with other passes: the same numbers. */
START_TEST(padding_is_not_seen)
{
    enum { T = 40 };
    struct groove *groove = example_groove(example_config(), 9);
    struct example e = example_new(2, T, INPUTS, 15);
    struct groove_pass *wide = groove_pass_new(groove, 2, T, true);
    struct groove_pass *narrow = groove_pass_new(groove, 1, 30, false);
    const float *both = groove_forward(groove, wide, &e.batch, 0, NULL);
    struct groove_batch second = {.B = 1,
                                  .T = 30,
                                  .x = e.x + T * INPUTS,
                                  .bin = e.bin + T,
                                  .g = e.g + T,
                                  .heard = e.heard + T};
    const float *alone = groove_forward(groove, narrow, &second, 0, NULL);
    ck_assert_double_lt(change(both + T * GROOVE_OUTPUTS, alone, 0, 30), 1e-5);
    groove_pass_free(wide);
    groove_pass_free(narrow);
    example_free(&e);
    groove_free(groove);
}
END_TEST

START_TEST(survives_its_checkpoint)
{
    struct error err;
    struct groove_config config = example_config();
    config.encoders = 3;
    config.memory_band = 77;
    struct groove *groove = example_groove(config, 10);
    struct checkpoint *c = checkpoint_new();
    groove_store(groove, groove->params, c);
    size_t size;
    uint8_t *bytes = checkpoint_write(c, &size, &err);
    struct checkpoint *read = checkpoint_read(bytes, size, &err);
    ck_assert_msg(read != NULL, "%s", err.text);
    struct groove *back = groove_from(read, &err);
    ck_assert_msg(back != NULL, "%s", err.text);
    ck_assert_mem_eq(&back->config, &config, sizeof config);
    ck_assert_mem_eq(back->params, groove->params, groove->size * sizeof(float));

    checkpoint_remove(read, "encoder.1.up.bias");
    ck_assert_ptr_null(groove_from(read, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "encoder.1.up.bias"));
    checkpoint_put(c, "null", TENSOR_F32, 1, (int64_t[]){3}, (float[]){1, 2, 3});
    ck_assert_ptr_null(groove_from(c, &err));
    groove_free(back);
    groove_free(groove);
    checkpoint_free(read);
    checkpoint_free(c);
    free(bytes);
}
END_TEST

Suite *groove_suite(void);
Suite *groove_suite(void)
{
    Suite *suite = suite_create("groove");
    TCase *tests = tcase_create("network");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, equals_pytorch);
    tcase_add_test(tests, equals_double_version_and_its_differences);
    tcase_add_test(tests, dropout_goes_back_the_way_it_came);
    tcase_add_test(tests, hears_the_past_alone);
    tcase_add_test(tests, far_steps_do_not_matter);
    tcase_add_test(tests, padding_is_not_seen);
    tcase_add_test(tests, survives_its_checkpoint);
    suite_add_tcase(suite, tests);
    return suite;
}
