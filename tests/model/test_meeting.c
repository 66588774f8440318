/* The drummer that ships and a guitarist who hears him, in one loop: what uncertainty does to the
 * drums, and what the two do to the score's time. */
#include "guitarist/guitarist.h"
#include "made_score.h"
#include "model/model.h"
#include "model/touch.h"
#include "suite.h"

enum { BARS = 24, MOST_STEPS = 16 * BARS, TAKES = 3, KINDS = 7 };

static struct score *score;
static struct checkpoint *pretrained;

static void set_up(void)
{
    struct error err = {.text = ""};
    score = made_score(BARS, 100, 21);
    pretrained = model_pretrained("groove", &err);
    ck_assert_msg(pretrained != NULL, "%s", err.text);
}

static void tear_down(void)
{
    checkpoint_free(pretrained);
    score_free(score);
}

/* A guitarist corrects himself in one of two ways. Those of guitarist.h keep their own place and
 * lean towards the drums for a note. Others have no place of their own: each correction shifts all
 * that follows (linear phase correction: Vorberg and Wing 1996). They are the danger: nothing but
 * the drums keeps them in the score. */
struct pair {
    struct guitarist *guitarist;
    double carried;     /* share of the last asynchrony that he carries on */
    double unsteady_ms; /* what his clock adds to that, step by step: SD */
    double hand_ms;     /* jitter besides his own: SD */
    uint64_t seed;      /* of both */
    double follow;
    int late;    /* steps by which an onset misses the next plan: 0 or 1 */
    bool copies; /* no drummer: the drums are where the guitar was a step ago */
};

/* By step; NAN where he rests. */
struct course {
    double drums[MOST_STEPS], guitar[MOST_STEPS], expected[MOST_STEPS];
};

static double mean_offset(const struct stroke *strokes, int count)
{
    double sum = 0;
    for (int k = 0; k < count; k++)
        sum += strokes[k].offset_ms;
    return sum / count;
}

static double strike(struct touch *touch, const struct pair *pair, struct performance *performance,
                     int i, double *expected)
{
    const struct step *step = &score->steps[i];
    const struct controls controls = {.follow = pair->follow, .leash_ms = 1000};
    struct prediction prediction;
    struct stroke strokes[16];
    performance_predict(performance, i, &prediction);
    touch_play(touch, score, step, &prediction, &controls, strokes);
    *expected = prediction.guitar_ms;
    return mean_offset(strokes, step->hit_count);
}

/* What the drummer learns he keeps in `drummer`; NULL: the drums are on the grid. */
static void play(const struct pair *pair, int take, struct checkpoint *drummer,
                 struct course *course)
{
    struct model *model = drummer ? model_open(drummer, NULL) : NULL;
    struct performance *performance = model ? model_begin(model, score, NULL) : NULL;
    struct touch touch;
    struct rng rng;
    double shift = 0, last = 0;
    int waiting = -1;
    touch_init(&touch, 1);
    rng_seed(&rng, 100 * pair->seed + (uint64_t)take);
    guitarist_start(pair->guitarist, take);
    for (int i = 0; i < score->step_count; i++) {
        double drums = pair->copies ? last : 0, expected = 0, guitar;
        if (performance)
            drums = strike(&touch, pair, performance, i, &expected);
        if (performance && waiting >= 0)
            performance_hear(performance, waiting, course->guitar[waiting], course->drums[waiting]);
        waiting = -1;
        course->drums[i] = drums;
        course->expected[i] = expected;
        course->guitar[i] = NAN;
        if (!guitarist_play(pair->guitarist, i, &guitar))
            continue;
        guitar += shift + pair->hand_ms * rng_normal(&rng);
        guitarist_hear(pair->guitarist, i, drums);
        shift += pair->carried * (drums - guitar) + pair->unsteady_ms * rng_normal(&rng);
        course->guitar[i] = last = guitar;
        if (performance && !pair->late)
            performance_hear(performance, i, guitar, drums);
        else
            waiting = i;
    }
    if (performance)
        ck_assert(performance_keep(performance, drummer, NULL));
    performance_end(performance);
    model_close(model);
}

static struct guitarist *hire(const char *name, bool odd)
{
    struct guitarist_options options = {.name = name, .odd = odd, .seed = 5};
    struct guitarist *guitarist = guitarist_new(score, &options, NULL);
    ck_assert_ptr_nonnull(guitarist);
    return guitarist;
}

/* ---- the loop ---- */

struct drift {
    double furthest_ms; /* the two together, from the score: mean of a bar */
    double ms_a_minute; /* and what that becomes: a slope, of least squares */
};

static double together(const struct course *course, int i, bool drums_too)
{
    return drums_too ? (course->drums[i] + course->guitar[i]) / 2 : course->guitar[i];
}

static struct drift drift_of(const struct course *course, bool drums_too)
{
    struct drift drift = {0};
    double n = 0, t = 0, x = 0, tt = 0, tx = 0, bar[BARS] = {0}, heard[BARS] = {0};
    for (int i = 0; i < score->step_count; i++) {
        if (isnan(course->guitar[i]))
            continue;
        double minute = score->steps[i].time_s / 60, both = together(course, i, drums_too);
        n++;
        t += minute;
        x += both;
        tt += minute * minute;
        tx += minute * both;
        bar[score->steps[i].at.bar] += both;
        heard[score->steps[i].at.bar]++;
    }
    drift.ms_a_minute = (tx - t * x / n) / (tt - t * t / n);
    for (int k = 0; k < BARS; k++)
        if (heard[k] > 0)
            drift.furthest_ms = fmax(drift.furthest_ms, fabs(bar[k] / heard[k]));
    return drift;
}

/* How much more the two drift than he does alone, with drums on the grid: the worst of the takes
 * but the first, in which the drummer goes to meet him. */
static struct drift excess(const struct pair *pair)
{
    struct course alone, both;
    struct drift worst = {-INFINITY, -INFINITY};
    struct checkpoint *drummer = pair->copies ? NULL : checkpoint_copy(pretrained);
    struct pair single = *pair;
    single.copies = false;
    for (int take = 0; take < TAKES; take++) {
        play(&single, take, NULL, &alone);
        play(pair, take, drummer, &both);
        if (take == 0)
            continue;
        struct drift a = drift_of(&alone, false), b = drift_of(&both, true);
        worst.furthest_ms = fmax(worst.furthest_ms, b.furthest_ms - a.furthest_ms);
        worst.ms_a_minute = fmax(worst.ms_a_minute, fabs(b.ms_a_minute) - fabs(a.ms_a_minute));
    }
    checkpoint_free(drummer);
    return worst;
}

static struct drift worst_excess(const char *name, double gain, bool carries)
{
    struct drift worst = {-INFINITY, -INFINITY};
    for (int k = 0; k < 4; k++) {
        struct pair pair = {.guitarist = hire(name, false),
                            .carried = carries ? gain : 0,
                            .unsteady_ms = carries ? 3 : 0,
                            .follow = k / 2 ? 1 : 0.5,
                            .late = k % 2};
        guitarist_react(pair.guitarist, carries ? 0 : gain, 1000);
        struct drift drift = excess(&pair);
        worst.furthest_ms = fmax(worst.furthest_ms, drift.furthest_ms);
        worst.ms_a_minute = fmax(worst.ms_a_minute, drift.ms_a_minute);
        guitarist_free(pair.guitarist);
    }
    return worst;
}

/* Of bar means, and in a minute: what two who copy each other exceed. */
static const double FURTHER_MS = 20, FASTER_MS = 18;

START_TEST(neither_runs_away_with_the_other)
{
    static const double gains[] = {0.3, 0.6, 0.9};
    for (int g = 0; g < 3; g++)
        for (int carries = 0; carries < 2; carries++) {
            struct drift worst = worst_excess(guitarist_name(_i), gains[g], carries);
            ck_assert_msg(worst.furthest_ms < FURTHER_MS && worst.ms_a_minute < FASTER_MS,
                          "%s, %s %g: %.1f ms, %.1f ms a minute", guitarist_name(_i),
                          carries ? "carrying on" : "leaning by", gains[g], worst.furthest_ms,
                          worst.ms_a_minute);
        }
}
END_TEST

START_TEST(two_who_copy_each_other_do_run_away)
{
    struct pair pair = {
        .guitarist = hire("on-grid", false), .carried = 0.3, .unsteady_ms = 3, .copies = true};
    guitarist_react(pair.guitarist, 0, 0);
    struct drift drift = excess(&pair);
    guitarist_free(pair.guitarist);
    ck_assert_double_gt(drift.furthest_ms, FURTHER_MS);
    ck_assert_double_gt(drift.ms_a_minute, FASTER_MS);
}
END_TEST

/* ---- meeting ---- */

/* Of |where - guitar| over the notes he plays. */
static double mean_distance(const double *where, const struct course *course)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < score->step_count; i++)
        if (!isnan(course->guitar[i])) {
            sum += fabs(where[i] - course->guitar[i]);
            count++;
        }
    return sum / count;
}

START_TEST(who_follows_is_as_near_as_he_foresees)
{
    struct pair pair = {.guitarist = hire(guitarist_name(_i % KINDS), _i / KINDS), .follow = 1};
    struct checkpoint *drummer = checkpoint_copy(pretrained);
    struct course course;
    double together[TAKES];
    for (int take = 0; take < TAKES; take++) {
        play(&pair, take, drummer, &course);
        together[take] = mean_distance(course.drums, &course);
        ck_assert_double_lt(together[take], mean_distance(course.expected, &course) + 1);
    }
    ck_assert_double_lt(together[TAKES - 1], together[0]);
    checkpoint_free(drummer);
    guitarist_free(pair.guitarist);
}
END_TEST

/* The same intentions played by several hands: what differs in the drums is what they take of his
 * jitter for intention. SD of a hit, from those of the differences between neighbours. */
static double jitter(const char *name, double hand_ms, double follow, int takes)
{
    enum { HANDS = 6 };
    static struct course courses[HANDS];
    double variance = 0;
    for (int hand = 0; hand < HANDS; hand++) {
        struct pair pair = {.guitarist = hire(name, false),
                            .hand_ms = hand_ms,
                            .seed = 1 + (uint64_t)hand,
                            .follow = follow};
        struct checkpoint *drummer = checkpoint_copy(pretrained);
        for (int take = 0; take < takes; take++)
            play(&pair, take, drummer, &courses[hand]);
        checkpoint_free(drummer);
        guitarist_free(pair.guitarist);
    }
    for (int i = 1; i < score->step_count; i++) {
        double sum = 0, squares = 0;
        for (int hand = 0; hand < HANDS; hand++) {
            double change = courses[hand].drums[i] - courses[hand].drums[i - 1];
            sum += change;
            squares += change * change;
        }
        variance += (squares - sum * sum / HANDS) / (HANDS - 1) / (score->step_count - 1);
    }
    return sqrt(fmax(0, variance) / 2);
}

START_TEST(a_trembling_hand_does_not_make_the_drums_tremble)
{
    const char *name = guitarist_name(_i);
    double first = jitter(name, 10, 1, 1), third = jitter(name, 10, 1, 3);
    ck_assert_double_gt(first, 1);
    ck_assert_double_lt(first, 6);
    ck_assert_double_lt(third, 4);
    ck_assert_double_lt(third, first);
    ck_assert_double_eq_tol(jitter(name, 10, 0.5, 1), first / 2, 0.5);
    ck_assert_double_eq_tol(jitter(name, 10, 0, 1), 0, 1e-6);
    ck_assert_double_lt(jitter(name, 0, 1, 1), 1e-6);
}
END_TEST

Suite *meeting_suite(void);

Suite *meeting_suite(void)
{
    Suite *suite = suite_create("meeting");
    TCase *tcase = tcase_create("meeting");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, neither_runs_away_with_the_other, 0, KINDS);
    tcase_add_test(tcase, two_who_copy_each_other_do_run_away);
    tcase_add_loop_test(tcase, who_follows_is_as_near_as_he_foresees, 0, 2 * KINDS);
    tcase_add_loop_test(tcase, a_trembling_hand_does_not_make_the_drums_tremble, 0, KINDS);
    suite_add_tcase(suite, tcase);
    return suite;
}
