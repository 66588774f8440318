/* A player who insists on a feel that the score does not have takes the drums there. Each scenario
 * goes the way a song goes: takes played and heard offline, a lesson after each. */
#include "base/paths.h"
#include "guitarist/guitarist.h"
#include "made_score.h"
#include "rehearsal/room.h"
#include "suites.h"

#include <stdio.h>
#include <unistd.h>

enum {
    BARS = 24,
    TAKES = 3,
    QUARTER = 480,
    PLACE = QUARTER / SCORE_BINS_PER_QUARTER,
    UNLEASHED_MS = 1000
};

/* Which steps a feel moves: the places of a beat, or of a bar, as a set of bins. */
enum where { OFFBEATS, DOWNBEATS };

struct feel {
    const char *name;
    double bpm;
    int offbeat; /* the score's second note of a beat, in twelfths of a quarter: 6 straight, 8 swung
                  */
    enum where where;
    const char *guitarist; /* a virtual one, heard as sound, or NULL: */
    double moved; /* onsets, those in question moved by as many quarters, with a hand of 8 ms */
    double leash_ms;
};

static bool concerned(const struct feel *feel, const struct step *step)
{
    return feel->where == DOWNBEATS ? step->bin == 0
                                    : step->bin % SCORE_BINS_PER_QUARTER == feel->offbeat;
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert(file && fwrite(bytes, 1, size, file) == size);
    fclose(file);
}

/* Kick and snare on the beats, the hat on all eighths, a second kick after the third beat. */
static void write_score(const char *path, const struct feel *feel)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, feel->bpm);
    for (int beat = 0; beat < 4 * BARS; beat++) {
        smf_hit(bytes, QUARTER * beat, beat % 2 ? 38 : 36, 100);
        smf_hit(bytes, QUARTER * beat, 42, 90);
        smf_hit(bytes, QUARTER * beat + PLACE * feel->offbeat, 42, 60);
        if (beat % 4 == 2)
            smf_hit(bytes, QUARTER * beat + PLACE * feel->offbeat, 36, 80);
    }
    struct score *score = smf_finish(bytes);
    write_bytes(path, score->file, score->file_size);
    score_free(score);
    free(bytes);
}

/* He plays every step, with another hand in every take. */
static void write_guitar(const char *path, const struct score *score, const struct feel *feel,
                         int take)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    struct rng rng;
    ck_assert_ptr_nonnull(bytes);
    rng_seed(&rng, 40 + (uint64_t)take);
    smf_begin(bytes, 4, 2, feel->bpm);
    for (int i = 1; i < score->step_count; i++) { /* a file begins at 0 */
        const struct step *step = &score->steps[i];
        double quarters = concerned(feel, step) ? feel->moved : 0;
        double hand = 0.008 * feel->bpm / 60 * rng_normal(&rng);
        smf_hit(bytes, step->tick + lround(QUARTER * (quarters + hand)), 60, 80);
    }
    struct score *guitar = smf_finish(bytes);
    write_bytes(path, guitar->file, guitar->file_size);
    score_free(guitar);
    free(bytes);
}

/* Where he means the steps in question to fall. */
static double meant_ms(const struct score *score, const struct feel *feel, uint64_t seed, int take)
{
    if (!feel->guitarist)
        return feel->moved * 60000 / feel->bpm;
    struct guitarist_options options = {.name = strchr(feel->guitarist, ':') + 1, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, NULL);
    ck_assert_ptr_nonnull(guitarist);
    guitarist_start(guitarist, take);
    double sum = 0, ms;
    int count = 0;
    for (int i = 0; i < score->step_count; i++)
        if (guitarist_play(guitarist, i, &ms) && concerned(feel, &score->steps[i])) {
            sum += guitarist_intent_ms(guitarist);
            count++;
        }
    guitarist_free(guitarist);
    ck_assert_int_gt(count, 10);
    return sum / count;
}

struct outcome {
    double asynchrony_ms, drums_ms, meant_ms;
    double furthest_ms; /* of any step's drums from the score */
    double matched;     /* share of onsets that found a step */
};

static struct outcome sum_up(const struct take *take, const struct score *score,
                             const struct feel *feel)
{
    struct take_summary summary = take_summarise(take);
    struct outcome outcome = {.asynchrony_ms = summary.asynchrony_mae_ms,
                              .matched = (double)summary.matched / take->onset_count};
    int count = 0;
    for (int i = 0; i < take->step_count; i++) {
        const struct step *step = &score->steps[take->steps[i].step];
        outcome.furthest_ms = fmax(outcome.furthest_ms, fabs(take->steps[i].drums_ms));
        if (!concerned(feel, step))
            continue;
        outcome.drums_ms += take->steps[i].drums_ms;
        count++;
    }
    outcome.drums_ms /= count;
    return outcome;
}

static bool rehearse(const struct feel *feel, struct outcome outcomes[TAKES])
{
    struct error err = {.text = ""};
    char folder[] = "/tmp/rolypoly-feel-XXXXXX", score_path[64], session[64], guitar[64];
    setenv("ROLYPOLY_ASSETS", "assets", 0);
    if (!paths_asset("groove.safetensors", (char[4096]){0}, 4096, &err)) {
        puts("feels: skipped, the pretrained drummer is not here");
        return false;
    }
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(score_path, sizeof score_path, "%s/made.mid", folder);
    snprintf(session, sizeof session, "%s/made.db", folder);
    snprintf(guitar, sizeof guitar, "%s/guitar.mid", folder);
    write_score(score_path, feel);
    struct room_options room_options = {.path = score_path, .session = session};
    struct room *room = room_open(&room_options, &err);
    ck_assert_msg(room != NULL, "%s", err.text);
    for (int take = 0; take < TAKES; take++) {
        struct room_take_options options = room_take_defaults(room);
        options.settings.controls.leash_ms = feel->leash_ms;
        options.guitar = feel->guitarist ? feel->guitarist : guitar;
        write_guitar(guitar, room_score(room), feel, take);
        int number = room_take(room, &options, &err);
        ck_assert_msg(number > 0, "%s", err.text);
        const struct score *score;
        struct take *stored = room_stored_take(room, number, &score, &err);
        ck_assert_msg(stored != NULL, "%s", err.text);
        outcomes[take] = sum_up(stored, score, feel);
        outcomes[take].meant_ms = meant_ms(score, feel, options.settings.seed, take);
        take_free(stored);
        struct lesson_report report;
        ck_assert_msg(room_start_lesson(room, number, &lesson_defaults, &err) &&
                          room_finish_lesson(room, &report, &err),
                      "%s", err.text);
    }
    room_close(room);
    remove(score_path);
    remove(session);
    remove(guitar);
    ck_assert_int_eq(rmdir(folder), 0);
    return true;
}

static const struct feel feels[] = {
    {"swing to straight", 80, 8, OFFBEATS, NULL, 1 / 2.0 - 2 / 3.0, UNLEASHED_MS},
    {"straight to swing", 80, 6, OFFBEATS, NULL, 2 / 3.0 - 1 / 2.0, UNLEASHED_MS},
    {"downbeats nearly a 16th early", 80, 6, DOWNBEATS, NULL, -0.225, UNLEASHED_MS},
    {"straightener", 80, 8, OFFBEATS, "virtual:straightener", 0, UNLEASHED_MS},
    {"swinger", 80, 6, OFFBEATS, "virtual:swinger", 0, UNLEASHED_MS},
    {"subverter", 80, 6, DOWNBEATS, "virtual:subverter", 0, UNLEASHED_MS},
};
enum { FEELS = sizeof feels / sizeof feels[0] };

START_TEST(insisting_takes_the_drums_there)
{
    const struct feel *feel = &feels[_i];
    struct outcome takes[TAKES];
    if (!rehearse(feel, takes))
        return;
    for (int k = 0; k < TAKES; k++) {
        printf("feels: %s, take %d: %.1f ms together, drums at %.1f, he at %.1f\n", feel->name,
               k + 1, takes[k].asynchrony_ms, takes[k].drums_ms, takes[k].meant_ms);
        ck_assert_double_gt(takes[k].matched, 0.93);
    }
    ck_assert_double_lt(takes[1].asynchrony_ms, takes[0].asynchrony_ms);
    ck_assert_double_lt(takes[2].asynchrony_ms, takes[1].asynchrony_ms + 0.5);
    ck_assert_double_lt(fabs(takes[2].drums_ms - takes[2].meant_ms), 10);
    ck_assert_double_gt(fabs(takes[2].meant_ms), 40); /* no real drummer's feel */
}
END_TEST

/* 167 ms early, further than the leash: the drums come as near as they may and stay there. */
START_TEST(the_leash_holds)
{
    static const struct feel feel = {
        "swing to straight, leashed", 60, 8, OFFBEATS, NULL, 1 / 2.0 - 2 / 3.0, 120};
    struct outcome takes[TAKES];
    if (!rehearse(&feel, takes))
        return;
    for (int k = 0; k < TAKES; k++) {
        ck_assert_double_le(takes[k].furthest_ms, 120);
        ck_assert_double_gt(takes[k].matched, 0.93);
    }
    ck_assert_double_eq_tol(takes[2].drums_ms, -120, 0.5);
}
END_TEST

Suite *feels_suite(void)
{
    Suite *suite = suite_create("feels");
    TCase *tests = tcase_create("feels");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, insisting_takes_the_drums_there, 0, FEELS);
    tcase_add_test(tests, the_leash_holds);
    suite_add_tcase(suite, tests);
    return suite;
}
