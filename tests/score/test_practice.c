/* Bars as they are practised: what is played when, and what of the song it is. */
#include "base/rng.h"
#include "builder.h"
#include "score/take.h"
#include "suites.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PPQ = 480 };

static struct error err;

/* Bar 1 and 2 in 4/4 at 120, 3 in 3/4, which changes to 90 bpm at its second quarter, 4 in 7/8,
 * 5 in 4/4 at 60. Eighths throughout. */
static struct score *changing_song(void)
{
    struct builder builder = build(0, 1, PPQ);
    build_track(&builder);
    build_metre(&builder, 0, 4, 2);
    build_tempo(&builder, 0, 500000);
    const int64_t three = 8 * PPQ, seven = 11 * PPQ, last = seven + 7 * PPQ / 2;
    int64_t tick = 0;
    for (; tick < last + 4 * PPQ; tick += PPQ / 2) {
        if (tick == three)
            build_metre(&builder, tick, 3, 2);
        if (tick == three + PPQ)
            build_tempo(&builder, tick, 666667);
        if (tick == seven)
            build_metre(&builder, tick, 7, 3);
        if (tick == last) {
            build_metre(&builder, tick, 4, 2);
            build_tempo(&builder, tick, 1000000);
        }
        build_stroke(&builder, tick, tick % PPQ ? 42 : 36, 90);
    }
    build_end(&builder, tick);
    struct score *score = parse_builder(&builder, NULL);
    build_free(&builder);
    ck_assert_int_eq(score->bar_count, 5);
    return score;
}

static struct score *random_song(uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    int64_t ticks[600], tick = 0;
    int count = 0;
    for (; count < 400 && tick < 40 * PPQ * 4; count++) {
        ticks[count] = tick;
        tick += 1 + (int)rng_below(&rng, PPQ);
        if (rng_below(&rng, 40) == 0)
            tick += 5 * PPQ;
    }
    struct builder builder = build_strokes(PPQ, ticks, count);
    struct score *score = parse_builder(&builder, NULL);
    build_free(&builder);
    return score;
}

static struct score *arrange(const struct score *song, int first, int last,
                             const struct practice *practice)
{
    struct score *score = practice_score(song, first, last, practice, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    return score;
}

/* What holds of every arranged score: its steps are the song's, at their place in their bar, in the
 * order of time, and its clock says the same of time and bar as they do. */
static void expect_sound(const struct score *score, const struct score *song)
{
    ck_assert_str_eq(score->id, song->id);
    ck_assert_int_eq(score->bar_count, song->bar_count);
    ck_assert_int_eq(score->song_step_count, song->step_count);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i], *of = &song->steps[step->song_step];
        const struct passage *passage = practice_passage_of(score, i);
        ck_assert(step->bar == of->bar && step->bin == of->bin && step->drums == of->drums);
        ck_assert_int_eq(step->hit_count, of->hit_count);
        ck_assert_int_eq(practice_song_bar(score, practice_clock_bar(score, i)), step->bar);
        double speed = passage->tempo_percent / song->tempo_percent;
        double into_s = (of->time_s - score_bar_s(song, passage->song_bar + 1)) / speed;
        ck_assert_double_eq_tol(step->time_s, passage->start_s + into_s, 1e-9);
        ck_assert_double_eq_tol(step->at.bpm, of->at.bpm * speed, 1e-9);
        for (int k = 0; k < step->hit_count; k++) {
            const struct hit *hit = &score->hits[step->first_hit + k];
            ck_assert_int_eq(hit->step, i);
            ck_assert_int_eq(hit->event, song->hits[of->first_hit + k].event);
        }
        if (step->tick >= 0 && of->at.bar == of->bar) {
            struct position at = clock_position(score->clock, (double)step->tick);
            ck_assert_int_eq(at.bar, practice_clock_bar(score, i));
            ck_assert_double_eq_tol(at.phase, of->at.phase, 1e-3);
            ck_assert_int_eq(at.numerator, of->at.numerator);
            ck_assert_double_eq_tol(clock_seconds(score->clock, (double)step->tick), step->time_s,
                                    0.002);
        }
        if (i > 0)
            ck_assert_double_gt(step->time_s, step[-1].time_s);
        ck_assert_double_gt(step->gap_s[0], 0);
        ck_assert_double_gt(step->gap_s[1], 0);
    }
}

START_TEST(a_loop_is_its_bars_again_and_again)
{
    struct score *song = changing_song();
    struct practice practice = {.passes = 3};
    struct score *loop = arrange(song, 2, 4, &practice);
    expect_sound(loop, song);
    int in_pass = 8 + 6 + 7;
    double pass_s = 2.0 + 0.5 + 2 * 0.666667 + 3.5 * 0.666667;
    ck_assert_int_eq(loop->step_count, 3 * in_pass);
    ck_assert_int_eq(practice_passes(loop), 3);
    ck_assert_double_eq_tol(loop->duration_s, 3 * pass_s, 1e-9);
    for (int i = 0; i < loop->step_count; i++) {
        ck_assert_int_eq(loop->steps[i].song_step, 8 + i % in_pass);
        ck_assert_int_eq(practice_clock_bar(loop, i), loop->steps[i].bar - 1 + i / in_pass * 3);
    }
    ck_assert_double_eq_tol(score_bar_s(loop, 4), pass_s, 1e-9);
    ck_assert_double_eq_tol(score_bar_s(loop, 7), 2 * pass_s, 1e-9);
    score_free(loop);
    score_free(song);
}
END_TEST

START_TEST(each_pass_is_faster_within_bounds)
{
    struct score *song = changing_song();
    struct practice practice = {.passes = 8, .ramp_percent = 15};
    struct score *loop = arrange(song, 3, 3, &practice);
    expect_sound(loop, song);
    double bar_s = score_bar_s(song, 4) - score_bar_s(song, 3), at_s = 0;
    for (int pass = 0; pass < 8; pass++) {
        double tempo = fmin(100 + 15 * pass, 160);
        ck_assert_double_eq_tol(loop->passages[pass].tempo_percent, tempo, 1e-12);
        ck_assert_double_eq_tol(loop->passages[pass].start_s, at_s, 1e-9);
        ck_assert_double_eq_tol(score_bar_s(loop, pass + 1), at_s, 1e-9);
        at_s += bar_s * 100 / tempo;
    }
    score_free(loop);
    practice.ramp_percent = -40;
    loop = arrange(song, 3, 3, &practice);
    ck_assert_double_eq_tol(loop->passages[7].tempo_percent, 40, 1e-12);
    score_free(loop);
    score_free(song);
}
END_TEST

START_TEST(a_vamp_lies_in_the_song)
{
    struct score *song = changing_song();
    struct practice practice = {.passes = 4, .vamp_first = 2, .vamp_last = 3};
    struct score *vamp = arrange(song, 1, 0, &practice);
    expect_sound(vamp, song);
    static const int bars[] = {0, 1, 2, 1, 2, 1, 2, 1, 2, 3, 4};
    for (int bar = 0; bar < 11; bar++)
        ck_assert_int_eq(practice_song_bar(vamp, bar), bars[bar]);
    ck_assert_int_eq(vamp->passage_count, 6);
    ck_assert_int_eq(vamp->passages[0].pass, 0);
    ck_assert_int_eq(vamp->passages[4].pass, 4);
    ck_assert_int_eq(vamp->passages[5].pass, 0);
    score_free(vamp);
    score_free(song);
}
END_TEST

/* The last time round: the steps that are left are those of a score with fewer passes, at the same
 * times. */
static void expect_skip(const struct score *song, int first, int last,
                        const struct practice *practice, int pass)
{
    struct score *all = arrange(song, first, last, practice);
    struct practice fewer = *practice;
    fewer.played = pass;
    struct score *some = arrange(song, first, last, &fewer);
    struct skip skip;
    ck_assert(practice_skip_after(all, pass, &skip));
    for (int i = 0, left = 0; i < all->step_count; i++) {
        int index = skip_index(&skip, i);
        ck_assert_int_eq(index, i >= skip.from && i < skip.to ? -1 : left);
        if (index < 0)
            continue;
        ck_assert_int_eq(skip_step(&skip, left), i);
        ck_assert_int_eq(skip_next(&skip, i), skip_step(&skip, left + 1));
        ck_assert_int_eq(some->steps[left].song_step, all->steps[i].song_step);
        ck_assert_double_eq_tol(some->steps[left].time_s, all->steps[i].time_s - skip_s(&skip, i),
                                1e-9);
        left++;
        ck_assert_int_le(left, some->step_count);
    }
    int64_t length = skip_frames(&skip, 48000), begin = llround(skip.begin_s * 48000);
    ck_assert_int_eq(skip_take_frame(&skip, begin - 1, 48000), begin - 1);
    ck_assert_int_eq(skip_take_frame(&skip, begin, 48000), INT64_MAX);
    ck_assert_int_eq(skip_take_frame(&skip, begin + length, 48000), begin);
    ck_assert_int_eq(skip_score_frame(&skip, begin, 48000), begin + length);
    ck_assert_int_eq(skip_score_frame(&skip, begin - 1, 48000), begin - 1);
    score_free(all);
    score_free(some);
}

START_TEST(fewer_passes_are_the_same_steps)
{
    struct rng rng;
    rng_seed(&rng, (uint64_t)_i + 77);
    struct score *song = random_song((uint64_t)_i + 5);
    for (int round = 0; round < 20; round++) {
        int bars = song->bar_count, first = 1 + (int)rng_below(&rng, (uint32_t)bars);
        int last = first + (int)rng_below(&rng, (uint32_t)(bars - first + 1));
        struct practice practice = {.passes = 2 + (int)rng_below(&rng, 6)};
        int pass = 1 + (int)rng_below(&rng, (uint32_t)practice.passes - 1);
        if (round % 2) {
            practice.vamp_first = first;
            practice.vamp_last = last;
            first = 1;
            last = 0;
        } else {
            practice.ramp_percent = rng_between(&rng, -20, 20);
        }
        struct score *score = practice_score(song, first, last, &practice, &err);
        if (!score) { /* bars without drums */
            ck_assert_ptr_nonnull(strstr(err.text, "no drum is hit"));
            continue;
        }
        expect_sound(score, song);
        score_free(score);
        expect_skip(song, first, last, &practice, pass);
    }
    score_free(song);
}
END_TEST

START_TEST(the_last_time_is_the_pass_under_way)
{
    struct score *song = changing_song();
    struct practice practice = {.passes = 4, .vamp_first = 2, .vamp_last = 2};
    struct score *vamp = arrange(song, 1, 0, &practice);
    struct skip skip;
    static const struct {
        int next, from; /* 8 steps in each of bars 1 and 2 */
    } cases[] = {{0, 16},  {8, 16},  {9, 16},  {16, 16}, {17, 24},
                 {24, 24}, {32, 32}, {33, -1}, {40, -1}, {41, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool skips = practice_last_time(vamp, cases[i].next, &skip);
        ck_assert_int_eq(skips, cases[i].from >= 0);
        ck_assert_int_eq(skip.from, skips ? cases[i].from : INT_MAX);
        ck_assert_int_eq(skip.to, skips ? 40 : INT_MAX);
    }
    ck_assert(!practice_last_time(song, 3, &skip));
    ck_assert(skip_s(&skip, 9) == 0 && skip_next(&skip, 9) == 10 && skip_index(&skip, 9) == 9);
    score_free(vamp);
    score_free(song);
}
END_TEST

/* A pickup that lies on top of the first note of the bars that are repeated gives way to it. */
START_TEST(nothing_is_struck_twice_at_the_seam)
{
    int64_t early = 4 * PPQ - 12; /* 12.5 ms before bar 2, and so of bar 2 */
    int64_t late = 8 * PPQ - 25;  /* 26 ms before bar 3, and so of bar 2: 13 ms before its like */
    int64_t ticks[] = {0, PPQ, early, 5 * PPQ, late, 9 * PPQ};
    struct builder builder = build_strokes(PPQ, ticks, 6);
    struct score *song = parse_builder(&builder, NULL);
    ck_assert(song->steps[2].bar == 1 && song->steps[4].bar == 1);
    struct practice practice = {.passes = 3};
    struct score *loop = arrange(song, 2, 2, &practice);
    expect_sound(loop, song);
    ck_assert_int_eq(loop->step_count, 3 * 2);
    ck_assert_double_lt(loop->steps[0].time_s, 0);
    for (int i = 1; i < loop->step_count; i++)
        ck_assert_double_gt(loop->steps[i].time_s - loop->steps[i - 1].time_s, SCORE_CLUSTER_S);
    score_free(loop);
    score_free(song);
    build_free(&builder);
}
END_TEST

/* From every pass the song may go on: no hit may reach beyond what follows then. */
START_TEST(the_last_hit_of_a_pass_keeps_clear_of_both_that_can_follow)
{
    /* bar 2 begins with a rest, bar 3 on its first beat */
    int64_t ticks[] = {0, 2 * PPQ, 6 * PPQ, 7 * PPQ, 8 * PPQ, 10 * PPQ};
    struct builder builder = build_strokes(PPQ, ticks, 6);
    struct score *song = parse_builder(&builder, NULL);
    struct practice practice = {.passes = 3, .vamp_first = 2, .vamp_last = 2};
    struct score *vamp = arrange(song, 1, 0, &practice);
    for (int pass = 0; pass < 3; pass++)
        ck_assert_double_eq_tol(vamp->steps[3 + 2 * pass].gap_s[1], 0.5, 1e-9);
    ck_assert_double_eq_tol(vamp->steps[4].gap_s[0], 1.5, 1e-9);
    score_free(vamp);
    score_free(song);
    build_free(&builder);
}
END_TEST

static const struct {
    int first, last;
    struct practice practice;
    const char *why;
} refused[] = {
    {1, 2, {.passes = 100}, "100 passes"},
    {1, 2, {.passes = -1}, "-1 passes"},
    {1, 2, {.passes = 3, .played = 4}, "passes"},
    {1, 2, {.ramp_percent = 5}, "a ramp needs a loop"},
    {1, 2, {.passes = 3, .ramp_percent = NAN}, "a ramp of"},
    {1, 2, {.passes = 3, .ramp_percent = 61}, "a ramp of 61"},
    {1, 2, {.play_bars = 2}, "are no drill"},
    {1, 2, {.out_bars = 2}, "are no drill"},
    {1, 2, {.play_bars = 100, .out_bars = 2}, "are no drill"},
    {1, 0, {.passes = 9, .vamp_first = 4, .vamp_last = 3}, "are no vamp"},
    {2, 4, {.passes = 9, .vamp_first = 1, .vamp_last = 3}, "not among the bars"},
    {2, 4, {.passes = 9, .vamp_first = 3, .vamp_last = 5}, "not among the bars"},
    {1, 0, {.vamp_first = 2, .vamp_last = 3}, "two passes or more"},
    {1, 0, {.passes = 9, .vamp_first = 2, .vamp_last = 3, .ramp_percent = 1}, "keeps its tempo"},
    {1,
     0,
     {.passes = 9, .vamp_first = 2, .vamp_last = 3, .play_bars = 1, .out_bars = 1},
     "cannot drop out"},
};

START_TEST(nonsense_is_refused)
{
    ck_assert(!practice_check(&refused[_i].practice, refused[_i].first, refused[_i].last, &err));
    ck_assert_msg(strstr(err.text, refused[_i].why) != NULL, "%s", err.text);
}
END_TEST

START_TEST(bars_that_are_not_there_are_no_loop)
{
    struct score *song = changing_song();
    struct practice practice = {.passes = 3};
    ck_assert_ptr_null(practice_score(song, 6, 7, &practice, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no drum is hit"));
    practice.passes = 99;
    struct score *loop = arrange(song, 0, 0, &practice);
    ck_assert_int_eq(loop->step_count, 99 * song->step_count);
    score_free(loop);
    score_free(song);
}
END_TEST

START_TEST(drums_drop_out_by_bars_as_they_are_played)
{
    struct score *song = changing_song();
    struct take_settings settings = {
        .first_bar = 2, .last_bar = 5, .rate = 48000, .practice = {.play_bars = 2, .out_bars = 1}};
    for (int i = 0; i < song->step_count; i++)
        if (song->steps[i].bar >= 1)
            ck_assert_int_eq(take_is_out(song, &settings, i), song->steps[i].bar == 3);
    settings.last_bar = 3;
    settings.practice.passes = 3; /* bars 2 3 2 3 2 3: every third is silent */
    struct score *loop = take_score(song, &settings, &err);
    ck_assert_ptr_nonnull(loop);
    for (int i = 0; i < loop->step_count; i++)
        ck_assert_int_eq(take_is_out(loop, &settings, i), practice_clock_bar(loop, i) % 3 == 2);
    score_free(loop);
    score_free(song);
}
END_TEST

START_TEST(a_take_plays_its_bars_or_all_that_is_arranged)
{
    struct score *song = changing_song();
    struct take_settings settings = {.first_bar = 2, .last_bar = 3, .rate = 48000};
    struct take_range range;
    ck_assert(take_range(song, &settings, &range, &err));
    ck_assert(range.first_step == 8 && range.end_step == 22 && range.first_bar == 1);
    ck_assert_double_eq_tol(range.end_s, score_bar_s(song, 4), 1e-12);
    settings.practice.passes = 2;
    struct score *loop = take_score(song, &settings, &err);
    ck_assert(take_range(loop, &settings, &range, &err));
    ck_assert(range.first_step == 0 && range.end_step == 28 && range.first_bar == 0);
    ck_assert_double_eq_tol(range.end_s, loop->duration_s, 1e-12);
    settings.first_bar = 9;
    settings.last_bar = 0;
    ck_assert(!take_range(song, &settings, &range, &err));
    score_free(loop);
    score_free(song);
}
END_TEST

Suite *practice_suite(void)
{
    Suite *suite = suite_create("practice");
    TCase *tests = tcase_create("practice");
    tcase_add_test(tests, a_loop_is_its_bars_again_and_again);
    tcase_add_test(tests, each_pass_is_faster_within_bounds);
    tcase_add_test(tests, a_vamp_lies_in_the_song);
    tcase_add_loop_test(tests, fewer_passes_are_the_same_steps, 0, 20);
    tcase_add_test(tests, the_last_time_is_the_pass_under_way);
    tcase_add_test(tests, nothing_is_struck_twice_at_the_seam);
    tcase_add_test(tests, the_last_hit_of_a_pass_keeps_clear_of_both_that_can_follow);
    tcase_add_loop_test(tests, nonsense_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, bars_that_are_not_there_are_no_loop);
    tcase_add_test(tests, drums_drop_out_by_bars_as_they_are_played);
    tcase_add_test(tests, a_take_plays_its_bars_or_all_that_is_arranged);
    suite_add_tcase(suite, tests);
    return suite;
}
