/* One Kalman filter against the textbook's. */
#include "made_score.h"
#include "model/filter.h"
#include "suite.h"

static const struct filter_tuning tuning = {
    .name = "test",
    .slow_ms = 5,
    .slow_keep = 0.97,
    .fast_ms = 4,
    .fast_keep = 0.8,
    .groove = 0.9,
    .groove_sd = 0.3,
    .reaction = 0.3,
    .constant_ms = 12,
    .bar_ms = 14,
    .beat_ms = 13,
    .class_ms = 5,
    .two_bar_ms = 7,
    .song_bar_ms = 6,
    .song_step_ms = 4,
    .renewal_ms2 = 4,
    .song_renewal_ms2 = 2,
};

/* The same filter as a textbook has it: dense matrices, one habit after the other. */
struct naive {
    const struct score *score;
    int size, at;
    double *x, *P, *prior;
    double *step_mean, *step_variance;
    double jitter, onsets;
};

static struct naive naive_new(const struct score *score)
{
    const struct filter_tuning *t = &tuning;
    size_t n = 5 + 48 + 12 + 9 + 96 + (size_t)score->bar_count, steps = (size_t)score->step_count;
    struct naive naive = {.score = score, .size = (int)n, .at = -1, .jitter = 81, .onsets = 20};
    naive.x = calloc(n * n + 2 * n + 2 * steps, sizeof(double));
    naive.P = naive.x + n;
    naive.prior = naive.P + n * n;
    naive.step_mean = naive.prior + n;
    naive.step_variance = naive.step_mean + steps;
    for (int i = 0; i < naive.size; i++) {
        double sd = i >= 170  ? t->song_bar_ms
                    : i >= 74 ? t->two_bar_ms
                    : i >= 65 ? t->class_ms
                    : i >= 53 ? t->beat_ms
                    : i >= 5  ? t->bar_ms
                    : i == 4  ? t->groove_sd
                    : i == 3  ? t->constant_ms
                    : i == 2  ? t->reaction
                    : i == 1  ? t->fast_ms
                              : t->slow_ms;
        naive.prior[i] = sd * sd;
        naive.P[(size_t)i * n + (size_t)i] = sd * sd;
    }
    naive.x[4] = t->groove;
    for (size_t i = 0; i < steps; i++)
        naive.step_variance[i] = t->song_step_ms * t->song_step_ms;
    return naive;
}

static double *naive_at(const struct naive *naive, int i, int j)
{
    return &naive->P[(size_t)i * (size_t)naive->size + (size_t)j];
}

/* x' = D x + w with D the identity but for habit i. */
static void naive_relax(struct naive *naive, int i, double keep)
{
    naive->x[i] *= keep;
    for (int j = 0; j < naive->size; j++)
        *naive_at(naive, i, j) *= keep;
    for (int j = 0; j < naive->size; j++)
        *naive_at(naive, j, i) *= keep;
    *naive_at(naive, i, i) += (1 - keep * keep) * naive->prior[i];
}

static void naive_start_take(struct naive *naive)
{
    naive_relax(naive, 0, 0);
    naive_relax(naive, 1, 0);
    for (int i = 3; i < naive->size; i++) {
        double renewal = i < 65 ? tuning.renewal_ms2 : tuning.song_renewal_ms2;
        if (i != 4)
            naive_relax(naive, i, sqrt(1 - renewal / naive->prior[i]));
    }
    double prior = tuning.song_step_ms * tuning.song_step_ms;
    double keep2 = 1 - tuning.song_renewal_ms2 / prior;
    for (int i = 0; i < naive->score->step_count; i++) {
        naive->step_mean[i] *= sqrt(keep2);
        naive->step_variance[i] = keep2 * naive->step_variance[i] + tuning.song_renewal_ms2;
    }
    naive->at = -1;
}

static void naive_features(const struct naive *naive, const struct occasion *o, double *h,
                           double *mean, double *variance)
{
    const struct step *step = &naive->score->steps[o->step];
    double away = naive->at < 0 ? 0 : abs(o->step - naive->at);
    memset(h, 0, (size_t)naive->size * sizeof *h);
    h[0] = pow(tuning.slow_keep, away);
    h[1] = pow(tuning.fast_keep, away);
    h[2] = o->asynchrony_ms > 30 ? 30 : o->asynchrony_ms < -30 ? -30 : o->asynchrony_ms;
    h[3] = 1;
    h[4] = o->groove_ms;
    h[5 + step->bin] = 1;
    h[53 + step->bin % 12] = 1;
    for (int drum = 0; drum < 9; drum++)
        h[65 + drum] = step->drums >> drum & 1;
    h[74 + 48 * (step->at.bar % 2) + step->bin] = 1;
    h[170 + step->at.bar] = 1;
    *mean = naive->step_mean[o->step];
    *variance = naive->step_variance[o->step] + (1 - h[0] * h[0]) * naive->prior[0] +
                (1 - h[1] * h[1]) * naive->prior[1];
    for (int i = 0; i < naive->size; i++) {
        *mean += h[i] * naive->x[i];
        for (int j = 0; j < naive->size; j++)
            *variance += h[i] * *naive_at(naive, i, j) * h[j];
    }
}

static void naive_hear(struct naive *naive, const struct occasion *o, double guitar)
{
    if (o->step > naive->at) {
        int away = naive->at < 0 ? 0 : o->step - naive->at;
        naive_relax(naive, 0, pow(tuning.slow_keep, away));
        naive_relax(naive, 1, pow(tuning.fast_keep, away));
        naive->at = o->step;
    }
    int n = naive->size;
    double *h = calloc(2 * (size_t)n, sizeof *h), *gain = h + n, mean, doubt;
    naive_features(naive, o, h, &mean, &doubt);
    double miss = guitar - mean, sd = sqrt(doubt + naive->jitter);
    double weight = fabs(miss) > 2.5 * sd ? 2.5 * sd / fabs(miss) : 1;
    if (fabs(miss) > 5 * sd)
        weight *= 0.3;
    double S = doubt + naive->jitter / weight;
    double left = fmin(miss * miss, 9 * sd * sd) - doubt;
    naive->onsets = fmin(naive->onsets + 1, 200);
    naive->jitter += (fmax(4, fmin(left, 400)) - naive->jitter) / naive->onsets;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            gain[i] += *naive_at(naive, i, j) * h[j];
    for (int i = 0; i < n; i++) {
        naive->x[i] += gain[i] / S * miss;
        for (int j = 0; j < n; j++)
            *naive_at(naive, i, j) -= gain[i] * gain[j] / S;
    }
    naive->step_mean[o->step] += naive->step_variance[o->step] / S * miss;
    naive->step_variance[o->step] *= 1 - naive->step_variance[o->step] / S;
    free(h);
}

static struct occasion random_occasion(struct rng *rng, int step)
{
    return (struct occasion){
        .step = step,
        .groove_ms = 10 * rng_normal(rng),
        .asynchrony_ms = 25 * rng_normal(rng),
    };
}

/* Some notes far off, some late: after their successor was heard. */
START_TEST(filter_equals_the_textbook)
{
    struct score *score = made_score(12, 120, (uint64_t)_i);
    struct filter *filter = filter_new(score, &tuning);
    struct naive naive = naive_new(score);
    double *h = calloc((size_t)naive.size, sizeof *h);
    struct rng rng;
    rng_seed(&rng, 100 + (uint64_t)_i);
    ck_assert_int_eq(filter_size(filter), naive.size);
    for (int take = 0; take < 3; take++) {
        filter_start_take(filter);
        naive_start_take(&naive);
        for (int i = 0; i + 1 < score->step_count; i += 2) {
            int late = rng_below(&rng, 4) == 0;
            for (int k = 0; k < 2; k++) {
                struct occasion o = random_occasion(&rng, i + (late ? 1 - k : k));
                double mean, variance, expected, doubt;
                filter_predict(filter, &o, &mean, &variance);
                naive_features(&naive, &o, h, &expected, &doubt);
                ck_assert_double_eq_tol(mean, expected, 1e-8);
                ck_assert_double_eq_tol(variance, doubt + naive.jitter, 1e-8 * variance);
                double guitar = 15 * rng_normal(&rng) + (rng_below(&rng, 20) == 0 ? 150 : 0);
                if (rng_below(&rng, 3) == 0)
                    continue;
                filter_hear(filter, &o, guitar, 1);
                naive_hear(&naive, &o, guitar);
            }
        }
    }
    for (int i = 0; i < naive.size; i++) {
        ck_assert_double_eq_tol(filter_mean(filter, i), naive.x[i], 1e-8);
        for (int j = 0; j < naive.size; j++)
            ck_assert_double_eq_tol(filter_covariance(filter, i, j), *naive_at(&naive, i, j), 1e-8);
    }
    free(h);
    free(naive.x);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* Cholesky's smallest squared pivot; not positive when the matrix is no covariance. */
static double smallest_pivot(const struct filter *filter)
{
    int n = filter_size(filter);
    double *L = calloc((size_t)n * (size_t)n, sizeof *L), least = INFINITY;
    for (int i = 0; i < n && least > 0; i++)
        for (int j = 0; j <= i; j++) {
            double sum = filter_covariance(filter, i, j);
            for (int k = 0; k < j; k++)
                sum -= L[i * n + k] * L[j * n + k];
            if (i == j) {
                least = fmin(least, sum);
                L[i * n + i] = sqrt(fmax(sum, 1e-300));
            } else {
                L[i * n + j] = sum / L[j * n + j];
            }
        }
    free(L);
    return least;
}

START_TEST(covariance_stays_positive_definite)
{
    struct score *score = made_score(24, 120, 3);
    struct filter *filter = filter_new(score, &tuning);
    struct rng rng;
    rng_seed(&rng, 4);
    for (int heard = 0; heard < 10000; heard++) {
        int step = heard % score->step_count;
        if (step == 0 && heard < 5000)
            filter_start_take(filter); /* then one endless take: nothing renews the habits */
        struct occasion o = random_occasion(&rng, step);
        double scale = rng_below(&rng, 50) == 0 ? 900 : 3;
        filter_hear(filter, &o, scale * rng_normal(&rng), 1);
    }
    ck_assert_double_gt(smallest_pivot(filter), 1e-7);
    for (int i = 0; i < filter_size(filter); i++)
        ck_assert(fabs(filter_mean(filter, i)) < 1000);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* More bars than states: neighbours share, the first and the last do not. */
START_TEST(bars_of_a_long_song_share_states)
{
    struct score *score = made_score(600, 120, 18);
    struct filter *filter = filter_new(score, &tuning);
    int last = score->step_count - 1;
    ck_assert_int_eq(filter_size(filter), 170 + 512);
    ck_assert_int_eq(score->steps[last].at.bar, 599);
    filter_hear(filter, &(struct occasion){.step = last}, 30, 1);
    ck_assert_double_gt(filter_mean(filter, 170 + 299), 0.5);
    ck_assert_double_eq(filter_mean(filter, 170 + 511), 0);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* A quarter of the prior variance is added to the player's own habits, and nothing else comes. */
START_TEST(another_song_makes_it_less_sure)
{
    enum { CONSTANT = 3, TWO_BARS = 74 };
    struct score *score = made_score(8, 120, 19), *other = made_score(9, 120, 20);
    struct filter *filter = filter_new(score, &tuning), *abroad = filter_new(other, &tuning);
    struct checkpoint *checkpoint = checkpoint_new();
    for (int i = 0; i < score->step_count; i++)
        filter_hear(filter, &(struct occasion){.step = i}, 20, 1);
    filter_store(filter, checkpoint);
    ck_assert(filter_load(abroad, checkpoint, false));
    double prior = tuning.constant_ms * tuning.constant_ms;
    ck_assert_double_eq_tol(filter_covariance(abroad, CONSTANT, CONSTANT),
                            0.75 * filter_covariance(filter, CONSTANT, CONSTANT) + 0.25 * prior,
                            1e-9);
    ck_assert_double_eq_tol(filter_mean(abroad, CONSTANT),
                            sqrt(0.75) * filter_mean(filter, CONSTANT), 1e-9);
    for (int i = TWO_BARS; i < filter_size(abroad); i++) {
        ck_assert_double_eq(filter_mean(abroad, i), 0);
        ck_assert_double_eq(filter_covariance(abroad, i, CONSTANT), 0);
    }
    checkpoint_free(checkpoint);
    filter_free(filter);
    filter_free(abroad);
    score_free(score);
    score_free(other);
}
END_TEST

Suite *filter_suite(void);

Suite *filter_suite(void)
{
    Suite *suite = suite_create("filter");
    TCase *filter = tcase_create("filter");
    tcase_set_timeout(filter, 60);
    tcase_add_loop_test(filter, filter_equals_the_textbook, 0, 3);
    tcase_add_test(filter, covariance_stays_positive_definite);
    tcase_add_test(filter, bars_of_a_long_song_share_states);
    tcase_add_test(filter, another_song_makes_it_less_sure);
    suite_add_tcase(suite, filter);
    return suite;
}
