#include "learn/lesson.h"

#include "base/stopwatch.h"
#include "learn/lesson_train.h"
#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct lesson_options lesson_defaults = {
    .weights = {.velocity = 0.1, .offset = 0.3, .guitar = 1.0, .human = 3.0},
    .epochs = 10,
    .rate = 3e-5, /* more teaches the ear nothing and forgets the drumming: docs/LEARNING.md */
};

/* As in the paper. */
static const struct lesson_options paper_recipe = {
    .weights = {.velocity = 1, .offset = 1, .guitar = 1, .human = 1},
    .epochs = 20,
    .rate = 3e-3,
};

/* The models that learn. */
static const struct school {
    const char *model;
    const struct lesson_options *recipe;
    lesson_train *train;
} schools[] = {
    {"groove", &lesson_defaults, lesson_train_groove},
    {"paper", &paper_recipe, lesson_train_paper},
};

enum { SCHOOLS = sizeof schools / sizeof *schools };

static const struct school *find_school(const char *model)
{
    for (int i = 0; model && i < SCHOOLS; i++)
        if (strcmp(schools[i].model, model) == 0)
            return &schools[i];
    return NULL;
}

const struct lesson_options *lesson_recipe(const char *model)
{
    const struct school *school = find_school(model);
    return school ? school->recipe : NULL;
}

/* The onsets a lesson may use, by step of the take. */
struct notes {
    float *g_ms, *heard;
    int count;
};

static bool chosen(const struct score *score, const struct lesson_options *options, int step)
{
    int bar = score->steps[step].at.bar + 1;
    return options->first_bar == 0 ||
           (bar >= options->first_bar && (options->last_bar == 0 || bar <= options->last_bar));
}

static bool collect(struct notes *notes, const struct score *score, const struct take *take,
                    const struct lesson_options *options, struct error *err)
{
    notes->g_ms = calloc((size_t)take->step_count + 1, sizeof *notes->g_ms);
    notes->heard = calloc((size_t)take->step_count + 1, sizeof *notes->heard);
    if (!notes->g_ms || !notes->heard)
        return error_set(err, "out of memory");
    for (int i = 0; i < take->onset_count; i++) {
        const struct take_onset *onset = &take->onsets[i];
        int place = take->step_count ? onset->step - take->steps[0].step : -1;
        if (onset->step < 0 || place < 0 || place >= take->step_count ||
            !chosen(score, options, onset->step))
            continue;
        notes->g_ms[place] = (float)onset->deviation_ms;
        notes->count += notes->heard[place] == 0;
        notes->heard[place] = 1;
    }
    if (notes->count > 0)
        return true;
    error_set(err, "cannot learn from this take: no onset of the guitar belongs to %s",
              options->first_bar ? "the bars chosen" : "a step of the score");
    return error_hint(err, "check the input level, or the latency, and play it again");
}

/* Plays the take's onsets to a drummer, each one predicted before it is heard. Returns the mean
 * error; what was learnt goes to `keep` if not NULL. NAN on failure. */
static double hear_again(const struct checkpoint *checkpoint, const struct score *score,
                         const struct take *take, const struct notes *notes,
                         struct checkpoint *keep, struct error *err)
{
    struct model *model = model_open(checkpoint, err);
    struct performance *performance = model ? model_begin(model, score, err) : NULL;
    double sum = 0;
    for (int i = 0; performance && i < take->step_count; i++) {
        struct prediction prediction;
        performance_predict(performance, take->steps[i].step, &prediction);
        if (notes->heard[i] == 0)
            continue;
        sum += fabs(prediction.guitar_ms - notes->g_ms[i]);
        performance_hear(performance, take->steps[i].step, notes->g_ms[i], take->steps[i].drums_ms);
    }
    bool good = performance && (!keep || performance_keep(performance, keep, err));
    performance_end(performance);
    model_close(model);
    return good ? sum / notes->count : NAN;
}

/* Of a longer take, its most heard stretch of so many steps: memory and time grow with every step.
 */
enum { MOST_STEPS = 768 };

static struct lesson_material most_heard(const struct lesson_material *take)
{
    struct lesson_material stretch = *take;
    int steps = take->end - take->first, best = 0;
    if (steps <= MOST_STEPS)
        return stretch;
    float sum = 0, most = 0;
    for (int t = 0; t < steps; t++) {
        sum += take->heard[t] - (t >= MOST_STEPS ? take->heard[t - MOST_STEPS] : 0.0f);
        if (sum > most) {
            most = sum;
            best = t >= MOST_STEPS ? t - MOST_STEPS + 1 : 0;
        }
    }
    stretch.first += best;
    stretch.end = stretch.first + MOST_STEPS;
    stretch.g_ms += best;
    stretch.heard += best;
    return stretch;
}

bool lesson_epochs(void *student, lesson_look *look, lesson_step *step,
                   const struct lesson_options *options, lesson_watch *watch, void *context,
                   struct lesson_report *report, struct error *err)
{
    struct lesson_progress progress = {.epochs = options->epochs};
    for (int epoch = 0; epoch <= options->epochs; epoch++) {
        double loss = look(student, &progress);
        if (epoch == 0)
            report->loss_before = loss;
        report->loss_after = loss;
        report->epochs = epoch;
        progress.epoch = epoch;
        progress.done = options->epochs ? (double)epoch / options->epochs : 1.0;
        if (watch && !watch(context, &progress))
            return error_set(err, "cancelled");
        if (epoch < options->epochs)
            step(student);
    }
    return true;
}

static bool teach(const struct school *school, struct checkpoint *learnt,
                  const struct checkpoint *from, const struct score *score, const struct take *take,
                  const struct notes *notes, const struct lesson_options *options,
                  lesson_watch *watch, void *context, struct lesson_report *report,
                  struct error *err)
{
    report->onsets = notes->count;
    report->prediction_before_ms = hear_again(from, score, take, notes, NULL, err);
    if (isnan(report->prediction_before_ms))
        return false;
    struct lesson_material material = {
        .score = score,
        .first = take->steps[0].step,
        .end = take->steps[0].step + take->step_count,
        .g_ms = notes->g_ms,
        .heard = notes->heard,
    };
    material = most_heard(&material);
    if (!school->train(learnt, &material, options, watch, context, report, err))
        return false;
    /* An ear comes last: it learns how far to trust the network as it now is. */
    if (isnan(hear_again(learnt, score, take, notes, learnt, err)))
        return false;
    report->prediction_after_ms = hear_again(learnt, score, take, notes, NULL, err);
    return !isnan(report->prediction_after_ms);
}

struct checkpoint *lesson_learn(const struct checkpoint *from, const struct score *score,
                                const struct take *take, const struct lesson_options *options,
                                lesson_watch *watch, void *context, struct lesson_report *report,
                                struct error *err)
{
    double begun_s = stopwatch_s();
    *report = (struct lesson_report){0};
    const char *model = checkpoint_get(from, "model");
    const struct school *school = find_school(model);
    if (!school) {
        error_set(err, "the drummer '%s' cannot learn", model ? model : "?");
        error_hint(err, "play a take with --model groove or paper");
        return NULL;
    }
    struct notes notes = {0};
    struct checkpoint *learnt = NULL;
    if (collect(&notes, score, take, options, err)) {
        learnt = checkpoint_copy(from);
        if (!learnt)
            error_set(err, "out of memory");
        else if (!teach(school, learnt, from, score, take, &notes, options, watch, context, report,
                        err)) {
            checkpoint_free(learnt);
            learnt = NULL;
        }
    }
    free(notes.g_ms);
    free(notes.heard);
    report->seconds = stopwatch_s() - begun_s;
    return learnt;
}
