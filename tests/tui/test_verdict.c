/* The view of a take: its verdict, its map, what a lesson would be of. */
#include "fixture.h"

#include "tui/heat_map.h"

static struct screen *at_the_take(void)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_TAKE;
    return screen;
}

START_TEST(a_take_is_told_in_words_and_figures)
{
    struct screen *screen = at_the_take();
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "Take 4   2:40   undecided");
    ck_assert_has(text, "Tight: 8.1 ms apart, the best take yet.");
    ck_assert_has(text, "heard 428 of 440 expected notes");
    ck_assert_has(text, "expected you within 11.9 ms");
    ck_assert_has(text, "you came 1.2 ms before the drums, give or take 9");
    ck_assert_has(text, "the drums came 13.2 ms to you, you 1.3 to them");
    ck_assert_has(text, "takes ▄█▂  take 3: 39.0  take 1: 18.0");
    ck_assert_has(text, "a accept   r reject   k keep   x bar   p listen");
    screen->verdict.judged.judgement.reaction.share = 0;
    ck_assert_has(fixture_draw(screen, 24, 80, true), " to you, you kept your time");
    screen->verdict.judged.judgement.reaction.share = 0.1; /* neither here nor there */
    ck_assert_has(fixture_draw(screen, 24, 80, true), " to you\n");
    screen->verdict.judged.judgement.expected = 0;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "heard at 431 of 448 steps");
    fixture_free(screen);
}
END_TEST

START_TEST(the_map_has_bars_by_takes)
{
    struct screen *screen = at_the_take();
    for (int utf8 = 0; utf8 < 2; utf8++) {
        const char *text = fixture_draw(screen, 20, 60, utf8);
        const char *map[] = {utf8 ? "  4 ▁▁▁▁█▁▁▁ ▁▁▁▁▁▁▁·" : "  4 ____#___ _______.",
                             utf8 ? "  3 ████████ ████████" : "  3 ######## ########",
                             "bar 1   3 ms apart, you 3 late"};
        ck_assert_has(text, "    1        9 ");
        ck_assert_int_eq(row_of(text, map[1]), row_of(text, map[0]) + 1);
        ck_assert_has(text, map[2]);
        ck_assert_has(line_of(text, row_of(text, map[0])), "  3"); /* the bar's figures */
        ck_assert_has(line_of(text, row_of(text, map[1])), " 39");
    }
    fixture_free(screen);
}
END_TEST

START_TEST(a_take_stands_taller_where_there_is_room)
{
    struct screen *screen = at_the_take();
    const char *text = fixture_draw(screen, 40, 120, true);
    int own = row_of(text, "  4   6.8 ms   "), first = row_of(text, "               1        9");
    ck_assert_int_gt(own, first + 1);
    for (int row = first + 1; row <= own; row++)
        ck_assert_has(line_of(text, row), "█");
    ck_assert_has(line_of(text, own + 1), "  3  39.0 ms   ████████ ████████");
    fixture_free(screen);
}
END_TEST

START_TEST(the_map_scrolls_to_what_is_looked_at_beside)
{
    struct screen *screen = at_the_take();
    struct room_verdict *judged = &screen->verdict.judged;
    for (; judged->row_count < 12; judged->row_count++) {
        struct take_bars *row = &judged->rows[judged->row_count];
        *row = judged->rows[2];
        row->take = 50 - judged->row_count;
        row->bars = calloc(FIXTURE_BARS, sizeof *row->bars);
        for (int bar = 1; bar <= FIXTURE_BARS; bar++)
            fixture_bar(row, bar, 12);
    }
    ck_assert_has_not(fixture_draw(screen, 20, 60, true), " 39 ");
    for (int i = 0; i < 20; i++)
        verdict_move_row(&screen->verdict, 1);
    ck_assert_int_eq(screen->verdict.row, 11);
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "▶39 ");
    ck_assert_has(text, "take 39: 12.0 ms apart");
    ck_assert_has(line_of(text, row_of(text, "bar 1 ")), "take 39: 12");
    for (int i = 0; i < 20; i++)
        verdict_move_row(&screen->verdict, -1);
    ck_assert_int_eq(screen->verdict.row, 0);
    verdict_move_row(&screen->verdict, 1);
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "take 3: 39.0 ms apart, rejected, heard 431, expected within 10.9");
    fixture_free(screen);
}
END_TEST

START_TEST(without_a_guitar_it_says_what_may_help)
{
    struct screen *screen = at_the_take();
    struct judgement *judgement = &screen->verdict.judged.judgement;
    *judgement = (struct judgement){.take = 4, .steps = 448};
    ck_assert_has(fixture_draw(screen, 24, 80, true), "No guitar was heard in this take.");
    ck_assert_has(fixture_draw(screen, 20, 60, true), "is the input the right one");
    screen->sound.silent = true;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "there is no sound card to hear you");
    screen->sound.virtual_guitar = true;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "sound card to hear you");
    judgement->steps = screen->verdict.take.summary.steps = 0;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "It was stopped before the drums came in.");
    ck_assert_has_not(text, "No guitar was heard");
    fixture_free(screen);
}
END_TEST

START_TEST(a_lesson_is_chosen_on_the_take)
{
    struct screen *screen = at_the_take();
    struct verdict *verdict = &screen->verdict;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "1 kick 2 snare 3 hat 8 crash"); /* what the song has */
    ck_assert_has(text, "learns from 431 notes, 7.9 ms off their places");
    ck_assert_has(text, " bar 1 ");
    ck_assert_has_not(text, "×");
    ck_assert(bars_put(&verdict->choice.bars, 3, 4, false));
    verdict->choice.drums = KITMAP_ALL & ~(1 << DRUM_SNARE);
    verdict->bar = verdict->anchor = 4;
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "1 kick 2×snare 3 hat");
    ck_assert_has(text, "  4 ▁▁××█");
    ck_assert_has(line_of(text, row_of(text, " bar 4 ")), "left out");
    ck_assert_has(fixture_draw(screen, 20, 60, false), "2xsnare"); /* ASCII */
    fixture_free(screen);
}
END_TEST

START_TEST(bars_are_chosen_one_by_one_or_as_a_stretch)
{
    struct screen *screen = at_the_take();
    struct verdict *verdict = &screen->verdict;
    char bars[BARS_TEXT_SIZE];
    verdict_move_bar(verdict, 1, -1); /* there is none before the first */
    for (int i = 0; i < 4; i++)
        verdict_move_bar(verdict, 1, 1);
    ck_assert(verdict_toggle_bars(verdict, 1));
    bars_text(&verdict->choice.bars, bars, sizeof bars);
    ck_assert_str_eq(bars, "1-4,6-");
    for (int i = 0; i < 4; i++)
        verdict_move_bar(verdict, 1, 1);
    verdict_stretch(verdict);
    verdict_move_bar(verdict, 1, -1);
    verdict_move_bar(verdict, 1, -1);
    ck_assert_has(fixture_draw(screen, 24, 80, true), " bars 7-9  s: that far");
    verdict_stretch(verdict); /* enough */
    ck_assert_has(fixture_draw(screen, 24, 80, true), " bars 7-9   3 ms apart");
    ck_assert(verdict_toggle_bars(verdict, 1));
    bars_text(&verdict->choice.bars, bars, sizeof bars);
    ck_assert_str_eq(bars, "1-4,6,10-");
    verdict_move_bar(verdict, 1, 1); /* the stretch is let go */
    ck_assert(verdict_toggle_bars(verdict, 1));
    bars_text(&verdict->choice.bars, bars, sizeof bars);
    ck_assert_str_eq(bars, "1-4,6,8,10-");
    for (int i = 0; i < 40; i++)
        verdict_move_bar(verdict, 1, 1);
    ck_assert_int_eq(verdict->bar, FIXTURE_BARS);
    fixture_free(screen);
}
END_TEST

START_TEST(a_column_of_many_bars_is_chosen_whole)
{
    enum { BARS = 200 };
    struct screen *screen = at_the_take();
    struct verdict *verdict = &screen->verdict;
    fixture_verdict(screen, BARS);
    int stride = heat_map_stride(60, BARS);
    ck_assert_int_eq(heat_map_stride(250, BARS), 1);
    ck_assert_int_eq(heat_map_stride(80, 64), 1); /* a song as songs are */
    ck_assert_int_gt(stride, 1);
    verdict_move_bar(verdict, stride, 1);
    ck_assert(verdict_toggle_bars(verdict, stride));
    ck_assert(bars_hold(&verdict->choice.bars, stride));
    ck_assert(!bars_hold(&verdict->choice.bars, stride + 1));
    ck_assert(!bars_hold(&verdict->choice.bars, 2 * stride));
    ck_assert(bars_hold(&verdict->choice.bars, 2 * stride + 1));
    const char *text = fixture_draw(screen, 20, 60, true);
    char range[32];
    snprintf(range, sizeof range, " bars %d-%d ", stride + 1, 2 * stride);
    ck_assert_has(text, range);
    ck_assert_has(text, "×");
    ck_assert(bars_put(&verdict->choice.bars, stride + 1, stride + 1, true)); /* a part of it */
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has_not(text, "×");
    ck_assert_has(line_of(text, row_of(text, "  4 ")), "/");
    for (int i = 0; i < BARS; i++)
        verdict_move_bar(verdict, stride, 1);
    struct bar_range last = verdict_selected(verdict, stride);
    ck_assert_int_eq(last.last, BARS);
    fixture_free(screen);
}
END_TEST

START_TEST(what_speaks_against_a_lesson_is_said_before_it)
{
    struct screen *screen = at_the_take();
    struct lesson_advice *advice = &screen->verdict.advice;
    advice->doubts = 1u << DOUBT_SHIFTED;
    advice->shift_ms = 150;
    for (int size = 0; size < 2; size++) {
        const char *text = fixture_draw(screen, size ? 24 : 20, size ? 80 : 60, true);
        ck_assert_has(text, "! the notes lie 150 ms late on the whole: better not learnt");
        ck_assert_has(text, "is it this song, and the round trip of the sound right?");
        ck_assert_has_not(text, "learns from");
    }
    advice->doubts = 1u << DOUBT_REPORTED; /* worth knowing, and no reason */
    advice->round_trip_ms = 9.3;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "learns from 431 notes");
    ck_assert_has(text, "note: the round trip, 9.3 ms, is only the driver's word");
    ck_assert_has_not(text, "better not learnt");
    ck_assert_has_not(text, "calibration fresh");
    advice->doubts = 0;
    screen->verdict.take.sound.source = ROUND_TRIP_MEASURED;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "calibration fresh");
    fixture_free(screen);
}
END_TEST

START_TEST(bars_that_disagree_are_proposed_to_be_left_out)
{
    struct screen *screen = at_the_take();
    struct verdict *verdict = &screen->verdict;
    struct judgement *judgement = &verdict->judged.judgement;
    judgement->odd[0] = (struct odd_bars){.first = 5, .last = 6, .apart_ms = 39, .guitar_ms = -35};
    judgement->odd[1] = (struct odd_bars){.first = 9, .last = 10, .apart_ms = 31};
    judgement->odd[2] = (struct odd_bars){.first = 12, .last = 12, .apart_ms = 27};
    judgement->odd_count = 3;
    ck_assert_has(fixture_draw(screen, 40, 120, true), "Then bars 9-10 (31 ms), 12 (27 ms)");
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "You rushed bars 5-6 by 35 ms.");
    ck_assert_has(text, "Bars 5-6 disagree with the other takes.   x leaves them");
    ck_assert(bars_put(&verdict->choice.bars, 5, 6, false));
    ck_assert_has_not(fixture_draw(screen, 20, 60, true), "disagree");
    verdict->choice.bars = bars_all;
    screen->history.checkpoints[2].take = 4; /* learnt: too late */
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has_not(text, "disagree");
    ck_assert_has_not(text, "learns from");
    ck_assert_has(text, "the drummer has learnt from this take");
    fixture_free(screen);
}
END_TEST

Suite *verdict_suite(void)
{
    Suite *suite = suite_create("verdict");
    TCase *tests = tcase_create("verdict");
    tcase_add_test(tests, a_take_is_told_in_words_and_figures);
    tcase_add_test(tests, the_map_has_bars_by_takes);
    tcase_add_test(tests, a_take_stands_taller_where_there_is_room);
    tcase_add_test(tests, the_map_scrolls_to_what_is_looked_at_beside);
    tcase_add_test(tests, without_a_guitar_it_says_what_may_help);
    tcase_add_test(tests, a_lesson_is_chosen_on_the_take);
    tcase_add_test(tests, bars_are_chosen_one_by_one_or_as_a_stretch);
    tcase_add_test(tests, a_column_of_many_bars_is_chosen_whole);
    tcase_add_test(tests, what_speaks_against_a_lesson_is_said_before_it);
    tcase_add_test(tests, bars_that_disagree_are_proposed_to_be_left_out);
    suite_add_tcase(suite, tests);
    return suite;
}
