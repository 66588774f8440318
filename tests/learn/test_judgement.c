#include "learn/judgement.h"

#include "made_score.h"
#include "suites.h"

#include <stdio.h>

enum { BARS = 32, MOST_TAKES = 4 };

/* Where somebody plays at a step, drums on the beat; NaN: he does not. `noise` is normal, SD 1. */
typedef double playing(const struct step *step, double noise);

struct evening {
    struct score *score;
    struct take_bars earlier[MOST_TAKES]; /* the newest first */
    struct judgement judged[MOST_TAKES];
    int count;
    struct judgement judgement; /* of the last take */
};

static struct evening begin(void)
{
    return (struct evening){.score = made_score(BARS, 100, 4)};
}

static struct take *make_take(const struct score *score, playing *play, uint64_t seed)
{
    struct rng rng;
    struct take_settings settings = {.rate = 48000};
    struct take *take = take_new(score, &settings, score->step_count, 0);
    ck_assert_ptr_nonnull(take);
    rng_seed(&rng, seed);
    for (int i = 0; i < score->step_count; i++) {
        double g_ms = play(&score->steps[i], rng_normal(&rng));
        take->steps[take->step_count++] =
            (struct take_step){.step = i, .planned = true, .predicted_ms = 1};
        if (!isnan(g_ms))
            take->onsets[take->onset_count++] =
                (struct take_onset){.step = i, .deviation_ms = g_ms};
    }
    return take;
}

static void play(struct evening *evening, playing *how)
{
    struct error err = {.text = ""};
    struct take_bars bars;
    struct take *take = make_take(evening->score, how, (uint64_t)evening->count + 1);
    ck_assert(take_bars_measure(&bars, evening->count + 1, evening->score, take, &err));
    ck_assert_msg(judgement_make(evening->score, take, &bars, evening->earlier, evening->count,
                                 &evening->judgement, &err),
                  "%s", err.text);
    for (int i = 0; i < evening->count; i++)
        judgement_compare(&evening->judgement, evening->judged[i].take, evening->judged[i].notes,
                          evening->judged[i].apart_ms);
    for (int i = evening->count++; i > 0; i--) {
        evening->earlier[i] = evening->earlier[i - 1];
        evening->judged[i] = evening->judged[i - 1];
    }
    evening->earlier[0] = bars;
    evening->judged[0] = evening->judgement;
    take_free(take);
}

static void end(struct evening *evening)
{
    for (int i = 0; i < evening->count; i++)
        take_bars_release(&evening->earlier[i]);
    score_free(evening->score);
}

static const char *remark(const struct judgement *judgement, enum remark which)
{
    static char text[REMARK_SIZE];
    return judgement_remark(judgement, which, text) ? text : "";
}

#define ck_assert_says(evening, which, text)                                                       \
    ck_assert_str_eq(remark(&(evening)->judgement, which), text)

/* Tight and even. */
static double even(const struct step *step, double noise)
{
    return step->bin % 12 ? NAN : 6 * noise;
}

static double nothing(const struct step *step, double noise)
{
    (void)step;
    (void)noise;
    return NAN;
}

static double a_little(const struct step *step, double noise)
{
    return step->bar == 3 ? even(step, noise) : NAN;
}

static double every_other_beat(const struct step *step, double noise)
{
    return step->bin % 24 ? NAN : 6 * noise;
}

static double offbeats_too(const struct step *step, double noise)
{
    return step->bin % 6 ? NAN : 6 * noise;
}

static double rushed(const struct step *step, double noise)
{
    return even(step, noise) - (step->bar >= 16 && step->bar < 20 ? 40 : 0);
}

static double dragged(const struct step *step, double noise)
{
    return even(step, noise) + (step->bar == 8 ? 40 : 0);
}

static double to_and_fro(const struct step *step, double noise)
{
    return even(step, noise) + (step->bar == 8 ? step->bin % 24 ? 40 : -40 : 0);
}

static double loose_then_tight(const struct step *step, double noise)
{
    return offbeats_too(step, noise) * (step->bar < 8 ? 3 : 1);
}

static double tight_then_loose(const struct step *step, double noise)
{
    return offbeats_too(step, noise) * (step->bar < 16 ? 1 : 3);
}

static double falling_behind(const struct step *step, double noise)
{
    return even(step, noise) + 40.0 * step->bar / BARS - 20;
}

static double late(const struct step *step, double noise)
{
    return even(step, noise) + 15;
}

static double far_apart(const struct step *step, double noise)
{
    return even(step, noise) * 8;
}

START_TEST(figures_are_of_the_notes)
{
    struct evening evening = begin();
    const struct judgement *judgement = &evening.judgement;
    play(&evening, late);
    ck_assert_int_eq(judgement->steps, evening.score->step_count);
    ck_assert_int_eq(judgement->notes, 4 * BARS);
    ck_assert_double_eq_tol(judgement->lean_ms, 15, 1.5);
    ck_assert_double_eq_tol(judgement->spread_ms, 6, 1);
    ck_assert_double_eq_tol(judgement->apart_ms, judgement->grid_ms, 1e-9);
    ck_assert_double_eq_tol(judgement->within_ms, judgement->apart_ms - 1, 0.5);
    ck_assert_double_eq_tol(judgement_drums_ms(judgement), 0, 1e-9);
    ck_assert_int_eq(judgement->best, 0);
    end(&evening);
}
END_TEST

/* Expected is what he played in half of the takes before; that he plays more now is no fault. */
START_TEST(notes_are_expected_where_they_were_played)
{
    struct evening evening = begin();
    play(&evening, even);
    ck_assert_int_eq(evening.judgement.expected, 0);
    play(&evening, every_other_beat);
    ck_assert_int_eq(evening.judgement.expected, 4 * BARS);
    ck_assert_int_eq(evening.judgement.expected_heard, 2 * BARS);
    play(&evening, offbeats_too);
    ck_assert_int_eq(evening.judgement.expected, 4 * BARS); /* one take of two had them all */
    ck_assert_int_eq(evening.judgement.expected_heard, 4 * BARS);
    play(&evening, nothing);
    ck_assert_int_eq(evening.judgement.expected_heard, 0);
    end(&evening);
}
END_TEST

START_TEST(without_a_guitar_there_is_little_to_say)
{
    struct evening evening = begin();
    play(&evening, nothing);
    ck_assert(isnan(evening.judgement.apart_ms) && isnan(evening.judgement.spread_ms));
    ck_assert_says(&evening, REMARK_TOGETHER, "No guitar was heard in this take.");
    play(&evening, a_little);
    ck_assert_says(&evening, REMARK_TOGETHER, "4 notes were heard: too few to judge.");
    ck_assert_says(&evening, REMARK_NOTABLE, "");
    ck_assert_says(&evening, REMARK_LEAVE_OUT, "");
    ck_assert_int_eq(judgement_coming(&evening.judgement), COMING_UNKNOWN);
    ck_assert_says(&(struct evening){.judgement = {.take = 1}}, REMARK_TOGETHER,
                   "It was stopped before the drums came in.");
    end(&evening);
}
END_TEST

START_TEST(takes_are_compared)
{
    struct judgement judgement = {.steps = 400, .notes = 300, .apart_ms = 8.1};
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER), "Tight: 8.1 ms apart.");
    judgement.last = 4;
    judgement.last_ms = 9.7;
    judgement.best = 3;
    judgement.best_ms = 9.1;
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER),
                     "Tight: 8.1 ms apart, the best take yet.");
    judgement.best_ms = 7;
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER),
                     "Tight: 8.1 ms apart, 1.6 ms closer than take 4.");
    judgement.last_ms = 8.3;
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER), "Tight: 8.1 ms apart, as in take 4.");
    judgement.apart_ms = 18;
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER),
                     "Close: 18.0 ms apart, 9.7 ms looser than take 4.");
    judgement.apart_ms = 31;
    ck_assert_str_eq(remark(&judgement, REMARK_TOGETHER),
                     "Loose: 31.0 ms apart, 22.7 ms looser than take 4.");
}
END_TEST

/* Four notes can be tight by chance. */
START_TEST(takes_of_a_few_notes_are_no_measure)
{
    struct evening evening = begin();
    play(&evening, a_little);
    play(&evening, even);
    ck_assert_int_eq(evening.judgement.best, 0);
    play(&evening, a_little);
    play(&evening, even);
    ck_assert_int_eq(evening.judgement.earlier, 1);
    ck_assert_int_eq(evening.judgement.last, 2);
    end(&evening);
}
END_TEST

START_TEST(what_is_even_is_not_remarked_on)
{
    struct evening evening = begin();
    for (int take = 0; take < MOST_TAKES; take++) {
        play(&evening, even);
        ck_assert_int_eq(evening.judgement.odd_count, 0);
        ck_assert_says(&evening, REMARK_NOTABLE, "");
        ck_assert_says(&evening, REMARK_LEAVE_OUT, "");
    }
    end(&evening);
}
END_TEST

START_TEST(bars_that_stick_out_are_named)
{
    struct evening evening = begin();
    play(&evening, rushed);
    ck_assert_int_eq(evening.judgement.odd_count, 1);
    ck_assert_int_eq(evening.judgement.odd[0].first, 17);
    ck_assert_int_eq(evening.judgement.odd[0].last, 20);
    ck_assert_double_eq_tol(evening.judgement.odd[0].apart_ms, 40, 3);
    ck_assert(
        strncmp(remark(&evening.judgement, REMARK_NOTABLE), "You rushed bars 17-20 by ", 25) == 0);
    ck_assert_says(&evening, REMARK_LEAVE_OUT, "Bars 17-20 stick out of the take.");
    end(&evening);
    evening = begin();
    play(&evening, even);
    play(&evening, dragged);
    ck_assert(strncmp(remark(&evening.judgement, REMARK_NOTABLE), "You dragged bar 9 by ", 21) ==
              0);
    ck_assert_says(&evening, REMARK_LEAVE_OUT, "Bar 9 disagrees with the other takes.");
    play(&evening, to_and_fro);
    ck_assert(strncmp(remark(&evening.judgement, REMARK_NOTABLE), "Bar 9 was ", 10) == 0);
    end(&evening);
}
END_TEST

/* What is so every time is how he plays it, or where he should practise. */
START_TEST(bars_that_always_stick_out_are_told_apart)
{
    struct evening evening = begin();
    play(&evening, rushed);
    ck_assert(!evening.judgement.odd[0].usual);
    play(&evening, rushed);
    ck_assert(evening.judgement.odd[0].usual);
    ck_assert_says(&evening, REMARK_LEAVE_OUT, "Bars 17-20 were no better in earlier takes.");
    play(&evening, even);
    ck_assert_int_eq(evening.judgement.odd_count, 0);
    end(&evening);
}
END_TEST

START_TEST(the_worst_of_many_come_first)
{
    struct evening evening = begin();
    struct error err = {.text = ""};
    struct judgement judgement = {.take = 1};
    play(&evening, even);
    for (int i = 0; i < 10; i++) /* the later, the worse */
        evening.earlier[0].bars[3 * i].apart_ms = 40 + 5 * (float)i;
    ck_assert(judgement_of_bars(&evening.earlier[0], NULL, 0, &judgement, &err));
    ck_assert_int_eq(judgement.odd_count, MOST_ODD_BARS);
    for (int i = 0; i < MOST_ODD_BARS; i++)
        ck_assert_int_eq(judgement.odd[i].first, 3 * (9 - i) + 1);
    end(&evening);
}
END_TEST

START_TEST(the_turn_of_a_take_is_told)
{
    struct evening evening = begin();
    play(&evening, loose_then_tight);
    ck_assert_int_eq(evening.judgement.odd_count, 0);
    ck_assert_says(&evening, REMARK_NOTABLE, "Loose at the start, tight from bar 9 on.");
    end(&evening);
    evening = begin();
    play(&evening, tight_then_loose);
    ck_assert_says(&evening, REMARK_NOTABLE, "Tight until bar 16, loose from there on.");
    end(&evening);
    struct judgement judgement = {
        .notes = 300, .turn = 9, .before_turn_ms = 9.5, .after_turn_ms = 3};
    ck_assert_str_eq(remark(&judgement, REMARK_NOTABLE),
                     "Tighter from bar 9 on: 3 ms, before it 10.");
}
END_TEST

START_TEST(a_drift_and_a_lean_are_told)
{
    struct evening evening = begin();
    play(&evening, falling_behind);
    ck_assert_double_eq_tol(evening.judgement.drift_ms, 30, 4);
    ck_assert(strncmp(remark(&evening.judgement, REMARK_NOTABLE), "You fell behind by ", 19) == 0);
    play(&evening, late);
    ck_assert(strncmp(remark(&evening.judgement, REMARK_NOTABLE), "You came 15 ms after", 20) == 0);
    play(&evening, far_apart);
    ck_assert(strncmp(remark(&evening.judgement, REMARK_TOGETHER), "Loose: ", 7) == 0);
    end(&evening);
}
END_TEST

START_TEST(who_came_to_whom_is_told_where_it_can_be)
{
    struct judgement judgement = {.reaction = {.notes = 300, .share = 0.3, .sd = 0.05}};
    ck_assert_int_eq(judgement_coming(&judgement), COMING);
    judgement.reaction.share = 0.1;
    ck_assert_int_eq(judgement_coming(&judgement), COMING_UNKNOWN);
    judgement.reaction.share = -0.02;
    ck_assert_int_eq(judgement_coming(&judgement), COMING_NOT);
    judgement.reaction.sd = 0.1;
    ck_assert_int_eq(judgement_coming(&judgement), COMING_UNKNOWN);
    judgement.reaction = (struct reaction){.notes = 10, .share = 0.9, .sd = 0.05};
    ck_assert_int_eq(judgement_coming(&judgement), COMING_UNKNOWN);
}
END_TEST

/* Two bars in four are silent, and he falls back in them by 10 ms a second; in the third silence
 * nobody heard him. */
START_TEST(the_drift_without_drums_is_told)
{
    struct error err = {.text = ""};
    struct evening evening = begin();
    const struct score *score = evening.score;
    struct take *take = make_take(score, even, 3);
    take->settings.practice = (struct practice){.play_bars = 2, .out_bars = 2};
    int kept = 0;
    for (int i = 0; i < take->onset_count; i++) {
        struct take_onset onset = take->onsets[i];
        const struct step *step = &score->steps[onset.step];
        bool out = take_is_out(score, &take->settings, onset.step);
        if (out && step->bar / 4 == 2)
            continue;
        double slower = step->bar / 4 == 1 ? 10 : 2; /* the second time most */
        onset.deviation_ms =
            out ? slower * (step->time_s - score_bar_s(score, step->bar / 4 * 4 + 3)) : 0;
        take->onsets[kept++] = onset;
    }
    take->onset_count = kept;
    struct take_bars bars;
    struct judgement judgement;
    ck_assert(take_bars_measure(&bars, 1, score, take, &err));
    ck_assert_msg(judgement_make(score, take, &bars, NULL, 0, &judgement, &err), "%s", err.text);
    ck_assert_int_eq(judgement.dropouts, BARS / 4 - 1);
    ck_assert_str_eq(remark(&judgement, REMARK_NOTABLE),
                     "Bars 7-8 without drums: 48 ms late, 1.0 % slow.");
    take_bars_release(&bars);
    take_free(take);
    end(&evening);
}
END_TEST

START_TEST(remarks_fit_a_line)
{
    const struct judgement longest[] = {
        {.notes = 9999,
         .apart_ms = 999,
         .last = 9999,
         .last_ms = 1,
         .best = 1,
         .best_ms = 1,
         .odd = {{.first = 1000, .last = 1009, .apart_ms = 999, .guitar_ms = -999}},
         .odd_count = 1,
         .earlier = 1},
        {.notes = 9999,
         .apart_ms = 99.9,
         .last = 9999,
         .last_ms = 199.9,
         .best = 1,
         .best_ms = 1,
         .odd = {{.first = 1000, .last = 1009, .apart_ms = 999, .usual = true}},
         .odd_count = 1},
        {.notes = 9999, .turn = 1000, .before_turn_ms = 999, .after_turn_ms = 1},
        {.notes = 9999, .turn = 1000, .before_turn_ms = 999, .after_turn_ms = 899},
        {.notes = 9999, .turn = 1000, .before_turn_ms = 1, .after_turn_ms = 899},
        {.notes = 9999, .drift_ms = -999},
        {.notes = 9999, .lean_ms = -999},
    };
    for (size_t i = 0; i < sizeof longest / sizeof *longest; i++)
        for (int r = 0; r < REMARKS; r++) {
            const char *text = remark(&longest[i], (enum remark)r);
            ck_assert_msg(strlen(text) <= 58, "'%s'", text);
        }
}
END_TEST

Suite *judgement_suite(void)
{
    Suite *suite = suite_create("judgement");
    TCase *tests = tcase_create("judgement");
    tcase_add_test(tests, figures_are_of_the_notes);
    tcase_add_test(tests, notes_are_expected_where_they_were_played);
    tcase_add_test(tests, without_a_guitar_there_is_little_to_say);
    tcase_add_test(tests, takes_are_compared);
    tcase_add_test(tests, takes_of_a_few_notes_are_no_measure);
    tcase_add_test(tests, what_is_even_is_not_remarked_on);
    tcase_add_test(tests, bars_that_stick_out_are_named);
    tcase_add_test(tests, bars_that_always_stick_out_are_told_apart);
    tcase_add_test(tests, the_worst_of_many_come_first);
    tcase_add_test(tests, the_turn_of_a_take_is_told);
    tcase_add_test(tests, a_drift_and_a_lean_are_told);
    tcase_add_test(tests, who_came_to_whom_is_told_where_it_can_be);
    tcase_add_test(tests, the_drift_without_drums_is_told);
    tcase_add_test(tests, remarks_fit_a_line);
    suite_add_tcase(suite, tests);
    return suite;
}
