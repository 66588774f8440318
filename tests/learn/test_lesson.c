#include "learn/lesson.h"
#include "made_score.h"
#include "model/groove.h"
#include "model/model.h"
#include "suites.h"

#include <stdio.h>

static struct checkpoint *small_drummer(void)
{
    struct groove_config config = groove_defaults();
    config.width = 16;
    config.heads = 2;
    config.hidden = 32;
    config.encoders = config.decoders = 1;
    struct groove *groove = groove_new(config, 3);
    struct checkpoint *checkpoint = checkpoint_new();
    ck_assert(groove && checkpoint);
    groove_store(groove, groove->params, checkpoint);
    groove_free(groove);
    return checkpoint;
}

/* A guitarist who drags the beats and rushes the rest, heard at every second step. */
static double habit_ms(const struct step *step)
{
    return step->bin % SCORE_BINS_PER_QUARTER == 0 ? 25.0 : -15.0;
}

static struct take *dragged_take(const struct score *score, uint64_t seed)
{
    struct take_settings settings = {.model = "groove", .tempo_percent = 100, .rate = 48000};
    struct take *take = take_new(score, &settings, score->step_count);
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
    struct checkpoint *from = small_drummer();
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
    struct checkpoint *from = small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 0;
    ck_assert(bars_read("2-3", &options.bars));
    struct checkpoint *learnt =
        lesson_learn(from, score, take, &options, NULL, NULL, &report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    ck_assert_int_lt(report.onsets, take->onset_count / 4);
    ck_assert_int_gt(report.onsets, 4);
    checkpoint_free(learnt);
    ck_assert(bars_read("40", &options.bars));
    ck_assert_ptr_null(lesson_learn(from, score, take, &options, NULL, NULL, &report, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "the bars and drums chosen"));
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

static bool stop_at_third(void *context, const struct lesson_progress *progress)
{
    int *calls = context;
    ck_assert_double_le(progress->done, 1.0);
    return ++*calls < 3;
}

START_TEST(a_lesson_can_be_cancelled)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 110, 2);
    struct take *take = dragged_take(score, 4);
    struct checkpoint *from = small_drummer();
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    int calls = 0;
    options.epochs = 10;
    ck_assert_ptr_null(
        lesson_learn(from, score, take, &options, stop_at_third, &calls, &report, &err));
    ck_assert_int_eq(calls, 3);
    ck_assert_str_eq(err.text, "cancelled");
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
    struct checkpoint *from = small_drummer();
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
    struct checkpoint *from = small_drummer();
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
    struct checkpoint *from = small_drummer();
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
    struct checkpoint *from = small_drummer();
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

Suite *lesson_suite(void)
{
    Suite *suite = suite_create("lesson");
    TCase *tests = tcase_create("lesson");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_next_take_is_expected_better);
    tcase_add_test(tests, chosen_bars_alone_are_learnt);
    tcase_add_test(tests, a_lesson_can_be_cancelled);
    tcase_add_test(tests, nothing_heard_is_no_lesson);
    tcase_add_test(tests, each_weight_pulls_at_its_own_term);
    tcase_add_test(tests, the_human_term_keeps_the_feel);
    tcase_add_test(tests, a_long_take_is_a_short_lesson);
    suite_add_tcase(suite, tests);
    return suite;
}
