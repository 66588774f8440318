#include "base/rng.h"
#include "builder.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct score *parse_strokes(int ppq, const int64_t *ticks, int count,
                                   const struct score_options *options)
{
    struct builder builder = build_strokes(ppq, ticks, count);
    struct score *score = parse_builder(&builder, options);
    build_free(&builder);
    return score;
}

#define PARSE(ppq, ...)                                                                            \
    parse_strokes(ppq, (int64_t[]){__VA_ARGS__},                                                   \
                  (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), NULL)

START_TEST(steps_hold_what_is_hit_together)
{
    struct builder builder = build(1, 2, 480);
    build_track(&builder);
    build_metre(&builder, 0, 3, 2);
    build_tempo(&builder, 0, 1000000);
    build_end(&builder, 0);
    build_track(&builder);
    build_message(&builder, 960, 0x99, 42, 50); /* the song begins with a rest */
    build_message(&builder, 960, 0x99, 35, 90);
    build_message(&builder, 960, 0x99, 36, 100);
    build_message(&builder, 960, 0x99, 20, 100); /* no drum */
    build_message(&builder, 2400, 0x99, 38, 70);
    build_end(&builder, 2400);
    struct score *score = parse_builder(&builder, NULL);
    ck_assert_int_eq(score->step_count, 2);
    ck_assert_int_eq(score->hit_count, 4);
    const struct step *first = &score->steps[0], *second = &score->steps[1];
    ck_assert_double_eq_tol(first->time_s, 2, 1e-12);
    ck_assert_int_eq(first->hit_count, 3);
    ck_assert_uint_eq(first->drums, 1 << DRUM_KICK | 1 << DRUM_CLOSED_HAT);
    ck_assert_int_eq(first->velocity[DRUM_KICK], 100);
    ck_assert_int_eq(first->velocity[DRUM_CLOSED_HAT], 50);
    ck_assert_int_eq(first->velocity[DRUM_SNARE], 0);
    ck_assert_int_eq(first->at.bar, 0);
    ck_assert_double_eq_tol(first->at.phase, 2 / 3., 1e-12);
    ck_assert_int_eq(first->bin, 24);
    ck_assert_double_eq_tol(first->at.bar_s, 3, 1e-12);
    ck_assert_double_eq_tol(first->gap_s[0], 10, 1e-12);
    ck_assert_double_eq_tol(first->gap_s[1], 3, 1e-12);
    ck_assert_double_eq_tol(second->gap_s[0], 3, 1e-12);
    ck_assert_double_eq_tol(second->gap_s[1], 10, 1e-12);
    ck_assert_int_eq(second->at.bar, 1);
    ck_assert_int_eq(second->tick, 2400);
    ck_assert_int_eq(score->hits[3].step, 1);
    ck_assert_int_eq(score->hits[3].event, 4); /* the key that is no drum counts in the file */
    ck_assert_int_eq(score->hits[1].pitch, 35);
    ck_assert_int_eq(score->bar_count, 2);
    ck_assert_double_eq_tol(score->duration_s, 6, 1e-12);
    score_free(score);
    build_free(&builder);
}
END_TEST

/* At 120 BPM and 480 ticks a quarter 20 ms are 19.2 ticks. */
START_TEST(a_flam_is_one_step_and_keeps_its_places)
{
    struct score *score = PARSE(480, 0, 19, 38, 39, 480);
    ck_assert_int_eq(score->step_count, 3);
    ck_assert_int_eq(score->steps[0].hit_count, 2); /* measured from the first hit, not the last */
    ck_assert_int_eq(score->steps[1].hit_count, 2);
    ck_assert_double_eq_tol(score->steps[0].time_s, 9.5 / 960, 1e-12);
    ck_assert_double_eq_tol(score->hits[1].scored_s, 19 / 960., 1e-12);
    ck_assert_double_eq_tol(score->hits[1].file_s, 19 / 960., 1e-12);
    ck_assert_double_eq_tol(score->steps[1].gap_s[0], 29 / 960., 1e-12);
    score_free(score);
}
END_TEST

/* At 400 BPM a 32nd is 18.75 ms: closer than 20 ms, and still two notes. */
START_TEST(drawn_32nds_stay_apart)
{
    static const int resolutions[] = {24, 96, 480, 960, 15360};
    for (int i = 0; i < 5; i++) {
        int ppq = resolutions[i];
        struct builder builder = build(0, 1, ppq);
        build_track(&builder);
        build_tempo(&builder, 0, 150000);
        for (int n = 0; n < 64; n++)
            build_message(&builder, (int64_t)n * ppq / 8, 0x99, 38, 64);
        build_end(&builder, 8 * ppq);
        struct score *score = parse_builder(&builder, NULL);
        ck_assert_int_eq(score->step_count, 64);
        score_free(score);
        build_free(&builder);
    }
}
END_TEST

START_TEST(steps_do_not_depend_on_the_tempo_asked_for)
{
    int64_t ticks[300];
    struct rng rng;
    rng_seed(&rng, 21);
    for (int i = 0; i < 300; i++)
        ticks[i] = (i ? ticks[i - 1] : 0) + rng_below(&rng, 60);
    struct score *score = parse_strokes(480, ticks, 300, NULL);
    ck_assert_int_lt(score->step_count, 280);
    for (double percent = 40; percent <= 160; percent += 20) {
        struct score_options options = {.tempo_percent = percent};
        struct score *other = parse_strokes(480, ticks, 300, &options);
        ck_assert_str_eq(other->id, score->id);
        ck_assert_int_eq(other->step_count, score->step_count);
        for (int s = 0; s < score->step_count; s++) {
            ck_assert_int_eq(other->steps[s].first_hit, score->steps[s].first_hit);
            ck_assert_double_eq_tol(other->steps[s].time_s * percent / 100, score->steps[s].time_s,
                                    1e-9);
            ck_assert_double_eq_tol(other->steps[s].at.bpm, 1.2 * percent, 1e-9);
        }
        score_free(other);
    }
    score_free(score);
}
END_TEST

START_TEST(a_hit_before_the_bar_line_is_in_bin_0)
{
    struct score *score = PARSE(480, 0, 1899, 1901, 1917);
    ck_assert_int_eq(score->step_count, 2); /* the second at 1905.7, 14 ticks before the line */
    ck_assert_int_eq(score->steps[1].bin, 0);
    ck_assert_int_eq(score->steps[1].at.bar, 0);
    ck_assert(score->steps[1].at.phase < 1);
    score_free(score);
    score = PARSE(480, 0, 1899); /* half a bin is 20 ticks: this is nearer to bin 47 */
    ck_assert_int_eq(score->steps[1].bin, 47);
    score_free(score);
    score = PARSE(480, 0, 1901);
    ck_assert_int_eq(score->steps[1].bin, 0);
    ck_assert_int_eq(score->steps[1].bar, 0);
    int first, end;
    struct error err;
    ck_assert(!score_bars(score, 2, 2, &first, &end, &err)); /* there is no second bar */
    score_free(score);
    score = PARSE(480, 0, 1901, 2400);
    ck_assert(score_bars(score, 2, 2, &first, &end, &err)); /* an early downbeat is the bar's */
    ck_assert_int_eq(first, 1);
    ck_assert_int_eq(end, 3);
    ck_assert_int_eq(score->steps[1].at.bar, 0);
    ck_assert_int_eq(score->steps[1].bar, 1);
    score_free(score);
}
END_TEST

START_TEST(bins_of_other_metres)
{
    struct builder builder = build(0, 1, 480);
    build_track(&builder);
    build_metre(&builder, 0, 7, 3);
    build_message(&builder, 1440, 0x99, 38, 64);
    build_message(&builder, 1661, 0x99, 38, 64); /* 19 ticks before the next bar */
    build_metre(&builder, 1680, 6, 2);
    build_message(&builder, 1680 + 4 * 480 + 160, 0x99, 38, 64);
    build_metre(&builder, 1680 + 5 * 480, 4, 2); /* cuts the bar short */
    build_message(&builder, 1680 + 5 * 480 + 40, 0x99, 38, 64);
    build_end(&builder, 9000);
    struct score *score = parse_builder(&builder, NULL);
    ck_assert_int_eq(score->steps[0].bin, 36);
    ck_assert_int_eq(score->steps[1].bin, 0);
    ck_assert_int_eq(score->steps[2].bin, 4); /* the fifth quarter counts as a first */
    ck_assert_int_eq(score->steps[3].bin, 1);
    ck_assert_int_eq(score->steps[3].at.bar, 2);
    score_free(score);
    build_free(&builder);
}
END_TEST

START_TEST(quantised_hits_know_where_they_were)
{
    struct score_options options = {.quantise = true};
    int64_t ticks[] = {3, 110, 120, 236, 371, 490};
    struct score *score = parse_strokes(480, ticks, 6, &options);
    ck_assert(score->quantised);
    ck_assert_int_eq(score->step_count, 5);
    ck_assert_int_eq(score->steps[1].hit_count, 2); /* one class twice stays two hits */
    for (int h = 0; h < 6; h++) {
        double quarter = score->hits[h].scored_s * 2;
        ck_assert_double_eq_tol(quarter * 4, rint(quarter * 4), 1e-9);
        ck_assert_double_eq_tol(score->hits[h].file_s, (double)ticks[h] / 960, 1e-12);
    }
    ck_assert_int_eq(score->steps[4].tick, 480);
    struct score *plain = parse_strokes(480, ticks, 6, NULL);
    ck_assert_str_ne(plain->id, score->id);
    score_free(plain);
    score_free(score);
}
END_TEST

/* A beat of triplets stays one on the per-beat grid, and not on 16ths alone. */
START_TEST(sixteenths_are_another_grid)
{
    struct score_options free_grid = {.quantise = true}, straight = {.sixteenths = true};
    int64_t ticks[] = {0, 80, 160, 240, 320, 400, 480, 640, 800};
    struct score *triplets = parse_strokes(480, ticks, 9, &free_grid);
    struct score *sixteenths = parse_strokes(480, ticks, 9, &straight);
    ck_assert(sixteenths->quantised);
    ck_assert_int_eq(triplets->steps[7].tick, 640);
    for (int s = 0; s < sixteenths->step_count; s++)
        ck_assert_int_eq(sixteenths->steps[s].tick % 120, 0);
    ck_assert_str_ne(triplets->id, sixteenths->id);
    score_free(triplets);
    score_free(sixteenths);
}
END_TEST

START_TEST(training_reads_the_kit_alone)
{
    struct builder builder = build(0, 1, 480);
    build_track(&builder);
    for (int pitch = 20; pitch < 90; pitch++)
        build_message(&builder, pitch * 480, 0x99, pitch, 64);
    build_end(&builder, 90 * 480);
    struct score_options options = {.kit_only = true};
    struct score *all = parse_builder(&builder, NULL), *kit = parse_builder(&builder, &options);
    ck_assert_int_eq(all->hit_count, 81 - 35 + 1 + 2);
    ck_assert_int_eq(kit->hit_count, 23);
    score_free(all);
    score_free(kit);
    build_free(&builder);
}
END_TEST

static void ck_refused(struct builder *builder, const struct score_options *options,
                       const char *sentence)
{
    struct error err = {0};
    ck_assert_ptr_null(score_parse(builder->bytes, builder->size, "x", options, &err));
    ck_assert_str_eq(err.text, sentence);
    ck_assert_ptr_null(score_parse(builder->bytes, builder->size, "x", options, NULL));
    build_free(builder);
}

START_TEST(unplayable_scores_are_refused)
{
    struct builder builder = build_strokes(96, NULL, 0);
    ck_refused(&builder, NULL, "cannot read score 'x': it holds no drum notes");
    builder = build(0, 1, 96);
    build_track(&builder);
    build_stroke(&builder, 0, 100, 64);
    build_end(&builder, 96);
    ck_refused(&builder, NULL, "cannot read score 'x': its drum track holds no key that is a drum");
    builder = build(0, 1, 96);
    build_track(&builder);
    build_tempo(&builder, 0, 6);
    build_stroke(&builder, 0, 38, 64);
    build_end(&builder, 96);
    ck_refused(&builder, NULL, "cannot read score 'x': it has a tempo of 10000000 BPM (tick 0)");
    builder = build_strokes(24, (int64_t[]){24 * 2 * 3600 * 7}, 1);
    ck_refused(&builder, NULL,
               "cannot read score 'x': it is 7.0 hours long, and at most 6 can be rehearsed");
    for (int i = 0; i < 3; i++) {
        struct score_options options = {.tempo_percent = (double[]){39, 201, NAN}[i]};
        builder = build_strokes(96, (int64_t[]){0}, 1);
        ck_assert_ptr_null(score_parse(builder.bytes, builder.size, "x", &options, NULL));
        build_free(&builder);
    }
}
END_TEST

START_TEST(too_many_hits_are_refused)
{
    struct builder builder = build(0, 1, 96);
    build_track(&builder);
    for (int i = 0; i <= 200000; i++)
        build_message(&builder, i, 0x99, 38, 64);
    build_end(&builder, 200001);
    ck_refused(&builder, NULL,
               "cannot read score 'x': it has 200001 drum hits, and at most 200000 can be "
               "rehearsed");
}
END_TEST

START_TEST(names_hold_no_control_characters)
{
    struct error err = {0};
    struct builder builder = build_strokes(96, (int64_t[]){0, 96}, 2);
    struct score *score = score_parse(builder.bytes, builder.size, "a\033[2J\tb\177é", NULL, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    ck_assert_str_eq(score->name, "a?[2J?b?é");
    score_free(score);
    build_free(&builder);
}
END_TEST

START_TEST(files_are_named_after_themselves)
{
    char folder[] = "/tmp/rolypoly-test-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/my.song.mid", folder);
    struct error err = {0};
    ck_assert_ptr_null(score_load(path, NULL, &err));
    char expected[128];
    snprintf(expected, sizeof expected, "cannot read score '%s': No such file or directory", path);
    ck_assert_str_eq(err.text, expected);
    ck_assert_ptr_null(score_load(folder, NULL, &err));
    struct builder builder = build_strokes(96, (int64_t[]){0, 96}, 2);
    FILE *file = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(builder.bytes, 1, builder.size, file), builder.size);
    fclose(file);
    struct score *score = score_load(path, NULL, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    ck_assert_str_eq(score->name, "my.song");
    ck_assert_uint_eq(score->file_size, builder.size);
    ck_assert_mem_eq(score->file, builder.bytes, builder.size);
    struct score *same = parse_builder(&builder, NULL);
    ck_assert_str_eq(same->id, score->id);
    builder.bytes[builder.size - 8] ^= 1;
    struct score *edited = parse_builder(&builder, NULL);
    ck_assert_str_ne(edited->id, score->id);
    score_free(edited);
    score_free(same);
    score_free(score);
    build_free(&builder);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(bars_are_counted_from_one)
{
    struct score *score = PARSE(480, 0, 480, 1920, 2400, 5760, 7680);
    struct error err = {0};
    int first, end;
    ck_assert_int_eq(score->bar_count, 5);
    ck_assert(score_bars(score, 1, 1, &first, &end, &err));
    ck_assert(first == 0 && end == 2);
    ck_assert(score_bars(score, 2, 4, &first, &end, &err));
    ck_assert(first == 2 && end == 5);
    ck_assert(score_bars(score, 4, 0, &first, &end, &err));
    ck_assert(first == 4 && end == 6);
    ck_assert(score_bars(score, 1, 999, &first, &end, &err));
    ck_assert(first == 0 && end == 6);
    ck_assert(!score_bars(score, 3, 3, &first, &end, &err));
    ck_assert_str_eq(err.text, "no drum is hit in bar 3");
    ck_assert_str_eq(err.hint, "'test' has 5 bars");
    ck_assert(!score_bars(score, 4, 2, &first, &end, &err));
    ck_assert_str_eq(err.text, "bars 4-2 are no range");
    ck_assert(score_bars(score, 0, 0, &first, &end, &err));
    ck_assert(first == 0 && end == 6);
    ck_assert(!score_bars(score, -1, 2, &first, &end, &err));
    ck_assert(!score_bars(score, 7, 0, &first, &end, &err));
    ck_assert_double_eq_tol(score_bar_s(score, 1), 0, 1e-12);
    ck_assert_double_eq_tol(score_bar_s(score, 4), 6, 1e-12);
    score_free(score);
}
END_TEST

/* Every hit comes back within half a tick, at its new velocity, in a file of 480 or more. */
START_TEST(export_writes_what_was_played)
{
    static const int resolutions[] = {24, 96, 100, 480, 960};
    int ppq = resolutions[_i];
    struct rng rng;
    rng_seed(&rng, 40 + (uint64_t)_i);
    struct builder builder = build(0, 1, ppq);
    build_track(&builder);
    build_metre(&builder, 0, 6, 3);
    for (int i = 0; i < 200; i++) {
        if (i % 50 == 0)
            build_tempo(&builder, (int64_t)i * ppq / 2, 400000 + 1000 * i);
        build_message(&builder, (int64_t)i * ppq / 2, 0x99, 36 + i % 3, 64);
    }
    build_end(&builder, 100 * ppq);
    struct score_options options = {.tempo_percent = 80};
    struct score *score = parse_builder(&builder, &options);
    struct played played[200];
    for (int h = 0; h < 200; h++)
        played[h] = (struct played){rng_between(&rng, -0.05, 0.05), 1 + h % 127};
    size_t size, twice_size;
    struct error err = {0};
    uint8_t *bytes = score_export(score, played, NULL, &size, &err);
    ck_assert_msg(bytes != NULL, "%s", err.text);
    uint8_t *twice = score_export(score, played, NULL, &twice_size, &err);
    ck_assert_uint_eq(size, twice_size);
    ck_assert_mem_eq(bytes, twice, size);
    struct score *back = score_parse(bytes, size, "back", &options, &err);
    ck_assert_msg(back != NULL, "%s", err.text);
    ck_assert_int_eq(back->ppq, ppq < 480 ? (480 + ppq - 1) / ppq * ppq : ppq);
    ck_assert_int_eq(back->hit_count, 200);
    for (int h = 0; h < 200; h++) {
        double tick_s = back->steps[0].at.bar_s / 3 / back->ppq * 2;
        double meant = fmax(0, score->hits[h].scored_s + played[h].offset_s);
        ck_assert_double_eq_tol(back->hits[h].scored_s, meant, tick_s);
        ck_assert_int_eq(back->hits[h].velocity, played[h].velocity);
        ck_assert_int_eq(back->hits[h].pitch, score->hits[h].pitch);
    }
    score_free(back);
    free(bytes);
    free(twice);
    score_free(score);
    build_free(&builder);
}
END_TEST

START_TEST(export_leaves_out_what_is_not_kept)
{
    struct score *score = PARSE(480, 0, 480, 960, 1440);
    struct played played[4] = {{0, -5}, {NAN, 500}, {0, 3}, {-99, 4}};
    bool kept[4] = {true, true, false, true};
    size_t size;
    struct error err = {0};
    uint8_t *bytes = score_export(score, played, kept, &size, &err);
    ck_assert_msg(bytes != NULL, "%s", err.text);
    struct score *back = score_parse(bytes, size, "back", NULL, &err);
    ck_assert_int_eq(back->hit_count, 3);
    ck_assert_int_eq(back->steps[0].hit_count, 3); /* all at tick 0: clamped, or no number */
    ck_assert_int_eq(back->hits[0].velocity, 1);
    ck_assert_int_eq(back->hits[1].velocity, 127);
    score_free(back);
    free(bytes);
    score_free(score);
}
END_TEST

START_TEST(export_keeps_the_notes_that_are_no_hits)
{
    struct builder builder = build(0, 1, 480);
    build_track(&builder);
    build_stroke(&builder, 0, 38, 64);
    build_stroke(&builder, 480, 100, 33); /* no drum */
    build_stroke(&builder, 960, 39, 64);  /* not the kit */
    build_end(&builder, 1000);
    struct score_options options = {.kit_only = true};
    struct score *score = parse_builder(&builder, &options);
    ck_assert_int_eq(score->hit_count, 1);
    struct played played = {0.1, 10};
    size_t size;
    struct error err = {0};
    uint8_t *bytes = score_export(score, &played, NULL, &size, &err);
    struct listed events[10];
    ck_assert_int_eq(list_events(bytes, size, events, 10), 7);
    ck_assert_int_eq(events[0].tick, 96);
    ck_assert_int_eq(events[2].tick, 480);
    ck_assert_int_eq(events[2].bytes[2], 33);
    ck_assert_int_eq(events[4].tick, 960);
    free(bytes);
    score_free(score);
    build_free(&builder);
}
END_TEST

Suite *score_suite(void)
{
    Suite *suite = suite_create("score");
    TCase *tests = tcase_create("score");
    tcase_add_test(tests, steps_hold_what_is_hit_together);
    tcase_add_test(tests, a_flam_is_one_step_and_keeps_its_places);
    tcase_add_test(tests, drawn_32nds_stay_apart);
    tcase_add_test(tests, steps_do_not_depend_on_the_tempo_asked_for);
    tcase_add_test(tests, a_hit_before_the_bar_line_is_in_bin_0);
    tcase_add_test(tests, bins_of_other_metres);
    tcase_add_test(tests, quantised_hits_know_where_they_were);
    tcase_add_test(tests, sixteenths_are_another_grid);
    tcase_add_test(tests, training_reads_the_kit_alone);
    tcase_add_test(tests, unplayable_scores_are_refused);
    tcase_add_test(tests, too_many_hits_are_refused);
    tcase_add_test(tests, names_hold_no_control_characters);
    tcase_add_test(tests, files_are_named_after_themselves);
    tcase_add_test(tests, bars_are_counted_from_one);
    tcase_add_loop_test(tests, export_writes_what_was_played, 0, 5);
    tcase_add_test(tests, export_leaves_out_what_is_not_kept);
    tcase_add_test(tests, export_keeps_the_notes_that_are_no_hits);
    suite_add_tcase(suite, tests);
    return suite;
}
