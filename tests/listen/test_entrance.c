#include "listen/entrance.h"

#include "base/rng.h"
#include "made_score.h"
#include "suite.h"

Suite *entrance_suite(void);

/* Marked 120. */
static struct entrance *new_entrance(void)
{
    struct score *score = made_score(8, 120, 1);
    struct entrance *entrance = entrance_new(score, 1);
    ck_assert_ptr_nonnull(entrance);
    score_free(score);
    return entrance;
}

static void strum(struct entrance *entrance, double begin_s, double every_s, int count)
{
    for (int i = 0; i < count; i++)
        entrance_hear(entrance, begin_s + i * every_s, i % 4 ? 10 : 12);
}

START_TEST(eight_beats_are_enough)
{
    static const double tempi[] = {60, 75, 90, 110, 120, 144, 168, 200};
    for (int i = 0; i < 8; i++) {
        double beat_s = 60 / tempi[i];
        struct entrance *entrance = new_entrance();
        struct entrance_cue cue;
        strum(entrance, 100, beat_s, 7);
        entrance_cue(entrance, 100 + 7.2 * beat_s, &cue);
        ck_assert_msg(!cue.sure, "sure after seven strums at %g", tempi[i]);
        entrance_hear(entrance, 100 + 7 * beat_s, 10);
        entrance_cue(entrance, 100 + 7.2 * beat_s, &cue);
        ck_assert_msg(cue.sure, "not sure at %g: %g", tempi[i], cue.certainty);
        ck_assert_int_eq(cue.strums, 8);
        ck_assert_int_eq(cue.beats, 4);
        ck_assert_double_eq_tol(cue.tempo_percent, 100 * tempi[i] / 120, 0.2);
        ck_assert_double_eq_tol(cue.beat_s, beat_s, 0.002 * beat_s);
        ck_assert_double_eq_tol(cue.bar_s, 100 + 8 * beat_s, 0.003);
        entrance_free(entrance);
    }
}
END_TEST

START_TEST(a_cue_that_cannot_be_met_is_left_for_the_next)
{
    struct entrance *entrance = new_entrance();
    struct entrance_cue cue;
    strum(entrance, 0, 0.5, 12);
    entrance_cue(entrance, 5.9, &cue);
    ck_assert_double_eq_tol(cue.bar_s, 6, 0.005);
    entrance_cue(entrance, 6.1, &cue);
    ck_assert_double_eq_tol(cue.bar_s, 8, 0.005);
    entrance_cue(entrance, 16, &cue);
    ck_assert_msg(!cue.sure, "nobody plays any more");
    entrance_free(entrance);
}
END_TEST

START_TEST(after_a_silence_it_begins_anew)
{
    struct entrance *entrance = new_entrance();
    struct entrance_cue cue;
    strum(entrance, 0, 0.5, 6);
    strum(entrance, 10, 0.4, 3);
    entrance_cue(entrance, 11, &cue);
    ck_assert_int_eq(cue.strums, 3);
    ck_assert(!cue.found);
    ck_assert_double_eq(cue.tempo_percent, 100);
    strum(entrance, 11.2, 0.4, 5);
    entrance_cue(entrance, 13, &cue);
    ck_assert_double_eq_tol(cue.tempo_percent, 125, 0.5);
    entrance_clear(entrance);
    entrance_cue(entrance, 13, &cue);
    ck_assert_int_eq(cue.strums, 0);
    entrance_free(entrance);
}
END_TEST

/* Strums at 75 a minute may be quavers of 37.5 that were not thought of, or minims of 150. */
START_TEST(the_player_has_the_last_word)
{
    struct entrance *entrance = new_entrance();
    struct entrance_cue cue;
    strum(entrance, 0, 0.4, 16);
    entrance_cue(entrance, 6.2, &cue);
    ck_assert_double_eq_tol(cue.tempo_percent, 125, 0.5);
    entrance_correct(entrance, 0.5);
    entrance_cue(entrance, 6.2, &cue);
    ck_assert_double_eq_tol(cue.tempo_percent, 62.5, 0.3);
    ck_assert_double_eq_tol(cue.bar_s, 6.4, 0.01);
    entrance_correct(entrance, 2);
    entrance_cue(entrance, 6.2, &cue);
    ck_assert_double_eq_tol(cue.tempo_percent, 125, 0.5);
    entrance_free(entrance);
}
END_TEST

/* More onsets than are kept, and the beat stays the beat. */
START_TEST(a_long_beginning_is_no_trouble)
{
    struct entrance *entrance = new_entrance();
    struct entrance_cue cue;
    strum(entrance, 0, 0.5, 400);
    entrance_cue(entrance, 199.9, &cue);
    ck_assert_msg(cue.sure, "%g", cue.certainty);
    ck_assert_double_eq_tol(cue.tempo_percent, 100, 0.2);
    ck_assert_double_eq_tol(cue.bar_s, 200, 0.003);
    entrance_free(entrance);
}
END_TEST

START_TEST(what_has_no_beat_is_listened_to)
{
    int sure = 0, asked = 0;
    for (int i = 0; i < 20; i++) {
        struct rng rng;
        struct entrance *entrance = new_entrance();
        double time_s = 0;
        rng_seed(&rng, 50 + (uint64_t)i);
        for (int k = 0; k < 24; k++, asked++) {
            struct entrance_cue cue;
            time_s += 0.12 + rng_between(&rng, 0, 1.1);
            entrance_hear(entrance, time_s, 8 + 2 * rng_normal(&rng));
            entrance_cue(entrance, time_s + 0.2, &cue);
            sure += cue.sure;
        }
        entrance_free(entrance);
    }
    ck_assert_msg(sure <= asked / 50, "sure %d times of %d", sure, asked);
}
END_TEST

Suite *entrance_suite(void)
{
    Suite *suite = suite_create("entrance");
    TCase *tests = tcase_create("entrance");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, eight_beats_are_enough);
    tcase_add_test(tests, a_cue_that_cannot_be_met_is_left_for_the_next);
    tcase_add_test(tests, after_a_silence_it_begins_anew);
    tcase_add_test(tests, the_player_has_the_last_word);
    tcase_add_test(tests, a_long_beginning_is_no_trouble);
    tcase_add_test(tests, what_has_no_beat_is_listened_to);
    suite_add_tcase(suite, tests);
    return suite;
}
