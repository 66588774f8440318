/* What a player reads from two metres: late or early, how far apart, and where we are. */
#include "fixture.h"

#include "tui/view.h"

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {20, 60}, {30, 100}, {40, 120}};
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(the_stage_counts_in)
{
    struct screen *screen = fixture_screen();
    screen->transport.playing = true;
    screen->transport.count_in = 3;
    screen->transport.quarters = -2;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "count-in 3 of 4");
    ck_assert_has(text, "COUNT-IN");
    ck_assert_has(text, "take 5");
    ck_assert_has(text, "96 bpm  4/4");
    ck_assert_has(text, "space stop");
    ck_assert_has_not(text, "a accept");
    fixture_free(screen);
}
END_TEST

START_TEST(the_stage_tells_late_from_early)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 6, 24);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "bar 7 of 16");
    ck_assert_has(text, "TOGETHER  close");
    ck_assert_has(text, "ms late");
    /* The guitar stands three rows above the drums, which are on the line. */
    int on = row_of(text, "on   0 ms");
    ck_assert_has(line_of(text, on), "●");
    ck_assert_has(line_of(text, on - 3), "○");
    ck_assert_has(line_of(text, on - 1), "│");
    ck_assert_has_not(line_of(text, on + 3), "○");
    fixture_play(screen, 6, -24);
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "ms early");
    ck_assert_has(line_of(text, on + 3), "○");
    fixture_free(screen);
}
END_TEST

START_TEST(the_stage_shows_together_as_one_sign)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 6, 1);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "TOGETHER  tight");
    ck_assert_has(line_of(text, row_of(text, "on   0 ms")), "◉");
    text = fixture_draw(screen, 24, 80, false);
    ck_assert_has(line_of(text, row_of(text, "on   0 ms")), "@");
    fixture_free(screen);
}
END_TEST

START_TEST(lanes_join_where_there_is_little_room)
{
    struct screen *screen = fixture_screen();
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "crash");
    ck_assert_has(text, "snare");
    ck_assert_has_not(text, "ride"); /* nothing is written for it */
    ck_assert_int_lt(row_of(text, "snare"), row_of(text, "kick"));
    fixture_free(screen);
}
END_TEST

START_TEST(the_stage_owns_up_to_trouble)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 2, 5);
    screen->late_plans = 3;
    screen->moments[8].missed = true;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "late plans 3");
    ck_assert_has_not(text, "xruns");
    ck_assert_has_not(text, "round trip"); /* it is as it should be */
    ck_assert_has_not(text, "JACK: system");
    ck_assert_has(line_of(text, row_of(text, "on   0 ms")), "!");
    screen->sound.round_trip = ROUND_TRIP_STALE;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round trip 9.3 ms stale");
    screen->sound.round_trip = ROUND_TRIP_REPORTED;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round trip 9.3 ms reported");
    screen->sound.round_trip = ROUND_TRIP_NONE;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "round trip");
    screen->sound.load = 0.03;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "load");
    screen->sound.load = 0.42;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "load 42%");
    screen->transport.playing = false;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has_not(text, "load"); /* it was the take's */
    ck_assert_has(text, "JACK: system");
    screen->sound.round_trip = ROUND_TRIP_MEASURED;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "round trip 9.3 ms measured");
    screen->transport.playing = true;
    screen->xruns = 2;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "xruns 2");
    screen->sound.load = 0;
    screen->sound.no_priority = true;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "no priority: rolypoly doctor");
    screen->sound.no_priority = false;
    screen->sound.silent = true;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "no sound card: silent");
    screen->sound.lost = true;
    screen->sound.peak_db = 0;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "the sound card has vanished");
    ck_assert_has(text, "CLIPS!");
    fixture_free(screen);
}
END_TEST

START_TEST(figures_of_the_sound_stand_whole_or_not_at_all)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 2, 5);
    screen->sound.peak_db = -20;
    screen->sound.round_trip = ROUND_TRIP_REPORTED;
    const char *text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "round trip 9.3 ms reported");
    ck_assert_has_not(text, "late plans");
    screen->xruns = 63;
    screen->late_plans = 2;
    text = fixture_draw(screen, 20, 60, true);
    ck_assert_has(text, "late plans 2  xruns 63");
    ck_assert_has_not(text, "round");
    screen->sound.lost = true;
    ck_assert_has(fixture_draw(screen, 20, 60, true), "the sound card has vanished");
    fixture_free(screen);
}
END_TEST

START_TEST(the_count_in_is_no_missing_guitar)
{
    struct screen *screen = fixture_screen();
    screen->transport.playing = true;
    screen->transport.count_in = 2;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "NO GUITAR YET");
    screen->transport.count_in = 0;
    ck_assert_has(fixture_draw(screen, 20, 60, true), "NO GUITAR YET");
    fixture_free(screen);
}
END_TEST

/* Rows above (1) or below (-1) the line for 0 ms on which the needle stands, right of now. */
static int needle_rows(const char *text, const char *now, const char *full, const char *half,
                       int way)
{
    int on = row_of(text, "on   0 ms"), count = 0;
    for (int row = on - way; row > 0; row -= way) {
        const char *right = strstr(line_of(text, row), now);
        if (!right)
            break;
        right += strlen(now) + 1;
        if (strncmp(right, full, strlen(full)) != 0 && strncmp(right, half, strlen(half)) != 0)
            break;
        count++;
    }
    return count;
}

START_TEST(the_needle_points_up_for_late_and_down_for_early)
{
    struct screen *screen = fixture_screen();
    for (int size = 0; size < SIZES; size++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            const char *now = utf8 ? "┊" : ":", *full = utf8 ? "█" : "#";
            const char *up = utf8 ? "▄" : "=", *down = utf8 ? "▀" : "\"";
            fixture_play(screen, 6, 24);
            const char *text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, utf8);
            ck_assert_int_ge(needle_rows(text, now, full, up, 1), 2);
            ck_assert_int_eq(needle_rows(text, now, full, down, -1), 0);
            ck_assert_has(line_of(text, row_of(text, "\n late ") + 1), "LATE");
            ck_assert_has_not(text, "EARLY");
            fixture_play(screen, 6, -24);
            text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, utf8);
            ck_assert_int_eq(needle_rows(text, now, full, up, 1), 0);
            ck_assert_int_ge(needle_rows(text, now, full, down, -1), 2);
            ck_assert_has(line_of(text, row_of(text, "\n early ") + 1), "EARLY");
            ck_assert_has_not(text, "LATE");
            fixture_play(screen, 6, 1);
            text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, utf8);
            ck_assert_has(text, "on time");
            ck_assert_has_not(text, "LATE");
            ck_assert_has_not(text, "EARLY");
        }
    fixture_free(screen);
}
END_TEST

START_TEST(the_needle_never_leaves_the_graph)
{
    struct screen *screen = fixture_screen();
    for (int way = -1; way <= 1; way += 2) {
        fixture_play(screen, 6, 500.0f * (float)way);
        const char *text = fixture_draw(screen, 24, 80, true);
        ck_assert_int_eq(needle_rows(text, "┊", "█", "▄", way), 4); /* of five rows */
        ck_assert_has(text, way > 0 ? "LATE" : "EARLY");
    }
    fixture_free(screen);
}
END_TEST

START_TEST(now_is_the_newest_notes_and_together_four_bars)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 6, 24);
    int last = 0; /* the three newest were early */
    while (screen->moments[last + 1].heard)
        last++;
    for (int i = last - 2; i <= last; i++)
        screen->moments[i].guitar_ms = -24;
    screen->lately = moments_together(screen->score, screen->moments, 6, 4);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "EARLY");
    ck_assert_has(text, "ms early ");
    ck_assert_has(text, "TOGETHER  close");
    ck_assert_has(fixture_draw(screen, 20, 60, true), "24 ms early");
    fixture_free(screen);
}
END_TEST

START_TEST(figures_grow_with_the_screen)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 6, 7); /* a seven's top is three dots wide */
    ck_assert_has(fixture_draw(screen, 24, 80, true), " ███       ███");
    const char *text = fixture_draw(screen, 40, 120, true);
    ck_assert_has(text, " ██████            ██████");
    ck_assert_has(text, "BAR");
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "BAR");
    fixture_free(screen);
}
END_TEST

START_TEST(the_count_fills_the_graph)
{
    struct screen *screen = fixture_screen();
    screen->transport.playing = true;
    for (int size = 0; size < SIZES; size++)
        for (int beat = 1; beat <= 7; beat++) {
            screen->transport.numerator = beat > 4 ? 12 : 4;
            screen->transport.count_in = beat;
            const char *text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, false);
            ck_assert_has(text, "COUNT-IN");
            ck_assert_has_not(text, "0 ms");
            const char *digit = beat == 1 || beat == 4 ? "##" : "######";
            ck_assert_has(text, digit);
        }
    fixture_free(screen);
}
END_TEST

/* A score of eight bars with a fill in the seventh, and a marker at the fifth. */
static struct score *song_with_a_fill(void)
{
    static const uint8_t chorus[] = {0xff, 6, 6, 'c', 'h', 'o', 'r', 'u', 's'};
    struct smf_bytes *bytes = calloc(1, sizeof *bytes);
    ck_assert(bytes != NULL);
    smf_begin(bytes, 4, 2, 120);
    for (int i = 0; i < 16 * 8; i++) {
        if (i == 16 * 4)
            smf_event(bytes, 120 * i, chorus, sizeof chorus);
        if (i % 4 == 0)
            smf_hit(bytes, 120 * i, i % 8 ? 38 : 36, 100);
        if (i >= 16 * 7 - 4 && i < 16 * 7)
            smf_hit(bytes, 120 * i, 45, 100);
    }
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

START_TEST(the_position_names_the_section_and_the_next_fill)
{
    static const struct {
        int bar;
        const char *section, *fill;
    } cases[] = {{2, "intro", "fill in 4 bars"},
                 {4, "chorus", "fill in 2 bars"},
                 {5, "chorus", "fill in the next bar"},
                 {6, "chorus", "FILL"}};
    struct screen *screen = fixture_screen();
    form_free((struct form *)screen->form);
    score_free((struct score *)screen->score);
    free(screen->moments);
    screen->score = song_with_a_fill();
    screen->form = form_new(screen->score);
    screen->moments = calloc((size_t)screen->score->step_count, sizeof *screen->moments);
    ck_assert(screen->form && screen->moments);
    screen->transport.playing = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        screen->transport.bar = cases[i].bar;
        const char *line = line_of(fixture_draw(screen, 24, 80, true), 1);
        ck_assert_has(line, cases[i].section);
        ck_assert_has(line, cases[i].fill);
    }
    screen->transport.bar = 7;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has_not(text, "fill in");
    ck_assert_has(line_of(text, 2), "│"); /* where the chorus begins */
    ck_assert_has(line_of(text, 2), "▒");
    screen->transport.bar = 1;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "fill in"); /* too far ahead */
    screen->transport.bar = 2;
    screen->transport.playing = false;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "fill in");
    text = fixture_draw(screen, 40, 120, true);
    ck_assert_has(line_of(text, 4), "chorus");
    fixture_free(screen);
}
END_TEST

START_TEST(a_tall_screen_shows_where_it_was_apart)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 8, 4);
    for (int i = 0; i < screen->score->step_count; i++)
        if (screen->score->steps[i].at.bar < 4)
            screen->moments[i].guitar_ms = -39;
    const char *line = line_of(fixture_draw(screen, 40, 120, true), 3);
    ck_assert_has(line, " ███");
    ck_assert_has(line, "▁▁▁"); /* the second quarter of the song, and nothing after it */
    ck_assert_has_not(strstr(line, "▁▁▁"), "█");
    ck_assert_int_lt(grid_width(line), 62);
    ck_assert_has_not(line_of(fixture_draw(screen, 24, 80, true), 3), "▁");
    fixture_free(screen);
}
END_TEST

START_TEST(states_stand_beside_the_position)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 3, 5);
    screen->robot = screen->transport.stopping = true;
    for (int size = 0; size < SIZES; size++) {
        const char *text = fixture_draw(screen, sizes[size].rows, sizes[size].cols, true);
        ck_assert_has(line_of(text, 1), " bar 4 of 16 ");
        ck_assert_has(line_of(text, 1), "stopping");
        ck_assert_has(line_of(text, 1), " of 0:40");
        if (sizes[size].cols >= 80)
            ck_assert_has(line_of(text, 1), "ROBOT");
    }
    fixture_free(screen);
}
END_TEST

Suite *stage_suite(void)
{
    Suite *suite = suite_create("stage");
    TCase *tcase = tcase_create("stage");
    tcase_add_test(tcase, the_stage_counts_in);
    tcase_add_test(tcase, the_stage_tells_late_from_early);
    tcase_add_test(tcase, the_stage_shows_together_as_one_sign);
    tcase_add_test(tcase, lanes_join_where_there_is_little_room);
    tcase_add_test(tcase, the_stage_owns_up_to_trouble);
    tcase_add_test(tcase, figures_of_the_sound_stand_whole_or_not_at_all);
    tcase_add_test(tcase, the_count_in_is_no_missing_guitar);
    tcase_add_test(tcase, the_needle_points_up_for_late_and_down_for_early);
    tcase_add_test(tcase, the_needle_never_leaves_the_graph);
    tcase_add_test(tcase, now_is_the_newest_notes_and_together_four_bars);
    tcase_add_test(tcase, figures_grow_with_the_screen);
    tcase_add_test(tcase, the_count_fills_the_graph);
    tcase_add_test(tcase, the_position_names_the_section_and_the_next_fill);
    tcase_add_test(tcase, a_tall_screen_shows_where_it_was_apart);
    tcase_add_test(tcase, states_stand_beside_the_position);
    suite_add_tcase(suite, tcase);
    return suite;
}
