#include "learn/duet_means.h"
#include "suites.h"

#include <math.h>

enum { PLAYERS = 4 };

static const struct duet_curve drummer = {DUET_DRUMMER, DUET_PREDICTION};
static const struct duet_curve ear = {DUET_EAR, DUET_PREDICTION};

/* Player p errs by p + 1 in take 1, by 10 later; his ear by 2 (p + 1) in take 1. */
static void make(struct duet_result *result, struct duet_player players[PLAYERS])
{
    *result = (struct duet_result){.players = players, .count = PLAYERS, .humanising_ms = 10};
    for (int p = 0; p < PLAYERS; p++) {
        players[p] =
            (struct duet_player){.guitarist = p / 2, .humanising_ms = p < 2 ? 11 + p : NAN};
        for (int take = 0; take < DUET_TAKES; take++)
            players[p].ms[DUET_DRUMMER][take][DUET_PREDICTION] = take ? 10 : p + 1;
        players[p].ms[DUET_EAR][0][DUET_PREDICTION] = 2 * (p + 1);
    }
}

/* 1 2 3 4: SD sqrt(5/3), over sqrt(4). */
START_TEST(a_standard_error_is_that_of_the_textbook)
{
    struct duet_player players[PLAYERS];
    struct duet_result result;
    make(&result, players);
    struct duet_mean mean = duet_mean(&result, DUET_ALL, drummer, 0);
    ck_assert_int_eq(mean.count, 4);
    ck_assert_double_eq_tol(mean.ms, 2.5, 1e-12);
    ck_assert_double_eq_tol(mean.error_ms, sqrt(5.0 / 3) / 2, 1e-9);
    mean = duet_mean_less(&result, DUET_ALL, ear, drummer, 0);
    ck_assert_double_eq_tol(mean.ms, 2.5, 1e-12);
    ck_assert_double_eq_tol(mean.error_ms, sqrt(5.0 / 3) / 2, 1e-9);
    mean = duet_mean(&result, 1, drummer, 0);
    ck_assert_int_eq(mean.count, 2);
    ck_assert_double_eq_tol(mean.ms, 3.5, 1e-12);
    ck_assert_double_eq_tol(mean.error_ms, 0.5, 1e-9);
    mean = duet_mean(&result, DUET_ALL, drummer, DUET_LATER);
    ck_assert_double_eq_tol(mean.ms, 10, 1e-12);
    ck_assert_double_eq_tol(mean.error_ms, 0, 1e-6);
}
END_TEST

START_TEST(what_is_not_there_does_not_count)
{
    struct duet_player players[PLAYERS];
    struct duet_result result;
    make(&result, players);
    players[3].ms[DUET_DRUMMER][0][DUET_PREDICTION] = NAN;
    players[0].ms[DUET_DRUMMER][2][DUET_PREDICTION] = NAN;
    ck_assert_double_eq_tol(duet_mean(&result, DUET_ALL, drummer, 0).ms, 2, 1e-12);
    ck_assert_double_eq_tol(duet_mean(&result, DUET_ALL, drummer, DUET_LATER).ms, 10, 1e-12);
    ck_assert(isnan(duet_mean(&result, 7, drummer, 0).ms));
    struct duet_mean one = duet_mean_less(&result, 1, ear, drummer, 0);
    ck_assert_int_eq(one.count, 1);
    ck_assert(isnan(one.error_ms));
}
END_TEST

START_TEST(worse_is_more_than_a_standard_error)
{
    ck_assert(duet_is_worse((struct duet_mean){3, 0.3, 0.2}));
    ck_assert(!duet_is_worse((struct duet_mean){3, 0.2, 0.3}));
    ck_assert(!duet_is_worse((struct duet_mean){3, -0.3, 0.2}));
    ck_assert(!duet_is_worse((struct duet_mean){0, NAN, NAN}));
}
END_TEST

START_TEST(forgetting_is_of_those_who_were_asked)
{
    struct duet_player players[PLAYERS];
    struct duet_result result;
    double worst;
    make(&result, players);
    struct duet_mean after = duet_humanising(&result, &worst);
    ck_assert_int_eq(after.count, 2);
    ck_assert_double_eq_tol(after.ms, 11.5, 1e-12);
    ck_assert_double_eq_tol(worst, 12, 1e-12);
}
END_TEST

Suite *duet_means_suite(void)
{
    Suite *suite = suite_create("duet means");
    TCase *tcase = tcase_create("means");
    tcase_add_test(tcase, a_standard_error_is_that_of_the_textbook);
    tcase_add_test(tcase, what_is_not_there_does_not_count);
    tcase_add_test(tcase, worse_is_more_than_a_standard_error);
    tcase_add_test(tcase, forgetting_is_of_those_who_were_asked);
    suite_add_tcase(suite, tcase);
    return suite;
}
