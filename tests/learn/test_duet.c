#include "learn/duet.h"
#include "made_score.h"
#include "suites.h"

enum { SCORES = 3 };

static struct score *scores[SCORES];

static void make_scores(void)
{
    for (int i = 0; i < SCORES; i++)
        scores[i] = made_score(24, 90 + 15 * i, 50 + (uint64_t)i);
}

static void free_scores(void)
{
    for (int i = 0; i < SCORES; i++)
        score_free(scores[i]);
}

static struct duet_result run(const struct duet_options *options)
{
    struct duet_result result;
    struct error err = {.text = ""};
    ck_assert_msg(duet_run((const struct score *const *)scores, SCORES, options, &result, &err),
                  "%s", err.text);
    return result;
}

START_TEST(the_ear_beats_the_table_and_nothing_beats_the_floor)
{
    struct duet_options options = {.odd = _i, .seed = 3, .players = 14};
    struct duet_result result = run(&options);
    ck_assert_int_eq(result.players, 14);
    ck_assert_int_eq(result.takes, DUET_TAKES);
    for (int take = 1; take < DUET_TAKES; take++) {
        double ear = result.mae_ms[DUET_EAR][take];
        ck_assert_double_lt(ear, result.mae_ms[DUET_TABLE_EMA][take]);
        ck_assert_double_lt(result.mae_ms[DUET_TABLE_EMA][take], result.mae_ms[DUET_ZERO][take]);
        ck_assert_double_gt(ear, result.floor_ms[take]);
        ck_assert(isnan(result.mae_ms[DUET_DRUMMER][take]));
    }
    ck_assert_double_lt(result.mae_ms[DUET_EAR][DUET_TAKES - 1], result.mae_ms[DUET_EAR][0]);
}
END_TEST

START_TEST(equal_seeds_give_equal_duets)
{
    struct duet_options options = {.seed = 4, .players = 3};
    struct duet_result one = run(&options), two = run(&options);
    ck_assert_mem_eq(one.mae_ms[DUET_EAR], two.mae_ms[DUET_EAR], sizeof one.mae_ms[DUET_EAR]);
    options.seed = 5;
    two = run(&options);
    ck_assert_mem_ne(one.mae_ms[DUET_EAR], two.mae_ms[DUET_EAR], sizeof one.mae_ms[DUET_EAR]);
}
END_TEST

/* The grid as a whole model expects the guitar where the predictor "zero" does. */
START_TEST(a_model_plays_its_own_takes)
{
    struct checkpoint *straight = checkpoint_new();
    checkpoint_set(straight, "model", "straight");
    struct duet_options options = {.seed = 6, .players = 4, .drummer = straight};
    struct duet_result result = run(&options);
    for (int take = 0; take < DUET_TAKES; take++)
        ck_assert(result.mae_ms[DUET_DRUMMER][take] == result.mae_ms[DUET_ZERO][take]);
    checkpoint_free(straight);
}
END_TEST

static bool stop_half_way(void *user, double share)
{
    *(double *)user = share;
    return share < 0.5;
}

START_TEST(it_can_be_stopped)
{
    double reached = 0;
    struct duet_options options = {.players = 4, .progress = stop_half_way, .user = &reached};
    struct duet_result result;
    struct error err = {.text = ""};
    ck_assert(!duet_run((const struct score *const *)scores, SCORES, &options, &result, &err));
    ck_assert_double_eq_tol(reached, 0.5, 1e-9);
    ck_assert(err.text[0] != '\0');
    ck_assert(!duet_run(NULL, 0, &options, &result, &err));
}
END_TEST

/* A drummer 15 ms late with a hand of 5 ms; ticks of 480 at 120 BPM are 1.04 ms. */
START_TEST(a_played_file_stands_in_for_the_guitarist)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    struct rng rng;
    rng_seed(&rng, 8);
    smf_begin(bytes, 4, 2, 120);
    for (int i = 1; i < 320; i++)
        smf_hit(bytes, 240 * i + 14 + lround(5 * rng_normal(&rng)), i % 4 ? 42 : 38, 90);
    struct score *played = smf_finish_with(bytes, &(struct score_options){.quantise = true});
    struct duet_options options = {.seed = 1};
    struct duet_result result;
    ck_assert(duet_drummers((const struct score *const[]){played}, 1, &options, &result, NULL));
    ck_assert_int_eq(result.takes, 1);
    ck_assert_double_eq_tol(result.mae_ms[DUET_ZERO][0], 14.6, 1.5);
    ck_assert_double_lt(result.mae_ms[DUET_EAR][0], 6);
    ck_assert(isnan(result.floor_ms[0]));
    score_free(played);
    free(bytes);
}
END_TEST

Suite *duet_suite(void)
{
    Suite *suite = suite_create("duet");
    TCase *tcase = tcase_create("duets");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_scores, free_scores);
    tcase_add_loop_test(tcase, the_ear_beats_the_table_and_nothing_beats_the_floor, 0, 2);
    tcase_add_test(tcase, equal_seeds_give_equal_duets);
    tcase_add_test(tcase, a_model_plays_its_own_takes);
    tcase_add_test(tcase, it_can_be_stopped);
    tcase_add_test(tcase, a_played_file_stands_in_for_the_guitarist);
    suite_add_tcase(suite, tcase);
    return suite;
}
