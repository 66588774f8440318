#include "guitarist/guitarist.h"
#include "made_score.h"
#include "suite.h"

static struct guitarist *hire(const struct score *score, const char *name, bool odd, uint64_t seed)
{
    struct error err = {.text = ""};
    struct guitarist_options options = {.name = name, .odd = odd, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, &err);
    ck_assert_msg(guitarist != NULL, "%s", err.text);
    return guitarist;
}

/* A take with drums `drums_ms` off the grid: deviations, NAN where he rests. */
static void play(struct guitarist *guitarist, const struct score *score, int take, double drums_ms,
                 double *deviations)
{
    guitarist_start(guitarist, take);
    for (int i = 0; i < score->step_count; i++) {
        deviations[i] = NAN;
        guitarist_play(guitarist, i, &deviations[i]);
        guitarist_hear(guitarist, i, drums_ms);
    }
}

static double mean_of(const double *values, int count, int *heard)
{
    double sum = 0;
    *heard = 0;
    for (int i = 0; i < count; i++)
        if (!isnan(values[i])) {
            sum += values[i];
            ++*heard;
        }
    return *heard ? sum / *heard : 0;
}

START_TEST(same_seed_and_take_play_the_same)
{
    struct score *score = made_score(32, 110, 1);
    int n = score->step_count, heard;
    double *a = calloc(2 * (size_t)n, sizeof *a), *b = a + n;
    struct guitarist *one = hire(score, guitarist_name(_i), _i % 2, 42);
    struct guitarist *two = hire(score, guitarist_name(_i), _i % 2, 42);
    play(one, score, 0, 5, a);
    play(one, score, 3, 5, a);
    play(two, score, 3, 5, b);
    ck_assert_mem_eq(a, b, (size_t)n * sizeof *a);
    play(two, score, 4, 5, b);
    ck_assert_mem_ne(a, b, (size_t)n * sizeof *a);
    mean_of(a, n, &heard);
    ck_assert_int_gt(heard, n / 3);
    ck_assert_int_lt(heard, n);
    guitarist_free(one);
    guitarist_free(two);
    free(a);
    score_free(score);
}
END_TEST

/* Late half of the notes or not, no note comes near the next step's. */
START_TEST(notes_stay_with_their_step)
{
    struct score *score = made_score(64, 170, 2);
    double *g = calloc((size_t)score->step_count, sizeof *g);
    for (int player = 0; guitarist_name(player); player++) {
        struct guitarist *guitarist = hire(score, guitarist_name(player), true, 7);
        play(guitarist, score, 6, 30, g);
        for (int i = 0; i < score->step_count; i++) {
            const struct step *step = &score->steps[i];
            double gap = 1000 * fmin(step->gap_s[0], step->gap_s[1]);
            if (!isnan(g[i]))
                ck_assert_double_le(fabs(g[i]), 0.45 * fmax(gap, 40) + 1e-9);
        }
        guitarist_free(guitarist);
    }
    free(g);
    score_free(score);
}
END_TEST

/* One hit a bar at 40 bpm, six seconds apart, and a score of one hit: even slips stay near it. */
START_TEST(in_a_long_rest_he_is_still_near_the_hit)
{
    struct step steps[50] = {{0}};
    for (int i = 0; i < 50; i++)
        steps[i] = (struct step){
            .time_s = 6 * i, .gap_s = {6, 6}, .hit_count = 1, .at = {.bar = i, .bpm = 40}};
    double g[50];
    for (int count = 1; count <= 50; count += 49) {
        struct score score = {.steps = steps, .step_count = count};
        int heard = 0;
        for (int player = 0; guitarist_name(player); player++) {
            struct guitarist *guitarist = hire(&score, guitarist_name(player), player % 2, 3);
            for (int take = 0; take < 40; take++) {
                play(guitarist, &score, take, 0, g);
                for (int i = 0; i < count; i++)
                    if (!isnan(g[i])) {
                        ck_assert_double_le(fabs(g[i]), 250);
                        heard++;
                    }
            }
            guitarist_free(guitarist);
        }
        ck_assert_int_gt(heard, 0);
    }
}
END_TEST

START_TEST(feels_are_what_their_names_say)
{
    struct score *score = made_score(128, 100, 3);
    int n = score->step_count, heard;
    double *g = calloc((size_t)n, sizeof *g), late = 0, swing = 0, one = 0;
    int players = 12, swung = 0, ones = 0;
    for (int seed = 0; seed < players; seed++) {
        struct guitarist *guitarist = hire(score, "laid-back", false, (uint64_t)seed);
        play(guitarist, score, 0, 0, g);
        late += mean_of(g, n, &heard) / players;
        guitarist_free(guitarist);
        guitarist = hire(score, "swinger", false, (uint64_t)seed);
        play(guitarist, score, 0, 0, g);
        for (int i = 0; i < n; i++)
            if (!isnan(g[i]) && score->steps[i].bin % 12 == 6) {
                swing += g[i];
                swung++;
            }
        guitarist_free(guitarist);
        guitarist = hire(score, "subverter", false, (uint64_t)seed);
        play(guitarist, score, 0, 0, g);
        for (int i = 0; i < n; i++)
            if (!isnan(g[i]) && score->steps[i].bin == 0) {
                one += g[i];
                ones++;
            }
        guitarist_free(guitarist);
    }
    ck_assert_double_gt(late, 10); /* 12..22 ms, more on the backbeat */
    ck_assert_double_lt(late, 30);
    ck_assert_double_gt(swing / swung, 30); /* .06...14 of a 600 ms beat */
    ck_assert_double_lt(swing / swung, 90);
    ck_assert_double_lt(one / ones, -35); /* 40..75 ms early */
    free(g);
    score_free(score);
}
END_TEST

/* He follows the drums he hears, by his share and no further. */
START_TEST(drums_pull_him)
{
    struct score *score = made_score(128, 100, 4);
    int n = score->step_count, heard;
    double *g = calloc((size_t)n, sizeof *g);
    struct guitarist *guitarist = hire(score, "on-grid", false, 11);
    play(guitarist, score, 0, -20, g);
    double early = mean_of(g, n, &heard);
    play(guitarist, score, 0, 20, g);
    double late = mean_of(g, n, &heard);
    ck_assert_double_gt(late - early, 2);
    ck_assert_double_lt(late - early, 24);
    guitarist_free(guitarist);
    free(g);
    score_free(score);
}
END_TEST

START_TEST(how_far_drums_pull_him_can_be_set)
{
    struct score *score = made_score(128, 100, 4);
    int n = score->step_count, heard;
    double *g = calloc((size_t)n, sizeof *g);
    struct guitarist *guitarist = hire(score, "on-grid", false, 11);
    play(guitarist, score, 0, 0, g);
    for (int k = 0; k < 3; k++) {
        static const double gain[] = {0, 0.5, 0.5}, most_ms[] = {12, 12, 100}, pull[] = {0, 12, 20};
        guitarist_react(guitarist, gain[k], most_ms[k]);
        play(guitarist, score, 0, -60, g);
        double early = mean_of(g, n, &heard);
        play(guitarist, score, 0, 60, g);
        /* He makes up for half of a distance that shrinks as he does: a third. */
        ck_assert_double_eq_tol(mean_of(g, n, &heard) - early, 2 * pull[k], k ? 4 : 1e-9);
    }
    guitarist_free(guitarist);
    free(g);
    score_free(score);
}
END_TEST

/* It is the distance between the two that pulls, not the drums' from the grid. */
START_TEST(drums_that_are_with_him_leave_him_alone)
{
    struct score *score = made_score(64, 100, 7);
    int n = score->step_count;
    double *alone = calloc(2 * (size_t)n, sizeof *alone), *together = alone + n;
    struct guitarist *guitarist = hire(score, "laid-back", false, 13);
    for (int i = 0; i < n; i++) {
        alone[i] = NAN;
        guitarist_play(guitarist, i, &alone[i]);
    }
    guitarist_start(guitarist, 0);
    for (int i = 0; i < n; i++) {
        together[i] = NAN;
        if (guitarist_play(guitarist, i, &together[i]))
            guitarist_hear(guitarist, i, together[i]);
    }
    ck_assert_mem_eq(alone, together, (size_t)n * sizeof *alone);
    guitarist_free(guitarist);
    free(alone);
    score_free(score);
}
END_TEST

START_TEST(intent_is_the_note_without_the_hand)
{
    struct score *score = made_score(256, 100, 5);
    for (int odd = 0; odd < 2; odd++) {
        struct guitarist *guitarist = hire(score, "pattern", odd, 12);
        double g, sum = 0, squares = 0, worst = 0;
        int heard = 0;
        for (int take = 0; take < 5; take++) {
            guitarist_start(guitarist, take);
            for (int i = 0; i < score->step_count; i++) {
                if (!guitarist_play(guitarist, i, &g))
                    continue;
                double hand = g - guitarist_intent_ms(guitarist);
                sum += hand;
                squares += hand * hand;
                worst = fmax(worst, fabs(hand));
                heard++;
            }
        }
        double sd = sqrt(squares / heard);
        ck_assert_double_lt(fabs(sum / heard), 2);
        ck_assert_double_gt(sd, 3);
        ck_assert_double_lt(sd, 30); /* 4..12 ms, and slips */
        ck_assert_double_gt(worst, 3 * sd);
        guitarist_free(guitarist);
    }
    score_free(score);
}
END_TEST

START_TEST(unknown_names_are_refused_with_the_list)
{
    struct score *score = made_score(2, 100, 6);
    struct error err = {.text = ""};
    struct guitarist_options options = {.name = "Keith"};
    ck_assert_ptr_null(guitarist_new(score, &options, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "'Keith'"));
    ck_assert_ptr_nonnull(strstr(err.hint, "laid-back"));
    options.name = NULL;
    struct guitarist *guitarist = guitarist_new(score, &options, &err);
    ck_assert_ptr_nonnull(guitarist);
    guitarist_free(guitarist);
    guitarist_free(NULL);
    score_free(score);
}
END_TEST

Suite *guitarist_suite(void);

Suite *guitarist_suite(void)
{
    Suite *suite = suite_create("guitarist");
    TCase *tcase = tcase_create("players");
    tcase_add_loop_test(tcase, same_seed_and_take_play_the_same, 0, 7);
    tcase_add_test(tcase, notes_stay_with_their_step);
    tcase_add_test(tcase, in_a_long_rest_he_is_still_near_the_hit);
    tcase_add_test(tcase, feels_are_what_their_names_say);
    tcase_add_test(tcase, drums_pull_him);
    tcase_add_test(tcase, how_far_drums_pull_him_can_be_set);
    tcase_add_test(tcase, drums_that_are_with_him_leave_him_alone);
    tcase_add_test(tcase, intent_is_the_note_without_the_hand);
    tcase_add_test(tcase, unknown_names_are_refused_with_the_list);
    suite_add_tcase(suite, tcase);
    return suite;
}
