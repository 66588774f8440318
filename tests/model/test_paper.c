/* The paper's network against a plain double version of itself, and against what it promises: a
 * step is told from the score of its window and from what came before it, and from nothing else. */
#include "model/paper.h"
#include "naive_paper.h"
#include "suite.h"

#include "model/paper_layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct paper_config small_config(int window)
{
    return (struct paper_config){.width = 16,
                                 .heads = 4,
                                 .hidden = 24,
                                 .encoders = 2,
                                 .decoders = 2,
                                 .window = window,
                                 .before = window / 2};
}

/* Nothing left at its gentle beginning. */
static struct paper *small_paper(int window, uint64_t seed)
{
    struct paper *paper = paper_new(small_config(window), seed);
    struct rng rng;
    ck_assert_ptr_nonnull(paper);
    rng_seed(&rng, seed + 1);
    for (int i = 0; i < paper->layout->weights.count; i++) {
        const struct named *t = &paper->layout->weights.tensors[i];
        for (int64_t k = 0; k < t->shape[0] * t->shape[1]; k++)
            paper->params[t->offset + (size_t)k] += (float)(.2 * rng_normal(&rng));
    }
    return paper;
}

struct some {
    struct paper_batch batch;
    struct paper_targets targets;
    float *score, *past, *valid, *velocity, *offset, *hit, *g, *unit;
};

static float *numbers(int count, struct rng *rng)
{
    float *x = malloc((size_t)count * sizeof *x);
    for (int i = 0; i < count; i++)
        x[i] = (float)rng_normal(rng);
    return x;
}

/* Random windows, the last one a quarter shorter. */
static struct some some_batch(int B, int T, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    const int N = B * T;
    struct some s = {.score = numbers(N * PAPER_SCORE, &rng),
                     .past = numbers(N * PAPER_PAST, &rng),
                     .valid = numbers(N, &rng),
                     .velocity = numbers(N * DRUM_COUNT, &rng),
                     .offset = numbers(N * DRUM_COUNT, &rng),
                     .hit = numbers(N * DRUM_COUNT, &rng),
                     .g = numbers(N, &rng),
                     .unit = numbers(N, &rng)};
    for (int n = 0; n < N; n++) {
        s.valid[n] = n < N - T / 4;
        s.unit[n] = 1 + .1F * fabsf(s.unit[n]);
        s.targets.steps += s.valid[n];
    }
    for (int k = 0; k < N * DRUM_COUNT; k++) {
        s.hit[k] = s.hit[k] > 0;
        s.targets.hits += s.valid[k / DRUM_COUNT] != 0 && s.hit[k] != 0;
    }
    s.batch =
        (struct paper_batch){.B = B, .T = T, .score = s.score, .past = s.past, .valid = s.valid};
    s.targets.velocity = s.velocity;
    s.targets.offset = s.offset;
    s.targets.hit = s.hit;
    s.targets.g = s.g;
    s.targets.unit = s.unit;
    return s;
}

static void free_some(struct some *s)
{
    float *all[] = {s->score, s->past, s->valid, s->velocity, s->offset, s->hit, s->g, s->unit};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static const float *forward(const struct paper *paper, struct paper_pass *pass,
                            const struct paper_batch *batch)
{
    return paper_decode(paper, pass, batch, paper_encode(paper, pass, batch, 0, NULL), 0, NULL);
}

/* Central differences along one random direction in each tensor. */
static void check_tensor(const struct paper *paper, const struct named *t, double *params,
                         const float *grads, const struct some *s, struct rng *rng)
{
    const size_t count = (size_t)(t->shape[0] * t->shape[1]);
    const double h = 1e-6;
    double *direction = malloc(count * sizeof *direction), analytic = 0, norm = 0, loss[2];
    for (size_t k = 0; k < count; k++) {
        const double g = grads[t->offset + k];
        direction[k] = rng_normal(rng) + 2 * (g > 0) - 1;
        analytic += direction[k] * g;
        norm += g * g;
    }
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < count; k++)
            params[t->offset + k] = paper->params[t->offset + k] + (side ? h : -h) * direction[k];
        loss[side] = naive_paper_loss(paper, params, &s->batch, &s->targets, NULL);
    }
    for (size_t k = 0; k < count; k++)
        params[t->offset + k] = paper->params[t->offset + k];
    double numeric = (loss[1] - loss[0]) / (2 * h);
    double error = fabs(numeric - analytic) / (fabs(numeric) + fabs(analytic) + 1e-6);
    ck_assert_msg(error < 1e-3 && norm > 0, "gradient of %s: %g, by differences %g", t->name,
                  analytic, numeric);
    free(direction);
}

/* Windows of 16 take the short attention, longer ones the general one. */
START_TEST(equals_double_version_and_its_differences)
{
    enum { B = 2, LONGEST = 21, ROOM = B * LONGEST * PAPER_OUTPUTS };
    const int T = (int[]){16, 11, LONGEST}[_i];
    struct paper *paper = small_paper(T, 5);
    struct some s = some_batch(B, T, 11);
    struct paper_pass *pass = paper_pass_new(paper, B, T, true);
    double *params = malloc(paper->size * sizeof *params), exact[ROOM];
    for (size_t i = 0; i < paper->size; i++)
        params[i] = paper->params[i];
    float d_outputs[ROOM], *grads = calloc(paper->size, sizeof *grads);
    const float *outputs = forward(paper, pass, &s.batch);
    double total = naive_paper_loss(paper, params, &s.batch, &s.targets, exact);
    for (int n = 0; n < B * T; n++)
        for (int k = 0; k < PAPER_OUTPUTS && s.valid[n] != 0; k++)
            ck_assert_double_eq_tol(outputs[n * PAPER_OUTPUTS + k], exact[n * PAPER_OUTPUTS + k],
                                    2e-5);
    double loss = paper_loss(paper, &s.batch, &s.targets, outputs, d_outputs, grads);
    ck_assert_double_eq_tol(loss, total, 2e-5);
    paper_backward(paper, pass, &s.batch, d_outputs, grads);
    struct rng rng;
    rng_seed(&rng, 3);
    for (int i = 0; i < paper->layout->weights.count; i++)
        check_tensor(paper, &paper->layout->weights.tensors[i], params, grads, &s, &rng);
    free(grads);
    free(params);
    paper_pass_free(pass);
    free_some(&s);
    paper_free(paper);
}
END_TEST

/* With dropout the loss is still a function of the weights, as long as the seed stands still. */
START_TEST(dropout_goes_back_the_way_it_came)
{
    enum { T = 16 };
    struct paper *paper = small_paper(T, 8);
    struct some s = some_batch(1, T, 12);
    struct paper_pass *pass = paper_pass_new(paper, 1, T, true);
    float d_outputs[T * PAPER_OUTPUTS], *grads = calloc(paper->size, sizeof *grads);
    const size_t places[] = {paper->layout->encoder[0].up.weight, paper->layout->self[1].q.weight};
    for (int which = 0; which < 2; which++) {
        double numeric = 0, analytic = 0, loss[3];
        const size_t at = places[which];
        for (int k = -1; k < 32; k++) {
            const float was = paper->params[at + (size_t)(k < 0 ? 0 : k)];
            for (int side = k < 0 ? 2 : 0; side < (k < 0 ? 3 : 2); side++) {
                struct rng rng;
                rng_seed(&rng, 1);
                if (k >= 0)
                    paper->params[at + (size_t)k] = was + (side ? 1e-2F : -1e-2F);
                const float *e = paper_encode(paper, pass, &s.batch, .3F, &rng);
                const float *outputs = paper_decode(paper, pass, &s.batch, e, .3F, &rng);
                loss[side] = paper_loss(paper, &s.batch, &s.targets, outputs,
                                        k < 0 ? d_outputs : NULL, NULL);
            }
            if (k < 0) {
                memset(grads, 0, paper->size * sizeof *grads);
                paper_backward(paper, pass, &s.batch, d_outputs, grads);
                continue;
            }
            paper->params[at + (size_t)k] = was;
            numeric += fabs((loss[1] - loss[0]) / 2e-2 - grads[at + (size_t)k]);
            analytic += fabs(grads[at + (size_t)k]);
        }
        ck_assert_double_lt(numeric, .05 * analytic);
    }
    free(grads);
    paper_pass_free(pass);
    free_some(&s);
    paper_free(paper);
}
END_TEST

static double change(const float *a, const float *b, int first, int end)
{
    double most = 0;
    for (int i = first * PAPER_OUTPUTS; i < end * PAPER_OUTPUTS; i++)
        most = fmax(most, fabs((double)a[i] - b[i]));
    return most;
}

/* Whatever step i itself was like, row i does not know: rows of `past` are made from it, the next
 * one's. */
START_TEST(never_reads_what_it_is_to_tell)
{
    enum { T = 16, SIZE = T * PAPER_OUTPUTS * sizeof(float) };
    struct paper *paper = small_paper(T, 6);
    struct some s = some_batch(1, T, 13);
    struct paper_pass *pass = paper_pass_new(paper, 1, T, false);
    float played[T * PAPER_OUTPUTS], before[T * PAPER_OUTPUTS];
    struct rng rng;
    rng_seed(&rng, 4);
    for (int k = 0; k < T * PAPER_OUTPUTS; k++)
        played[k] = (float)rng_normal(&rng);
    s.batch.valid = NULL;
    for (int i = 0; i < T; i++)
        for (int what = 0; what < 2; what++) {
            for (int side = 0; side < 2; side++) {
                paper_recall_nothing(s.score, s.past);
                for (int t = 1; t < T; t++)
                    paper_recall(s.score + (t - 1) * PAPER_SCORE, played + (t - 1) * PAPER_OUTPUTS,
                                 t % 2 ? &s.g[t - 1] : NULL, s.score + t * PAPER_SCORE,
                                 s.past + t * PAPER_PAST);
                const float *outputs = forward(paper, pass, &s.batch);
                if (side == 0)
                    memcpy(before, outputs, SIZE);
                else {
                    ck_assert_double_eq(change(before, outputs, 0, i + 1), 0);
                    const bool told = what == 0 || (i + 1) % 2;
                    if (i + 1 < T && told)
                        ck_assert_double_gt(change(before, outputs, i + 1, i + 2), 1e-5);
                    else if (i + 1 < T)
                        ck_assert_double_eq(change(before, outputs, i + 1, T), 0);
                }
                if (what == 0) /* how it was played: every output that may be fed back */
                    for (int k = 0; k < PAPER_OUTPUTS; k++)
                        played[i * PAPER_OUTPUTS + k] += .5F;
                else
                    s.g[i] += 1;
            }
        }
    paper_pass_free(pass);
    free_some(&s);
    paper_free(paper);
}
END_TEST

/* Not heard is not on the grid: what is fed back then is the network's own guess; and the score of
 * the whole window is known. */
START_TEST(recalls_what_was_played)
{
    float score[PAPER_SCORE] = {1, 0, .5F}, next[PAPER_SCORE] = {0}, past[PAPER_PAST];
    float outputs[PAPER_OUTPUTS], g = 0;
    next[DRUM_COUNT] = 7;
    for (int k = 0; k < PAPER_OUTPUTS; k++)
        outputs[k] = .5F;
    paper_recall(score, outputs, NULL, next, past);
    ck_assert_float_eq_tol(past[0], (64 + 12.5F) / PAPER_LOUD, 1e-6F);
    ck_assert_float_eq(past[1], 0);
    ck_assert_float_eq(past[PAPER_OFFSET], .5F);
    ck_assert_float_eq(past[PAPER_OFFSET + 1], 0);
    ck_assert_float_eq(past[PAPER_GUITAR], .5F);
    ck_assert_float_eq(past[PAPER_OUTPUTS], 7);
    paper_recall(score, outputs, &g, next, past);
    ck_assert_float_eq(past[PAPER_GUITAR], 0);
    for (int k = 0; k < PAPER_OUTPUTS; k++)
        outputs[k] = k % 2 ? NAN : -INFINITY;
    paper_recall(score, outputs, NULL, next, past);
    for (int k = 0; k < PAPER_PAST; k++)
        ck_assert(isfinite(past[k]));
}
END_TEST

START_TEST(padding_is_not_seen)
{
    enum { T = 16, SHORT = 12 };
    struct paper *paper = small_paper(T, 9);
    struct some s = some_batch(2, T, 15);
    struct paper_pass *pass = paper_pass_new(paper, 2, T, true);
    struct paper_pass *narrow = paper_pass_new(paper, 1, SHORT, false);
    const struct paper_batch alone = {
        .B = 1, .T = SHORT, .score = s.score + T * PAPER_SCORE, .past = s.past + T * PAPER_PAST};
    const float *both = forward(paper, pass, &s.batch), *one = forward(paper, narrow, &alone);
    ck_assert_double_lt(change(both + T * PAPER_OUTPUTS, one, 0, SHORT), 1e-5);
    paper_pass_free(pass);
    paper_pass_free(narrow);
    free_some(&s);
    paper_free(paper);
}
END_TEST

static void is_refused(struct checkpoint *c, const char *because)
{
    struct error err = {.text = ""};
    ck_assert_ptr_null(paper_from(c, &err));
    ck_assert_msg(strstr(err.text, because) != NULL, "%s", err.text);
}

START_TEST(survives_its_checkpoint_and_no_other)
{
    struct error err;
    struct paper *paper = small_paper(13, 10);
    struct checkpoint *c = checkpoint_new();
    paper_store(paper, paper->params, c);
    struct paper *back = paper_from(c, &err);
    ck_assert_msg(back != NULL, "%s", err.text);
    ck_assert_mem_eq(&back->config, &paper->config, sizeof back->config);
    ck_assert_mem_eq(back->params, paper->params, paper->size * sizeof(float));
    checkpoint_set(c, "heads", "3");
    is_refused(c, "3 heads");
    checkpoint_set(c, "heads", "four");
    is_refused(c, "heads");
    checkpoint_set(c, "heads", "4");
    checkpoint_set(c, "before", "13");
    is_refused(c, "window");
    checkpoint_set(c, "before", "6");
    checkpoint_put(c, "scale", TENSOR_F32, 1, (int64_t[]){3}, (float[]){1, 2, 3});
    is_refused(c, "scale");
    checkpoint_remove(c, "decoder.1.cross.norm_memory.bias");
    is_refused(c, "decoder.1.cross.norm_memory.bias");
    checkpoint_remove(c, "score.weight");
    is_refused(c, "missing");
    paper_free(back);
    paper_free(paper);
    checkpoint_free(c);
}
END_TEST

/* As the paper has it. */
START_TEST(has_the_papers_shape)
{
    struct paper *paper = paper_new(paper_defaults(), 1);
    struct paper_config c = paper->config;
    ck_assert(c.width == 64 && c.heads == 16 && c.hidden == 256 && c.window == 16);
    ck_assert(c.encoders == 6 && c.decoders == 6);
    ck_assert(PAPER_SCORE == 12 && PAPER_PAST == 22 && PAPER_OUTPUTS == 19);
    paper_free(paper);
}
END_TEST

Suite *paper_suite(void);

Suite *paper_suite(void)
{
    Suite *suite = suite_create("paper");
    TCase *tests = tcase_create("network");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, equals_double_version_and_its_differences, 0, 3);
    tcase_add_test(tests, dropout_goes_back_the_way_it_came);
    tcase_add_test(tests, never_reads_what_it_is_to_tell);
    tcase_add_test(tests, recalls_what_was_played);
    tcase_add_test(tests, padding_is_not_seen);
    tcase_add_test(tests, survives_its_checkpoint_and_no_other);
    tcase_add_test(tests, has_the_papers_shape);
    suite_add_tcase(suite, tests);
    return suite;
}
