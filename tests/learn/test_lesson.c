#include "learn/lesson.h"

#include "band.h"
#include "base/paths.h"
#include "suites.h"

#include <limits.h>
#include <stdio.h>

/* A guitarist who drags the beats and rushes the rest, heard at every second step. */
static double habit_ms(const struct step *step)
{
    return step->bin % SCORE_BINS_PER_QUARTER == 0 ? 25.0 : -15.0;
}

static struct take *dragged_take(const struct score *score, uint64_t seed)
{
    struct take_settings settings = {.model = "groove", .tempo_percent = 100, .rate = 48000};
    struct take *take = take_new(score, &settings, score->step_count, 0);
    ck_assert_ptr_nonnull(take);
    struct rng rng;
    rng_seed(&rng, seed);
    for (int i = 0; i < score->step_count; i++) {
        take->steps[take->step_count++] = (struct take_step){.step = i, .planned = true};
        if (i % 2)
            continue;
        double g = habit_ms(&score->steps[i]) + 3.0 * rng_normal(&rng);
        int64_t frame = llround((score->steps[i].time_s + g / 1000) * 48000);
        take->onsets[take->onset_count++] = (struct take_onset){
            .frame = frame, .heard_frame = frame + 100, .step = i, .deviation_ms = g};
    }
    return take;
}

/* Error of a drummer who meets the habit for the first time in this take. */
static double next_take_error(const struct checkpoint *checkpoint, const struct score *score,
                              bool first_bars)
{
    struct error err = {.text = ""};
    struct model *model = model_open(checkpoint, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    struct performance *performance = model_begin(model, score, &err);
    double sum = 0;
    int count = first_bars ? 16 : score->step_count;
    for (int i = 0; i < count; i++) {
        struct prediction prediction;
        performance_predict(performance, i, &prediction);
        sum += fabs(prediction.guitar_ms - habit_ms(&score->steps[i])) / count;
    }
    performance_end(performance);
    model_close(model);
    return sum;
}

START_TEST(the_next_take_is_expected_better)
{
    struct error err = {.text = ""};
    struct score *score = made_score(12, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    for (int epochs = 0; epochs <= 5; epochs += 5) {
        struct lesson_options options = lesson_defaults;
        struct lesson_report report;
        options.epochs = epochs;
        struct checkpoint *learnt =
            lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
        ck_assert_msg(learnt != NULL, "%s", err.text);
        ck_assert_int_eq(report.epochs, epochs);
        ck_assert_int_eq(report.onsets, take->onset_count);
        ck_assert_double_lt(report.prediction_after_ms, report.prediction_before_ms);
        if (epochs > 0)
            ck_assert_double_lt(report.loss_after, report.loss_before);
        double before = next_take_error(from, score, true);
        ck_assert_double_gt(before, 12.0);
        ck_assert_double_lt(next_take_error(learnt, score, true), 0.35 * before);
        checkpoint_free(learnt);
    }
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

START_TEST(chosen_bars_alone_are_learnt)
{
    struct error err = {.text = ""};
    struct score *score = made_score(12, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 0;
    ck_assert(bars_read("2-3", &options.choice.bars));
    struct checkpoint *learnt =
        lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    ck_assert_int_lt(report.onsets, take->onset_count / 4);
    ck_assert_int_gt(report.onsets, 4);
    checkpoint_free(learnt);
    ck_assert(bars_read("40", &options.choice.bars));
    ck_assert_ptr_null(lesson_learn(from, score, take, &options, NULL, NULL, &report, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "the bars and drums chosen"));
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

static struct checkpoint *learn(const struct checkpoint *from, const struct score *score,
                                const struct take *take, const struct lesson_options *options,
                                struct lesson_report *report)
{
    struct error err = {.text = ""};
    struct checkpoint *learnt = lesson_learn(from, score, take, options, NULL, NULL, report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    return learnt;
}

/* By every step, the same or not: |a - b| of what two drummers expect who have heard nothing yet.
 */
static double expectations_apart(const struct checkpoint *a, const struct checkpoint *b,
                                 const struct score *score)
{
    struct error err = {.text = ""};
    double sum = 0;
    struct model *models[2] = {model_open(a, &err), model_open(b, &err)};
    struct performance *performances[2] = {model_begin(models[0], score, &err),
                                           model_begin(models[1], score, &err)};
    for (int i = 0; i < score->step_count; i++) {
        struct prediction made[2];
        for (int k = 0; k < 2; k++)
            performance_predict(performances[k], i, &made[k]);
        sum += fabs((double)made[0].guitar_ms - made[1].guitar_ms) / score->step_count;
    }
    for (int k = 0; k < 2; k++) {
        performance_end(performances[k]);
        model_close(models[k]);
    }
    return sum;
}

START_TEST(chosen_drums_alone_are_learnt)
{
    struct score *score = made_score(12, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    int snares = 0;
    for (int i = 0; i < take->onset_count; i++)
        snares += (score->steps[take->onsets[i].step].drums & 1u << DRUM_SNARE) != 0;
    options.choice.drums = 1u << DRUM_SNARE;
    options.choice.bars = bars_all;
    struct checkpoint *learnt = learn(from, score, take, &options, &report);
    ck_assert_int_eq(report.onsets, snares);
    ck_assert_int_gt(snares, 10);
    ck_assert_int_lt(snares, take->onset_count / 2);
    /* What was played where the other drums are struck alone makes no difference. */
    struct take *others = dragged_take(score, 4);
    for (int i = 0; i < others->onset_count; i++)
        if (!(score->steps[others->onsets[i].step].drums & 1u << DRUM_SNARE))
            others->onsets[i].deviation_ms = -70;
    struct checkpoint *again = learn(from, score, others, &options, &report);
    struct error err = {.text = ""};
    size_t sizes[2];
    uint8_t *bytes[2] = {checkpoint_write(learnt, &sizes[0], &err),
                         checkpoint_write(again, &sizes[1], &err)};
    ck_assert(bytes[0] && bytes[1] && sizes[0] == sizes[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], sizes[0]);
    free(bytes[0]);
    free(bytes[1]);
    checkpoint_free(learnt);
    checkpoint_free(again);
    checkpoint_free(from);
    take_free(take);
    take_free(others);
    score_free(score);
}
END_TEST

START_TEST(strength_is_how_much_changes)
{
    static const double strengths[] = {0.02, 0.15, 1};
    struct score *score = made_score(12, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_report report;
    double apart[3], loss[3];
    for (int k = 0; k < 3; k++) {
        struct lesson_options options = lesson_defaults;
        options.strength = strengths[k];
        options.epochs = 5;
        options.rate = 1e-3;
        struct checkpoint *learnt = learn(from, score, take, &options, &report);
        apart[k] = expectations_apart(from, learnt, score);
        loss[k] = report.loss_after;
        checkpoint_free(learnt);
    }
    ck_assert_double_gt(apart[0], 0.1);
    ck_assert_double_lt(apart[0], 0.8 * apart[1]);
    ck_assert_double_lt(apart[1], 0.95 * apart[2]);
    ck_assert_double_lt(loss[1], loss[0]);
    ck_assert_double_lt(loss[2], loss[1]);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* w_g is for the ear what it is for the gradients. */
START_TEST(the_ear_learns_as_far_as_w_g_says)
{
    struct score *score = made_score(12, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_report report;
    double apart[3];
    for (int k = 0; k < 3; k++) {
        struct lesson_options options = lesson_defaults;
        options.weights.guitar = (double[]){0, 0.1, 1}[k];
        options.epochs = 0;
        struct checkpoint *learnt = learn(from, score, take, &options, &report);
        apart[k] = expectations_apart(from, learnt, score);
        ck_assert_int_eq(checkpoint_find(learnt, "ear.trust") != NULL, k > 0);
        ck_assert_int_eq(isnan(report.prediction_unseen_ms), k == 0);
        checkpoint_free(learnt);
    }
    ck_assert_double_eq(apart[0], 0);
    ck_assert_double_gt(apart[1], 1);
    ck_assert_double_lt(apart[1], apart[2]);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* A habit holds where it was not heard; notes at random teach what harms, and the figures say so.
 */
START_TEST(what_a_lesson_is_worth_is_told_where_it_was_not_learnt)
{
    struct score *score = made_score(16, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 0;
    struct checkpoint *learnt = learn(from, score, take, &options, &report);
    ck_assert_double_lt(report.prediction_unseen_ms, 0.8 * report.prediction_before_ms);
    ck_assert_double_lt(report.prediction_after_ms, report.prediction_unseen_ms);
    ck_assert(!report.worse);

    /* He who has learnt it plays otherwise by whim: each two bars turn against those before. */
    struct take *whims = dragged_take(score, 5);
    for (int i = 0; i < whims->onset_count; i++) {
        const struct step *step = &score->steps[whims->onsets[i].step];
        whims->onsets[i].deviation_ms = step->at.bar / 2 % 2 ? 60 : -60;
    }
    options.strength = 0.9; /* not enough to begin anew, which would do no harm */
    struct checkpoint *harmed = learn(learnt, score, whims, &options, &report);
    ck_assert_msg(report.worse, "%.1f before, %.1f unseen", report.prediction_before_ms,
                  report.prediction_unseen_ms);
    ck_assert(!report.begins_anew);
    checkpoint_free(harmed);
    options.strength = 1;
    struct checkpoint *other = learn(learnt, score, whims, &options, &report);
    ck_assert(report.begins_anew && !report.worse);
    checkpoint_free(other);

    ck_assert(bars_read("3-4", &options.choice.bars)); /* one block: nothing is left to ask for */
    struct checkpoint *part = learn(from, score, take, &options, &report);
    ck_assert_double_nan(report.prediction_unseen_ms);
    checkpoint_free(part);
    checkpoint_free(learnt);
    checkpoint_free(from);
    take_free(take);
    take_free(whims);
    score_free(score);
}
END_TEST

struct patience {
    int calls, last; /* false is said at the last one, and nothing may come after it */
    double done, longest;
    int epochs; /* on the curve */
};

static bool wait_a_while(void *context, const struct lesson_progress *progress)
{
    struct patience *patience = context;
    ck_assert_int_lt(patience->calls, patience->last);
    ck_assert_double_ge(progress->done, patience->done);
    ck_assert_double_le(progress->done, 1);
    ck_assert_ptr_nonnull(progress->doing);
    patience->longest = fmax(patience->longest, progress->done - patience->done);
    patience->done = progress->done;
    patience->epochs = progress->curve.count;
    return ++patience->calls < patience->last;
}

/* Whenever the word comes, no work follows it; and between two chances to say it lies a small part
 * of the whole, at most an epoch's way back. */
START_TEST(a_lesson_can_be_cancelled_at_any_moment)
{
    struct error err = {.text = ""};
    struct score *score = made_score(24, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    struct rng rng;
    rng_seed(&rng, 6);
    for (int number = 0; number < 2; number++) { /* the second one has an ear to doubt */
        struct patience whole = {.last = INT_MAX};
        struct checkpoint *learnt =
            lesson_learn(from, score, take, &options, wait_a_while, &whole, &report, &err);
        ck_assert_msg(learnt != NULL, "%s", err.text);
        ck_assert_msg(whole.done > 0.99 && whole.longest < 0.06, "%g done, by %g", whole.done,
                      whole.longest);
        ck_assert_int_eq(whole.epochs, options.epochs + 1); /* each, however fast they pass */
        for (int i = 0; i < 20; i++) {
            struct patience some = {.last = 1 + (int)rng_below(&rng, (uint32_t)whole.calls)};
            ck_assert_ptr_null(
                lesson_learn(from, score, take, &options, wait_a_while, &some, &report, &err));
            ck_assert_int_eq(some.calls, some.last);
            ck_assert_str_eq(err.text, "cancelled");
        }
        checkpoint_free(from);
        from = learnt;
    }
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

START_TEST(nothing_heard_is_no_lesson)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_report report;
    take->onset_count = 0;
    ck_assert_ptr_null(
        lesson_learn(from, score, take, &lesson_defaults, NULL, NULL, &report, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no onset"));
    checkpoint_set(from, "model", "straight");
    ck_assert_ptr_null(
        lesson_learn(from, score, take, &lesson_defaults, NULL, NULL, &report, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot learn"));
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* Each weight moves its own term: what it alone asks for comes nearer. */
START_TEST(each_weight_pulls_at_its_own_term)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    for (int w = 0; w < 3; w++) {
        struct lesson_options options = lesson_defaults;
        struct lesson_report report;
        options.weights = (struct lesson_weights){w == 0, w == 1, w == 2, 0};
        options.epochs = 15;
        options.rate = 1e-3;
        struct checkpoint *learnt =
            lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
        ck_assert_msg(learnt != NULL, "%s", err.text);
        ck_assert_double_lt(report.loss_after, 0.9 * report.loss_before);
        checkpoint_free(learnt);
    }
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.weights = (struct lesson_weights){0, 0, 0, 0};
    struct checkpoint *learnt =
        lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
    ck_assert_double_eq(report.loss_after, 0.0);
    const struct tensor *a = checkpoint_at(from, 0), *b = checkpoint_find(learnt, a->name);
    ck_assert_mem_eq(a->data, b->data, sizeof(float) * (size_t)a->shape[0]);
    checkpoint_free(learnt);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* How far the own feel of `learnt` is from that of `from`: mean square over the hits, ms^2. */
static double feel_distance(const struct checkpoint *from, const struct checkpoint *learnt,
                            const struct score *score)
{
    struct error err = {.text = ""};
    struct model *models[2] = {model_open(from, &err), model_open(learnt, &err)};
    ck_assert_msg(models[0] && models[1], "%s", err.text);
    struct performance *performances[2] = {model_begin(models[0], score, &err),
                                           model_begin(models[1], score, &err)};
    double sum = 0;
    for (int i = 0; i < score->step_count; i++) {
        struct prediction made[2];
        for (int k = 0; k < 2; k++)
            performance_predict(performances[k], i, &made[k]);
        for (int c = 0; c < DRUM_COUNT; c++)
            if (score->steps[i].drums & (1u << c))
                sum += pow((double)made[0].offset_ms[c] - made[1].offset_ms[c], 2);
    }
    for (int k = 0; k < 2; k++) {
        performance_end(performances[k]);
        model_close(models[k]);
    }
    return sum / score->hit_count;
}

/* Pulled towards the guitar alone the drummer loses his feel; the human term holds him to that of
 * the pretrained one, whose part he plays here himself. */
START_TEST(the_human_term_keeps_the_feel)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    char assets[] = "/tmp/rolypoly-assets-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(assets));
    snprintf(path, sizeof path, "%s/groove.safetensors", assets);
    ck_assert_msg(checkpoint_save(from, path, &err), "%s", err.text);
    setenv("ROLYPOLY_ASSETS", assets, 1);
    double distance[2];
    for (int k = 0; k < 2; k++) {
        struct lesson_options options = lesson_defaults;
        struct lesson_report report;
        options.weights = (struct lesson_weights){.offset = 1, .human = k ? 30 : 0};
        options.epochs = 15;
        options.rate = 1e-3;
        struct checkpoint *learnt =
            lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
        ck_assert_msg(learnt != NULL, "%s", err.text);
        distance[k] = feel_distance(from, learnt, score);
        checkpoint_free(learnt);
    }
    remove(path);
    remove(assets);
    ck_assert_msg(distance[1] < 0.2 * distance[0], "%g and %g", distance[0], distance[1]);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* Ten thousand steps would take a minute and a gigabyte: the groove learns from a stretch of them,
 * the ear from all. */
START_TEST(a_long_take_is_a_short_lesson)
{
    struct error err = {.text = ""};
    struct score *score = made_score(240, 160, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = band_small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    ck_assert_int_gt(score->step_count, 1900);
    struct take *part = dragged_take(score, 4);
    int first = score->step_count - 768, kept = 0; /* heard twice as often here as before */
    for (int i = 0; i < part->onset_count; i++)
        if (part->onsets[i].step >= first ||
            (part->onsets[i].step % 4 == 0 && part->onsets[i].step < first - 8))
            part->onsets[kept++] = part->onsets[i];
    part->onset_count = kept;
    double loss[2];
    for (int k = 0; k < 2; k++) {
        struct take *heard = k ? part : take;
        options.epochs = 1;
        struct checkpoint *learnt =
            lesson_learn(from, score, heard, &options, NULL, NULL, &report, &err);
        ck_assert_msg(learnt != NULL, "%s", err.text);
        ck_assert_int_eq(report.onsets, heard->onset_count);
        loss[k] = report.loss_before;
        checkpoint_free(learnt);
    }
    /* The same stretch alone, chosen by hand. */
    take->onset_count = 0;
    for (int i = 0; i < kept; i++)
        if (part->onsets[i].step >= first)
            take->onsets[take->onset_count++] = part->onsets[i];
    struct checkpoint *learnt =
        lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    ck_assert_double_eq(report.loss_before, loss[1]);
    ck_assert_double_ne(report.loss_before, loss[0]);
    checkpoint_free(learnt);
    checkpoint_free(from);
    take_free(take);
    take_free(part);
    score_free(score);
}
END_TEST

/* The drummer's own feel after five lessons, beside the pretrained one's on a song he never played.
 */
START_TEST(five_lessons_forget_no_drumming)
{
    struct error err = {.text = ""};
    char asset[4096];
    setenv("ROLYPOLY_ASSETS", "assets", 0);
    if (!paths_asset("groove.safetensors", asset, sizeof asset, &err)) {
        puts("lesson: skipped, the pretrained drummer is not here");
        return;
    }
    struct score *score = made_score(12, 110, 2), *other = made_score(12, 90, 8);
    struct checkpoint *from = model_pretrained("groove", &err);
    ck_assert_msg(from != NULL, "%s", err.text);
    struct checkpoint *drummer = checkpoint_copy(from);
    struct lesson_report report;
    for (int i = 0; i < 5; i++) {
        struct take *take = dragged_take(score, 20 + (uint64_t)i);
        struct checkpoint *learnt = learn(drummer, score, take, &lesson_defaults, &report);
        checkpoint_free(drummer);
        drummer = learnt;
        take_free(take);
    }
    double moved_ms = sqrt(feel_distance(from, drummer, other));
    ck_assert_msg(moved_ms < 6, "the hits moved by %.2f ms", moved_ms);
    ck_assert_double_gt(moved_ms, 0.01);
    checkpoint_free(drummer);
    checkpoint_free(from);
    score_free(other);
    score_free(score);
}
END_TEST

Suite *lesson_suite(void)
{
    Suite *suite = suite_create("lesson");
    TCase *tests = tcase_create("lesson");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_next_take_is_expected_better);
    tcase_add_test(tests, chosen_bars_alone_are_learnt);
    tcase_add_test(tests, chosen_drums_alone_are_learnt);
    tcase_add_test(tests, strength_is_how_much_changes);
    tcase_add_test(tests, the_ear_learns_as_far_as_w_g_says);
    tcase_add_test(tests, what_a_lesson_is_worth_is_told_where_it_was_not_learnt);
    tcase_add_test(tests, a_lesson_can_be_cancelled_at_any_moment);
    tcase_add_test(tests, five_lessons_forget_no_drumming);
    tcase_add_test(tests, nothing_heard_is_no_lesson);
    tcase_add_test(tests, each_weight_pulls_at_its_own_term);
    tcase_add_test(tests, the_human_term_keeps_the_feel);
    tcase_add_test(tests, a_long_take_is_a_short_lesson);
    suite_add_tcase(suite, tests);
    return suite;
}
