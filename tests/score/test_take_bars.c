#include "made_score.h"
#include "score/take_bars.h"
#include "suites.h"

/* Every step of the score; where `heard` says so the guitar `g_ms` after the beat, drums 4 ms
 * after it. */
static struct take *make_take(const struct score *score, bool (*heard)(const struct step *),
                              double (*g_ms)(const struct step *))
{
    struct take_settings settings = {.rate = 48000};
    struct take *take = take_new(score, &settings, score->step_count, 0);
    ck_assert_ptr_nonnull(take);
    for (int i = 0; i < score->step_count; i++) {
        take->steps[take->step_count++] =
            (struct take_step){.step = i, .planned = true, .drums_ms = 4};
        if (heard(&score->steps[i]))
            take->onsets[take->onset_count++] =
                (struct take_onset){.step = i, .deviation_ms = g_ms(&score->steps[i])};
    }
    return take;
}

static bool on_downbeats_of_even_bars(const struct step *step)
{
    return step->bar % 2 == 0 && step->bin % 12 == 0;
}

/* 10, -10, 10, -10: six after the drums, fourteen before them. */
static double to_and_fro(const struct step *step)
{
    return step->bin % 24 == 0 ? 10 : -10;
}

START_TEST(a_bar_is_the_mean_of_its_notes)
{
    struct error err;
    struct take_bars bars;
    struct score *score = made_score(4, 100, 1);
    struct take *take = make_take(score, on_downbeats_of_even_bars, to_and_fro);
    ck_assert(take_bars_measure(&bars, 7, score, take, &err));
    ck_assert_int_eq(bars.take, 7);
    ck_assert_int_eq(bars.count, 4);
    const struct take_bar *first = &bars.bars[0], *second = &bars.bars[1];
    ck_assert_int_eq(first->notes, 4);
    ck_assert_float_eq_tol(first->apart_ms, 10, 1e-4f);
    ck_assert_float_eq_tol(first->lean_ms, -4, 1e-4f);
    ck_assert_float_eq_tol(first->guitar_ms, 0, 1e-4f);
    ck_assert_uint_eq(first->heard, 1 | 1 << 12 | UINT64_C(1) << 24 | UINT64_C(1) << 36);
    ck_assert_uint_eq(first->heard & ~first->struck, 0);
    ck_assert_int_eq(second->notes, 0);
    ck_assert_uint_eq(second->heard, 0);
    ck_assert_uint_ne(second->struck, 0);
    ck_assert(isnan(second->apart_ms) && isnan(second->lean_ms) && isnan(second->guitar_ms));
    ck_assert_double_eq_tol(take_bars_apart_ms(&bars, 1, 4), 10, 1e-4);
    ck_assert(isnan(take_bars_apart_ms(&bars, 2, 2)));
    take_bars_release(&bars);
    take_free(take);
    score_free(score);
}
END_TEST

static bool everywhere(const struct step *step)
{
    (void)step;
    return true;
}

static double by_bar(const struct step *step)
{
    return step->bar == 0 ? 4 : 44;
}

/* A loop goes through a bar more than once; the step says which bar of the song it is. */
START_TEST(passes_over_a_bar_are_one)
{
    struct error err;
    struct take_bars bars;
    struct score *score = made_score(3, 100, 1);
    int notes = 0;
    for (int i = 0; i < score->step_count; i++) {
        score->steps[i].bar %= 2; /* the third bar is the first, once more */
        notes += score->steps[i].bar == 0;
    }
    struct take *take = make_take(score, everywhere, by_bar);
    for (int i = take->onset_count - 1; i >= 0 && score->steps[take->onsets[i].step].at.bar == 2;
         i--)
        take->onsets[i].deviation_ms = 24;
    ck_assert(take_bars_measure(&bars, 1, score, take, &err));
    ck_assert_int_eq(bars.bars[0].notes, notes);
    ck_assert_float_gt(bars.bars[0].apart_ms, 5); /* between 0 and 20 */
    ck_assert_float_lt(bars.bars[0].apart_ms, 15);
    ck_assert_float_eq_tol(bars.bars[1].apart_ms, 40, 1e-4f);
    ck_assert_int_eq(bars.bars[2].notes, 0);
    take_bars_release(&bars);
    take_free(take);
    score_free(score);
}
END_TEST

Suite *take_bars_suite(void)
{
    Suite *suite = suite_create("take_bars");
    TCase *tests = tcase_create("take_bars");
    tcase_add_test(tests, a_bar_is_the_mean_of_its_notes);
    tcase_add_test(tests, passes_over_a_bar_are_one);
    suite_add_tcase(suite, tests);
    return suite;
}
