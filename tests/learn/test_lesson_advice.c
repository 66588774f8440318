#include "learn/lesson_advice.h"

#include "band.h"
#include "suites.h"

#include <stdio.h>

static const struct {
    int bars;
    double bpm;
} songs[] = {{4, 160}, {16, 84}, {24, 120}, {32, 180}};
enum { SONGS = sizeof songs / sizeof *songs };

static const char *told(const struct lesson_advice *advice)
{
    static char text[512];
    int used = snprintf(text, sizeof text,
                        "%d of %d, %d/%d astray, shift %.0f, spread %.1f of %.1f, bleed %.2f:",
                        advice->notes, advice->steps, advice->strays, advice->played,
                        advice->shift_ms, advice->spread_ms, advice->chance_ms, advice->bleed);
    for (int d = 0; d < LESSON_DOUBTS; d++)
        if (advice->doubts & 1u << d) {
            char reason[LESSON_REASON_SIZE];
            lesson_advice_reason(advice, (enum lesson_doubt)d, reason);
            used += snprintf(text + used, sizeof text - (size_t)used, " %s;", reason);
        }
    return text;
}

static struct lesson_advice advise_of(const struct score *score, const struct take *take,
                                      const struct lesson_choice *choice)
{
    struct error err = {.text = ""};
    struct lesson_advice advice;
    ck_assert_msg(lesson_advise(score, take, choice, &advice, &err), "%s", err.text);
    return advice;
}

static struct lesson_advice advise(const struct score *score, const struct take *take)
{
    return advise_of(score, take, &lesson_defaults.choice);
}

static struct take *guitarists_take(const struct checkpoint *drummer, const struct score *score,
                                    const char *name, bool odd, int take)
{
    struct guitarist *guitarist = band_hire(score, name, odd, 5);
    guitarist_start(guitarist, take);
    struct take *made = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
    guitarist_free(guitarist);
    return made;
}

/* The onsets of a take, moved. */
static struct take *moved_take(const struct checkpoint *drummer, const struct score *score,
                               const struct take *take, double by_ms, double stretch)
{
    double *times_ms = calloc((size_t)take->onset_count + 1, sizeof *times_ms);
    ck_assert_ptr_nonnull(times_ms);
    for (int i = 0; i < take->onset_count; i++)
        times_ms[i] = by_ms + stretch * 1000.0 * (double)take->onsets[i].frame / 48000;
    struct take *moved = band_take(drummer, score, band_nobody, NULL, times_ms, take->onset_count);
    free(times_ms);
    return moved;
}

/* Not by a stranger, and not by a drummer who meets him closely, as the drums themselves would. */
START_TEST(no_guitarist_is_turned_away)
{
    for (int song = 0; song < SONGS; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        for (int kind = 0; guitarist_name(kind); kind++)
            for (int odd = 0; odd < 2; odd++) {
                struct checkpoint *drummer = band_small_drummer();
                for (int n = 0; n < 2; n++) {
                    struct take *take =
                        guitarists_take(drummer, score, guitarist_name(kind), odd, n);
                    struct lesson_advice advice = advise(score, take);
                    ck_assert_msg(advice.doubts == 0, "%s%s, song %d, take %d: %s",
                                  odd ? "odd " : "", guitarist_name(kind), song, n, told(&advice));
                    struct checkpoint *learnt = band_lesson(drummer, score, take);
                    checkpoint_free(drummer);
                    drummer = learnt;
                    take_free(take);
                }
                checkpoint_free(drummer);
            }
        score_free(score);
    }
}
END_TEST

/* Every harm is seen on every song; which doubt names it may differ. */
static void expect_doubt(const struct score *score, struct take *take, unsigned doubts,
                         const char *what)
{
    struct lesson_advice advice = advise(score, take);
    ck_assert_msg((advice.doubts & doubts) != 0, "%s: %s", what, told(&advice));
    take_free(take);
}

START_TEST(notes_at_random_are_advised_against)
{
    struct checkpoint *drummer = band_small_drummer();
    struct rng rng;
    rng_seed(&rng, 3);
    for (int song = 0; song < SONGS; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        for (int n = 0; n < 3; n++) {
            int count = score->step_count / (1 + n);
            double *times_ms = calloc((size_t)count, sizeof *times_ms), end = score->duration_s;
            for (int i = 0; i < count; i++) /* one in each part: sorted */
                times_ms[i] = 1000 * end * (i + rng_uniform(&rng)) / count;
            expect_doubt(score, band_take(drummer, score, band_nobody, NULL, times_ms, count),
                         1u << DOUBT_RANDOM | 1u << DOUBT_STRAY | 1u << DOUBT_SHIFTED, "random");
            free(times_ms);
        }
        score_free(score);
    }
    checkpoint_free(drummer);
}
END_TEST

START_TEST(another_song_is_advised_against)
{
    struct checkpoint *drummer = band_small_drummer();
    for (int song = 0; song < SONGS; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        struct take *take = guitarists_take(drummer, score, "on-grid", false, 0);
        for (double stretch = 0.81; stretch < 1.3; stretch += 0.12)
            expect_doubt(score, moved_take(drummer, score, take, 0, stretch),
                         1u << DOUBT_RANDOM | 1u << DOUBT_STRAY | 1u << DOUBT_SHIFTED,
                         "another song");
        take_free(take);
        score_free(score);
    }
    checkpoint_free(drummer);
}
END_TEST

/* In slow songs. Where the next step is 150 ms away, 150 ms late is in time. */
START_TEST(a_wrong_latency_is_advised_against)
{
    struct checkpoint *drummer = band_small_drummer();
    for (int song = 1; song < 3; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        for (int late = 0; late < 2; late++) {
            struct take *take = guitarists_take(drummer, score, "on-grid", false, 0);
            expect_doubt(score, moved_take(drummer, score, take, late ? 150 : -150, 1),
                         1u << DOUBT_SHIFTED, "latency");
            take_free(take);
        }
        score_free(score);
    }
    checkpoint_free(drummer);
}
END_TEST

/* Half a percent too fast, or too slow. */
START_TEST(a_player_who_runs_away_is_advised_against)
{
    struct checkpoint *drummer = band_small_drummer();
    for (int song = 1; song < 3; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        struct take *take = guitarists_take(drummer, score, "on-grid", false, 0);
        for (int slow = 0; slow < 2; slow++)
            expect_doubt(score, moved_take(drummer, score, take, 0, slow ? 1.005 : 0.995),
                         1u << DOUBT_DRIFT, "runs away");
        take_free(take);
        score_free(score);
    }
    checkpoint_free(drummer);
}
END_TEST

/* What the sound was like; of all this only an old calibration speaks against a lesson. */
START_TEST(the_sound_is_looked_at)
{
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(16, 110, 2);
    struct take *take = guitarists_take(drummer, score, "laid-back", false, 0);
    struct take_sound fine = take->sound;
    const struct {
        enum round_trip_source source;
        int xruns, missed;
        double drift_ppm;
        unsigned doubts;
    } cases[] = {
        {ROUND_TRIP_MEASURED, 0, 0, NAN, 0},
        {ROUND_TRIP_MEASURED, 0, 0, -60, 0},
        {ROUND_TRIP_STALE, 0, 0, NAN, 1u << DOUBT_STALE},
        {ROUND_TRIP_REPORTED, 0, 0, NAN, 1u << DOUBT_REPORTED},
        {ROUND_TRIP_NONE, 2, 0, NAN, 1u << DOUBT_GAPS},
        {ROUND_TRIP_NONE, 0, 3, NAN, 1u << DOUBT_LATE},
        {ROUND_TRIP_MEASURED, 1, 1, -300, 1u << DOUBT_GAPS | 1u << DOUBT_LATE | 1u << DOUBT_CLOCKS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        take->sound = fine;
        take->sound.source = cases[i].source;
        take->sound.drift_ppm = cases[i].drift_ppm;
        take->xruns = cases[i].xruns;
        for (int k = 0; k < take->step_count; k++)
            take->steps[k].planned = k >= cases[i].missed;
        struct lesson_advice advice = advise(score, take);
        ck_assert_msg(advice.doubts == cases[i].doubts, "case %zu: %s", i, told(&advice));
        ck_assert_int_eq(lesson_advice_against(&advice), cases[i].source == ROUND_TRIP_STALE);
    }
    take_free(take);
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

START_TEST(the_drums_own_sound_is_advised_against)
{
    struct checkpoint *drummer = band_small_drummer();
    struct rng rng;
    rng_seed(&rng, 3);
    for (int song = 0; song < SONGS; song++) {
        struct score *score = made_score(songs[song].bars, songs[song].bpm, (uint64_t)song + 1);
        expect_doubt(score, band_take(drummer, score, band_bleed, &rng, NULL, 0), 1u << DOUBT_BLEED,
                     "bleed");
        score_free(score);
    }
    checkpoint_free(drummer);
}
END_TEST

START_TEST(three_notes_are_too_few)
{
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(16, 110, 2);
    struct take *take = guitarists_take(drummer, score, "laid-back", false, 0);
    struct lesson_choice choice = LESSON_OF_ALL;
    ck_assert(bars_read("1", &choice.bars));
    choice.drums = 1 << DRUM_SNARE; /* a bar's backbeats */
    struct lesson_advice advice = advise_of(score, take, &choice);
    ck_assert_msg(advice.doubts == 1u << DOUBT_FEW, "%s", told(&advice));
    ck_assert_int_le(advice.notes, advice.steps);
    ck_assert_int_le(advice.steps, 4);
    take->onset_count = 3;
    expect_doubt(score, take, 1u << DOUBT_FEW, "three notes");
    take = guitarists_take(drummer, score, "laid-back", false, 0);
    take->onset_count = 0;
    expect_doubt(score, take, 1u << DOUBT_FEW, "none");
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

START_TEST(nothing_chosen_is_not_nothing_heard)
{
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(16, 110, 2);
    struct take *take = guitarists_take(drummer, score, "laid-back", false, 0);
    struct lesson_choice choice = LESSON_OF_ALL;
    ck_assert(bars_read("900", &choice.bars));
    struct lesson_advice advice = advise_of(score, take, &choice);
    ck_assert_msg(advice.doubts == 1u << DOUBT_NOTHING, "%s", told(&advice));
    take_free(take);
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

/* As for a take: the bars mean the same in `take --bars` and in `accept --bars`. */
START_TEST(an_early_downbeat_is_chosen_with_its_bar)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    smf_begin(bytes, 4, 2, 100);
    for (int beat = 0; beat < 12; beat++)
        smf_hit(bytes, 480 * beat - (beat == 4 ? 10 : 0), 36, 80);
    struct score *score = smf_finish(bytes);
    struct checkpoint *drummer = band_small_drummer();
    struct take *take = band_take(drummer, score, band_nobody, NULL, NULL, 0);
    struct lesson_choice choice = LESSON_OF_ALL;
    ck_assert_int_eq(score->steps[4].at.bar, 0);
    for (int bar = 1; bar <= 3; bar++) {
        choice.bars = (struct bars){1, {{bar, bar}}};
        ck_assert_int_eq(advise_of(score, take, &choice).steps, 4);
    }
    take_free(take);
    checkpoint_free(drummer);
    score_free(score);
    free(bytes);
}
END_TEST

/* What was struck, but stopped before it sounded, is no number to sort. */
START_TEST(drums_that_did_not_sound_are_passed_over)
{
    struct checkpoint *drummer = band_small_drummer();
    struct score *score = made_score(16, 110, 2);
    struct rng rng;
    rng_seed(&rng, 3);
    for (int i = 0; i < 20; i++) {
        struct take *take = band_take(drummer, score, band_bleed, &rng, NULL, 0);
        int kept = 0;
        for (int h = 0; h < take->hit_count; h++)
            if (score->hits[take->hits[h].hit].step % 8 != i % 8)
                take->hits[kept++] = take->hits[h];
        take->hit_count = kept;
        expect_doubt(score, take, 1u << DOUBT_BLEED, "bleed");
        take = band_take(drummer, score, band_bleed, &rng, NULL, 0);
        take->hit_count = 0;
        struct lesson_advice advice = advise(score, take);
        ck_assert_msg(advice.doubts == 0 && advice.bleed == 0, "%s", told(&advice));
        take_free(take);
    }
    score_free(score);
    checkpoint_free(drummer);
}
END_TEST

START_TEST(reasons_fit_a_line)
{
    struct lesson_advice advice = {.notes = 9999,
                                   .steps = 9999,
                                   .strays = 9999,
                                   .played = 9999,
                                   .shift_ms = -1000,
                                   .spread_ms = 1000,
                                   .drift_ms = -1000,
                                   .round_trip_ms = 999,
                                   .gaps = 9999,
                                   .late = 9999,
                                   .clocks_ppm = 9999,
                                   .bleed = 1};
    for (int d = 0; d < LESSON_DOUBTS; d++) {
        char reason[LESSON_REASON_SIZE];
        lesson_advice_reason(&advice, (enum lesson_doubt)d, reason);
        ck_assert_msg(strlen(reason) > 10 && strlen(reason) <= 58, "'%s'", reason);
        ck_assert_int_gt(strlen(lesson_advice_remedy((enum lesson_doubt)d)), 10);
    }
}
END_TEST

Suite *lesson_advice_suite(void)
{
    Suite *suite = suite_create("lesson_advice");
    TCase *tests = tcase_create("lesson_advice");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, no_guitarist_is_turned_away);
    tcase_add_test(tests, notes_at_random_are_advised_against);
    tcase_add_test(tests, another_song_is_advised_against);
    tcase_add_test(tests, a_wrong_latency_is_advised_against);
    tcase_add_test(tests, a_player_who_runs_away_is_advised_against);
    tcase_add_test(tests, the_sound_is_looked_at);
    tcase_add_test(tests, the_drums_own_sound_is_advised_against);
    tcase_add_test(tests, three_notes_are_too_few);
    tcase_add_test(tests, nothing_chosen_is_not_nothing_heard);
    tcase_add_test(tests, an_early_downbeat_is_chosen_with_its_bar);
    tcase_add_test(tests, drums_that_did_not_sound_are_passed_over);
    tcase_add_test(tests, reasons_fit_a_line);
    suite_add_tcase(suite, tests);
    return suite;
}
