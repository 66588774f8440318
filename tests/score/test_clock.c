#include "base/rng.h"
#include "score/clock.h"
#include "suites.h"

#include <math.h>
#include <stdlib.h>

/* One bar of a metre at a tempo lasts 240 * (numerator/denominator) / bpm seconds. */
START_TEST(bar_length_follows_tempo_and_metre)
{
    static const int metres[][2] = {{4, 4}, {3, 4}, {6, 8}, {7, 8}, {5, 4}, {12, 8}, {5, 16}};
    static const double tempos[] = {60, 120, 180, 97.3};
    for (size_t m = 0; m < sizeof metres / sizeof *metres; m++)
        for (size_t t = 0; t < sizeof tempos / sizeof *tempos; t++) {
            struct clock *clock = clock_new(480, 100);
            clock_add_tempo(clock, 0, 60e6 / tempos[t]);
            clock_add_metre(clock, 0, metres[m][0], metres[m][1]);
            double expected = 240.0 * metres[m][0] / metres[m][1] / tempos[t];
            struct position at = clock_position(clock, 700);
            ck_assert_double_eq_tol(at.bar_s, expected, 1e-12);
            ck_assert_double_eq_tol(clock_seconds(clock, (double)clock_bar_tick(clock, 1)),
                                    expected, 1e-12);
            clock_free(clock);
        }
}
END_TEST

START_TEST(six_eight_is_three_quarters_long)
{
    struct clock *clock = clock_new(480, 100);
    clock_add_metre(clock, 0, 6, 8);
    ck_assert_int_eq(clock_bar_tick(clock, 1), 3 * 480);
    clock_add_metre(clock, 3 * 480, 7, 8);
    clock_add_metre(clock, 3 * 480 + 1680, 5, 4);
    ck_assert_int_eq(clock_bar_tick(clock, 2), 3 * 480 + 1680);
    ck_assert_int_eq(clock_bar_tick(clock, 3), 3 * 480 + 1680 + 5 * 480);
    clock_free(clock);
}
END_TEST

START_TEST(phase_is_exact_after_two_hundred_bars)
{
    struct clock *clock = clock_new(480, 100);
    clock_add_tempo(clock, 0, 617283); /* 97.2 BPM: no bar begins at a round time */
    for (int sixteenth = 0; sixteenth < 16 * 250; sixteenth++) {
        struct position at = clock_position(clock, sixteenth * 120.0);
        ck_assert_int_eq(at.bar, sixteenth / 16);
        ck_assert(at.phase == (sixteenth % 16) / 16.0);
        ck_assert(at.quarter == (sixteenth % 16) / 4.0);
    }
    clock_free(clock);
}
END_TEST

struct bar {
    int64_t parts; /* sixteenths of a tick at which it begins */
    int numerator, denominator;
};

/* 200 bars of random metres, tempos changing anywhere, at resolutions down to one tick. */
START_TEST(bars_do_not_drift_through_changes)
{
    static const int resolutions[] = {1, 7, 24, 96, 100, 480, 960, 32767};
    int ppq = resolutions[_i];
    struct rng rng;
    rng_seed(&rng, 7 + (uint64_t)_i);
    struct clock *clock = clock_new(ppq, 100);
    struct bar bars[201];
    int64_t parts = 0;
    for (int b = 0; b <= 200; b++) {
        bars[b] = b ? bars[b - 1] : (struct bar){0, 4, 4};
        bars[b].parts = parts;
        /* A change stands on a tick; where the bar line lies between two, the metre stays. */
        if (parts % 16 == 0 && rng_below(&rng, 2) == 0) {
            bars[b].numerator = 1 + (int)rng_below(&rng, 12);
            bars[b].denominator = 1 << rng_below(&rng, 5);
            ck_assert(clock_add_metre(clock, parts / 16, bars[b].numerator, bars[b].denominator));
        }
        if (rng_below(&rng, 3) == 0)
            ck_assert(clock_add_tempo(clock, parts / 16, rng_between(&rng, 2e5, 2e6)));
        parts += (int64_t)bars[b].numerator * ppq * 64 / bars[b].denominator;
    }
    for (int b = 0; b < 200; b++) {
        double tick = (double)bars[b].parts / 16;
        struct position at = clock_position(clock, tick);
        ck_assert_int_eq(at.bar, b);
        ck_assert(at.phase == 0 && at.quarter == 0);
        ck_assert_int_eq(at.numerator, bars[b].numerator);
        ck_assert_int_eq(at.denominator, bars[b].denominator);
        ck_assert_int_le(llabs(16 * clock_bar_tick(clock, b) - bars[b].parts), 8);
        double middle = (tick + (double)bars[b + 1].parts / 16) / 2;
        at = clock_position(clock, middle);
        ck_assert_int_eq(at.bar, b);
        ck_assert(at.phase == 0.5);
        ck_assert_double_eq_tol(clock_tick(clock, clock_seconds(clock, middle)), middle,
                                1e-9 * (1 + middle));
    }
    clock_free(clock);
}
END_TEST

START_TEST(phase_stays_below_one)
{
    struct rng rng;
    rng_seed(&rng, 3);
    struct clock *clock = clock_new(480, 100);
    clock_add_metre(clock, 0, 7, 8);
    for (int i = 0; i < 20000; i++) {
        double tick = 1680.0 * rng_below(&rng, 1000000);
        struct position before = clock_position(clock, nextafter(tick, 0));
        struct position after = clock_position(clock, tick);
        ck_assert(before.phase >= 0 && before.phase < 1);
        ck_assert(after.phase == 0);
        ck_assert(tick == 0 || before.bar == after.bar - 1);
    }
    clock_free(clock);
}
END_TEST

START_TEST(tempo_changes_add_up)
{
    struct clock *clock = clock_new(100, 100);
    clock_add_tempo(clock, 0, 500000);
    clock_add_tempo(clock, 200, 1000000);
    clock_add_tempo(clock, 400, 250000);
    ck_assert_double_eq_tol(clock_seconds(clock, 200), 1, 1e-12);
    ck_assert_double_eq_tol(clock_seconds(clock, 300), 2, 1e-12);
    ck_assert_double_eq_tol(clock_seconds(clock, 500), 3.25, 1e-12);
    ck_assert_double_eq_tol(clock_tick(clock, 3.25), 500, 1e-9);
    ck_assert_double_eq_tol(clock_tick(clock, -0.5), -100, 1e-9);
    ck_assert_double_eq_tol(clock_position(clock, 250).bpm, 60, 1e-12);
    ck_assert_double_eq_tol(clock_position(clock, 400).bpm, 240, 1e-12);
    clock_free(clock);
}
END_TEST

START_TEST(slower_scales_the_whole_map)
{
    struct clock *clock = clock_new(100, 50);
    clock_add_tempo(clock, 0, 500000);
    clock_add_tempo(clock, 200, 1000000);
    ck_assert_double_eq_tol(clock_seconds(clock, 300), 4, 1e-12);
    ck_assert_double_eq_tol(clock_position(clock, 0).bpm, 60, 1e-12);
    ck_assert_double_eq_tol(clock_position(clock, 0).bar_s, 4, 1e-12);
    clock_free(clock);
}
END_TEST

START_TEST(without_events_it_is_120_in_four)
{
    struct clock *clock = clock_new(96, 100);
    struct position at = clock_position(clock, 96 * 5);
    ck_assert_int_eq(at.bar, 1);
    ck_assert_double_eq(at.bpm, 120);
    ck_assert_double_eq(at.bar_s, 2);
    ck_assert_double_eq(clock_seconds(clock, 96), 0.5);
    clock_free(clock);
}
END_TEST

START_TEST(a_metre_change_begins_a_bar)
{
    struct clock *clock = clock_new(480, 100);
    clock_add_metre(clock, 480, 3, 4); /* a quarter of a bar after the beginning: an upbeat */
    ck_assert_int_eq(clock_position(clock, 479).bar, 0);
    ck_assert_int_eq(clock_position(clock, 480).bar, 1);
    ck_assert(clock_position(clock, 480).phase == 0);
    ck_assert_int_eq(clock_bar_tick(clock, 1), 480);
    ck_assert_int_eq(clock_bar_tick(clock, 2), 480 + 3 * 480);
    clock_add_metre(clock, 720, 3, 4); /* the same again is no change */
    ck_assert_int_eq(clock_bar_tick(clock, 2), 480 + 3 * 480);
    clock_add_metre(clock, 1920, 5, 8);
    clock_add_metre(clock, 1920, 4, 4); /* the last one at a tick wins */
    ck_assert_int_eq(clock_bar_tick(clock, 3), 1920 + 4 * 480);
    clock_free(clock);
}
END_TEST

Suite *clock_suite(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("clock");
    tcase_add_test(tests, bar_length_follows_tempo_and_metre);
    tcase_add_test(tests, six_eight_is_three_quarters_long);
    tcase_add_test(tests, phase_is_exact_after_two_hundred_bars);
    tcase_add_loop_test(tests, bars_do_not_drift_through_changes, 0, 8);
    tcase_add_test(tests, phase_stays_below_one);
    tcase_add_test(tests, tempo_changes_add_up);
    tcase_add_test(tests, slower_scales_the_whole_map);
    tcase_add_test(tests, without_events_it_is_120_in_four);
    tcase_add_test(tests, a_metre_change_begins_a_bar);
    suite_add_tcase(suite, tests);
    return suite;
}
