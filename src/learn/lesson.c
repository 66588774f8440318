#include "learn/lesson.h"

#include "base/stopwatch.h"
#include "learn/cross_validation.h"
#include "learn/lesson_notes.h"
#include "learn/lesson_train.h"
#include "learn/rehearing.h"
#include "model/ear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct lesson_options lesson_defaults = {
    .weights = {.velocity = 0.1, .offset = 0.3, .guitar = 1.0, .human = 3.0},
    .epochs = 10,
    .rate = 3e-5, /* more teaches the ear nothing and forgets the drumming: docs/LEARNING.md */
    .choice = LESSON_OF_ALL,
    .strength = 1,
};

/* As in the paper. */
static const struct lesson_options paper_recipe = {
    .weights = {.velocity = 1, .offset = 1, .guitar = 1, .human = 1},
    .epochs = 20,
    .rate = 3e-3,
    .choice = LESSON_OF_ALL,
    .strength = 1,
};

bool lesson_is_of_all(const struct lesson_choice *choice)
{
    return bars_are_all(&choice->bars) && choice->drums == KITMAP_ALL;
}

/* The models that learn. */
static const struct school {
    const char *model;
    const struct lesson_options *recipe;
    lesson_train *train;
    bool ear; /* has one */
} schools[] = {
    {"groove", &lesson_defaults, lesson_train_groove, true},
    {"paper", &paper_recipe, lesson_train_paper, false},
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
    stretch.drums += best;
    return stretch;
}

/* Everything one lesson is about. */
struct lesson {
    const struct school *school;
    const struct checkpoint *from;
    const struct score *score;
    const struct take *take;
    const struct lesson_options *options;
    struct lesson_notes notes;
    struct lesson_watcher watcher;
    struct lesson_report *report;
    /* By the take's steps, where heard: what the drummer at hand missed by; and one who does not
     * know the guitarist. */
    float *missed_ms, *stranger_ms;
};

/* How far an ear believes the onsets: w_g means the same to it as to the gradients. */
static double belief(const struct lesson *lesson)
{
    if (!lesson->school->ear)
        return 0;
    return fmin(lesson->options->weights.guitar, 1) * lesson->options->strength;
}

enum { LEAST_NOTES = 32 }; /* fewer say little about who plays */

/* Standard errors. At two, a third of those who did change are not begun anew; at one, nobody is
 * who did not (docs/LEARNING.md). */
static const double ESTRANGED = 1;

/* How many of the song's steps the take has played, however often. */
static int song_steps(const struct lesson *lesson)
{
    int count = 0;
    for (int i = 0, next = 0; i < lesson->take->step_count; i++) {
        int step = lesson->score->steps[lesson->take->steps[i].step].song_step;
        count += step >= next;
        next = step >= next ? step + 1 : next;
    }
    return count;
}

/* The lesson of a part of the song, or half a lesson, must not cost all that was known. */
static bool may_begin_anew(const struct lesson *lesson)
{
    bool most = 2 * song_steps(lesson) >= lesson->score->song_step_count;
    return belief(lesson) >= 1 && lesson_is_of_all(&lesson->options->choice) && most &&
           lesson->notes.count >= LEAST_NOTES && ear_is_in(lesson->from);
}

static double whole_work(const struct lesson *lesson)
{
    const double steps = lesson->take->step_count, epochs = lesson->options->epochs;
    const double trained = fmin(steps, MOST_STEPS);
    return 2 * REHEARING_READ_WORK * lesson->score->step_count +
           (may_begin_anew(lesson) ? 3 : 2) * steps +
           (belief(lesson) > 0 ? 2 * lesson->notes.count + CROSS_VALIDATION_PLAYS * steps : 0) +
           trained * ((epochs + 1) * LESSON_LOOK_WORK + epochs * LESSON_STEP_WORK);
}

/* Who plays quite otherwise than before is better taken for one never met. */
static bool choose_ear(struct lesson *lesson, struct rehearing *rehearing, struct error *err)
{
    if (!may_begin_anew(lesson))
        return true;
    if (!performance_restart(rehearing->performance, RESTART_STRANGER, err) ||
        !rehearing_play(rehearing, lesson->stranger_ms, err))
        return false;
    if (rehearing_worse_by(&lesson->notes, lesson->missed_ms, lesson->stranger_ms) > ESTRANGED) {
        lesson->report->begins_anew = true;
        rehearing->pupil = RESTART_STRANGER;
    }
    return true;
}

static struct rehearing rehearing_of(struct lesson *lesson)
{
    return (struct rehearing){
        .take = lesson->take,
        .notes = &lesson->notes,
        .watcher = &lesson->watcher,
        .pupil = lesson->report->begins_anew ? RESTART_STRANGER : RESTART_AS_OPENED,
    };
}

/* What the drummer was worth, and what the lesson will be. */
static bool judge(struct lesson *lesson, struct error *err)
{
    struct rehearing rehearing = rehearing_of(lesson);
    lesson->watcher.progress.doing = "hearing the take again";
    bool good = rehearing_begin(&rehearing, lesson->from, lesson->score, err) &&
                rehearing_play(&rehearing, lesson->missed_ms, err) &&
                choose_ear(lesson, &rehearing, err);
    lesson->watcher.progress.doing = "trying what can be learnt";
    if (good) {
        lesson->report->prediction_before_ms = rehearing_mean(&lesson->notes, lesson->missed_ms);
        good = belief(lesson) == 0 || cross_validate(&rehearing, lesson->score, lesson->missed_ms,
                                                     belief(lesson), lesson->report, err);
    }
    rehearing_end(&rehearing);
    return good;
}

static bool train(struct lesson *lesson, struct checkpoint *learnt, struct error *err)
{
    const struct take *take = lesson->take;
    struct lesson_material material = {
        .score = lesson->score,
        .first = take->steps[0].step,
        .end = take->steps[0].step + take->step_count,
        .g_ms = lesson->notes.g_ms,
        .heard = lesson->notes.heard,
        .drums = lesson->notes.drums,
    };
    material = most_heard(&material);
    lesson->watcher.progress.doing = "learning";
    return lesson->school->train(learnt, &material, lesson->options, &lesson->watcher,
                                 lesson->report, err);
}

/* An ear comes last: it learns how far to trust the network as it now is. */
static bool listen(struct lesson *lesson, struct checkpoint *learnt, struct error *err)
{
    struct rehearing rehearing = rehearing_of(lesson);
    lesson->watcher.progress.doing = "learning by ear";
    bool good = rehearing_begin(&rehearing, learnt, lesson->score, err);
    if (good && belief(lesson) > 0)
        good = performance_restart(rehearing.performance, rehearing.pupil, err) &&
               rehearing_study(&rehearing, NULL, 0, belief(lesson), err) &&
               performance_keep(rehearing.performance, learnt, err) &&
               performance_restart(rehearing.performance, RESTART_NEXT_TAKE, err);
    lesson->watcher.progress.doing = "hearing the take once more";
    good = good && rehearing_play(&rehearing, lesson->missed_ms, err);
    if (good)
        lesson->report->prediction_after_ms = rehearing_mean(&lesson->notes, lesson->missed_ms);
    rehearing_end(&rehearing);
    return good;
}

static bool prepare(struct lesson *lesson, struct error *err)
{
    const char *model = checkpoint_get(lesson->from, "model");
    lesson->school = find_school(model);
    if (!lesson->school) {
        error_set(err, "the drummer '%s' cannot learn", model ? model : "?");
        return error_hint(err, "play a take with --model groove or paper");
    }
    const size_t room = (size_t)lesson->take->step_count + 1;
    lesson->missed_ms = calloc(2 * room, sizeof *lesson->missed_ms);
    lesson->stranger_ms = lesson->missed_ms ? lesson->missed_ms + room : NULL;
    if (!lesson_notes_collect(&lesson->notes, lesson->score, lesson->take,
                              &lesson->options->choice) ||
        !lesson->missed_ms)
        return error_set(err, "out of memory");
    if (lesson->notes.count == 0) {
        bool all = lesson_is_of_all(&lesson->options->choice);
        error_set(err, "cannot learn from this take: no onset of the guitar belongs to %s",
                  all ? "a step of the score" : "the bars and drums chosen");
        return error_hint(err, all ? "check the input level, or the latency, and play it again"
                                   : "choose other bars or drums, or leave the choice out");
    }
    lesson->watcher.whole = whole_work(lesson);
    return true;
}

struct checkpoint *lesson_learn(const struct checkpoint *from, const struct score *score,
                                const struct take *take, const struct lesson_options *options,
                                lesson_watch *watch, void *context, struct lesson_report *report,
                                struct error *err)
{
    double begun_s = stopwatch_s();
    struct lesson lesson = {
        .from = from,
        .score = score,
        .take = take,
        .options = options,
        .watcher = {.watch = watch, .context = context, .progress = {.epochs = options->epochs}},
        .report = report};
    struct checkpoint *learnt = NULL;
    *report = (struct lesson_report){.prediction_unseen_ms = NAN};
    if (prepare(&lesson, err)) {
        report->onsets = lesson.notes.count;
        learnt = checkpoint_copy(from);
        if (!learnt)
            error_set(err, "out of memory");
        else if (!judge(&lesson, err) || !train(&lesson, learnt, err) ||
                 !listen(&lesson, learnt, err)) {
            checkpoint_free(learnt);
            learnt = NULL;
        }
    }
    lesson_notes_release(&lesson.notes);
    free(lesson.missed_ms);
    report->seconds = stopwatch_s() - begun_s;
    return learnt;
}
