/* Who comes back with another way of playing, or is another player. */
#include "learn/lesson.h"

#include "band.h"
#include "guitarist/guitarist.h"
#include "suites.h"

enum { TAKES = 5 };

static struct lesson_options by_ear(void)
{
    struct lesson_options options = lesson_defaults;
    options.epochs = 0;
    return options;
}

enum { FIRST = 5, OTHER = 6 }; /* whom chance makes */

static struct guitarist *player(const struct score *score, const char *name, bool odd,
                                uint64_t seed)
{
    struct error err = {.text = ""};
    struct guitarist_options options = {.name = name, .odd = odd, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, &err);
    ck_assert_msg(guitarist != NULL, "%s", err.text);
    return guitarist;
}

/* What is missed of the next note in a take, on the mean. */
static double missed_ms(const struct take *take)
{
    double sum = 0;
    for (int i = 0; i < take->onset_count; i++) {
        const struct take_onset *onset = &take->onsets[i];
        if (onset->step >= 0)
            sum += fabs(onset->deviation_ms - (double)take->steps[onset->step].predicted_ms);
    }
    return sum / take->onset_count;
}

static void learn(struct checkpoint **drummer, const struct score *score, const struct take *take,
                  const struct lesson_options *options, struct lesson_report *report)
{
    struct error err = {.text = ""};
    struct checkpoint *learnt =
        lesson_learn(*drummer, score, take, options, NULL, NULL, report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    checkpoint_free(*drummer);
    *drummer = learnt;
}

/* One take of the player's with the drummer, who learns from it; what he missed by. */
static double take_and_lesson(struct checkpoint **drummer, const struct score *score,
                              struct guitarist *guitarist, int number,
                              const struct lesson_options *options, struct lesson_report *report)
{
    guitarist_start(guitarist, number);
    struct take *take = band_take(*drummer, score, band_guitarist, guitarist, NULL, 0);
    double missed = missed_ms(take);
    learn(drummer, score, take, options, report);
    take_free(take);
    return missed;
}

/* A drummer who knows this player from some takes. */
static struct checkpoint *acquainted(const struct score *score, const char *name, int takes)
{
    struct checkpoint *drummer = band_small_drummer();
    struct guitarist *guitarist = player(score, name, false, FIRST);
    const struct lesson_options options = by_ear();
    struct lesson_report report;
    for (int take = 0; take < takes; take++)
        take_and_lesson(&drummer, score, guitarist, take, &options, &report);
    guitarist_free(guitarist);
    return drummer;
}

START_TEST(the_same_player_is_never_begun_anew)
{
    struct score *score = made_score(24, 110, 2);
    const struct lesson_options options = by_ear();
    for (int odd = 0; odd < 2; odd++)
        for (int kind = 0; guitarist_name(kind); kind++) {
            struct checkpoint *drummer = band_small_drummer();
            struct guitarist *guitarist = player(score, guitarist_name(kind), odd, FIRST);
            for (int take = 0; take < TAKES; take++) {
                struct lesson_report report;
                take_and_lesson(&drummer, score, guitarist, take, &options, &report);
                ck_assert_msg(!report.begins_anew, "%s%s in take %d", odd ? "odd " : "",
                              guitarist_name(kind), take + 1);
            }
            guitarist_free(guitarist);
            checkpoint_free(drummer);
        }
    score_free(score);
}
END_TEST

/* Errors of the first two takes with a player, and what the first lesson said. */
static struct lesson_report meet(struct checkpoint *drummer, const struct score *score,
                                 const char *name, double missed[2])
{
    const struct lesson_options options = by_ear();
    struct lesson_report reports[2];
    struct guitarist *guitarist = player(score, name, false, OTHER);
    for (int take = 0; take < 2; take++)
        missed[take] = take_and_lesson(&drummer, score, guitarist, take, &options, &reports[take]);
    ck_assert(!reports[1].begins_anew);
    guitarist_free(guitarist);
    checkpoint_free(drummer);
    return reports[0];
}

START_TEST(another_player_does_not_suffer_from_the_first)
{
    static const char *const changes[][2] = {
        {"pattern", "swinger"}, {"swinger", "laid-back"}, {"subverter", "rusher"}};
    struct score *score = made_score(24, 110, 2);
    for (int i = 0; i < 3; i++) {
        const char *before = changes[i][0], *now = changes[i][1];
        double fresh[2], known[2];
        ck_assert(!meet(band_small_drummer(), score, now, fresh).begins_anew);
        struct lesson_report report = meet(acquainted(score, before, 3), score, now, known);
        ck_assert_msg(report.begins_anew, "%s after %s: %.2f ms, %.2f of a fresh drummer", now,
                      before, known[0], fresh[0]);
        ck_assert_double_gt(known[0], fresh[0]);
        ck_assert_double_lt(report.prediction_after_ms, report.prediction_before_ms);
        ck_assert_double_lt(report.prediction_unseen_ms, report.prediction_before_ms);
        ck_assert(!report.worse);
        ck_assert_msg(known[1] < fresh[1] + 0.5, "%s after %s: %.2f ms, %.2f of a fresh drummer",
                      now, before, known[1], fresh[1]);
    }
    score_free(score);
}
END_TEST

/* The first steps of a take, as if it had been stopped there. */
static void stop_after(struct take *take, int steps)
{
    int kept = 0;
    for (int i = 0; i < take->onset_count; i++)
        if (take->onsets[i].step < steps)
            take->onsets[kept++] = take->onsets[i];
    take->onset_count = kept;
    take->step_count = steps;
}

static bool puts_aside(const struct score *score, const struct take *take,
                       const struct lesson_options *options)
{
    struct checkpoint *drummer = acquainted(score, "pattern", 3);
    struct lesson_report report;
    learn(&drummer, score, take, options, &report);
    checkpoint_free(drummer);
    return report.begins_anew;
}

/* Of bars, of drums, of half a lesson, of a take that was broken off. */
START_TEST(a_part_of_a_lesson_puts_nothing_aside)
{
    struct score *score = made_score(24, 110, 2);
    struct checkpoint *drummer = acquainted(score, "pattern", 3);
    struct guitarist *guitarist = player(score, "swinger", false, OTHER);
    guitarist_start(guitarist, 0);
    struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
    struct lesson_options all = by_ear(), bars = all, drums = all, weak = all, doubtful = all;
    ck_assert(bars_read("1-20", &bars.choice.bars));
    drums.choice.drums = KITMAP_ALL & ~(1u << DRUM_CRASH);
    weak.strength = 0.9;
    doubtful.weights.guitar = 0.9;
    ck_assert(puts_aside(score, take, &all));
    ck_assert(!puts_aside(score, take, &bars));
    ck_assert(!puts_aside(score, take, &drums));
    ck_assert(!puts_aside(score, take, &weak));
    ck_assert(!puts_aside(score, take, &doubtful));
    stop_after(take, 6 * score->step_count / 10);
    ck_assert(puts_aside(score, take, &all));
    stop_after(take, 4 * score->step_count / 10);
    ck_assert(!puts_aside(score, take, &all));
    take_free(take);
    guitarist_free(guitarist);
    checkpoint_free(drummer);
    score_free(score);
}
END_TEST

Suite *changed_player_suite(void)
{
    Suite *suite = suite_create("changed player");
    TCase *tests = tcase_create("changed player");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_same_player_is_never_begun_anew);
    tcase_add_test(tests, another_player_does_not_suffer_from_the_first);
    tcase_add_test(tests, a_part_of_a_lesson_puts_nothing_aside);
    suite_add_tcase(suite, tests);
    return suite;
}
