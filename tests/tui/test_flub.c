#include "fixture.h"

#include "tui/flub.h"

static struct position at(int bar, double quarter, int numerator, int denominator)
{
    return (struct position){
        .bar = bar, .quarter = quarter, .numerator = numerator, .denominator = denominator};
}

START_TEST(a_flub_is_the_bar_that_sounds_or_in_its_first_beat_the_one_before)
{
    static const struct {
        int bar;
        double quarter;
        int numerator, denominator, first, last, flub;
    } cases[] = {
        {4, 1.0, 4, 4, 1, 16, 5},   {4, 3.99, 4, 4, 1, 16, 5}, {4, 0.99, 4, 4, 1, 16, 4},
        {4, 0.0, 4, 4, 1, 16, 4},   {0, 0.5, 4, 4, 1, 16, 1},  {4, 1.4, 6, 8, 1, 16, 4},
        {4, 1.5, 6, 8, 1, 16, 5},   {4, 0.5, 7, 8, 1, 16, 5},  {8, 0.2, 4, 4, 9, 12, 9},
        {17, 3.0, 4, 4, 1, 16, 16}, /* the last sounds ring out */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct position now =
            at(cases[i].bar, cases[i].quarter, cases[i].numerator, cases[i].denominator);
        ck_assert_msg(flub_bar(&now, cases[i].first, cases[i].last) == cases[i].flub, "case %zu",
                      i);
    }
}
END_TEST

Suite *flub_suite(void)
{
    Suite *suite = suite_create("flub");
    TCase *tcase = tcase_create("flub");
    tcase_add_test(tcase, a_flub_is_the_bar_that_sounds_or_in_its_first_beat_the_one_before);
    suite_add_tcase(suite, tcase);
    return suite;
}
