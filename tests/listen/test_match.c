#include "suite.h"

#include "base/rng.h"
#include "listen/match.h"

#include <math.h>
#include <stdbool.h>

Suite *match_suite(void);

enum { MOST_STEPS = 2000 };

static struct step steps[MOST_STEPS];

/* A score of nothing but times, in ms. */
static struct score score_of(const double *times, int count)
{
    for (int i = 0; i < count; i++) {
        steps[i] = (struct step){.time_s = times[i] / 1000};
        steps[i].gap_s[0] = i > 0 ? (times[i] - times[i - 1]) / 1000 : 10;
        steps[i].gap_s[1] = i + 1 < count ? (times[i + 1] - times[i]) / 1000 : 10;
    }
    return (struct score){.steps = steps, .step_count = count};
}

static struct score even_score(double gap_ms, int count)
{
    static double times[MOST_STEPS];
    for (int i = 0; i < count; i++)
        times[i] = 1000 + gap_ms * i;
    return score_of(times, count);
}

static struct matcher *matcher_of(const struct score *score)
{
    struct matcher *m = match_new(score);
    ck_assert_ptr_nonnull(m);
    return m;
}

START_TEST(each_onset_to_its_step_and_no_step_twice)
{
    struct score score = even_score(250, 8);
    struct matcher *m = matcher_of(&score);
    double g = NAN;
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(match_onset(m, 1000 + 250 * i + 7, &g), i);
        ck_assert_double_eq_tol(g, 7, 1e-6);
        ck_assert_int_eq(match_onset(m, 1000 + 250 * i + 60, &g), -1);
        ck_assert_double_eq_tol(g, 7, 1e-6);
    }
    match_free(m);
}
END_TEST

START_TEST(a_stranger_is_caught_however_he_swings)
{
    struct score score = even_score(250, 64);
    struct matcher *m = matcher_of(&score);
    for (int i = 0; i < 64; i++) {
        double feel = i % 8 == 0 ? -75 : i % 2 == 1 ? 0.45 * 250 - 1 : 0;
        double g;
        ck_assert_int_eq(match_onset(m, 1000 + 250 * i + feel, &g), i);
        ck_assert_double_eq_tol(g, feel, 1e-6);
    }
    match_free(m);
}
END_TEST

START_TEST(who_is_known_is_not_taken_for_what_he_plays_between)
{
    struct score score = even_score(250, 200);
    struct matcher *m = matcher_of(&score);
    struct rng rng;
    rng_seed(&rng, 3);
    for (int i = 0; i < 200; i++) {
        match_expect(m, i, 10, 9);
        ck_assert_int_eq(match_onset(m, 1000 + 250 * i + 10 + rng_between(&rng, -25, 25), NULL), i);
        double between = 1000 + 250 * i + rng_between(&rng, 80, 190);
        ck_assert_int_eq(match_onset(m, between, NULL), -1);
    }
    match_free(m);
}
END_TEST

START_TEST(an_expectation_moves_the_window_and_carries_on)
{
    struct score score = even_score(200, 8);
    struct matcher *m = matcher_of(&score);
    ck_assert_int_eq(match_onset(m, 1000 + 105, NULL), -1);
    match_expect(m, 2, 60, 10);
    match_expect(m, 3, 85, 10);
    match_expect(m, 2, 70, 10); /* a second thought about an earlier step */
    /* 105 ms late at step 2 would be step 3's by the score alone. */
    ck_assert_int_eq(match_onset(m, 1400 + 105, NULL), 2);
    ck_assert_int_eq(match_onset(m, 1600 + 105, NULL), 3);
    ck_assert_int_eq(match_onset(m, 2000 + 105, NULL), 5);
    match_free(m);
}
END_TEST

START_TEST(a_guitar_that_falls_back_at_once_is_found_again)
{
    struct score score = even_score(250, 40);
    struct matcher *m = matcher_of(&score);
    double feel = 0, guess = 0;
    int lost = 0;
    for (int i = 0; i < 40; i++) {
        double g;
        feel = i < 20 ? 0 : 90;
        match_expect(m, i, guess, 8);
        int step = match_onset(m, 1000 + 250 * i + feel, &g);
        if (step == i)
            guess += 0.5 * (g - guess);
        else
            lost++;
    }
    ck_assert_int_le(lost, 2);
    ck_assert_double_eq_tol(guess, 90, 1);
    match_free(m);
}
END_TEST

enum { EIGHTHS = 8 };

/* Bars of eighths, 250 ms apart. */
static struct matcher *matcher_of_bars(struct score *score, int bars)
{
    *score = even_score(250, EIGHTHS * bars);
    for (int i = 0; i < score->step_count; i++)
        steps[i].bin = i % EIGHTHS * SCORE_BINS / EIGHTHS;
    return matcher_of(score);
}

/* All else is where it was expected; only the downbeats are not, bar after bar. */
START_TEST(who_insists_at_one_place_of_the_bar_is_caught_there)
{
    struct score score;
    struct matcher *m = matcher_of_bars(&score, 8);
    int lost = 0;
    for (int i = 0; i < score.step_count; i++) {
        double feel = i % EIGHTHS ? 0 : -105;
        match_expect(m, i, 0, 8);
        int step = match_onset(m, 1000 + 250 * i + feel, NULL);
        ck_assert(step == i || i == 0 || i == EIGHTHS);
        lost += step != i;
    }
    ck_assert_int_eq(lost, 2);
    match_free(m);
}
END_TEST

START_TEST(what_he_plays_besides_the_downbeat_is_not_taken_for_it)
{
    struct score score;
    struct matcher *m = matcher_of_bars(&score, 8);
    for (int i = 0; i < score.step_count; i++) {
        match_expect(m, i, 0, 8);
        if (i % EIGHTHS == 0)
            ck_assert_int_eq(match_onset(m, 1000 + 250 * i - 105, NULL), -1);
        ck_assert_int_eq(match_onset(m, 1000 + 250 * i, NULL), i);
    }
    match_free(m);
}
END_TEST

/* He comes before the step has been planned, and so before it has an expectation of its own. */
START_TEST(a_place_of_the_bar_is_expected_as_in_the_bar_before)
{
    struct score score;
    struct matcher *m = matcher_of_bars(&score, 3);
    for (int i = 0; i < 2 * EIGHTHS; i++)
        match_expect(m, i, i % EIGHTHS ? 0 : -105, 8);
    ck_assert_int_eq(match_onset(m, 1000 + 250 * 2 * EIGHTHS - 105, NULL), 2 * EIGHTHS);
    ck_assert_int_eq(match_onset(m, 1000 + 250 * (2 * EIGHTHS + 1) - 105, NULL), -1);
    match_free(m);
}
END_TEST

START_TEST(far_from_everything_belongs_to_nothing)
{
    static const double times[] = {1000, 1250, 5000, 5250};
    struct score score = score_of(times, 4);
    struct matcher *m = matcher_of(&score);
    ck_assert_int_eq(match_onset(m, -4000, NULL), -1);
    ck_assert_int_eq(match_onset(m, 700, NULL), -1);
    ck_assert_int_eq(match_onset(m, 3000, NULL), -1);
    ck_assert_int_eq(match_onset(m, 5600, NULL), -1);
    ck_assert_int_eq(match_onset(m, 1e9, NULL), -1);
    ck_assert_int_eq(match_onset(m, 850, NULL), 0);
    ck_assert_int_eq(match_onset(m, 5400, NULL), 3);
    match_free(m);

    struct score empty = {.steps = steps};
    m = matcher_of(&empty);
    ck_assert_int_eq(match_onset(m, 0, NULL), -1);
    match_free(m);
}
END_TEST

START_TEST(steps_close_together_share_by_nearness)
{
    static const double times[] = {1000, 1030, 1060, 1500};
    struct score score = score_of(times, 4);
    static const struct {
        double ms;
        int step;
    } cases[] = {{1014, 0}, {1016, 1}, {1044, 1}, {1046, 2}, {1150, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct matcher *m = matcher_of(&score);
        ck_assert_int_eq(match_onset(m, cases[i].ms, NULL), cases[i].step);
        match_free(m);
    }
}
END_TEST

/* Six strings, 5 ms apart: the first one's time, and no step of a dense score for the others. */
START_TEST(a_strum_is_one_onset)
{
    struct score score = even_score(40, 64);
    struct matcher *m = matcher_of(&score);
    for (int strum = 0; strum < 8; strum++) {
        double first = 1000 + 8 * 40 * strum + 15, g;
        ck_assert_int_eq(match_onset(m, first, &g), 8 * strum);
        ck_assert_double_eq_tol(g, 15, 1e-6);
        for (int string = 1; string < 6; string++)
            ck_assert_int_eq(match_onset(m, first + 5 * string, &g), -1);
        ck_assert_int_eq(match_onset(m, first + 40, &g), 8 * strum + 1);
    }
    match_free(m);
}
END_TEST

/* Nobody plays the steps between; what is played at a quarter of the gap is nobody's. */
START_TEST(what_lies_between_steps_is_nobodys)
{
    struct score score = even_score(400, 16);
    struct matcher *m = matcher_of(&score);
    for (int i = 0; i < 15; i++) {
        match_expect(m, i, 0, 8);
        ck_assert_int_eq(match_onset(m, 1000 + 400 * i + 200, NULL), -1);
    }
    for (int i = 0; i < 15; i++) /* and none of these steps has been used up by it */
        ck_assert_int_eq(match_onset(m, 1000 + 400 * i, NULL), i);
    match_free(m);
}
END_TEST

/* The step with the expected place nearest to `ms`, found the slow way. */
static int nearest_of_all(const double *times, const double *guitar, int count, double ms)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        if (fabs(ms - times[i] - guitar[i]) < fabs(ms - times[best] - guitar[best]))
            best = i;
    return best;
}

START_TEST(only_ever_the_nearest)
{
    static double times[MOST_STEPS], guitar[MOST_STEPS];
    struct rng rng;
    rng_seed(&rng, 4);
    times[0] = 500;
    for (int i = 1; i < MOST_STEPS; i++)
        times[i] = times[i - 1] + 20 + 400 * rng_uniform(&rng) * rng_uniform(&rng);
    struct score score = score_of(times, MOST_STEPS);
    struct matcher *m = matcher_of(&score);
    for (int i = 0; i < MOST_STEPS; i++) {
        guitar[i] = 60 * rng_normal(&rng);
        match_expect(m, i, guitar[i], 15);
    }
    bool used[MOST_STEPS] = {false};
    int matched = 0;
    for (int n = 0; n < 4000; n++) {
        double ms = rng_between(&rng, 0, times[MOST_STEPS - 1] + 500), g;
        int step = match_onset(m, ms, &g);
        if (step < 0)
            continue;
        ck_assert_int_eq(step, nearest_of_all(times, guitar, MOST_STEPS, ms));
        ck_assert(!used[step]);
        ck_assert_double_eq_tol(g, ms - times[step], 1e-6);
        used[step] = true;
        matched++;
    }
    ck_assert_int_gt(matched, MOST_STEPS / 3);
    match_free(m);
}
END_TEST

Suite *match_suite(void)
{
    Suite *suite = suite_create("match");
    TCase *tests = tcase_create("match");
    tcase_add_test(tests, each_onset_to_its_step_and_no_step_twice);
    tcase_add_test(tests, a_stranger_is_caught_however_he_swings);
    tcase_add_test(tests, who_is_known_is_not_taken_for_what_he_plays_between);
    tcase_add_test(tests, an_expectation_moves_the_window_and_carries_on);
    tcase_add_test(tests, a_guitar_that_falls_back_at_once_is_found_again);
    tcase_add_test(tests, who_insists_at_one_place_of_the_bar_is_caught_there);
    tcase_add_test(tests, what_he_plays_besides_the_downbeat_is_not_taken_for_it);
    tcase_add_test(tests, a_place_of_the_bar_is_expected_as_in_the_bar_before);
    tcase_add_test(tests, far_from_everything_belongs_to_nothing);
    tcase_add_test(tests, steps_close_together_share_by_nearness);
    tcase_add_test(tests, a_strum_is_one_onset);
    tcase_add_test(tests, what_lies_between_steps_is_nobodys);
    tcase_add_test(tests, only_ever_the_nearest);
    suite_add_tcase(suite, tests);
    return suite;
}
