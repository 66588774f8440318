#include "score/bars.h"

#include "base/rng.h"
#include "suites.h"

#include <limits.h>
#include <string.h>

static const char *text_of(const struct bars *bars)
{
    static char text[BARS_TEXT_SIZE];
    bars_text(bars, text, sizeof text);
    return text;
}

START_TEST(ranges_are_read_in_any_order)
{
    static const char *const cases[][2] = {
        {"5", "5"},
        {"9-16", "9-16"},
        {"9-", "9-"},
        {"9-9", "9"},
        {"1-8,13,17-", "1-8,13,17-"},
        {"17-,13,1-8", "1-8,13,17-"},
        {"1-4,5-8", "1-8"},
        {"1-4,3-9,2", "1-9"},
        {"1,3,2", "1-3"},
        {"8-,9,10-12", "8-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bars bars;
        ck_assert_msg(bars_read(cases[i][0], &bars), "%s", cases[i][0]);
        ck_assert_str_eq(text_of(&bars), cases[i][1]);
    }
}
END_TEST

START_TEST(what_is_no_list_of_bars_is_refused)
{
    static const char *const wrong[] = {
        "",    "0",   "-3",  "8-5",   "1,",  ",1",         "1,,2",
        "a",   "1 2", "1--", "1-2-3", "+1",  "1-x",        " 1",
        "1.5", "0-4", "1-0", "1;2",   "2 -", "2147483647", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct bars bars = bars_all;
        ck_assert_msg(!bars_read(wrong[i], &bars), "'%s'", wrong[i]);
        ck_assert_str_eq(text_of(&bars), "1-");
    }
}
END_TEST

/* Against one flag a bar. */
START_TEST(bars_are_put_in_and_taken_out)
{
    enum { SONG = 60 };
    struct rng rng;
    rng_seed(&rng, 7);
    for (int round = 0; round < 200; round++) {
        struct bars bars = bars_all;
        bool naive[SONG + 1];
        memset(naive, true, sizeof naive);
        for (int change = 0; change < 30; change++) {
            int first = 1 + (int)rng_below(&rng, SONG), wide = (int)rng_below(&rng, 6);
            int last = change % 10 == 9 ? INT_MAX : first + wide;
            bool in = rng_below(&rng, 2);
            ck_assert(bars_put(&bars, first, last, in));
            for (int bar = first; bar <= SONG && bar <= last; bar++)
                naive[bar] = in;
            for (int bar = 1; bar <= SONG; bar++)
                ck_assert_int_eq(bars_hold(&bars, bar), naive[bar]);
        }
        struct bars again;
        if (bars.count > 0)
            ck_assert(bars_read(text_of(&bars), &again));
        if (bars.count > 0)
            ck_assert_str_eq(text_of(&again), text_of(&bars));
        for (int i = 1; i < bars.count; i++)
            ck_assert_int_gt(bars.ranges[i].first, bars.ranges[i - 1].last + 1);
    }
}
END_TEST

START_TEST(too_many_ranges_change_nothing)
{
    struct bars bars = {.count = 0};
    for (int i = 0; i < BARS_MOST_RANGES; i++)
        ck_assert(bars_put(&bars, 2 * i + 1, 2 * i + 1, true));
    ck_assert(!bars_put(&bars, 1000, 1000, true));
    ck_assert_int_eq(bars.count, BARS_MOST_RANGES);
    ck_assert(!bars_hold(&bars, 1000));
    ck_assert(bars_put(&bars, 1, 1000, true));
    ck_assert_str_eq(text_of(&bars), "1-1000");
    ck_assert(!bars_are_all(&bars));
    ck_assert(bars_put(&bars, 5, INT_MAX, true));
    ck_assert(bars_are_all(&bars));
    ck_assert(bars_put(&bars, 7, 7, false));
    ck_assert_str_eq(text_of(&bars), "1-6,8-");
    ck_assert(!bars_are_all(&bars));
    ck_assert(bars_put(&bars, 7, 7, true));
    ck_assert(bars_are_all(&bars));
}
END_TEST

Suite *bars_suite(void)
{
    Suite *suite = suite_create("bars");
    TCase *tests = tcase_create("bars");
    tcase_add_test(tests, ranges_are_read_in_any_order);
    tcase_add_test(tests, what_is_no_list_of_bars_is_refused);
    tcase_add_test(tests, bars_are_put_in_and_taken_out);
    tcase_add_test(tests, too_many_ranges_change_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
