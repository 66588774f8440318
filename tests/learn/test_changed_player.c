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

/* One take of the player's with the drummer, who learns from it; what he missed by. */
static double take_and_lesson(struct checkpoint **drummer, const struct score *score,
                              struct guitarist *guitarist, int number,
                              const struct lesson_options *options, struct lesson_report *report)
{
    struct error err = {.text = ""};
    guitarist_start(guitarist, number);
    struct take *take = band_take(*drummer, score, band_guitarist, guitarist, NULL, 0);
    struct checkpoint *learnt =
        lesson_learn(*drummer, score, take, options, NULL, NULL, report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    double missed = missed_ms(take);
    take_free(take);
    checkpoint_free(*drummer);
    *drummer = learnt;
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

/* Of bars, of drums, of half a lesson. */
START_TEST(a_part_of_a_lesson_puts_nothing_aside)
{
    struct score *score = made_score(24, 110, 2);
    for (int part = 0; part < 4; part++) {
        struct checkpoint *drummer = acquainted(score, "subverter", 3);
        struct guitarist *guitarist = player(score, "rusher", false, OTHER);
        struct lesson_options options = by_ear();
        struct lesson_report report;
        if (part == 0)
            ck_assert(bars_read("1-20", &options.bars));
        else if (part == 1)
            options.drums = KITMAP_ALL & ~(1u << DRUM_CRASH);
        else if (part == 2)
            options.strength = 0.9;
        take_and_lesson(&drummer, score, guitarist, 0, &options, &report);
        ck_assert_int_eq(report.begins_anew, part == 3);
        guitarist_free(guitarist);
        checkpoint_free(drummer);
    }
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
