/* What the player sets while a take is played, and what he is shown of how he is heard. */
#include "fixture.h"

START_TEST(flubs_are_marked_on_the_stage_and_left_out_on_the_take)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 6, 5);
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "× flub");
    ck_assert_has(fixture_draw(screen, 24, 80, true), "f flub");
    ck_assert(bars_put(&screen->flubs, 6, 6, true));
    ck_assert_has(fixture_draw(screen, 24, 80, true), "6× flub");
    screen->view = VIEW_TAKE;
    struct verdict *verdict = &screen->verdict;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "flub");
    ck_assert(bars_put(&verdict->flubs, 3, 4, true));
    ck_assert(bars_put(&verdict->choice.bars, 3, 4, false));
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "flubbed: bars 3-4");
    ck_assert_has(text, "××");
    ck_assert(bars_put(&verdict->flubs, 4, 4, false));
    ck_assert_has(fixture_draw(screen, 24, 80, true), "flubbed: bar 3");
    ck_assert(bars_put(&verdict->flubs, 4, 4, true));
    verdict->bar = verdict->anchor = 4;
    const char *line = fixture_draw(screen, 20, 60, true);
    ck_assert_has(line_of(line, row_of(line, " bar 4 ")), "flub   left out");
    fixture_free(screen);
}
END_TEST

START_TEST(the_stage_says_what_is_set_while_it_plays)
{
    struct screen *screen = fixture_screen();
    fixture_play(screen, 3, 5);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, " space stop   f flub   r robot   -+ follow 0.8   [] leash 120   ");
    ck_assert_has_not(text, "ROBOT");
    screen->robot = true;
    screen->knobs.drum = DRUM_KICK;
    screen->knobs.drum_leash_ms[DRUM_KICK] = 10;
    screen->refused = 2;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "bar 4 of 16  part A   ROBOT ");
    ck_assert_has(text, " r human   -+ follow 0.8   [] kick 10 ");
    ck_assert_has(line_of(text, row_of(text, " kick ")), " kick   10 ");
    ck_assert_has(text, "keys lost 2");
    screen->transport.playing = false;
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "r human");
    fixture_free(screen);
}
END_TEST

static void told(struct screen *screen, enum report_kind kind, int step, enum onset_verdict why)
{
    struct report report = {.kind = kind, .step = step, .verdict = why};
    marks_add(&screen->marks, &report, screen->transport.playing, screen->now_s);
}

START_TEST(a_leash_stands_apart_from_its_drum)
{
    static const int pitches[] = {36, 41, 42, 46, 47, 50};
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, 120);
    for (int i = 0; i < 6; i++)
        smf_hit(bytes, 480 * i, pitches[i], 100);
    struct score *toms = smf_finish(bytes);
    struct screen *screen = fixture_screen();
    const struct score *own = screen->score;
    screen->score = screen->played = toms;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        screen->knobs.drum_leash_ms[drum] = 85;
    const char *text = fixture_draw(screen, 30, 100, true);
    ck_assert_has(text, " open   85 ");
    ck_assert_has(text, " hi tom 85 ");
    ck_assert_has(text, " lo tom 85 ");
    ck_assert_has_not(text, "mid tom85");
    screen->score = screen->played = own;
    score_free(toms);
    free(bytes);
    fixture_free(screen);
}
END_TEST

START_TEST(what_is_heard_is_shown_and_why_not)
{
    struct screen *screen = fixture_screen();
    screen->now_s = 100;
    const char *text = fixture_draw(screen, 24, 80, true);
    int row = row_of(text, " heard ");
    ck_assert_has(line_of(text, row), "sensitivity +0");
    ck_assert_has_not(line_of(text, row), "○");
    told(screen, REPORT_HEARD, -1, ONSET_HEARD); /* between takes there is no step to be at */
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(line_of(text, row), "○ heard ");
    screen->now_s += 0.5;
    told(screen, REPORT_IGNORED, -1, ONSET_TOO_SOFT);
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(line_of(text, row), "× too soft ");
    ck_assert_has(line_of(text, row), "○─");
    fixture_play(screen, 3, 5);
    screen->now_s += 0.5;
    told(screen, REPORT_HEARD, -1, ONSET_HEARD);
    ck_assert_has(line_of(fixture_draw(screen, 24, 80, true), row), "+ between ");
    screen->now_s += 0.2;
    told(screen, REPORT_HEARD, 4, ONSET_HEARD);
    told(screen, REPORT_IGNORED, -1, ONSET_OWN_DRUMS); /* of two at once the one that counts */
    ck_assert_has(line_of(fixture_draw(screen, 24, 80, true), row), "○ own drums ");
    screen->now_s += 0.2;
    told(screen, REPORT_IGNORED, -1, ONSET_TOO_SOON);
    told(screen, REPORT_PLANNED, 5, ONSET_HEARD);
    ck_assert_has(line_of(fixture_draw(screen, 24, 80, false), row), "x too soon ");
    screen->now_s += 2.1;
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has_not(line_of(text, row), "too soon");
    ck_assert_has_not(line_of(text, row), "×");
    screen->knobs.value[KNOB_SENSITIVITY] = -12;
    told(screen, REPORT_IGNORED, -1, ONSET_OWN_DRUMS);
    ck_assert_has(fixture_draw(screen, 24, 80, true), " own drums ");
    ck_assert_has(fixture_draw(screen, 24, 80, true), " sensitivity -12 ");
    ck_assert_has(fixture_draw(screen, 20, 60, true), " own drums ");
    fixture_free(screen);
}
END_TEST

Suite *player_suite(void)
{
    Suite *suite = suite_create("player");
    TCase *tcase = tcase_create("player");
    tcase_add_test(tcase, flubs_are_marked_on_the_stage_and_left_out_on_the_take);
    tcase_add_test(tcase, the_stage_says_what_is_set_while_it_plays);
    tcase_add_test(tcase, a_leash_stands_apart_from_its_drum);
    tcase_add_test(tcase, what_is_heard_is_shown_and_why_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
