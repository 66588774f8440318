/* How far a guitar drifted while the drums were silent, against drifts that are known. */
#include "base/rng.h"
#include "made_score.h"
#include "score/dropout.h"
#include "suites.h"

/* A guitar with a place of its own that drifts by so many ms a second in every dropout, and is back
 * where it was after it. */
struct drifter {
    double place_ms, drift_ms_per_s, jitter_ms, slips;
};

static void play(const struct score *score, const struct take_settings *settings,
                 const struct drifter *drifter, uint64_t seed, double *g_ms)
{
    struct rng rng;
    rng_seed(&rng, seed);
    double began_s = 0;
    for (int i = 0; i < score->step_count; i++) {
        bool out = take_is_out(score, settings, i);
        if (!out)
            began_s = score->steps[i].time_s + score->steps[i].gap_s[1];
        double into_s = out ? score->steps[i].time_s - began_s : 0;
        g_ms[i] = drifter->place_ms + drifter->drift_ms_per_s * into_s +
                  drifter->jitter_ms * rng_normal(&rng);
        if (rng_uniform(&rng) < drifter->slips)
            g_ms[i] = rng_between(&rng, -120, 120);
        if (rng_uniform(&rng) < 0.2)
            g_ms[i] = NAN;
    }
}

/* 120 bpm: a bar is two seconds. */
static void expect_drift(const struct drifter *drifter, uint64_t seed, double within_ms,
                         double within_percent)
{
    struct score *score = made_score(24, 120, seed);
    struct take_settings settings = {.rate = 48000, .practice = {.play_bars = 4, .out_bars = 2}};
    double *g_ms = malloc((size_t)score->step_count * sizeof *g_ms);
    play(score, &settings, drifter, seed, g_ms);
    struct dropout dropout = {.end_step = 0};
    int count = 0;
    while (dropout_next(score, &settings, g_ms, dropout.end_step, score->step_count, &dropout)) {
        ck_assert_int_eq(dropout.first_bar, 6 * count + 5);
        ck_assert_int_eq(dropout.last_bar, 6 * count + 6);
        double tempo = 100 / (1 + drifter->drift_ms_per_s / 1000) - 100;
        ck_assert_double_eq_tol(dropout.drift_ms, 4 * drifter->drift_ms_per_s, within_ms);
        ck_assert_double_eq_tol(dropout.tempo_percent, tempo, within_percent);
        count++;
    }
    ck_assert_int_eq(count, 4);
    free(g_ms);
    score_free(score);
}

START_TEST(a_steady_drift_is_found_exactly)
{
    expect_drift(&(struct drifter){.place_ms = 12, .drift_ms_per_s = 11}, 1, 1e-9, 1e-9);
    expect_drift(&(struct drifter){.place_ms = -30, .drift_ms_per_s = -25}, 2, 1e-9, 1e-9);
    expect_drift(&(struct drifter){.place_ms = 5}, 3, 1e-9, 1e-9);
}
END_TEST

START_TEST(a_hand_that_shakes_and_slips_hides_it_little)
{
    struct drifter drifter = {.place_ms = 8, .drift_ms_per_s = 9, .jitter_ms = 6, .slips = 0.05};
    for (uint64_t seed = 1; seed <= 20; seed++)
        expect_drift(&drifter, seed, 16, 0.6);
}
END_TEST

START_TEST(two_notes_say_nothing)
{
    struct score *score = made_score(6, 120, 1);
    struct take_settings settings = {.rate = 48000, .practice = {.play_bars = 4, .out_bars = 2}};
    double *g_ms = malloc((size_t)score->step_count * sizeof *g_ms);
    for (int i = 0; i < score->step_count; i++)
        g_ms[i] = i >= score->step_count - 2 ? 7 : NAN;
    struct dropout dropout;
    ck_assert(dropout_next(score, &settings, g_ms, 0, score->step_count, &dropout));
    ck_assert_int_eq(dropout.heard, 2);
    ck_assert(isnan(dropout.drift_ms) && isnan(dropout.tempo_percent));
    free(g_ms);
    score_free(score);
}
END_TEST

START_TEST(a_dropout_is_told_when_it_is_over)
{
    struct score *score = made_score(12, 120, 1);
    struct take_settings settings = {.rate = 48000, .practice = {.play_bars = 4, .out_bars = 2}};
    double *g_ms = calloc((size_t)score->step_count, sizeof *g_ms);
    struct dropout dropout;
    int after = 0;
    while (score->steps[after].bar < 6)
        after++;
    ck_assert(!dropout_next(score, &settings, g_ms, 0, after - 1, &dropout));
    ck_assert(dropout_next(score, &settings, g_ms, 0, after, &dropout));
    ck_assert(!dropout_next(score, &settings, g_ms, after, after + 1, &dropout));
    settings.practice = (struct practice){0};
    ck_assert(!dropout_next(score, &settings, g_ms, 0, after, &dropout));
    free(g_ms);
    score_free(score);
}
END_TEST

Suite *dropout_suite(void)
{
    Suite *suite = suite_create("dropout");
    TCase *tests = tcase_create("dropout");
    tcase_add_test(tests, a_steady_drift_is_found_exactly);
    tcase_add_test(tests, a_hand_that_shakes_and_slips_hides_it_little);
    tcase_add_test(tests, two_notes_say_nothing);
    tcase_add_test(tests, a_dropout_is_told_when_it_is_over);
    suite_add_tcase(suite, tests);
    return suite;
}
