/* The screen of listening again, drawn from a snapshot made by hand. */
#include "fixture.h"

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {20, 60}, {40, 120}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct screen *a_take(void)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_LISTEN;
    screen->listen = (struct listen){.score = screen->score,
                                     .take = 4,
                                     .ready = true,
                                     .going = true,
                                     .drums = true,
                                     .guitar = true,
                                     .now_s = 29,
                                     .bar = 12,
                                     .first_bar = 1,
                                     .last_bar = FIXTURE_BARS,
                                     .loop_bars = 2};
    return screen;
}

static const double differences[FIXTURE_BARS] = {[6] = 40, [7] = 80, [15] = 10};

static struct screen *two_drummers(void)
{
    struct screen *screen = a_take();
    struct listen *listen = &screen->listen;
    listen->blind = listen->audible = listen->loops = true;
    listen->loop_first = 7;
    listen->bar = 8;
    listen->drummers[0] = 1;
    listen->drummers[1] = 3;
    listen->most_ms = 19.4;
    listen->most_velocity = 7;
    listen->bars = differences;
    listen->bar_count = FIXTURE_BARS;
    return screen;
}

START_TEST(a_take_says_what_is_heard)
{
    struct screen *screen = a_take();
    for (int i = 0; i < SIZES; i++) {
        const char *text = fixture_draw(screen, sizes[i].rows, sizes[i].cols, true);
        ck_assert_has(line_of(text, row_of(text, "Listening to take 4")), "0:29");
        ck_assert_has(text, "● DRUMS   ○ GUITAR");
        ck_assert_has(text, "bar 12 of 16");
        ck_assert_has_not(text, "round and round");
        ck_assert_has_not(text, "enter");
        ck_assert_has(text, "space pause");
    }
    screen->listen.guitar_db = -6;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "○ GUITAR -6 dB");
    screen->listen.guitar_db = 0;
    screen->listen.guitar = screen->listen.going = false;
    snprintf(screen->listen.unheard, sizeof screen->listen.unheard, "it was not recorded");
    const char *text = fixture_draw(screen, 24, 80, false);
    ck_assert_has(text, "* DRUMS   . guitar");
    ck_assert_has(text, "the drums alone: it was not recorded");
    ck_assert_has(line_of(text, row_of(text, "Listening")), "paused");
    fixture_free(screen);
}
END_TEST

START_TEST(bars_stand_under_one_another)
{
    struct screen *screen = a_take();
    const char *text = fixture_draw(screen, 24, 80, true);
    int strip = row_of(text, "bar by bar") + 1;
    ck_assert_has(line_of(text, strip), "█"); /* bar 5 was 39 ms apart */
    ck_assert_has(line_of(text, strip + 1), "▲");
    ck_assert_int_eq((int)strspn(line_of(text, strip + 1), " "), 1 + 11 * 4);
    screen->listen.loops = true;
    screen->listen.loop_first = 11;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round and round bars 11-12");
    screen->listen.loop_bars = 1;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round and round bar 11");
    screen->listen.loop_first = FIXTURE_BARS - 1;
    screen->listen.loop_bars = LISTEN_MOST_LOOP; /* no further than the song */
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round and round bars 15-16");
    fixture_free(screen);
}
END_TEST

START_TEST(a_long_song_shares_columns)
{
    struct screen *screen = a_take();
    screen->listen.last_bar = 400;
    screen->listen.bar = 399;
    screen->listen.loops = true;
    screen->listen.loop_first = 397;
    screen->listen.loop_bars = LISTEN_MOST_LOOP;
    for (int i = 0; i < SIZES; i++) {
        const char *text = fixture_draw(screen, sizes[i].rows, sizes[i].cols, true);
        ck_assert_has(line_of(text, row_of(text, "bar by bar") + 2), "▲");
    }
    fixture_free(screen);
}
END_TEST

START_TEST(who_is_who_is_told_when_it_is_decided)
{
    struct screen *screen = two_drummers();
    struct listen *listen = &screen->listen;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "enter: this one goes on\n");
    ck_assert_has(text, "up to 19 ms, 7 of velocity apart; who is who comes after\n");
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "Which drummer?   take 4, by #1 and by #3");
    ck_assert_has(text, "enter this one");
    ck_assert_has_not(text, "A was");
    ck_assert_has(line_of(text, row_of(text, "where they differ") + 1), "█");
    ck_assert_has(line_of(text, 4), "███"); /* a large A */
    listen->side = 1;
    ck_assert_has_not(line_of(fixture_draw(screen, 24, 80, true), 4), "███"); /* a large B */
    listen->chosen = listen->kept = true;
    listen->sides[0] = 1;
    listen->sides[1] = 3;
    listen->apart[0] = 11.24;
    listen->apart[1] = NAN;
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "B it is: the new drummer, #3. He stays.");
    ck_assert_has(text, "A was the old #1: 11.2 ms from your guitar");
    ck_assert_has(text, "B was the new #3\n");
    ck_assert_has_not(text, "enter");
    listen->kept = false;
    listen->side = 0;
    ck_assert_has(fixture_draw(screen, 24, 80, true),
                  "A it is: the old drummer, #1. The lesson is undone.");
    fixture_free(screen);
}
END_TEST

START_TEST(no_choice_is_pretended)
{
    struct screen *screen = two_drummers();
    screen->listen.audible = false;
    screen->listen.most_ms = 1.23;
    screen->listen.most_velocity = 4;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "Nobody could tell them apart");
    ck_assert_has(text, "no hit is more than 1.2 ms or 4 of velocity apart");
    ck_assert_has_not(text, "enter");
    fixture_free(screen);
}
END_TEST

START_TEST(getting_ready_is_seen)
{
    struct screen *screen = two_drummers();
    screen->listen.ready = false;
    screen->listen.done = 0.5;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "both drummers play to what was heard of you");
    ck_assert_has(text, "█░");
    screen->listen.blind = false;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "getting it ready");
    fixture_free(screen);
}
END_TEST

Suite *listen_suite(void)
{
    Suite *suite = suite_create("listen");
    TCase *tests = tcase_create("listen");
    tcase_add_test(tests, a_take_says_what_is_heard);
    tcase_add_test(tests, bars_stand_under_one_another);
    tcase_add_test(tests, a_long_song_shares_columns);
    tcase_add_test(tests, who_is_who_is_told_when_it_is_decided);
    tcase_add_test(tests, no_choice_is_pretended);
    tcase_add_test(tests, getting_ready_is_seen);
    suite_add_tcase(suite, tests);
    return suite;
}
