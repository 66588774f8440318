#include "learn/reaction.h"

#include "band.h"
#include "suites.h"

enum { PLAYERS = 6 };

/* One who makes up for `share` of the last asynchrony, by as much as it takes; of several seeds and
 * kinds the mean. */
static double mean_share(const struct score *score, const struct checkpoint *drummer, double share,
                         double *sd, double *ms)
{
    double sum = 0;
    *sd = *ms = 0;
    for (int i = 0; i < PLAYERS; i++) {
        struct error err = {.text = ""};
        struct reaction reaction;
        struct guitarist *guitarist = band_hire(score, guitarist_name(i), i % 2, (uint64_t)i + 1);
        guitarist_react(guitarist, share, 60);
        guitarist_start(guitarist, 0);
        struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
        ck_assert(reaction_measure(score, take, &reaction, &err));
        sum += reaction.share / PLAYERS;
        *sd += reaction.sd / PLAYERS;
        *ms += reaction.ms / PLAYERS;
        take_free(take);
        guitarist_free(guitarist);
    }
    return sum;
}

/* It is within a tenth of the truth, and who does more is told more. */
START_TEST(the_share_that_comes_back_is_found)
{
    static const double shares[] = {0, 0.2, 0.4, 0.6, 0.8};
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(32, 104, 3);
    double last = -1, last_ms = -100;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double sd, ms, share = mean_share(score, drummer, shares[i], &sd, &ms);
        ck_assert_msg(fabs(share - shares[i]) < 0.1, "%.2f for %.1f", share, shares[i]);
        ck_assert_double_gt(share, last + 0.1);
        ck_assert_double_gt(ms, last_ms);
        ck_assert_double_lt(sd, 0.08);
        last = share;
        last_ms = ms;
    }
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

START_TEST(silent_drums_are_not_answered)
{
    struct error err = {.text = ""};
    struct reaction all, half;
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(16, 104, 3);
    struct guitarist *guitarist = band_hire(score, "on-grid", false, 1);
    struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
    ck_assert(reaction_measure(score, take, &all, &err));
    take->settings.practice.play_bars = take->settings.practice.out_bars = 1;
    ck_assert(reaction_measure(score, take, &half, &err));
    ck_assert_int_lt(half.notes, 0.7 * all.notes);
    ck_assert_int_gt(half.notes, 0.3 * all.notes);
    take_free(take);
    guitarist_free(guitarist);
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

START_TEST(few_notes_leave_it_open)
{
    struct error err = {.text = ""};
    struct reaction reaction;
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(1, 104, 3);
    struct guitarist *guitarist = band_hire(score, "on-grid", false, 1);
    struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
    ck_assert(reaction_measure(score, take, &reaction, &err));
    ck_assert_int_lt(reaction.notes, 12);
    ck_assert_double_gt(reaction.sd, 0.2);
    take_free(take);
    take = band_take(drummer, score, band_nobody, NULL, NULL, 0);
    ck_assert(reaction_measure(score, take, &reaction, &err));
    ck_assert_int_eq(reaction.notes, 0);
    ck_assert_double_eq(reaction.ms, 0);
    take_free(take);
    guitarist_free(guitarist);
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

Suite *reaction_suite(void)
{
    Suite *suite = suite_create("reaction");
    TCase *tests = tcase_create("reaction");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_share_that_comes_back_is_found);
    tcase_add_test(tests, silent_drums_are_not_answered);
    tcase_add_test(tests, few_notes_leave_it_open);
    suite_add_tcase(suite, tests);
    return suite;
}
