/* Each kernel against a plain double version, and each way back against central differences of that
 * version. */
#include "base/rng.h"
#include "model/kernels.h"
#include "suite.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static struct rng rng;

static void setup(void)
{
    rng_seed(&rng, 42);
}

/* All that goes into a kernel, in one array, as float and as double. */
struct input {
    double *exact;
    float *rough;
    size_t count;
};

static struct input input_new(size_t count)
{
    struct input in = {.exact = malloc(count * sizeof *in.exact),
                       .rough = aligned_alloc(64, (count * sizeof *in.rough + 63) / 64 * 64),
                       .count = count};
    for (size_t i = 0; i < count; i++) {
        in.rough[i] = (float)rng_normal(&rng);
        in.exact[i] = in.rough[i];
    }
    return in;
}

static void input_free(struct input *in)
{
    free(in->exact);
    free(in->rough);
}

static void close_to(const float *got, const double *want, size_t count, double tolerance,
                     const char *what)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs(got[i] - want[i]) <= tolerance * (1 + fabs(want[i])),
                      "%s: element %zu is %.9g, not %.9g", what, i, (double)got[i], want[i]);
}

/* A kernel's naive version: reads `in`, writes `count` outputs. */
typedef void naive(const void *shape, const double *in, double *out);

/* grads (in->count) against the differences of sum_i weight[i] out[i]. */
static void check_gradient(naive *f, const void *shape, struct input *in, const float *weight,
                           size_t outputs, const float *grads, const char *what)
{
    const double h = 1e-5;
    double *out = malloc(outputs * sizeof *out);
    for (size_t i = 0; i < in->count; i++) {
        double was = in->exact[i], sum[2] = {0};
        for (int side = 0; side < 2; side++) {
            in->exact[i] = was + (side ? h : -h);
            f(shape, in->exact, out);
            for (size_t k = 0; k < outputs; k++)
                sum[side] += weight[k] * out[k];
        }
        in->exact[i] = was;
        double numeric = (sum[1] - sum[0]) / (2 * h);
        ck_assert_msg(fabs(numeric - grads[i]) < 2e-4 * (1 + fabs(numeric)),
                      "%s: gradient of input %zu is %g, by differences %g", what, i,
                      (double)grads[i], numeric);
    }
    free(out);
}

static void check_matmul(int set, int m, int n, int k, bool transposed, int start)
{
    const int pad = 3;
    struct input a = input_new((size_t)(m * k)), b = input_new((size_t)(k * (n + pad)));
    struct input c = input_new((size_t)(m * (n + pad))), bias = input_new((size_t)n);
    struct matmul task = {.c = c.rough,
                          .c_row = n + pad,
                          .a = a.rough,
                          .b = b.rough,
                          .b_row = n + pad,
                          .m = m,
                          .n = n,
                          .k = k};
    task.a_row = transposed ? 1 : k;
    task.a_col = transposed ? m : 1;
    task.start = start == 0 ? NULL : start == 1 ? c.rough : bias.rough;
    task.start_row = start == 1 ? task.c_row : 0;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double *to = &c.exact[i * (n + pad) + j];
            *to = start == 0 ? 0 : start == 1 ? *to : bias.exact[j];
            for (int x = 0; x < k; x++)
                *to += a.exact[transposed ? x * m + i : i * k + x] * b.exact[x * (n + pad) + j];
        }
    matmul_with(set, task);
    close_to(c.rough, c.exact, c.count, 2e-5, "matmul"); /* what lies between the rows too */
    input_free(&a);
    input_free(&b);
    input_free(&c);
    input_free(&bias);
}

/* The way this machine does it, and the ways of lesser ones. */
START_TEST(matmul_of_all_shapes)
{
    static const int sizes[] = {1, 2, 7, 8, 13, 16, 33, 38, 200};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    for (int set = 0; set < matmul_sets(); set++) {
        for (int m = 0; m < SIZES; m++)
            for (int n = 0; n < SIZES; n++)
                for (int start = 0; start < 3; start++)
                    check_matmul(set, sizes[m], sizes[n], 1 + (int)rng_below(&rng, 40), _i, start);
        check_matmul(set, 5, 50, 700, _i, 1);
        check_matmul(set, 9, 16, 0, _i, 2);
    }
}
END_TEST

struct sizes {
    int N, in, out;
};

/* in: x (N,in), w (in,out), bias (out) */
static void naive_linear(const void *shape, const double *v, double *y)
{
    const struct sizes *s = shape;
    const double *w = v + s->N * s->in, *bias = w + s->in * s->out;
    for (int n = 0; n < s->N; n++)
        for (int o = 0; o < s->out; o++) {
            y[n * s->out + o] = bias[o];
            for (int i = 0; i < s->in; i++)
                y[n * s->out + o] += v[n * s->in + i] * w[i * s->out + o];
        }
}

START_TEST(linear)
{
    static const struct sizes shapes[] = {{1, 1, 1}, {5, 3, 16}, {19, 18, 38}, {300, 4, 5}};
    for (size_t t = 0; t < sizeof shapes / sizeof *shapes; t++) {
        const struct sizes *s = &shapes[t];
        const int x = s->N * s->in, w = s->in * s->out, y = s->N * s->out;
        struct input v = input_new((size_t)(x + w + s->out)), dy = input_new((size_t)y);
        float *out = calloc((size_t)y, sizeof *out), *grads = calloc(v.count, sizeof *grads);
        float *scratch = calloc((size_t)w, sizeof *scratch);
        double *want = calloc((size_t)y, sizeof *want);
        linear_forward(out, v.rough, v.rough + x, v.rough + x + w, s->N, s->in, s->out);
        naive_linear(s, v.exact, want);
        close_to(out, want, (size_t)y, 1e-5, "linear");
        linear_backward(grads, grads + x, grads + x + w, dy.rough, v.rough, v.rough + x, s->N,
                        s->in, s->out, scratch);
        check_gradient(naive_linear, s, &v, dy.rough, (size_t)y, grads, "linear");
        free(out);
        free(grads);
        free(scratch);
        free(want);
        input_free(&v);
        input_free(&dy);
    }
}
END_TEST

/* in: x (N,C), w (C), bias (C) */
static void naive_layernorm(const void *shape, const double *v, double *y)
{
    const struct sizes *s = shape;
    const int C = s->in;
    const double *w = v + s->N * C, *bias = w + C;
    for (int n = 0; n < s->N; n++, v += C, y += C) {
        double mean = 0, square = 0;
        for (int c = 0; c < C; c++)
            mean += v[c] / C;
        for (int c = 0; c < C; c++)
            square += (v[c] - mean) * (v[c] - mean) / C;
        for (int c = 0; c < C; c++)
            y[c] = (v[c] - mean) / sqrt(square + 1e-5) * w[c] + bias[c];
    }
}

START_TEST(layernorm)
{
    static const struct sizes shapes[] = {{3, 5, 0}, {4, 16, 0}, {2, 37, 0}};
    for (size_t t = 0; t < sizeof shapes / sizeof *shapes; t++) {
        const int N = shapes[t].N, C = shapes[t].in, x = N * C;
        struct input v = input_new((size_t)(x + 2 * C)), dy = input_new((size_t)x);
        float out[128], mean[4], rstd[4], grads[256] = {0};
        double want[128];
        layernorm_forward(out, mean, rstd, v.rough, v.rough + x, v.rough + x + C, N, C);
        naive_layernorm(&shapes[t], v.exact, want);
        close_to(out, want, (size_t)x, 1e-5, "layernorm");
        layernorm_backward(grads, grads + x, grads + x + C, dy.rough, v.rough, mean, rstd,
                           v.rough + x, N, C);
        check_gradient(naive_layernorm, &shapes[t], &v, dy.rough, (size_t)x, grads, "layernorm");
        input_free(&v);
        input_free(&dy);
    }
}
END_TEST

static double naive_gelu(double x)
{
    return .5 * x * erfc(-x / sqrt(2));
}

START_TEST(gelu)
{
    enum { COUNT = 4001 };
    float x[COUNT], plain[COUNT], slope[COUNT];
    for (int i = 0; i < COUNT; i++)
        x[i] = plain[i] = (float)(i - COUNT / 2) * .005F;
    gelu_forward(x, slope, COUNT);
    gelu_forward(plain, NULL, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double at = (float)(i - COUNT / 2) * .005F, h = 1e-5;
        ck_assert_double_eq_tol(x[i], naive_gelu(at), 1e-6);
        ck_assert_double_eq_tol(slope[i], (naive_gelu(at + h) - naive_gelu(at - h)) / (2 * h),
                                1e-6);
        ck_assert(x[i] == plain[i]);
    }
    float far[4] = {-1e30F, -100, 100, 1e30F};
    gelu_forward(far, slope, 4);
    ck_assert(far[0] == 0 && far[1] == 0 && far[2] == 100 && far[3] == 1e30F);
}
END_TEST

START_TEST(dropout_keeps_the_mean)
{
    enum { COUNT = 100000 };
    static float x[COUNT], again[COUNT], other[COUNT];
    int zeros = 0, changed = 0;
    for (int i = 0; i < COUNT; i++)
        x[i] = again[i] = other[i] = 1;
    dropout(x, COUNT, .1F, 7);
    dropout(again, COUNT, .1F, 7);
    dropout(other, COUNT, .1F, 8);
    for (int i = 0; i < COUNT; i++) {
        ck_assert(x[i] == again[i] && (x[i] == 0 || fabsf(x[i] - 1 / .9F) < 1e-6F));
        zeros += x[i] == 0;
        changed += x[i] != other[i];
    }
    ck_assert_int_gt(zeros, COUNT / 10 - 500);
    ck_assert_int_lt(zeros, COUNT / 10 + 500);
    ck_assert_int_gt(changed, COUNT * 17 / 100); /* 18% when independent */
}
END_TEST

/* Where rows of sequence b begin, its null key before its keys. */
static int first_query(const struct attention *s, int b)
{
    return s->first ? s->first[b] : b * s->T;
}

static int first_key(const struct attention *s, int b)
{
    return (s->first_key ? s->first_key[b] : first_query(s, b)) + b * s->null_key;
}

static int queries(const struct attention *s, int b)
{
    return first_query(s, b + 1) - first_query(s, b);
}

static int keys(const struct attention *s, int b)
{
    return first_key(s, b + 1) - first_key(s, b) - s->null_key;
}

/* in: q (queries,C), kv (keys and null keys,2C), relative (H,2R+1), same (H,2) */
static void naive_attention(const void *shape, const double *q, double *y)
{
    const struct attention *s = shape;
    const int size = s->C / s->H, span = 2 * s->R + 1;
    const double *kv = q + first_query(s, s->B) * s->C;
    const double *relative = kv + first_key(s, s->B) * 2 * s->C, *same = relative + s->H * span;
    memset(y, 0, (size_t)(first_query(s, s->B) * s->C) * sizeof *y);
    for (int b = 0; b < s->B; b++)
        for (int h = 0; h < s->H; h++)
            for (int i = 0; i < queries(s, b); i++) {
                double p[64] = {0}, sum = 0;
                const int bi = b * s->T + i, own = (first_query(s, b) + i) * s->C + h * size;
                const double *key = kv + first_key(s, b) * 2 * s->C + h * size;
                for (int j = -s->null_key; j < keys(s, b); j++) {
                    const int bj = b * s->T + j, d = j - i < -s->R  ? -s->R
                                                     : j - i > s->R ? s->R
                                                                    : j - i;
                    bool seen = j < 0 || (s->self && i == j) ||
                                (i - s->before <= j && j <= i + s->after && s->seen[bj] != 0);
                    if (!seen)
                        continue;
                    double score = 0;
                    if (j >= 0)
                        score = relative[h * span + d + s->R] +
                                (s->bin[bi] == s->bin[bj] ? same[2 * h] : 0) +
                                (s->beat[bi] == s->beat[bj] ? same[2 * h + 1] : 0);
                    for (int c = 0; c < size; c++)
                        score += q[own + c] / sqrt(size) * key[(j + s->null_key) * 2 * s->C + c];
                    p[j + 1] = exp(score);
                    sum += p[j + 1];
                }
                for (int j = -s->null_key; j < keys(s, b) && sum > 0; j++)
                    for (int c = 0; c < size; c++)
                        y[own + c] += p[j + 1] / sum * key[(j + s->null_key) * 2 * s->C + s->C + c];
            }
}

static void check_attention(struct attention s)
{
    const int N = s.B * s.T;
    const size_t q = (size_t)(first_query(&s, s.B) * s.C);
    const size_t kv = (size_t)(first_key(&s, s.B) * 2 * s.C);
    const size_t relative = (size_t)(s.H * (2 * s.R + 1)), same = (size_t)(2 * s.H);
    struct input v = input_new(q + kv + relative + same), dy = input_new(q);
    float seen[256];
    int bin[256], beat[256];
    for (int n = 0; n < N; n++) {
        seen[n] = rng_uniform(&rng) < .7;
        bin[n] = (int)rng_below(&rng, 5);
        beat[n] = bin[n] % 2;
    }
    s.seen = seen;
    s.bin = bin;
    s.beat = beat;
    s.relative = v.rough + q + kv;
    s.same = s.relative + relative;
    float *y = calloc(q, sizeof *y), *grads = calloc(v.count, sizeof *grads);
    float *p = calloc((size_t)(N * s.H * attention_width(&s)), sizeof *p);
    float *scratch = aligned_alloc(64, (attention_scratch(&s) * sizeof *scratch + 63) / 64 * 64);
    double *want = calloc(q, sizeof *want);
    attention_forward(y, p, v.rough, v.rough + q, &s, scratch);
    naive_attention(&s, v.exact, want);
    close_to(y, want, q, 1e-5, "attention");
    attention_backward(grads, grads + q, grads + q + kv, grads + q + kv + relative, dy.rough, p,
                       v.rough, v.rough + q, &s, scratch);
    check_gradient(naive_attention, &s, &v, dy.rough, q, grads, "attention");
    free(y);
    free(p);
    free(grads);
    free(scratch);
    free(want);
    input_free(&v);
    input_free(&dy);
}

START_TEST(attention)
{
    static const int lengths[] = {1, 2, 15, 16, 17, 34};
    for (size_t t = 0; t < sizeof lengths / sizeof *lengths; t++) {
        struct attention s = {.B = 2, .T = lengths[t], .C = 6, .H = 2, .R = 3};
        s.before = s.after = 4; /* the encoder's */
        check_attention(s);
        s.before = 7; /* the memory's */
        s.after = 0;
        s.self = 1;
        check_attention(s);
        s.after = -1; /* the decoder's */
        s.self = 0;
        s.null_key = 1;
        check_attention(s);
        s.before = 100; /* wider than the song */
        check_attention(s);
    }
    struct attention s = {.B = 1, .T = 20, .C = 16, .H = 1, .R = 0, .before = 16, .after = 16};
    check_attention(s);
    s.C = 20; /* not a whole number of registers */
    check_attention(s);
}
END_TEST

/* Sequences of different lengths, some with no keys, one with no steps at all. */
START_TEST(attention_of_unequal_sequences)
{
    static const int first[] = {0, 21, 38, 38, 41}, first_key[] = {0, 21, 21, 21, 24};
    struct attention s = {.B = 4, .T = 21, .C = 6, .H = 2, .R = 3, .first = first};
    s.before = s.after = 4;
    check_attention(s);
    s.first_key = first_key;
    s.before = 7;
    s.after = -1;
    s.null_key = 1;
    check_attention(s);
    s.null_key = 0;
    check_attention(s);
}
END_TEST

Suite *kernels_suite(void);
Suite *kernels_suite(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("kernels");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, linear);
    tcase_add_test(tests, layernorm);
    tcase_add_test(tests, gelu);
    tcase_add_test(tests, dropout_keeps_the_mean);
    tcase_add_test(tests, attention);
    tcase_add_test(tests, attention_of_unequal_sequences);
    suite_add_tcase(suite, tests);
    TCase *products = tcase_create("matmul");
    tcase_add_checked_fixture(products, setup, NULL);
    tcase_set_timeout(products, 60);
    tcase_add_loop_test(products, matmul_of_all_shapes, 0, 2);
    suite_add_tcase(suite, products);
    return suite;
}
