/* The loss where a teacher's distributions take the place of what was played. */
#include "model/groove.h"
#include "suite.h"

#include <math.h>
#include <string.h>

enum { N = 12 };

struct taught {
    float outputs[N * GROOVE_OUTPUTS], teacher[N * GROOVE_OUTPUTS], d[N * GROOVE_OUTPUTS];
    float offset[N * DRUM_COUNT], velocity[N * DRUM_COUNT], hit[N * DRUM_COUNT], g[N], x[N];
    int bin[N];
    struct groove_batch batch;
    struct groove_targets targets;
};

static void fill(struct taught *t, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    memset(t, 0, sizeof *t);
    for (int i = 0; i < N * GROOVE_OUTPUTS; i++) {
        t->outputs[i] = (float)rng_normal(&rng);
        t->teacher[i] = (float)rng_normal(&rng);
    }
    for (int i = 0; i < N * DRUM_COUNT; i++) {
        t->hit[i] = rng_uniform(&rng) < .5;
        t->offset[i] = (float)rng_normal(&rng);
        t->velocity[i] = (float)rng_normal(&rng);
    }
    t->batch = (struct groove_batch){.B = 1, .T = N, .x = t->x, .bin = t->bin};
    t->targets = (struct groove_targets){.offset = t->offset,
                                         .velocity = t->velocity,
                                         .hit = t->hit,
                                         .g = t->g,
                                         .taught = t->teacher};
}

static double total(const struct taught *t)
{
    return groove_loss(&t->batch, &t->targets, t->outputs, NULL).total;
}

START_TEST(its_gradient_is_that_of_differences)
{
    struct taught t;
    fill(&t, 1);
    groove_loss(&t.batch, &t.targets, t.outputs, t.d);
    const float h = 1e-3F;
    for (int i = 0; i < N * GROOVE_OUTPUTS; i++) {
        float middle = t.outputs[i];
        t.outputs[i] = middle + h;
        double above = total(&t);
        t.outputs[i] = middle - h;
        double below = total(&t);
        t.outputs[i] = middle;
        ck_assert_double_eq_tol(t.d[i], (above - below) / (2 * (double)h), 2e-4);
    }
}
END_TEST

START_TEST(it_is_least_for_the_teacher_himself)
{
    struct taught t;
    fill(&t, 2);
    memcpy(t.outputs, t.teacher, sizeof t.outputs);
    double least = groove_loss(&t.batch, &t.targets, t.outputs, t.d).total;
    for (int i = 0; i < N * GROOVE_OUTPUTS; i++)
        ck_assert_float_eq_tol(t.d[i], 0, 1e-6F);
    struct rng rng;
    rng_seed(&rng, 3);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < N * GROOVE_OUTPUTS; i++)
            t.outputs[i] = t.teacher[i] + .2F * (float)rng_normal(&rng);
        ck_assert_double_gt(total(&t), least);
    }
}
END_TEST

/* Laplace samples of the teacher as what was played: on average the same loss. */
START_TEST(it_is_the_mean_over_what_the_teacher_would_play)
{
    struct taught t;
    fill(&t, 4);
    struct rng rng;
    rng_seed(&rng, 5);
    double want = total(&t), sum = 0;
    enum { ROUNDS = 20000 };
    struct groove_targets played = t.targets;
    played.taught = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        for (int n = 0; n < N; n++) {
            const float *y = t.teacher + n * GROOVE_OUTPUTS;
            for (int k = -1; k < 2 * DRUM_COUNT; k++) {
                int c = k % DRUM_COUNT, delta = k >= DRUM_COUNT;
                int at = k < 0 ? GROOVE_GUITAR : (delta ? GROOVE_DELTA : GROOVE_OFFSET) + c;
                int scale = k < 0 ? GROOVE_GUITAR_SCALE : at + DRUM_COUNT;
                double u = rng_uniform(&rng) - .5;
                double l = fmin(fmax(y[scale], GROOVE_SCALE_MIN), GROOVE_SCALE_MAX);
                double noise = -exp(l) * copysign(log(1 - 2 * fabs(u)), -u);
                float value = y[at] + (float)noise;
                if (k < 0)
                    t.g[n] = value;
                else
                    (delta ? t.velocity : t.offset)[n * DRUM_COUNT + c] = value;
            }
        }
        sum += groove_loss(&t.batch, &played, t.outputs, NULL).total / ROUNDS;
    }
    ck_assert_double_eq_tol(sum, want, .02 * fabs(want));
}
END_TEST

Suite *groove_loss_suite(void);
Suite *groove_loss_suite(void)
{
    Suite *suite = suite_create("groove loss");
    TCase *tests = tcase_create("groove loss");
    tcase_add_test(tests, its_gradient_is_that_of_differences);
    tcase_add_test(tests, it_is_least_for_the_teacher_himself);
    tcase_add_test(tests, it_is_the_mean_over_what_the_teacher_would_play);
    suite_add_tcase(suite, tests);
    return suite;
}
