/* One Kalman filter against the textbook's. */
#include "made_score.h"
#include "model/filter.h"
#include "suite.h"

static const struct filter_tuning tuning = {
    .name = "test",
    .sd = {[HABIT_SLOW] = 5,
           [HABIT_FAST] = 4,
           [HABIT_REACTION] = 0.3,
           [HABIT_CONSTANT] = 12,
           [HABIT_GROOVE] = 0.3,
           [HABIT_BAR] = 14,
           [HABIT_BEAT] = 13,
           [HABIT_CLASS] = 5,
           [HABIT_TWO_BARS] = 7,
           [HABIT_SONG_BAR] = 6,
           [HABIT_SECTION] = 5,
           [HABIT_RUSH] = 8},
    .cell_sd = {[CELL_MOOD] = 3, [CELL_SECTION_PLACE] = 6, [CELL_STEP] = 4},
    .slow_keep = 0.97,
    .fast_keep = 0.8,
    .groove = 0.9,
    .renewal_ms2 = 4,
    .song_renewal_ms2 = 2,
};

enum {
    SLOW,
    FAST,
    REACTION,
    CONSTANT,
    GROOVE,
    BAR,
    BEAT = 53,
    CLASS = 65,
    TWO_BARS = 74,
    SONG = 170
};

/* The same filter as a textbook has it: dense matrices, one habit after the other. */
struct naive {
    const struct score *score;
    int bars, sections, size, at;
    double *x, *P, *prior;
    double *cell[CELLS], *cell_variance[CELLS];
    int cells[CELLS];
    double jitter, onsets;
};

static double naive_prior(const struct naive *naive, int i)
{
    const double *sd = tuning.sd;
    double prior = i >= SONG + naive->bars + naive->sections ? sd[HABIT_RUSH]
                   : i >= SONG + naive->bars                 ? sd[HABIT_SECTION]
                   : i >= SONG                               ? sd[HABIT_SONG_BAR]
                   : i >= TWO_BARS                           ? sd[HABIT_TWO_BARS]
                   : i >= CLASS                              ? sd[HABIT_CLASS]
                   : i >= BEAT                               ? sd[HABIT_BEAT]
                   : i >= BAR                                ? sd[HABIT_BAR]
                                                             : sd[i];
    return prior * prior;
}

static struct naive naive_new(const struct score *score)
{
    struct naive naive = {.score = score, .bars = score->bar_count, .at = -1};
    naive.sections = (naive.bars + 7) / 8;
    naive.size = SONG + naive.bars + 2 * naive.sections;
    naive.jitter = 81;
    naive.onsets = 20;
    size_t n = (size_t)naive.size;
    naive.x = calloc(n * n + 2 * n, sizeof(double));
    naive.P = naive.x + n;
    naive.prior = naive.P + n * n;
    for (size_t i = 0; i < n; i++)
        naive.P[i * n + i] = naive.prior[i] = naive_prior(&naive, (int)i);
    naive.x[GROOVE] = tuning.groove;
    naive.cells[CELL_MOOD] = 48;
    naive.cells[CELL_SECTION_PLACE] = 48 * naive.sections;
    naive.cells[CELL_STEP] = score->step_count;
    for (int c = 0; c < CELLS; c++) {
        naive.cell[c] = calloc((size_t)naive.cells[c], sizeof(double));
        naive.cell_variance[c] = calloc((size_t)naive.cells[c], sizeof(double));
        for (int i = 0; i < naive.cells[c]; i++)
            naive.cell_variance[c][i] = tuning.cell_sd[c] * tuning.cell_sd[c];
    }
    return naive;
}

static void naive_free(struct naive *naive)
{
    free(naive->x);
    for (int c = 0; c < CELLS; c++) {
        free(naive->cell[c]);
        free(naive->cell_variance[c]);
    }
}

static int naive_cell(const struct naive *naive, int cell, int step)
{
    const struct step *s = &naive->score->steps[step];
    return cell == CELL_STEP ? step : cell == CELL_MOOD ? s->bin : s->at.bar / 8 * 48 + s->bin;
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
    for (int i = CONSTANT; i < naive->size; i++) {
        double renewal = i < CLASS ? tuning.renewal_ms2 : tuning.song_renewal_ms2;
        if (i != GROOVE)
            naive_relax(naive, i, sqrt(1 - renewal / naive->prior[i]));
    }
    for (int c = 0; c < CELLS; c++) {
        double prior = tuning.cell_sd[c] * tuning.cell_sd[c];
        double renewal = c == CELL_MOOD ? prior : tuning.song_renewal_ms2;
        for (int i = 0; i < naive->cells[c]; i++) {
            double *variance = &naive->cell_variance[c][i];
            naive->cell[c][i] *= sqrt(1 - renewal / prior);
            *variance = (1 - renewal / prior) * *variance + renewal;
        }
    }
    naive->at = -1;
}

static void naive_features(const struct naive *naive, const struct occasion *o, double *h,
                           double *mean, double *variance)
{
    const struct step *step = &naive->score->steps[o->step];
    double away = naive->at < 0 ? 0 : abs(o->step - naive->at);
    memset(h, 0, (size_t)naive->size * sizeof *h);
    h[SLOW] = pow(tuning.slow_keep, away);
    h[FAST] = pow(tuning.fast_keep, away);
    h[REACTION] = o->asynchrony_ms > 40 ? 40 : o->asynchrony_ms < -40 ? -40 : o->asynchrony_ms;
    h[CONSTANT] = 1;
    h[GROOVE] = o->groove_ms;
    h[BAR + step->bin] = 1;
    h[BEAT + step->bin % 12] = 1;
    for (int drum = 0; drum < 9; drum++)
        h[CLASS + drum] = step->drums >> drum & 1;
    h[TWO_BARS + 48 * (step->at.bar % 2) + step->bin] = 1;
    h[SONG + step->at.bar] = 1;
    h[SONG + naive->bars + step->at.bar / 8] = 1;
    h[SONG + naive->bars + naive->sections + step->at.bar / 8] = (step->at.bar % 8 - 3.5) / 8;
    *mean = 0;
    *variance =
        (1 - h[SLOW] * h[SLOW]) * naive->prior[SLOW] + (1 - h[FAST] * h[FAST]) * naive->prior[FAST];
    for (int c = 0; c < CELLS; c++) {
        *mean += naive->cell[c][naive_cell(naive, c, o->step)];
        *variance += naive->cell_variance[c][naive_cell(naive, c, o->step)];
    }
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
    double weight = 6 / (5 + miss * miss / (sd * sd));
    double S = doubt + naive->jitter / weight;
    double left = weight * miss * miss - doubt;
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
    for (int c = 0; c < CELLS; c++) {
        int i = naive_cell(naive, c, o->step);
        double share = naive->cell_variance[c][i] / S;
        naive->cell[c][i] += share * miss;
        naive->cell_variance[c][i] *= 1 - share;
    }
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
                ck_assert_double_eq_tol(variance, doubt + naive.jitter * 5 / 3, 1e-8 * variance);
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
    naive_free(&naive);
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
    ck_assert_int_eq(filter_size(filter), SONG + 512 + 2 * 64);
    ck_assert_int_eq(score->steps[last].at.bar, 599);
    filter_hear(filter, &(struct occasion){.step = last}, 30, 1);
    ck_assert_double_gt(filter_mean(filter, SONG + 299), 0.5);
    ck_assert_double_eq(filter_mean(filter, SONG + 511), 0);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* In the second bar of two, and so in its own bar's state. */
START_TEST(an_early_downbeat_is_of_the_bar_it_begins)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    smf_begin(bytes, 4, 2, 100);
    for (int beat = 0; beat < 8; beat++)
        smf_hit(bytes, 480 * beat - (beat == 4 ? 10 : 0), 36, 80);
    struct score *score = smf_finish(bytes);
    struct filter *filter = filter_new(score, &tuning);
    filter_hear(filter, &(struct occasion){.step = 4}, 30, 1);
    ck_assert_double_gt(filter_mean(filter, TWO_BARS + 48), 0.5);
    ck_assert_double_eq(filter_mean(filter, TWO_BARS), 0);
    ck_assert_double_gt(filter_mean(filter, SONG + 1), 0.5);
    ck_assert_double_eq(filter_mean(filter, SONG), 0);
    filter_free(filter);
    score_free(score);
    free(bytes);
}
END_TEST

/* A quarter of the prior variance is added to the player's own habits, and nothing else comes. */
START_TEST(another_song_makes_it_less_sure)
{
    struct score *score = made_score(8, 120, 19), *other = made_score(9, 120, 20);
    struct filter *filter = filter_new(score, &tuning), *abroad = filter_new(other, &tuning);
    struct checkpoint *checkpoint = checkpoint_new();
    for (int i = 0; i < score->step_count; i++)
        filter_hear(filter, &(struct occasion){.step = i}, 20, 1);
    filter_store(filter, checkpoint);
    ck_assert(filter_load(abroad, checkpoint, false));
    double prior = tuning.sd[HABIT_CONSTANT] * tuning.sd[HABIT_CONSTANT];
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

/* What the tuning gives no room is not there, and the rest is where filter_habit says. */
START_TEST(habits_can_be_left_out)
{
    static const struct filter_tuning few = {
        .name = "few",
        .sd = {[HABIT_CONSTANT] = 12, [HABIT_BEAT] = 13, [HABIT_SECTION] = 5},
    };
    struct score *score = made_score(9, 120, 21);
    struct filter *filter = filter_new(score, &few);
    double mean, variance;
    ck_assert_int_eq(filter_size(filter), 1 + 12 + 2);
    ck_assert_int_eq(filter_habit(filter, HABIT_CONSTANT), 0);
    ck_assert_int_eq(filter_habit(filter, HABIT_BEAT), 1);
    ck_assert_int_eq(filter_habit(filter, HABIT_SECTION), 13);
    filter_predict(filter, &(struct occasion){.step = 0, .groove_ms = 50}, &mean, &variance);
    ck_assert_double_eq(mean, 0);
    ck_assert_double_eq_tol(variance, 144 + 169 + 25 + 81 * 5.0 / 3, 1e-9);
    filter_hear(filter, &(struct occasion){.step = 0, .asynchrony_ms = 20}, 10, 1);
    ck_assert_double_gt(filter_mean(filter, 0), 0.5);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* A note that is nowhere near moves the habits less than a note that is a little off. */
START_TEST(a_slip_convinces_nobody)
{
    struct score *score = made_score(8, 120, 22);
    double moved[2];
    for (int far = 0; far < 2; far++) {
        struct filter *filter = filter_new(score, &tuning);
        for (int i = 0; i + 1 < score->step_count; i++)
            filter_hear(filter, &(struct occasion){.step = i}, i % 2 ? 3 : -3, 1);
        double before = filter_mean(filter, CONSTANT);
        filter_hear(filter, &(struct occasion){.step = score->step_count - 1}, far ? 150 : 12, 1);
        moved[far] = fabs(filter_mean(filter, CONSTANT) - before);
        filter_free(filter);
    }
    ck_assert_double_gt(moved[0], 0.01);
    ck_assert_double_lt(moved[1], 2 * moved[0]); /* twelve times as far */
    score_free(score);
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
    tcase_add_test(filter, an_early_downbeat_is_of_the_bar_it_begins);
    tcase_add_test(filter, another_song_makes_it_less_sure);
    tcase_add_test(filter, habits_can_be_left_out);
    tcase_add_test(filter, a_slip_convinces_nobody);
    suite_add_tcase(suite, filter);
    return suite;
}
