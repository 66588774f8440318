#include "builder.h"
#include "score/take.h"
#include "suites.h"

/* Four steps: an onset after the plan, one before it, none, one at a step the plan missed. */
static struct take *make_take(void)
{
    int64_t ticks[] = {0, 480, 960, 1440, 1920};
    struct builder builder = build_strokes(480, ticks, 5);
    struct score *score = parse_builder(&builder, NULL);
    struct take_settings settings = {.seed = 5, .rate = 48000};
    struct take *take = take_new(score, &settings, 4, 0);
    ck_assert_ptr_nonnull(take);
    static const struct take_step steps[] = {
        {0, true, 5, 2, 4}, {1, true, -10, 2, -8}, {2, true, 1, 2, 1}, {4, false, 0, 2, 0}};
    static const struct take_onset onsets[] = {{.step = 0, .deviation_ms = 8},
                                               {.step = -1, .deviation_ms = 0},
                                               {.step = 1, .deviation_ms = -12},
                                               {.step = 4, .deviation_ms = 6}};
    for (int i = 0; i < 4; i++) {
        take->steps[take->step_count++] = steps[i];
        take->onsets[take->onset_count++] = onsets[i];
    }
    for (int i = 0; i < 5; i++)
        take->hits[take->hit_count++] = (struct take_hit){i, 64, 0};
    score_free(score);
    build_free(&builder);
    return take;
}

START_TEST(an_empty_take_sums_up_to_nothing)
{
    struct builder builder = build_strokes(96, (int64_t[]){0}, 1);
    struct score *score = parse_builder(&builder, NULL);
    struct take_settings settings = {.seed = 9};
    struct take *take = take_new(score, &settings, 0, 0);
    struct take_summary summary = take_summarise(take);
    ck_assert_uint_eq(take->settings.seed, 9);
    ck_assert_int_eq(summary.steps + summary.hits + summary.onsets + summary.matched, 0);
    ck_assert_double_eq(summary.asynchrony_mae_ms, 0);
    take_free(take);
    take_free(NULL);
    score_free(score);
    build_free(&builder);
}
END_TEST

START_TEST(means_are_over_steps_with_a_guitar)
{
    struct take *take = make_take();
    struct take_summary summary = take_summarise(take);
    ck_assert_int_eq(summary.steps, 4);
    ck_assert_int_eq(summary.hits, 5);
    ck_assert_int_eq(summary.onsets, 4);
    ck_assert_int_eq(summary.matched, 3);
    ck_assert_int_eq(summary.deadline_misses, 1);
    ck_assert_double_eq_tol(summary.prediction_mae_ms, (3 + 2 + 6) / 3., 1e-12);
    ck_assert_double_eq_tol(summary.asynchrony_mae_ms, (4 + 4 + 6) / 3., 1e-12);
    ck_assert_double_eq_tol(summary.asynchrony_mean_ms, (4 - 4 + 6) / 3., 1e-12);
    take_free(take);
}
END_TEST

/* The guitar went on after the drums were stopped. */
START_TEST(onsets_behind_the_stop_count_as_unmatched)
{
    struct take *take = make_take();
    take->step_count = 1;
    struct take_summary summary = take_summarise(take);
    ck_assert_int_eq(summary.onsets, 4);
    ck_assert_int_eq(summary.matched, 1);
    ck_assert_double_eq_tol(summary.asynchrony_mean_ms, 4, 1e-12);
    take_free(take);
}
END_TEST

START_TEST(not_heard_is_not_on_the_grid)
{
    struct take *take = make_take();
    double deviation_ms = 99;
    ck_assert(take_heard(take, 1, &deviation_ms));
    ck_assert_double_eq(deviation_ms, -12);
    ck_assert(!take_heard(take, 2, &deviation_ms));
    ck_assert(take_heard(take, 3, &deviation_ms));
    ck_assert_double_eq(deviation_ms, 6);
    take_free(take);
}
END_TEST

START_TEST(a_drum_is_on_the_shorter_of_two_leashes)
{
    struct controls controls = {.leash_ms = 40, .leashed = 1u << DRUM_KICK | 1u << DRUM_RIDE};
    controls.drum_leash_ms[DRUM_KICK] = 10;
    controls.drum_leash_ms[DRUM_RIDE] = 90;
    ck_assert_double_eq(controls_leash_ms(&controls, DRUM_KICK), 10);
    ck_assert_double_eq(controls_leash_ms(&controls, DRUM_RIDE), 40);
    ck_assert_double_eq(controls_leash_ms(&controls, DRUM_SNARE), 40);
}
END_TEST

START_TEST(no_leash_is_let_out_further_than_the_take_began_with)
{
    struct controls begun = {.follow = 1, .leash_ms = 40, .leashed = 1u << DRUM_KICK};
    begun.drum_leash_ms[DRUM_KICK] = 10;
    struct controls controls = begun;
    static const struct {
        struct change change;
        double kick, snare;
    } cases[] = {
        {{.kind = CHANGE_LEASH, .drum = -1, .value = 5}, 5, 5},
        {{.kind = CHANGE_LEASH, .drum = -1, .value = 200}, 10, 40},
        {{.kind = CHANGE_LEASH, .drum = DRUM_KICK, .value = 25}, 10, 40},
        {{.kind = CHANGE_LEASH, .drum = DRUM_SNARE, .value = 0}, 10, 0},
        {{.kind = CHANGE_LEASH, .drum = DRUM_KICK, .value = 2}, 2, 0},
        {{.kind = CHANGE_LEASH, .drum = DRUM_SNARE, .value = LEASH_MOST_MS}, 2, 40},
        {{.kind = CHANGE_LEASH, .drum = -1, .value = 30}, 2, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert(change_is_valid(&cases[i].change));
        controls_change(&controls, &begun, &cases[i].change);
        ck_assert_double_eq(controls_leash_ms(&controls, DRUM_KICK), cases[i].kick);
        ck_assert_double_eq(controls_leash_ms(&controls, DRUM_SNARE), cases[i].snare);
    }
    ck_assert_double_eq(controls.follow, 1);
}
END_TEST

START_TEST(other_changes_change_what_they_say)
{
    struct controls begun = {.follow = 1, .expression = 0.3, .leash_ms = 40}, controls = begun;
    controls_change(&controls, &begun,
                    &(struct change){.kind = CHANGE_FOLLOW, .drum = -1, .value = 0.4});
    controls_change(&controls, &begun,
                    &(struct change){.kind = CHANGE_EXPRESSION, .drum = -1, .value = 0.9});
    controls_change(&controls, &begun,
                    &(struct change){.kind = CHANGE_ROBOT, .drum = -1, .value = 1});
    controls_change(&controls, &begun,
                    &(struct change){.kind = CHANGE_FLUB, .drum = -1, .bar = 3, .value = 1});
    ck_assert_double_eq(controls.follow, 0.4);
    ck_assert_double_eq(controls.expression, 0.9);
    ck_assert_double_eq(controls.leash_ms, 40);
    ck_assert(controls.robot);
    controls_change(&controls, &begun, &(struct change){.kind = CHANGE_ROBOT, .drum = -1});
    ck_assert(!controls.robot);
}
END_TEST

START_TEST(a_change_that_says_nothing_sensible_is_none)
{
    static const struct change wrong[] = {
        {.kind = CHANGE_FOLLOW, .drum = -1, .value = 1.1},
        {.kind = CHANGE_FOLLOW, .drum = 0, .value = 1},
        {.kind = CHANGE_FOLLOW, .drum = -1, .bar = 1, .value = 1},
        {.kind = CHANGE_EXPRESSION, .drum = -1, .value = NAN},
        {.kind = CHANGE_LEASH, .drum = -1, .value = -1},
        {.kind = CHANGE_LEASH, .drum = -1, .value = 1001},
        {.kind = CHANGE_LEASH, .drum = -2, .value = 10},
        {.kind = CHANGE_LEASH, .drum = 9, .value = 10},
        {.kind = CHANGE_ROBOT, .drum = -1, .value = 0.5},
        {.kind = CHANGE_FLUB, .drum = -1, .value = 1},
        {.kind = CHANGE_KINDS, .drum = -1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!change_is_valid(&wrong[i]), "change %zu", i);
}
END_TEST

static void flub(struct take *take, int bar, bool marked)
{
    take->changes[take->change_count++] =
        (struct change){.kind = CHANGE_FLUB, .drum = -1, .bar = bar, .value = marked};
}

START_TEST(flubs_are_taken_out_and_taken_back)
{
    struct builder builder = build_strokes(96, (int64_t[]){0}, 1);
    struct score *score = parse_builder(&builder, NULL);
    struct take_settings settings = {.seed = 9};
    struct take *take = take_new(score, &settings, 0, 1000);
    struct bars flubs, others;
    char text[BARS_TEXT_SIZE];
    ck_assert(take_flubs(take, &flubs, &others));
    ck_assert(flubs.count == 0 && bars_are_all(&others));
    flub(take, 3, true);
    flub(take, 7, true);
    flub(take, 4, true);
    flub(take, 7, false);
    take->changes[take->change_count++] =
        (struct change){.kind = CHANGE_ROBOT, .drum = -1, .value = 1};
    ck_assert(take_flubs(take, &flubs, &others));
    bars_text(&flubs, text, sizeof text);
    ck_assert_str_eq(text, "3-4");
    bars_text(&others, text, sizeof text);
    ck_assert_str_eq(text, "1-2,5-");
    for (int bar = 10; bar < 10 + 4 * BARS_MOST_RANGES; bar += 2)
        flub(take, bar, true);
    ck_assert(!take_flubs(take, &flubs, &others)); /* too many pieces, of either */
    take_free(take);
    score_free(score);
    build_free(&builder);
}
END_TEST

Suite *take_suite(void)
{
    Suite *suite = suite_create("take");
    TCase *tests = tcase_create("take");
    tcase_add_test(tests, an_empty_take_sums_up_to_nothing);
    tcase_add_test(tests, means_are_over_steps_with_a_guitar);
    tcase_add_test(tests, onsets_behind_the_stop_count_as_unmatched);
    tcase_add_test(tests, not_heard_is_not_on_the_grid);
    tcase_add_test(tests, a_drum_is_on_the_shorter_of_two_leashes);
    tcase_add_test(tests, no_leash_is_let_out_further_than_the_take_began_with);
    tcase_add_test(tests, other_changes_change_what_they_say);
    tcase_add_test(tests, a_change_that_says_nothing_sensible_is_none);
    tcase_add_test(tests, flubs_are_taken_out_and_taken_back);
    suite_add_tcase(suite, tests);
    return suite;
}
