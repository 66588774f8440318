#include "band.h"
#include "folder.h"
#include "learn/duet_means.h"
#include "suites.h"

enum { PIECES = 3 };

static struct piece pieces[PIECES];
static const struct corpus corpus = {pieces, PIECES};

static void make_pieces(void)
{
    for (int i = 0; i < PIECES; i++)
        pieces[i] =
            (struct piece){.score = made_score(24, 90 + 15 * i, 50 + (uint64_t)i), .beat = true};
}

static void free_pieces(void)
{
    for (int i = 0; i < PIECES; i++)
        score_free(pieces[i].score);
}

static struct duet_result run(const struct duet_options *options)
{
    struct duet_result result;
    struct error err = {.text = ""};
    ck_assert_msg(duet_run(&corpus, options, &result, &err), "%s", err.text);
    return result;
}

static double mean(const struct duet_result *result, enum duet_predictor predictor,
                   enum duet_figure figure, int take)
{
    return duet_mean(result, DUET_ALL, (struct duet_curve){predictor, figure}, take).ms;
}

static double error(const struct duet_result *result, enum duet_predictor predictor, int take)
{
    return mean(result, predictor, DUET_PREDICTION, take);
}

static struct checkpoint *straight(void)
{
    struct checkpoint *checkpoint = checkpoint_new();
    checkpoint_set(checkpoint, "model", "straight");
    return checkpoint;
}

START_TEST(the_ear_beats_the_baselines_and_nothing_beats_the_floor)
{
    struct duet_options options = {.odd = _i, .seed = 3, .players = 14};
    struct duet_result result = run(&options);
    ck_assert_int_eq(result.count, 14);
    for (int take = 1; take < DUET_TAKES; take++) {
        double ear = error(&result, DUET_EAR, take);
        ck_assert_double_lt(ear, error(&result, DUET_TABLE_EMA, take));
        ck_assert_double_lt(error(&result, DUET_TABLE_EMA, take), error(&result, DUET_ZERO, take));
        ck_assert(isnan(error(&result, DUET_DRUMMER, take)));
        ck_assert(isnan(error(&result, DUET_NETWORK, take)));
        for (enum duet_predictor kind = 0; kind <= DUET_EAR; kind++)
            ck_assert_double_lt(mean(&result, kind, DUET_FLOOR, take), error(&result, kind, take));
    }
    ck_assert_double_lt(error(&result, DUET_EAR, 4), error(&result, DUET_EAR, 0));
    duet_clear(&result);
}
END_TEST

START_TEST(equal_seeds_give_equal_duets)
{
    struct duet_options options = {.seed = 4, .players = 5};
    struct duet_result one = run(&options), two = run(&options);
    for (int i = 0; i < one.count; i++)
        ck_assert_mem_eq(one.players[i].ms, two.players[i].ms, sizeof one.players[i].ms);
    duet_clear(&two);
    options.seed = 5;
    two = run(&options);
    ck_assert_mem_ne(one.players[0].ms, two.players[0].ms, sizeof one.players[0].ms);
    duet_clear(&one);
    duet_clear(&two);
}
END_TEST

START_TEST(three_of_each_guitarist_play)
{
    struct duet_result result = run(&(struct duet_options){.seed = 4});
    ck_assert_int_eq(result.count, 21);
    for (int i = 0; i < result.count; i++)
        ck_assert_int_eq(result.players[i].guitarist, i % 7);
    duet_clear(&result);
}
END_TEST

/* Whoever has no feel of his own strikes where he expects the guitar, where nothing bounds him. */
START_TEST(drums_fall_where_the_guitar_is_expected)
{
    struct checkpoint *grid = straight();
    struct duet_result result =
        run(&(struct duet_options){.seed = 6, .players = 7, .drummer = grid});
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        for (int take = 0; take < DUET_TAKES; take++) {
            double asynchrony = mean(&result, kind, DUET_ASYNCHRONY, take);
            ck_assert_double_eq_tol(asynchrony, error(&result, kind, take), 1e-3);
        }
    duet_clear(&result);
    checkpoint_free(grid);
}
END_TEST

/* The grid as a whole drummer expects the guitar where the predictor "zero" does. */
START_TEST(a_drummer_plays_his_own_takes)
{
    struct checkpoint *grid = straight();
    struct duet_result result =
        run(&(struct duet_options){.seed = 6, .players = 4, .drummer = grid});
    for (int take = 0; take < DUET_TAKES; take++) {
        ck_assert(error(&result, DUET_DRUMMER, take) == error(&result, DUET_ZERO, take));
        ck_assert(error(&result, DUET_NETWORK, take) == error(&result, DUET_ZERO, take));
    }
    duet_clear(&result);
    checkpoint_free(grid);
}
END_TEST

/* What is known late is no help in foreseeing a note that hangs on the one before; the grid does
 * not care. */
START_TEST(late_onsets_help_less)
{
    struct duet_options options = {.seed = 8, .players = 14};
    struct duet_result in_time = run(&options);
    options.late = true;
    struct duet_result late = run(&options);
    ck_assert(error(&in_time, DUET_ZERO, 2) == error(&late, DUET_ZERO, 2));
    ck_assert_double_gt(error(&late, DUET_EAR, DUET_LATER),
                        error(&in_time, DUET_EAR, DUET_LATER) + 0.05);
    duet_clear(&in_time);
    duet_clear(&late);
}
END_TEST

/* Without lessons every take is the first one. With gradient steps the weights move: forgetting can
 * be seen, and is looked for in the first of each guitarist alone. */
START_TEST(lessons_are_real)
{
    struct folder folder = folder_make();
    struct corpus recordings;
    struct checkpoint *drummer = band_small_drummer();
    struct lesson_options lesson = *lesson_recipe("groove");
    struct duet_options options = {.seed = 2, .players = 8, .drummer = drummer};
    ck_assert(corpus_load(&recordings, folder.path, "train", NULL));
    struct duet_result without, ear_alone, with;
    ck_assert(duet_run(&recordings, &options, &without, NULL));
    lesson.epochs = 0;
    options.lesson = &lesson;
    options.forgetting = true;
    ck_assert(duet_run(&recordings, &options, &ear_alone, NULL));
    lesson.epochs = 3;
    lesson.rate = 1e-2;
    ck_assert(duet_run(&recordings, &options, &with, NULL));
    double first = error(&without, DUET_DRUMMER, 0);
    ck_assert(first == error(&ear_alone, DUET_DRUMMER, 0));
    ck_assert_double_lt(error(&ear_alone, DUET_DRUMMER, DUET_LATER),
                        error(&without, DUET_DRUMMER, DUET_LATER) - 0.5);
    ck_assert(isnan(without.humanising_ms) && isnan(without.players[0].humanising_ms));
    ck_assert(ear_alone.humanising_ms == ear_alone.players[0].humanising_ms);
    ck_assert(with.humanising_ms == ear_alone.humanising_ms);
    ck_assert(fabs(with.humanising_ms - with.players[0].humanising_ms) > 1e-3);
    ck_assert(isnan(with.players[7].humanising_ms));
    duet_clear(&without);
    duet_clear(&ear_alone);
    duet_clear(&with);
    corpus_clear(&recordings);
    checkpoint_free(drummer);
    folder_remove(&folder);
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
    ck_assert(!duet_run(&corpus, &options, &result, &err));
    ck_assert_double_ge(reached, 0.5);
    ck_assert_double_lt(reached, 0.8);
    ck_assert_str_eq(err.text, "cancelled");
    ck_assert_ptr_null(result.players);
    ck_assert(!duet_run(&(struct corpus){NULL, 0}, &options, &result, &err));
}
END_TEST

static struct duet_drummers shadow(struct score *score, const float *guitar_ms, bool late)
{
    struct piece piece = {.score = score, .guitar_ms = (float *)guitar_ms, .beat = true};
    struct duet_options options = {.seed = 1, .late = late};
    struct duet_drummers result;
    struct error err = {.text = ""};
    ck_assert_msg(duet_drummers(&(struct corpus){&piece, 1}, &options, &result, &err), "%s",
                  err.text);
    return result;
}

/* A drummer 15 ms late with a hand of 5 ms. */
START_TEST(a_drummer_stands_in_for_the_guitarist)
{
    struct score *score = made_score(24, 100, 4);
    float *played = calloc((size_t)score->step_count, sizeof *played);
    struct rng rng;
    rng_seed(&rng, 8);
    for (int i = 0; i < score->step_count; i++)
        played[i] = (float)(15 + 5 * rng_normal(&rng));
    struct duet_drummers result = shadow(score, played, false);
    ck_assert_int_eq(result.recordings, 1);
    ck_assert_int_eq(result.steps, score->step_count);
    ck_assert_double_eq_tol(result.mae_ms[DUET_ZERO], 15, 1);
    ck_assert_double_lt(result.mae_ms[DUET_EAR], 6);
    ck_assert_double_gt(result.mae_ms[DUET_EAR], 3.5);
    ck_assert(isnan(result.mae_ms[DUET_DRUMMER]));
    free(played);
    score_free(score);
}
END_TEST

/* To and fro: a running mean of what was heard leans the wrong way in time, and the right way when
 * all comes one step late. */
START_TEST(late_means_after_the_next_step)
{
    struct score *score = made_score(24, 100, 4);
    float *played = calloc((size_t)score->step_count, sizeof *played);
    for (int i = 0; i < score->step_count; i++)
        played[i] = i % 2 ? 20 : -20;
    ck_assert_double_gt(shadow(score, played, false).mae_ms[DUET_EMA], 21);
    ck_assert_double_lt(shadow(score, played, true).mae_ms[DUET_EMA], 19);
    ck_assert_double_eq_tol(shadow(score, played, true).mae_ms[DUET_ZERO], 20, 1e-9);
    free(played);
    score_free(score);
}
END_TEST

START_TEST(short_recordings_and_fills_are_left_out)
{
    struct score *score = made_score(6, 100, 4);
    float *played = calloc((size_t)score->step_count, sizeof *played);
    ck_assert_int_lt(score->step_count, 64);
    struct duet_drummers result = shadow(score, played, false);
    ck_assert_int_eq(result.recordings, 0);
    ck_assert(isnan(result.mae_ms[DUET_ZERO]));
    free(played);
    score_free(score);
}
END_TEST

Suite *duet_suite(void)
{
    Suite *suite = suite_create("duet");
    TCase *tcase = tcase_create("duets");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_pieces, free_pieces);
    tcase_add_loop_test(tcase, the_ear_beats_the_baselines_and_nothing_beats_the_floor, 0, 2);
    tcase_add_test(tcase, equal_seeds_give_equal_duets);
    tcase_add_test(tcase, three_of_each_guitarist_play);
    tcase_add_test(tcase, drums_fall_where_the_guitar_is_expected);
    tcase_add_test(tcase, a_drummer_plays_his_own_takes);
    tcase_add_test(tcase, late_onsets_help_less);
    tcase_add_test(tcase, lessons_are_real);
    tcase_add_test(tcase, it_can_be_stopped);
    tcase_add_test(tcase, a_drummer_stands_in_for_the_guitarist);
    tcase_add_test(tcase, late_means_after_the_next_step);
    tcase_add_test(tcase, short_recordings_and_fills_are_left_out);
    suite_add_tcase(suite, tcase);
    return suite;
}
