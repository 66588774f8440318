/* What the history and its comparisons show. */
#include "fixture.h"

#include "tui/view.h"

#include <string.h>

START_TEST(the_history_is_a_tree)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_HISTORY;
    screen->browsing.selected = 2;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "4 takes, 3 drummers");
    ck_assert_has(text, "▶ #3 groove  from #1, learnt take 2");
    ck_assert_has(text, "├─ take 1");
    ck_assert_has(text, "├─○ #2 groove  from #1, learnt take 1");
    ck_assert_has(text, "│ └─ take 3");
    ck_assert_has(line_of(text, row_of(text, "─ take 1")), "accepted → #2");
    ck_assert_has(line_of(text, row_of(text, "─ take 1")), "sun 16 nov");
    ck_assert_has(line_of(text, row_of(text, "─ take 3")), "yesterday 14:00");
    ck_assert_has(line_of(text, row_of(text, "─ take 4")), "today 14:00");
    ck_assert_has(text, "follow 1.0   expression 0.3   leash 120 ms   tempo 100 %");
    screen->browsing.selected = 3;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "lesson: loss 0.50 → 0.25, 10 passes");
    ck_assert_has(text, "taught by take 1");
    fixture_free(screen);
}
END_TEST

/* Small, wide and tall: nothing of what matters is lost. */
START_TEST(the_history_fits_its_screen)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_HISTORY;
    screen->browsing.selected = 4;
    strcpy(screen->history.takes[2].note, "rushed the bridge, and the end of the second verse");
    const char *text = fixture_draw(screen, 20, 60, false);
    ck_assert_has(text, "| `- take 3    12.1 ms");
    ck_assert_has(text, "rejected  \"rushe~");
    ck_assert_has(text, "\n \"rushed the bridge, and the end of the second verse\"\n");
    ck_assert_has(text, "c compare   n note   d delete   / find");
    ck_assert_has(text, "last 8.1   best 8.1 ms today");
    text = fixture_draw(screen, 24, 120, true);
    ck_assert_has(line_of(text, 3), "│ take 3   yesterday 14:00   by #2");
    ck_assert_has(text, "│ follow 1.0   expression 0.3");
    ck_assert_has(text, "│ leash 120 ms   tempo 100 %");
    text = fixture_draw(screen, 40, 120, true);
    ck_assert_has(line_of(text, 36), "20.1"); /* on the bars of the days */
    ck_assert_has(line_of(text, 37), "sun 16 nov   mon 17 nov   today");
    fixture_free(screen);
}
END_TEST

START_TEST(a_long_history_scrolls)
{
    enum { MANY = 300 };
    struct screen *screen = fixture_screen();
    struct history *history = &screen->history;
    screen->view = VIEW_HISTORY;
    history->takes = realloc(history->takes, MANY * sizeof *history->takes);
    for (int i = FIXTURE_TAKES; i < MANY; i++) {
        history->takes[i] = history->takes[FIXTURE_TAKES - 1];
        history->takes[i].number = i + 1;
    }
    history->take_count = MANY;
    ck_assert(history_arrange(history));
    int page = view_history_page(20, 60);
    browsing_select(&screen->browsing, history, 100, page);
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(line_of(text, 3 + page - 1), "↓ ├─ take 98 ");
    ck_assert_has(line_of(text, 3), "↑ ├─ take 90 ");
    browsing_move(&screen->browsing, history, -1, page); /* the lines stay where they are */
    ck_assert_has(line_of(fixture_draw(screen, 20, 60, true), 3), "↑ ├─ take 90 ");
    text = fixture_draw(screen, 60, 120, true); /* a larger screen shows more around it */
    ck_assert_has(text, "─ take 97 ");
    browsing_select(&screen->browsing, history, MANY + FIXTURE_DRUMMERS, 1);
    text = fixture_draw(screen, 60, 120, true); /* and the end leaves no empty lines */
    ck_assert_has(text, "└─ take 300 ");
    ck_assert_has(text, "─ take 270 ");
    fixture_free(screen);
}
END_TEST

START_TEST(what_is_searched_stands_out)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_HISTORY;
    strcpy(screen->browsing.words, "mon 17");
    ck_assert_has(fixture_draw(screen, 24, 80, true), "4 found");
    strcpy(screen->browsing.words, "nowhere");
    ck_assert_has(fixture_draw(screen, 24, 80, true), "0 found");
    screen->browsing.compared = (struct history_mark){.take = 2};
    ck_assert_has(fixture_draw(screen, 24, 80, true), "c ├─ take 2");
    fixture_free(screen);
}
END_TEST

static float *made_bars(float first)
{
    float *ms = malloc(FIXTURE_BARS * sizeof *ms);
    for (int bar = 0; bar < FIXTURE_BARS; bar++)
        ms[bar] = bar == 15 ? NAN : first + (float)(bar == 4) * 20;
    return ms;
}

START_TEST(two_takes_stand_side_by_side)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_COMPARE;
    screen->comparison =
        (struct comparison){.takes = {screen->history.takes[0], screen->history.takes[3]},
                            .bar_count = FIXTURE_BARS,
                            .bar_ms = {made_bars(12), made_bars(3)}};
    screen->comparison.bar_ms[1][4] = 2;
    for (int i = 0; i < 2; i++) {
        const char *text = fixture_draw(screen, i ? 20 : 24, i ? 60 : 80, true);
        ck_assert_has(text, "take 1     take 4");
        ck_assert_has(line_of(text, row_of(text, "apart")), "20.1 ms     8.1 ms  ▼ 12.0 ms better");
        ck_assert_has(line_of(text, row_of(text, "expected")), "▲ 3.0 ms worse");
        ck_assert_has(text, i ? "take 4   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁·" : "take 4   ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂·");
        /* nothing stands where nothing was heard */
        ck_assert_has_not(line_of(text, row_of(text, "take 4   ") - 1), "█");
        ck_assert_has(text, "they differ most in bar 5 (30 ms), 1 (9 ms), 2 (9 ms)");
        ck_assert_has(text, "esc back");
    }
    fixture_free(screen);
}
END_TEST

START_TEST(two_drummers_stand_side_by_side)
{
    struct screen *screen = fixture_screen();
    struct comparison *comparison = &screen->comparison;
    screen->view = VIEW_COMPARE;
    *comparison = (struct comparison){
        .drummers = true,
        .checkpoints = {screen->history.checkpoints[1], screen->history.checkpoints[2]},
        .bar_count = FIXTURE_BARS,
        .bar_ms = {made_bars(3), made_bars(3)},
        .taught_count = {1, 2}};
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        comparison->drums[drum] = comparison->all = (struct compared_drum){100, -4, 2, 6, 3};
    for (int i = 0; i < 2; i++) {
        comparison->taught[i] = calloc(2, sizeof(int));
        comparison->taught[i][0] = i + 1;
        comparison->taught[i][1] = 7;
    }
    for (int i = 0; i < 2; i++) {
        const char *text = fixture_draw(screen, i ? 20 : 24, i ? 60 : 80, true);
        ck_assert_has(text, "#3 beside #2, with no guitar heard");
        ck_assert_has(text, "kick   100   4.0 ms earlier    6.0 apart   2.0 louder");
        ck_assert_has(text, "only #2 has learnt take 1\n");
        ck_assert_has(text, "only #3 has learnt take 2, 7\n");
        ck_assert_has(text, "they differ most in bar 5 (23 ms)");
    }
    fixture_free(screen);
}
END_TEST

Suite *view_history_suite(void)
{
    Suite *suite = suite_create("view_history");
    TCase *tcase = tcase_create("view_history");
    tcase_add_test(tcase, the_history_is_a_tree);
    tcase_add_test(tcase, the_history_fits_its_screen);
    tcase_add_test(tcase, a_long_history_scrolls);
    tcase_add_test(tcase, what_is_searched_stands_out);
    tcase_add_test(tcase, two_takes_stand_side_by_side);
    tcase_add_test(tcase, two_drummers_stand_side_by_side);
    suite_add_tcase(suite, tcase);
    return suite;
}
