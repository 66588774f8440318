#include "guitarist/guitarist.h"
#include "made_score.h"
#include "model/ear.h"
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
                filter_hear(filter, &o, guitar);
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
        filter_hear(filter, &o, scale * rng_normal(&rng));
    }
    ck_assert_double_gt(smallest_pivot(filter), 1e-7);
    for (int i = 0; i < filter_size(filter); i++)
        ck_assert(fabs(filter_mean(filter, i)) < 1000);
    filter_free(filter);
    score_free(score);
}
END_TEST

/* One take with the guitarist, drums on the prediction. Means: |prediction - guitar|, and of the
 * squares of it in predicted SDs. */
static double rehearse(struct ear *ear, const struct score *score, struct guitarist *guitarist,
                       int take, double *calibration)
{
    double missed = 0, squares = 0, mean, sd, guitar;
    int heard = 0;
    guitarist_start(guitarist, take);
    ear_start_take(ear);
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, 0, &mean, &sd);
        if (!guitarist_play(guitarist, i, &guitar))
            continue;
        guitarist_hear(guitarist, i, mean);
        missed += fabs(mean - guitar);
        squares += (mean - guitar) * (mean - guitar) / (sd * sd);
        heard++;
        ear_hear(ear, i, guitar, mean);
    }
    if (calibration)
        *calibration = squares / heard;
    return missed / heard;
}

static struct guitarist *hire(const struct score *score, const char *name, uint64_t seed)
{
    struct guitarist_options options = {.name = name, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, NULL);
    ck_assert_ptr_nonnull(guitarist);
    return guitarist;
}

START_TEST(it_learns_a_player_and_knows_how_well)
{
    struct score *score = made_score(48, 100, 5);
    struct ear *ear = ear_new(score);
    struct guitarist *guitarist = hire(score, guitarist_name(_i), 21 + (uint64_t)_i);
    double calibration, last = 0, floor = 0, guitar;
    for (int take = 0; take < 4; take++)
        last = rehearse(ear, score, guitarist, take, &calibration);
    int heard = 0;
    guitarist_start(guitarist, 3);
    for (int i = 0; i < score->step_count; i++)
        if (guitarist_play(guitarist, i, &guitar)) {
            floor += fabs(guitar - guitarist_intent_ms(guitarist));
            heard++;
        }
    ck_assert_double_lt(last, floor / heard + 2.5);
    ck_assert_double_gt(calibration, 0.5);
    ck_assert_double_lt(calibration, 2.5); /* slips are no matter of SDs */
    guitarist_free(guitarist);
    ear_free(ear);
    score_free(score);
}
END_TEST

START_TEST(a_late_onset_counts_the_same)
{
    struct score *score = made_score(8, 120, 6);
    struct ear *prompt = ear_new(score), *late = ear_new(score);
    double a, b, sd_a, sd_b;
    for (int i = 0; i + 1 < score->step_count; i++) {
        double guitar = 10 + i % 7, drums = i % 5;
        ear_predict(prompt, i, 3, &a, &sd_a);
        ear_hear(prompt, i, guitar, drums);
        ear_predict(late, i, 3, &b, &sd_b);
        ear_predict(late, i + 1, 3, &b, &sd_b);
        ear_hear(late, i, guitar, drums);
    }
    int last = score->step_count - 1;
    ear_predict(prompt, last, 3, &a, &sd_a);
    ear_predict(late, last, 3, &b, &sd_b);
    ck_assert(a == b && sd_a == sd_b);
    ear_free(prompt);
    ear_free(late);
    score_free(score);
}
END_TEST

START_TEST(what_is_no_note_changes_nothing)
{
    struct score *score = made_score(8, 120, 7);
    struct ear *ear = ear_new(score);
    double before, after, sd_before, sd_after;
    for (int i = 0; i < 20; i++)
        ear_hear(ear, i, 12, 0);
    ear_predict(ear, 21, 0, &before, &sd_before);
    ck_assert(!ear_hear(ear, 5, -40, 0)); /* heard before */
    ck_assert(!ear_hear(ear, 20, NAN, 0));
    ck_assert(!ear_hear(ear, 20, INFINITY, 0));
    ck_assert(!ear_hear(ear, 20, 1e300, 0));
    ck_assert(!ear_hear(ear, 20, 12, NAN));
    ear_predict(ear, 21, 0, &after, &sd_after);
    ck_assert(before == after && sd_before == sd_after);
    ear_predict(ear, 21, NAN, &after, &sd_after);
    ck_assert(before == after);
    ck_assert(ear_hear(ear, 20, 300, 0)); /* a slip */
    ear_predict(ear, 21, 0, &after, &sd_after);
    ck_assert_double_lt(fabs(after - before), 8);
    ear_free(ear);
    score_free(score);
}
END_TEST

/* Tensors that no lesson would write, but that are an ear's; a network gone mad. */
START_TEST(no_checkpoint_and_no_network_drives_it_mad)
{
    struct score *score = made_score(8, 120, 16);
    struct ear *ear = ear_new(score);
    struct checkpoint *checkpoint = checkpoint_new();
    double mean, sd, trust, sum = 0;
    ear_store(ear, checkpoint);
    checkpoint_put(checkpoint, "ear.trust", TENSOR_F64, 1, (int64_t[]){4},
                   (double[]){-1e6, -1e6, -1e6, -1e6});
    ck_assert(ear_load(ear, checkpoint, NULL));
    for (int i = 0; ear_trust(ear, i, &trust); i++)
        sum += trust;
    ck_assert_double_eq_tol(sum, 1, 1e-9);
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, i % 2 ? 9e39 : -1e30, &mean, &sd);
        ck_assert_msg(isfinite(mean) && isfinite(sd), "step %d: %g +- %g", i, mean, sd);
        ck_assert(ear_hear(ear, i, 10, 0));
    }
    checkpoint_free(checkpoint);
    ear_free(ear);
    score_free(score);
}
END_TEST

static double trust_in(const struct ear *ear, const char *name)
{
    double trust = 0;
    const char *here;
    for (int i = 0; (here = ear_trust(ear, i, &trust)); i++)
        if (strcmp(here, name) == 0)
            return trust;
    ck_abort_msg("no filter '%s'", name);
    return 0;
}

START_TEST(a_network_is_trusted_as_far_as_it_is_right)
{
    struct score *score = made_score(40, 120, 8);
    struct ear *right = ear_new(score), *wrong = ear_new(score);
    struct rng rng;
    rng_seed(&rng, 9);
    double mean, sd, missed = 0;
    for (int i = 0; i < score->step_count; i++) {
        double meant = 25 * rng_normal(&rng), guitar = meant + 5 * rng_normal(&rng);
        ear_predict(wrong, i, 25 * rng_normal(&rng), &mean, &sd);
        ear_predict(right, i, meant, &mean, &sd);
        missed += fabs(mean - guitar) / score->step_count;
        ear_hear(right, i, guitar, 0);
        ear_hear(wrong, i, meant / 5, 0);
    }
    ck_assert_double_lt(missed, 8);
    ck_assert_double_gt(trust_in(right, "network"), 0.9);
    ck_assert_double_lt(trust_in(wrong, "network"), 0.3);
    ear_free(right);
    ear_free(wrong);
    score_free(score);
}
END_TEST

START_TEST(a_checkpoint_brings_it_back)
{
    struct score *score = made_score(24, 120, 10), *other = made_score(30, 90, 11);
    struct ear *ear = ear_new(score), *again = ear_new(score), *abroad = ear_new(other);
    struct ear *fresh = ear_new(other);
    struct guitarist *guitarist = hire(score, "swinger", 5);
    struct checkpoint *checkpoint = checkpoint_new();
    struct error err = {.text = ""};
    ck_assert(ear_load(again, checkpoint, &err)); /* holds no ear */
    for (int take = 0; take < 2; take++)
        rehearse(ear, score, guitarist, take, NULL);
    ear_store(ear, checkpoint);
    ck_assert_msg(ear_load(again, checkpoint, &err), "%s", err.text);
    ck_assert_msg(ear_load(abroad, checkpoint, &err), "%s", err.text);
    ear_start_take(ear);
    ear_start_take(again);
    double a, b, sd_a, sd_b, sd_fresh;
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, 2, &a, &sd_a);
        ear_predict(again, i, 2, &b, &sd_b);
        ck_assert(a == b && sd_a == sd_b);
    }
    /* Swing goes with the player into another song; how sure that is lies between knowing and not.
     */
    int offbeat = 0;
    while (other->steps[offbeat].bin % 12 != 6)
        offbeat++;
    ear_predict(abroad, offbeat, 0, &b, &sd_b);
    ear_predict(fresh, offbeat, 0, &a, &sd_fresh);
    ck_assert_double_gt(b, 8);
    ck_assert_double_eq_tol(a, 0, 1e-9);
    ck_assert_double_gt(sd_b, sd_a);
    ck_assert_double_lt(sd_b, sd_fresh);
    checkpoint_free(checkpoint);
    guitarist_free(guitarist);
    ear_free(ear);
    ear_free(again);
    ear_free(abroad);
    ear_free(fresh);
    score_free(score);
    score_free(other);
}
END_TEST

/* Spoils one tensor of the checkpoint; how it is spoilt depends on `way`. */
static bool spoil(struct checkpoint *checkpoint, int index, int way)
{
    struct tensor tensor = *checkpoint_at(checkpoint, index);
    int64_t count = tensor.shape[0];
    double *data = malloc((size_t)count * sizeof *data);
    memcpy(data, tensor.data, (size_t)count * sizeof *data);
    data[0] = way == 0 ? NAN : way == 1 ? -1e9 : way == 4 ? 1e300 : data[0];
    tensor.shape[0] -= way == 2;
    if (way == 3)
        checkpoint_remove(checkpoint, tensor.name);
    else
        checkpoint_put(checkpoint, tensor.name, TENSOR_F64, 1, tensor.shape, data);
    free(data);
    return way != 3 || strcmp(tensor.name, "ear.trust") != 0; /* without it there is no ear */
}

START_TEST(damage_is_refused)
{
    struct score *score = made_score(8, 120, 12);
    struct ear *ear = ear_new(score);
    struct checkpoint *whole = checkpoint_new();
    ear_hear(ear, 0, 20, 0);
    ear_store(ear, whole);
    ck_assert(ear_load(ear, whole, NULL));
    for (int index = 0; index < checkpoint_count(whole); index++)
        for (int way = 0; way < 5; way++) {
            struct checkpoint *spoilt = checkpoint_copy(whole);
            bool refused = spoil(spoilt, index, way);
            struct error err = {.text = ""};
            ck_assert_int_eq(ear_load(ear, spoilt, &err), !refused);
            ck_assert_int_eq(err.text[0] != '\0', refused);
            checkpoint_free(spoilt);
        }
    checkpoint_free(whole);
    ear_free(ear);
    score_free(score);
}
END_TEST

Suite *ear_suite(void);

Suite *ear_suite(void)
{
    Suite *suite = suite_create("ear");
    TCase *filter = tcase_create("filter");
    tcase_set_timeout(filter, 60);
    tcase_add_loop_test(filter, filter_equals_the_textbook, 0, 3);
    tcase_add_test(filter, covariance_stays_positive_definite);
    suite_add_tcase(suite, filter);
    TCase *panel = tcase_create("panel");
    tcase_set_timeout(panel, 60);
    tcase_add_loop_test(panel, it_learns_a_player_and_knows_how_well, 0, 7);
    tcase_add_test(panel, a_late_onset_counts_the_same);
    tcase_add_test(panel, what_is_no_note_changes_nothing);
    tcase_add_test(panel, no_checkpoint_and_no_network_drives_it_mad);
    tcase_add_test(panel, a_network_is_trusted_as_far_as_it_is_right);
    tcase_add_test(panel, a_checkpoint_brings_it_back);
    tcase_add_test(panel, damage_is_refused);
    suite_add_tcase(suite, panel);
    return suite;
}
