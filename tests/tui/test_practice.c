/* The practice view: what its knobs come to, and what the stage says of a take they made. */
#include "fixture.h"
#include "score/take.h"

#include <math.h>

static struct drill song_of(int bars)
{
    struct drill drill = {.bar_count = bars};
    drill_clear(&drill);
    drill.value[PRACTICE_TEMPO] = 100;
    return drill;
}

START_TEST(all_of_the_song_is_no_practice)
{
    struct drill drill = song_of(16);
    struct room_take_options take = {.settings = {.first_bar = 3, .practice = {.passes = 4}}};
    char text[128];
    ck_assert(drill_is_clear(&drill));
    drill_apply(&drill, &take);
    ck_assert_int_eq(take.settings.first_bar, 0);
    ck_assert_int_eq(take.settings.last_bar, 0);
    ck_assert_int_eq(take.settings.practice.passes, 0);
    drill_summary(&drill, text, sizeof text);
    ck_assert_str_eq(text, "");
}
END_TEST

/* Whatever is turned, what comes of it can be played. */
START_TEST(every_turn_can_be_played)
{
    struct error err = {.text = ""};
    struct score *score = made_score(16, 120, 3);
    struct drill drill = song_of(score->bar_count);
    struct rng rng;
    rng_seed(&rng, 5);
    for (int i = 0; i < 3000; i++) {
        enum practice_knob knob = (enum practice_knob)rng_below(&rng, PRACTICE_KNOBS);
        struct room_take_options take = {.settings = {.tempo_percent = 100, .rate = 48000}};
        const struct take_settings *settings = &take.settings;
        int steps = (int)rng_below(&rng, 21) - 10;
        if (drill_heeds(&drill, knob))
            drill_turn(&drill, knob, steps);
        ck_assert_int_le(drill.value[PRACTICE_FROM], drill.value[PRACTICE_TO]);
        ck_assert_int_ge(drill.value[PRACTICE_FROM], 1);
        ck_assert_int_le(drill.value[PRACTICE_TO], score->bar_count);
        drill_apply(&drill, &take);
        ck_assert_msg(
            practice_check(&settings->practice, settings->first_bar, settings->last_bar, &err),
            "%s", err.text);
        if (i % 50 == 0 && practice_arranges(&settings->practice)) {
            struct score *made = take_score(score, settings, &err);
            ck_assert_msg(made != NULL, "%s", err.text);
            score_free(made);
        }
    }
    score_free(score);
}
END_TEST

START_TEST(what_the_command_line_said_stays_until_it_is_turned)
{
    struct room_take_options take = {
        .count_in_bars = 2,
        .settings = {.first_bar = 2,
                     .last_bar = 9,
                     .tempo_percent = 80,
                     .practice = {.passes = 99, .vamp_first = 3, .vamp_last = 4}}};
    struct drill drill = drill_from(&take, 16);
    ck_assert_int_eq(drill.value[PRACTICE_FROM], 3);
    ck_assert_int_eq(drill.value[PRACTICE_TO], 4);
    ck_assert_int_eq(drill.value[PRACTICE_VAMP], 1);
    drill_turn(&drill, PRACTICE_CLICK, 1);
    drill_apply(&drill, &take);
    ck_assert(take.click && take.settings.first_bar == 2 && take.settings.last_bar == 9);
    drill_turn(&drill, PRACTICE_TO, 1);
    drill_apply(&drill, &take);
    ck_assert(take.settings.first_bar == 3 && take.settings.last_bar == 0);
    ck_assert_int_eq(take.settings.practice.vamp_last, 5);
}
END_TEST

START_TEST(the_knobs_say_what_they_mean)
{
    struct drill drill = song_of(16);
    char text[128];
    drill_choose(&drill, 9, 12);
    drill.value[PRACTICE_TEMPO] = 60;
    drill_turn(&drill, PRACTICE_RAMP, 5);
    drill_turn(&drill, PRACTICE_OUT, 2);
    drill_summary(&drill, text, sizeof text);
    ck_assert_str_eq(text, "bars 9-12, 8 times, 60 to 95 %, drums 4 in, 2 out");
    drill_text(&drill, PRACTICE_RAMP, text, sizeof text);
    ck_assert_str_eq(text, "+5 % a pass");
    drill_turn(&drill, PRACTICE_VAMP, 1);
    drill_text(&drill, PRACTICE_RAMP, text, sizeof text);
    ck_assert_str_eq(text, "–");
    ck_assert(!drill_turn(&drill, PRACTICE_VAMP, 1));
    drill_choose(&drill, 13, 20); /* the song ends before */
    ck_assert_int_eq(drill.value[PRACTICE_TO], 16);
}
END_TEST

START_TEST(the_view_fits_every_screen)
{
    static const int sizes[][2] = {{20, 60}, {24, 80}, {40, 120}};
    struct screen *screen = fixture_screen();
    screen->view = VIEW_PRACTICE;
    drill_choose(&screen->drill, 5, 8);
    for (int i = 0; i < 3; i++) {
        const char *text = fixture_draw(screen, sizes[i][0], sizes[i][1], i > 0);
        for (int knob = 0; knob < PRACTICE_KNOBS; knob++)
            ck_assert_has(text, practice_knob_names[knob]);
        ck_assert_has(text, "Practice  bars 5-8, 8 times");
        ck_assert_has(text, practice_knob_helps[PRACTICE_FROM]);
        ck_assert_has(text, "space plays");
        if (i > 0)
            ck_assert_has(text, "x whole song");
    }
    fixture_free(screen);
}
END_TEST

/* A loop of bars 3 and 4, two passes heard, at the third. */
START_TEST(the_stage_tells_the_pass)
{
    struct error err = {.text = ""};
    struct screen *screen = fixture_screen();
    struct take_settings settings = {.first_bar = 3,
                                     .last_bar = 4,
                                     .tempo_percent = 100,
                                     .rate = 48000,
                                     .practice = {.passes = 4, .ramp_percent = -5}};
    struct score *loop = take_score(screen->score, &settings, &err);
    ck_assert_msg(loop != NULL, "%s", err.text);
    screen->played = loop;
    screen->transport.playing = true;
    screen->transport.clock_bar = 4;
    screen->transport.bar = 2;
    screen->drill_now = drill_now_at(loop, &settings, screen->moments, 4, false);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "pass 3 of 4  90 %");
    ck_assert_has(text, "n last time");
    ck_assert_has_not(text, "LAST TIME");
    screen->drill_now = drill_now_at(loop, &settings, screen->moments, 4, true);
    ck_assert_has(fixture_draw(screen, 20, 60, false), "LAST TIME");
    screen->drill_now = drill_now_at(loop, &settings, screen->moments, 6, false);
    ck_assert_has(fixture_draw(screen, 24, 80, true), "LAST TIME");
    screen->played = screen->score;
    screen->drill_now = (struct drill_now){0};
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "n last time");
    score_free(loop);
    fixture_free(screen);
}
END_TEST

/* Two bars with drums, one without, in which the guitar falls back by 12 ms a second. */
START_TEST(the_stage_tells_the_drift)
{
    struct screen *screen = fixture_screen();
    struct take_settings settings = {
        .tempo_percent = 100, .rate = 48000, .practice = {.play_bars = 2, .out_bars = 1}};
    const struct score *score = screen->score;
    double began_s = score_bar_s(score, 3);
    for (int i = 0; i < score->step_count; i++) {
        double into_s = score->steps[i].bar == 2 ? score->steps[i].time_s - began_s : 0;
        screen->moments[i] =
            (struct moment){.planned = true, .heard = true, .guitar_ms = (float)(12 * into_s)};
    }
    screen->transport.playing = true;
    screen->transport.clock_bar = screen->transport.bar = 2;
    screen->drill_now = drill_now_at(score, &settings, screen->moments, 2, false);
    ck_assert(screen->drill_now.out_bar == 1 && screen->drill_now.out_bars == 1);
    ck_assert_has(fixture_draw(screen, 24, 80, true), "D R U M S   O U T     b a r   1   o f   1");
    ck_assert_has(fixture_draw(screen, 20, 60, false), "D R U M S   O U T");
    screen->drill_now = drill_now_at(score, &settings, screen->moments, 3, false);
    ck_assert(screen->drill_now.drifted && screen->drill_now.out_bars == 0);
    ck_assert_double_eq_tol(screen->drill_now.dropout.drift_ms, 12 * 2.5, 0.01); /* at 96 bpm */
    ck_assert_has(fixture_draw(screen, 24, 80, true), "drifted 30 ms late (1.2 % slow)");
    fixture_free(screen);
}
END_TEST

START_TEST(a_vamp_says_that_it_waits)
{
    struct error err = {.text = ""};
    struct screen *screen = fixture_screen();
    struct take_settings settings = {.tempo_percent = 100,
                                     .rate = 48000,
                                     .practice = {.passes = 9, .vamp_first = 2, .vamp_last = 2}};
    struct score *vamp = take_score(screen->score, &settings, &err);
    ck_assert_msg(vamp != NULL, "%s", err.text);
    screen->played = vamp;
    screen->transport.playing = true;
    screen->drill_now = drill_now_at(vamp, &settings, screen->moments, 0, false);
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "v a m p");
    screen->drill_now = drill_now_at(vamp, &settings, screen->moments, 3, false);
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "v a m p :   w a i t i n g   f o r   y o u");
    ck_assert_has(text, "vamp, pass 3");
    screen->drill_now = drill_now_at(vamp, &settings, screen->moments, 3, true);
    ck_assert_has_not(fixture_draw(screen, 24, 80, true), "w a i t i n g");
    screen->played = screen->score;
    score_free(vamp);
    fixture_free(screen);
}
END_TEST

Suite *practice_suite(void)
{
    Suite *suite = suite_create("practice");
    TCase *tests = tcase_create("practice");
    tcase_add_test(tests, all_of_the_song_is_no_practice);
    tcase_add_test(tests, every_turn_can_be_played);
    tcase_add_test(tests, what_the_command_line_said_stays_until_it_is_turned);
    tcase_add_test(tests, the_knobs_say_what_they_mean);
    tcase_add_test(tests, the_view_fits_every_screen);
    tcase_add_test(tests, the_stage_tells_the_pass);
    tcase_add_test(tests, the_stage_tells_the_drift);
    tcase_add_test(tests, a_vamp_says_that_it_waits);
    suite_add_tcase(suite, tests);
    return suite;
}
