/* Whether the colours can be read on black and on white, and told apart by the colour-blind. */
#include "fixture.h"

#include "tui/palette.h"

#include <math.h>

struct rgb {
    double r, g, b; /* linear light, 0..1 */
};

static double linear(int value)
{
    double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double coded(double share)
{
    share = fmin(fmax(share, 0), 1);
    return 255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * pow(share, 1 / 2.4) - 0.055);
}

static struct rgb of_direct(int colour)
{
    return (struct rgb){linear(colour >> 16), linear(colour >> 8 & 255), linear(colour & 255)};
}

/* xterm's cube and greys, which all terminals with 256 colours share. */
static int of_256(int colour)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    if (colour >= 232)
        return (8 + 10 * (colour - 232)) * 0x010101;
    colour -= 16;
    return levels[colour / 36] << 16 | levels[colour / 6 % 6] << 8 | levels[colour % 6];
}

/* WCAG 2.1. */
static double luminance(struct rgb c)
{
    return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

/* Vienot, Brettel, Mollon 1999: what is left to a deuteranope, to a protanope. */
static struct rgb deuteranope(struct rgb c)
{
    double yellow = 0.29275 * c.r + 0.70725 * c.g;
    return (struct rgb){yellow, yellow, -0.02234 * c.r + 0.02234 * c.g + c.b};
}

static struct rgb protanope(struct rgb c)
{
    double yellow = 0.11238 * c.r + 0.88762 * c.g;
    return (struct rgb){yellow, yellow, 0.00401 * c.r - 0.00401 * c.g + c.b};
}

static double distance(struct rgb a, struct rgb b)
{
    double r = coded(a.r) - coded(b.r), g = coded(a.g) - coded(b.g), d = coded(a.b) - coded(b.b);
    return sqrt(r * r + g * g + d * d);
}

static int shown(enum role role, int colours)
{
    int colour = palette_look(role, colours).colour;
    return colours == 256 ? of_256(colour) : colour;
}

static const int rich[] = {256, PALETTE_DIRECT};

START_TEST(every_colour_can_be_read_on_black_and_on_white)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (palette_look((enum role)role, rich[_i]).colour < 0)
            continue;
        double light = luminance(of_direct(shown((enum role)role, rich[_i])));
        ck_assert_msg((light + 0.05) / 0.05 >= 3, "role %d on black: %g", role, light);
        ck_assert_msg(1.05 / (light + 0.05) >= 3, "role %d on white: %g", role, light);
    }
}
END_TEST

START_TEST(what_is_told_apart_is_so_for_the_colour_blind)
{
    static const enum role pairs[][2] = {{ROLE_DRUMS, ROLE_GUITAR},
                                         {ROLE_GOOD, ROLE_BAD},
                                         {ROLE_GOOD, ROLE_WARN},
                                         {ROLE_EXPECTED, ROLE_GUITAR}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct rgb a = of_direct(shown(pairs[i][0], rich[_i]));
        struct rgb b = of_direct(shown(pairs[i][1], rich[_i]));
        ck_assert_double_ge(distance(a, b), 90);
        ck_assert_double_ge(distance(deuteranope(a), deuteranope(b)), 90);
        ck_assert_double_ge(distance(protanope(a), protanope(b)), 90);
    }
}
END_TEST

START_TEST(many_colours_are_as_near_as_they_can_be)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        if (palette_look((enum role)role, 256).colour >= 0)
            ck_assert_double_le(distance(of_direct(shown((enum role)role, 256)),
                                         of_direct(shown((enum role)role, PALETTE_DIRECT))),
                                60);
}
END_TEST

START_TEST(few_colours_or_none)
{
    static const int counts[] = {0, 2, 8, 16, 88, 1 << 16};
    for (int role = 0; role < ROLE_COUNT; role++)
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            struct look look = palette_look((enum role)role, counts[i]);
            ck_assert_int_lt(look.colour, counts[i] < 8 ? 0 : 8);
        }
    /* Blue and yellow, not green and red: and nothing that black or white would swallow. */
    ck_assert_int_ne(palette_look(ROLE_GOOD, 8).colour, 2);
    for (int role = 0; role < ROLE_COUNT; role++) {
        int colour = palette_look((enum role)role, 8).colour;
        ck_assert(colour != 0 && colour != 7);
    }
    ck_assert(palette_look(ROLE_SELECTED, 0).reverse);
    ck_assert(palette_look(ROLE_BOLD, 0).bold);
    ck_assert(palette_look(ROLE_DIM, 0).dim);
    ck_assert(!palette_look(ROLE_DIM, 256).dim);
}
END_TEST

START_TEST(no_color_is_heeded)
{
    ck_assert(palette_wanted(NULL));
    ck_assert(palette_wanted(""));
    ck_assert(!palette_wanted("1"));
    ck_assert(!palette_wanted("0")); /* any value counts */
}
END_TEST

START_TEST(direct_colour_is_looked_for_where_it_is_told_of)
{
    static const struct {
        const char *term, *colorterm, *found;
    } cases[] = {
        {"xterm-256color", "truecolor", "xterm-direct"},
        {"xterm", "24bit", "xterm-direct"},
        {"tmux-256color", "truecolor", "tmux-direct"},
        {"xterm-256color", NULL, NULL},
        {"xterm-256color", "", NULL},
        {"xterm-256color", "yes", NULL},
        {"xterm-direct", "truecolor", NULL},
        {"-256color", "truecolor", "-256color-direct"},
        {"", "truecolor", NULL},
        {NULL, "truecolor", NULL},
        {"a-name-that-is-longer-than-what-it-has-to-fit-into", "truecolor", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[32] = "";
        bool found = palette_direct(cases[i].term, cases[i].colorterm, name, sizeof name);
        ck_assert_int_eq(found, cases[i].found != NULL);
        if (found)
            ck_assert_str_eq(name, cases[i].found);
    }
}
END_TEST

Suite *palette_suite(void)
{
    Suite *suite = suite_create("palette");
    TCase *tcase = tcase_create("palette");
    tcase_add_loop_test(tcase, every_colour_can_be_read_on_black_and_on_white, 0, 2);
    tcase_add_loop_test(tcase, what_is_told_apart_is_so_for_the_colour_blind, 0, 2);
    tcase_add_test(tcase, many_colours_are_as_near_as_they_can_be);
    tcase_add_test(tcase, few_colours_or_none);
    tcase_add_test(tcase, no_color_is_heeded);
    tcase_add_test(tcase, direct_colour_is_looked_for_where_it_is_told_of);
    suite_add_tcase(suite, tcase);
    return suite;
}
