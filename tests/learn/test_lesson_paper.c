/* The paper's lesson on the paper's network: each of the four terms, and r above all, which is of
 * the mean and the spread of all offsets. */
#include "learn/lesson.h"
#include "made_score.h"
#include "model/model.h"
#include "model/paper.h"
#include "suites.h"

static struct checkpoint *small_drummer(void)
{
    const struct paper_config config = {.width = 16,
                                        .heads = 4,
                                        .hidden = 32,
                                        .encoders = 1,
                                        .decoders = 1,
                                        .window = 16,
                                        .before = 10};
    struct paper *paper = paper_new(config, 3);
    struct checkpoint *checkpoint = checkpoint_new();
    ck_assert(paper && checkpoint);
    paper_store(paper, paper->params, checkpoint);
    paper_free(paper);
    return checkpoint;
}

/* A guitarist who drags by 20 ms, heard at two steps of three. */
static struct take *dragged_take(const struct score *score)
{
    struct take_settings settings = {.model = "paper", .tempo_percent = 100, .rate = 48000};
    struct take *take = take_new(score, &settings, score->step_count, 0);
    ck_assert_ptr_nonnull(take);
    for (int i = 0; i < score->step_count; i++) {
        take->steps[take->step_count++] = (struct take_step){.step = i, .planned = true};
        if (i % 3)
            take->onsets[take->onset_count++] =
                (struct take_onset){.step = i, .deviation_ms = 20 + i % 5};
    }
    return take;
}

static struct lesson_options options_with(double v, double o, double g, double r)
{
    struct lesson_options options = *lesson_recipe("paper");
    options.weights = (struct lesson_weights){v, o, g, r};
    return options;
}

static struct checkpoint *learn(const struct checkpoint *from, const struct score *score,
                                const struct take *take, const struct lesson_options *options,
                                struct lesson_report *report)
{
    struct error err = {.text = ""};
    struct checkpoint *learnt = lesson_learn(from, score, take, options, NULL, NULL, report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    return learnt;
}

START_TEST(the_recipe_is_the_papers)
{
    const struct lesson_options *recipe = lesson_recipe("paper");
    ck_assert_int_eq(recipe->epochs, 20);
    ck_assert_double_eq(recipe->rate, .003);
    ck_assert(recipe->weights.velocity == 1 && recipe->weights.offset == 1 &&
              recipe->weights.guitar == 1 && recipe->weights.human == 1);
    ck_assert_ptr_null(lesson_recipe("straight"));
    ck_assert(lesson_recipe("groove")->rate == lesson_defaults.rate);
}
END_TEST

/* Each alone, then all together; a lesson is the same whenever it is taken. */
START_TEST(every_term_is_learnt)
{
    struct score *score = made_score(7, 110, 2); /* the last window is not full */
    struct take *take = dragged_take(score);
    struct checkpoint *from = small_drummer();
    for (int w = 0; w < 5; w++) {
        struct lesson_options options = options_with(w == 0, w == 1, w == 2, w == 3);
        struct lesson_report reports[2];
        if (w == 4)
            options = *lesson_recipe("paper");
        struct checkpoint *learnt = learn(from, score, take, &options, &reports[0]);
        struct checkpoint *again = learn(from, score, take, &options, &reports[1]);
        ck_assert_int_eq(reports[0].epochs, 20);
        ck_assert_int_eq(reports[0].onsets, take->onset_count);
        ck_assert_double_lt(reports[0].loss_after, .7 * reports[0].loss_before);
        if (w == 2)
            ck_assert_double_lt(reports[0].prediction_after_ms, 12);
        for (int i = 0; i < checkpoint_count(learnt); i++) {
            const struct tensor *a = checkpoint_at(learnt, i), *b = checkpoint_at(again, i);
            size_t size = sizeof(float);
            for (int k = 0; k < a->rank; k++)
                size *= (size_t)a->shape[k];
            ck_assert_mem_eq(a->data, b->data, size);
        }
        checkpoint_free(learnt);
        checkpoint_free(again);
    }
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

static bool stop_at_third(void *context, const struct lesson_progress *progress)
{
    int *epochs = context; /* seen */
    ck_assert_int_lt(*epochs, 3);
    ck_assert_int_eq(progress->epochs, 20);
    ck_assert_double_ge(progress->done, progress->epoch / 40.0); /* and what is heard before it */
    if (progress->loss > 0)
        for (int k = 0; k < 4; k++)
            ck_assert(isfinite(progress->terms[k]) && progress->terms[k] > 0);
    *epochs = progress->epoch;
    return progress->epoch < 3;
}

START_TEST(it_can_be_cancelled)
{
    struct error err = {.text = ""};
    struct score *score = made_score(7, 110, 2);
    struct take *take = dragged_take(score);
    struct checkpoint *from = small_drummer();
    struct lesson_report report;
    int epochs = 0;
    ck_assert_ptr_null(lesson_learn(from, score, take, lesson_recipe("paper"), stop_at_third,
                                    &epochs, &report, &err));
    ck_assert_int_eq(epochs, 3);
    ck_assert_double_nan(report.prediction_unseen_ms); /* it has no ear */
    ck_assert_str_eq(err.text, "cancelled");
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

/* Adam's first step goes by the rate against the sign of each derivative: those are the signs of
 * finite differences of the loss. */
START_TEST(the_steps_go_down_the_loss)
{
    const double weights[][4] = {{0, 0, 0, 1}, {1, 0, 0, 0}, {0, 1, 0, .3}, {.2, .3, 1, 2}};
    const char *const names[] = {"output.bias", "norm.bias", "decoder.0.cross.down.bias"};
    struct score *score = made_score(7, 110, 2);
    struct take *take = dragged_take(score);
    struct checkpoint *from = small_drummer();
    int told = 0;
    for (size_t w = 0; w < sizeof weights / sizeof *weights; w++) {
        struct lesson_options options =
            options_with(weights[w][0], weights[w][1], weights[w][2], weights[w][3]);
        struct lesson_report report;
        options.epochs = 1;
        options.rate = 1e-6;
        struct checkpoint *learnt = learn(from, score, take, &options, &report);
        options.epochs = 0;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            float *at = checkpoint_find(from, names[i])->data;
            const float *moved = checkpoint_find(learnt, names[i])->data;
            const int count = (int)checkpoint_find(from, names[i])->shape[0];
            for (int k = 0; k < count; k++) {
                const float was = at[k];
                double loss[2];
                for (int side = 0; side < 2; side++) {
                    at[k] = was + (side ? 2e-2F : -2e-2F);
                    checkpoint_free(learn(from, score, take, &options, &report));
                    loss[side] = report.loss_before;
                }
                at[k] = was;
                /* Curved or flat places say nothing. */
                if (fabs(loss[1] - loss[0]) < 2e-4 || moved[k] == was)
                    continue;
                ck_assert_msg((loss[1] > loss[0]) == (moved[k] < was), "%s %d: %g", names[i], k,
                              loss[1] - loss[0]);
                told++;
            }
        }
        checkpoint_free(learnt);
    }
    ck_assert_int_gt(told, 60);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

static double offsets_of(const struct checkpoint *checkpoint, const struct score *score, double *sd)
{
    struct error err = {.text = ""};
    struct model *model = model_open(checkpoint, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    struct performance *performance = model_begin(model, score, &err);
    double sum = 0, square = 0, count = 0;
    for (int i = 0; i < score->step_count; i++) {
        struct prediction out;
        performance_predict(performance, i, &out);
        for (int c = 0; c < DRUM_COUNT; c++)
            if (score->steps[i].drums >> c & 1) {
                const double bars = out.offset_ms[c] / 1000 / score->steps[i].at.bar_s;
                sum += bars;
                square += bars * bars;
                count++;
            }
    }
    performance_end(performance);
    model_close(model);
    *sd = sqrt(square / count - sum / count * sum / count);
    return sum / count;
}

/* r alone, long enough: offsets are spread and early as the Groove MIDI Dataset's are. */
START_TEST(r_makes_a_human_spread)
{
    struct score *score = made_score(8, 110, 2);
    struct take *take = dragged_take(score);
    struct checkpoint *from = small_drummer();
    struct lesson_options options = options_with(0, 0, 0, 1);
    struct lesson_report report;
    double sd[2];
    options.epochs = 120;
    struct checkpoint *learnt = learn(from, score, take, &options, &report);
    offsets_of(from, score, &sd[0]);
    double mean = offsets_of(learnt, score, &sd[1]);
    ck_assert_double_lt(report.loss_after, 1e-3);
    ck_assert_double_lt(sd[0], .004);
    ck_assert_double_eq_tol(mean, -0.003339, .003); /* played on after a guitar, here alone */
    ck_assert_double_eq_tol(sd[1], 0.011725, .004);
    checkpoint_free(learnt);
    checkpoint_free(from);
    take_free(take);
    score_free(score);
}
END_TEST

Suite *lesson_paper_suite(void)
{
    Suite *suite = suite_create("lesson_paper");
    TCase *tests = tcase_create("lesson");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_recipe_is_the_papers);
    tcase_add_test(tests, every_term_is_learnt);
    tcase_add_test(tests, it_can_be_cancelled);
    tcase_add_test(tests, the_steps_go_down_the_loss);
    tcase_add_test(tests, r_makes_a_human_spread);
    suite_add_tcase(suite, tests);
    return suite;
}
