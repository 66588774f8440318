#include "base/rng.h"
#include "guitarist/string.h"
#include "intros.h"
#include "rehearsal/awaiting.h"
#include "rehearsal/message.h"
#include "stand.h"
#include "suites.h"
#include "support/rt_guard.h"

#include <stdio.h>

/* ---- Is it right? ---- */

static const double LEAD_S = 0.25, TURN_S = 0.03; /* as a live take has it */

struct score_card {
    int runs, right, listening;
    int level, tempo, bar,
        beat; /* wrong: something else was taken for the beat; 1 to 5 % off; ... */
};

/* Plays the strums to it until it would come in, or gives up. */
static bool comes_in(const struct made_intro *intro, struct entrance_cue *cue)
{
    struct entrance *entrance = entrance_new(intro->score, 1);
    ck_assert_ptr_nonnull(entrance);
    double end_s = intro->strums[intro->count - 1].time_s + 3 * intro->beats * intro->beat_s;
    bool in = false;
    int next = 0;
    for (double now_s = -0.5; now_s < end_s && !in; now_s += TURN_S) {
        for (; next < intro->count && intro->strums[next].time_s + 0.005 <= now_s; next++)
            entrance_hear(entrance, intro->strums[next].time_s, intro->strums[next].strength_db);
        entrance_cue(entrance, now_s + LEAD_S, cue);
        in = cue->sure && cue->bar_s < now_s + LEAD_S + TURN_S;
    }
    entrance_free(entrance);
    return in;
}

static void judge(const struct made_intro *intro, struct score_card *card)
{
    struct entrance_cue cue;
    card->runs++;
    if (!comes_in(intro, &cue)) {
        card->listening++;
        return;
    }
    double at = (cue.bar_s - intro->pulse_s) / intro->beat_s;
    double tempo = fabs(cue.beat_s / intro->beat_s - 1);
    double off_ms = 1000 * intro->beat_s * fabs(at - rint(at));
    if (tempo > 0.05)
        card->level++;
    else if (tempo > 0.01)
        card->tempo++;
    else if (fabs(remainder(at, intro->beats)) > 0.5)
        card->bar++;
    else if (off_ms > 25)
        card->beat++;
    else
        card->right++;
}

/* Prints what docs/ENTRANCE.md has. */
static struct score_card try_kind(const struct intro_kind *kind, int runs)
{
    struct score_card card = {0};
    for (int i = 0; i < runs; i++) {
        struct made_intro intro;
        intro_make(&intro, kind, 9000 + (uint64_t)i);
        judge(&intro, &card);
        score_free(intro.score);
    }
    double share = 100.0 / runs;
    printf(
        "entrance: %-34s right %5.1f  listening %4.1f  level %4.1f  tempo %4.1f  bar %4.1f  beat "
        "%4.1f\n",
        kind->name, share * card.right, share * card.listening, share * card.level,
        share * card.tempo, share * card.bar, share * card.beat);
    return card;
}

static int wanted_runs(void)
{
    const char *runs = getenv("ENTRANCE_RUNS");
    return runs ? atoi(runs) : 24;
}

START_TEST(it_comes_in_right_or_listens)
{
    int runs = wanted_runs(), right = 0, wrong = 0, all = 0;
    for (int k = 0; k < intro_kind_count; k++) {
        struct score_card card = try_kind(&intro_kinds[k], runs);
        int bad = card.runs - card.right - card.listening;
        ck_assert_msg(bad <= 1 + runs / 12, "%s: %d of %d wrong", intro_kinds[k].name, bad, runs);
        right += card.right;
        wrong += bad;
        all += card.runs;
    }
    printf("entrance: all: right %.1f %%, wrong %.1f %%\n", 100.0 * right / all,
           100.0 * wrong / all);
    ck_assert_double_ge(right, 0.925 * all);
    ck_assert_double_le(wrong, 0.04 * all);
}
END_TEST

/* ---- Does it sound there? ---- */

enum { BLOCK = 128, ROUND_TRIP = 700 };

/* A guitar through the air: what is played comes in half a round trip later, as the drums have been
 * under way for the other half when he hears them. */
struct guitar_player {
    struct guitar_string *string;
    double begin_s, beat_s;
    int strums, played;
    struct rng rng;
};

static void play_guitar(struct guitar_player *player, int64_t clock, float *input)
{
    for (; player->played < player->strums; player->played++) {
        double hand_s = 0.005 * fmax(-2, fmin(rng_normal(&player->rng), 2));
        double time_s = player->begin_s + player->played * player->beat_s + hand_s;
        int64_t frame = llround(time_s * RATE) + ROUND_TRIP;
        if (frame >= clock + BLOCK)
            break;
        string_strum(player->string, frame > clock ? (int)(frame - clock) : 0, 110,
                     player->played % 4 ? 0.6 : 0.75);
    }
    memset(input, 0, BLOCK * sizeof *input);
    string_render(player->string, input, BLOCK);
}

struct entry {
    int64_t zero, sounded; /* of the clock; sounded: the first frame of drums */
    struct entrance_cue cue;
};

static void take_over(struct awaiting *awaiting, struct engine *engine,
                      const struct entrance_cue *cue, struct take_settings *settings,
                      struct score **score, struct entry *entry)
{
    struct error err = {.text = ""};
    *score = made_score(8, 1.2 * cue->tempo_percent, 3);
    settings->tempo_percent = 100;
    entry->cue = *cue;
    entry->zero = awaiting_zero(awaiting, cue, *score);
    struct engine_take take = {.score = *score,
                               .settings = settings,
                               .listens = true,
                               .stop_frame = RATE * 4,
                               .joins = true,
                               .zero = entry->zero};
    ck_assert_msg(engine_start(engine, &take, &err), "%s", err.text);
}

static void hear(struct engine *engine, struct awaiting *awaiting)
{
    struct report news;
    while (ring_pop(engine_overheard(engine), &news))
        if (news.kind == REPORT_HEARD)
            awaiting_hear(awaiting, news.frame, (double)news.strength);
}

/* From silence to the end of the take. Returns how many onsets the take heard. */
static int listen_and_play(struct guitar_player *player, struct entry *entry, int *forbidden)
{
    struct error err = {.text = ""};
    struct score *marked = made_score(8, 120, 3), *score = NULL;
    struct kit *kit = impulse_kit(40);
    struct engine *engine = engine_new(kit, RATE, &err);
    struct take_settings settings = plain_settings(1);
    settings.round_trip_frames = ROUND_TRIP;
    settings.controls.leash_ms = 60;
    struct awaiting_options waits = {.score = marked, .settings = &settings, .ready_s = 0.05};
    struct awaiting *awaiting = awaiting_new(&waits, &err);
    ck_assert_msg(engine && awaiting, "%s", err.text);
    float input[BLOCK], output[2 * BLOCK];
    int onsets = 0;
    for (int64_t clock = 0; clock < 30 * RATE; clock += BLOCK) {
        struct entrance_cue cue;
        play_guitar(player, clock, input);
        rt_guard_begin();
        engine_process(engine, input, output, BLOCK);
        *forbidden += rt_guard_end();
        for (int i = 0; i < BLOCK && !entry->sounded; i++)
            if (fabsf(output[2 * i]) > 0.01f)
                entry->sounded = clock + i;
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            onsets += message.kind == TO_DRUMMER_HEARD;
        hear(engine, awaiting);
        ck_assert_int_eq(engine_status(engine).clock, clock + BLOCK);
        if (!score && awaiting_comes_in(awaiting, clock + BLOCK, 0.01, &cue))
            take_over(awaiting, engine, &cue, &settings, &score, entry);
        else if (score && !engine_status(engine).playing)
            break;
    }
    ck_assert_msg(score != NULL, "it never came in");
    ck_assert_uint_eq(engine_status(engine).late_frames, 0);
    awaiting_free(awaiting);
    engine_free(engine);
    kit_free(kit);
    score_free(score);
    score_free(marked);
    return onsets;
}

/* Through the real ear and the real engine: nobody plans, so that the scored hits sound. */
START_TEST(the_first_hit_sounds_on_the_guitars_beat)
{
    static const double tempi[] = {66, 97, 120, 143, 180};
    double beat_s = 60 / tempi[_i];
    struct guitar_player player = {
        .string = string_new(RATE, 5), .begin_s = 1.3, .beat_s = beat_s, .strums = 60};
    struct entry entry = {0};
    int forbidden = 0;
    rng_seed(&player.rng, (uint64_t)_i);
    int onsets = listen_and_play(&player, &entry, &forbidden);
    double at_s = (double)entry.sounded / RATE - player.begin_s, bar_s = 4 * beat_s;
    double off_ms = 1000 * remainder(at_s, bar_s);
    ck_assert_msg(fabs(off_ms) < 25 && at_s > bar_s, "at %g: %.1f ms from the bar line, at %.2f s",
                  tempi[_i], off_ms, at_s);
    ck_assert_int_eq(entry.sounded, entry.zero);
    ck_assert_double_eq_tol(entry.cue.tempo_percent, tempi[_i] / 1.2, 0.01 * tempi[_i] / 1.2);
    ck_assert_msg(onsets >= (int)(3.5 / beat_s) - 1, "%d onsets heard in the take", onsets);
    ck_assert_msg(forbidden == 0, "%d forbidden calls", forbidden);
    string_free(player.string);
}
END_TEST

/* A virtual guitarist's strums sound between takes, where they were asked for, and are heard. */
START_TEST(a_virtual_guitarist_begins_alone)
{
    struct error err = {.text = ""};
    struct engine *engine = engine_new(NULL, RATE, &err);
    ck_assert_ptr_nonnull(engine);
    float noise[BLOCK], output[2 * BLOCK];
    int heard = 0, loud = 0;
    for (int i = 0; i < BLOCK; i++)
        noise[i] = i % 2 ? 0.5f : -0.5f;
    for (int k = 0; k < 3; k++) {
        struct engine_strum strum = {.frame = (k + 1) * RATE / 2, .loudness = 0.7, .monitor = 1};
        ck_assert(engine_strum(engine, &strum));
    }
    for (int64_t clock = 0; clock < 2 * RATE; clock += BLOCK) {
        engine_process(engine, clock < RATE / 4 ? NULL : noise, output, BLOCK);
        loud += fabsf(output[0]) > 0.01f;
        ck_assert(clock + BLOCK > RATE / 2 || output[0] == 0.0f);
        struct report news;
        while (ring_pop(engine_overheard(engine), &news)) {
            int64_t nearest = (news.frame + RATE / 4) / (RATE / 2) * (RATE / 2);
            if (news.kind == REPORT_HEARD && llabs(news.frame - nearest) < RATE / 200)
                heard++;
        }
    }
    ck_assert_int_ge(heard, 3);
    ck_assert_int_gt(loud, 20);
    engine_free(engine);
}
END_TEST

Suite *entrance_suite(void)
{
    Suite *suite = suite_create("entrance");
    TCase *tests = tcase_create("entrance");
    tcase_set_timeout(tests, 240);
    tcase_add_test(tests, it_comes_in_right_or_listens);
    tcase_add_loop_test(tests, the_first_hit_sounds_on_the_guitars_beat, 0, 5);
    tcase_add_test(tests, a_virtual_guitarist_begins_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
