/* What the player changes while a take is played: heeded at once, kept, and played again. */
#include "base/rng.h"
#include "model/model.h"
#include "rehearsal/drummer.h"
#include "rehearsal/engine.h"
#include "stand.h"
#include "suites.h"
#include "support/rt_guard.h"

enum { BEAT = RATE / 2, LONGEST = 1024 }; /* at 120 bpm */

/* A player who plays a little late, and at certain frames asks for something. */
struct player {
    struct take_onset *onsets;
    int onset_count;
    const struct change *wishes; /* by frame */
    int wish_count;
};

static struct player late_player(const struct score *score, double late_s)
{
    struct player player = {.onsets = calloc((size_t)score->step_count, sizeof *player.onsets)};
    ck_assert_ptr_nonnull(player.onsets);
    for (int i = 0; i < score->step_count; i++) {
        int64_t frame = llround((score->steps[i].time_s + late_s) * RATE);
        player.onsets[player.onset_count++] =
            (struct take_onset){.frame = frame, .heard_frame = frame + 150};
    }
    return player;
}

static struct take_settings expressive_settings(void)
{
    struct take_settings settings = plain_settings(3);
    settings.controls.expression = 1;
    settings.lead_frames = engine_lead_frames(RATE, LONGEST);
    return settings;
}

/* Plays in blocks of `frames`, or with 0 of random size. */
static struct take *play(const struct engine_take *take, const struct player *player, int frames,
                         uint64_t seed)
{
    struct error err = {.text = ""};
    struct model *model = small_drummer();
    struct engine *engine = engine_new(NULL, RATE, &err);
    ck_assert_ptr_nonnull(engine);
    struct drummer *drummer =
        drummer_new(take->score, model, take->settings, engine_from_drummer(engine), NULL, &err);
    ck_assert_msg(drummer && engine_start(engine, take, &err), "%s", err.text);
    struct rng rng;
    rng_seed(&rng, seed);
    static float output[2 * LONGEST];
    int asked = 0;
    for (bool over = false; !over;) {
        int count = frames ? frames : 1 + (int)rng_below(&rng, LONGEST);
        while (player && asked < player->wish_count &&
               player->wishes[asked].frame <= engine_status(engine).frame)
            ck_assert(engine_change(engine, &player->wishes[asked++]));
        engine_process(engine, NULL, output, count);
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            over = !drummer_receive(drummer, &message) || over;
    }
    struct engine_status status = engine_status(engine);
    ck_assert_uint_eq(status.refused + status.lost + status.missed, 0);
    struct take *record = drummer_give_take(drummer);
    drummer_free(drummer);
    engine_free(engine);
    model_close(model);
    return record;
}

static struct engine_take take_of(const struct score *score, const struct take_settings *settings,
                                  const struct player *player)
{
    return (struct engine_take){.score = score,
                                .settings = settings,
                                .listens = true,
                                .onsets = player->onsets,
                                .onset_count = player->onset_count,
                                .stop_frame = INT64_MAX};
}

/* As a session file would have it played again. */
static void expect_replay(const struct score *score, const struct take *first)
{
    static const int blocks[] = {64, 128, 333, LONGEST};
    struct engine_take again = {.score = score,
                                .settings = &first->settings,
                                .listens = true,
                                .onsets = first->onsets,
                                .onset_count = first->onset_count,
                                .changes = first->changes,
                                .change_count = first->change_count,
                                .stop_frame = first->stop_frame};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct take *second = play(&again, NULL, blocks[i], 0);
        ck_assert_msg(same_take(first, second), "in blocks of %d it is another", blocks[i]);
        take_free(second);
    }
}

enum { WISHES = 300 };

static void wish_wildly(struct change wishes[WISHES], const struct score *score, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    int64_t frame = -RATE / 4; /* from the silence before the first bar on */
    for (int i = 0; i < WISHES; i++) {
        frame += rng_below(&rng, (uint32_t)(score->duration_s * RATE) / WISHES * 2);
        wishes[i] = (struct change){.kind = (enum change_kind)rng_below(&rng, CHANGE_LAST_TIME),
                                    .drum = -1,
                                    .value = rng_below(&rng, 2),
                                    .frame = frame};
        if (wishes[i].kind == CHANGE_FLUB)
            wishes[i].bar = 1 + (int)rng_below(&rng, (uint32_t)score->bar_count);
        if (wishes[i].kind == CHANGE_LEASH) {
            wishes[i].value = rng_between(&rng, 0, 150);
            wishes[i].drum = (int)rng_below(&rng, DRUM_COUNT + 1) - 1;
        }
    }
}

START_TEST(a_take_with_changes_plays_again_in_blocks_of_any_size)
{
    struct score *score = made_score(16, 130, (uint64_t)_i + 1);
    struct take_settings settings = expressive_settings();
    struct change wishes[WISHES];
    struct player player = late_player(score, 0.02);
    wish_wildly(wishes, score, (uint64_t)_i + 1);
    player.wishes = wishes;
    player.wish_count = WISHES;
    struct engine_take take = take_of(score, &settings, &player);
    if (_i == 1)
        take.stop_frame = 7 * RATE + 77;
    struct take *first = play(&take, &player, _i == 2 ? 256 : 0, 9);
    ck_assert_int_gt(first->change_count, 70);
    for (int i = 1; i < first->change_count; i++)
        ck_assert_int_ge(first->changes[i].frame, first->changes[i - 1].frame);
    expect_replay(score, first);
    struct take take_without = *first;
    take_without.change_count = 0;
    struct engine_take plain = take_of(score, &settings, &player);
    plain.stop_frame = first->stop_frame;
    struct take *other = play(&plain, NULL, 128, 0);
    ck_assert(!same_take(&take_without, other)); /* they did change something */
    take_free(other);
    take_free(first);
    free(player.onsets);
    score_free(score);
}
END_TEST

/* Hits of the record scored between two frames; *off: how many of them moved, or were struck
 * otherwise than written. */
static int hits_between(const struct score *score, const struct take *take, int64_t from,
                        int64_t to, int *off)
{
    int count = 0;
    *off = 0;
    for (int k = 0; k < take->hit_count; k++) {
        const struct hit *hit = &score->hits[take->hits[k].hit];
        int64_t scored = llround(hit->scored_s * RATE);
        if (scored < from || scored >= to)
            continue;
        count++;
        *off += take->hits[k].frame != scored || take->hits[k].velocity != hit->velocity;
    }
    return count;
}

START_TEST(a_robot_is_on_the_grid_within_a_beat_and_back)
{
    struct score *score = made_score(16, 120, 5);
    struct take_settings settings = expressive_settings();
    settings.controls.leash_ms = 250;
    const struct change wishes[] = {
        {.kind = CHANGE_ROBOT, .drum = -1, .value = 1, .frame = 20 * BEAT},
        {.kind = CHANGE_ROBOT, .drum = -1, .value = 0, .frame = 40 * BEAT}};
    struct player player = late_player(score, 0.03);
    player.wishes = wishes;
    player.wish_count = 2;
    struct engine_take take = take_of(score, &settings, &player);
    struct take *record = play(&take, &player, 128, 0);
    int off, count = hits_between(score, record, 0, 20 * BEAT, &off);
    ck_assert(count > 30 && off > count / 2);
    count = hits_between(score, record, 21 * BEAT, 40 * BEAT, &off);
    ck_assert_int_gt(count, 30);
    ck_assert_int_eq(off, 0);
    count = hits_between(score, record, 41 * BEAT, 64 * BEAT, &off);
    ck_assert(count > 30 && off > count / 2);
    take_free(record);
    free(player.onsets);
    score_free(score);
}
END_TEST

/* How far the drums were from a guitar that plays `late_ms`, over the steps scored between two
 * frames. */
static double apart_ms(const struct score *score, const struct take *take, double late_ms,
                       int64_t from, int64_t to)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < take->step_count; i++) {
        double scored = score->steps[take->steps[i].step].time_s * RATE;
        if (scored < (double)from || scored >= (double)to)
            continue;
        sum += fabs(take->steps[i].drums_ms - late_ms);
        count++;
    }
    ck_assert_int_gt(count, 10);
    return sum / count;
}

START_TEST(follow_leads_to_the_guitar_and_away_again)
{
    struct score *score = made_score(16, 120, 5);
    struct take_settings settings = plain_settings(3);
    settings.controls = (struct controls){.follow = 0, .leash_ms = 120};
    settings.lead_frames = engine_lead_frames(RATE, LONGEST);
    const struct change wishes[] = {
        {.kind = CHANGE_FOLLOW, .drum = -1, .value = 1, .frame = 24 * BEAT},
        {.kind = CHANGE_FOLLOW, .drum = -1, .value = 0, .frame = 44 * BEAT}};
    struct player player = late_player(score, 0.04);
    player.wishes = wishes;
    player.wish_count = 2;
    struct engine_take take = take_of(score, &settings, &player);
    struct take *record = play(&take, &player, 128, 0);
    double before = apart_ms(score, record, 40, 12 * BEAT, 24 * BEAT);
    double between = apart_ms(score, record, 40, 25 * BEAT, 44 * BEAT);
    double after = apart_ms(score, record, 40, 45 * BEAT, 64 * BEAT);
    ck_assert_msg(between < 10 && before > 25 && after > 25, "%.1f, %.1f, %.1f ms apart", before,
                  between, after);
    take_free(record);
    free(player.onsets);
    score_free(score);
}
END_TEST

/* The furthest a hit of the class moved among those scored between two frames. */
static double furthest_ms(const struct score *score, const struct take *take, int drum,
                          int64_t from, int64_t to)
{
    double most = 0;
    for (int k = 0; k < take->hit_count; k++) {
        const struct hit *hit = &score->hits[take->hits[k].hit];
        int64_t scored = llround(hit->scored_s * RATE);
        if (hit->drum == drum && scored >= from && scored < to)
            most = fmax(most, fabs(1000.0 * (double)(take->hits[k].frame - scored) / RATE));
    }
    return most;
}

START_TEST(leashes_bound_every_hit_of_their_drums)
{
    struct score *score = made_score(16, 120, 5);
    struct take_settings settings = expressive_settings();
    settings.controls.leashed = 1u << DRUM_KICK;
    settings.controls.drum_leash_ms[DRUM_KICK] = 10;
    const struct change wishes[] = {
        {.kind = CHANGE_LEASH, .drum = DRUM_SNARE, .value = 4, .frame = 20 * BEAT},
        {.kind = CHANGE_LEASH, .drum = DRUM_KICK, .value = 50, .frame = 20 * BEAT},
        {.kind = CHANGE_LEASH, .drum = -1, .value = 6, .frame = 40 * BEAT}};
    struct player player = late_player(score, 0.06);
    player.wishes = wishes;
    player.wish_count = 3;
    struct engine_take take = take_of(score, &settings, &player);
    struct take *record = play(&take, &player, 128, 0);
    static const struct {
        int drum, from, to;
        double least_ms, most_ms; /* of the one that moved furthest */
    } cases[] = {
        {DRUM_KICK, 0, 20, 9.9, 10},
        {DRUM_SNARE, 0, 20, 20, 100},
        {DRUM_SNARE, 21, 40, 3.9, 4},
        {DRUM_KICK, 21, 40, 9.9, 10}, /* no longer than it began */
        {DRUM_CLOSED_HAT, 0, 40, 20, 100},
        {DRUM_CLOSED_HAT, 41, 64, 5.9, 6},
        {DRUM_KICK, 41, 64, 5.9, 6},
        {DRUM_SNARE, 41, 64, 3.9, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double most = furthest_ms(score, record, cases[i].drum, (int64_t)cases[i].from * BEAT,
                                  (int64_t)cases[i].to * BEAT);
        ck_assert_msg(most >= cases[i].least_ms && most <= cases[i].most_ms + 0.02,
                      "case %zu: %.3f ms", i, most);
    }
    take_free(record);
    free(player.onsets);
    score_free(score);
}
END_TEST

/* The sound stands still: what cannot be told is counted. Then it goes on. */
START_TEST(a_change_that_finds_no_room_is_counted)
{
    struct error err = {.text = ""};
    struct score *score = made_score(4, 120, 5);
    struct take_settings settings = plain_settings(1);
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    const struct change change = {.kind = CHANGE_FOLLOW, .drum = -1, .value = 0.5};
    struct to_drummer message;
    static float output[2 * 64];
    unsigned asked = 0, taken = 0, told = 0;
    ck_assert(engine && engine_start(engine, &take, &err));
    for (; asked < 1000; asked++)
        taken += engine_change(engine, &change);
    ck_assert(taken > 100 && taken < asked);
    ck_assert_uint_eq(engine_status(engine).refused, asked - taken);
    ck_assert_uint_eq(engine_status(engine).lost, 0);
    while (taken < TAKE_MOST_CHANGES) {
        engine_process(engine, NULL, output, 64);
        while (taken < TAKE_MOST_CHANGES && engine_change(engine, &change))
            taken++;
        while (ring_pop(engine_to_drummer(engine), &message))
            told += message.kind == TO_DRUMMER_CHANGE;
    }
    engine_process(engine, NULL, output, 64);
    while (ring_pop(engine_to_drummer(engine), &message))
        told += message.kind == TO_DRUMMER_CHANGE;
    ck_assert_uint_eq(told, TAKE_MOST_CHANGES);
    ck_assert(!engine_change(engine, &change)); /* a record has room for no more */
    engine_stop(engine);
    engine_process(engine, NULL, output, 64);
    engine_finish(engine);
    ck_assert(engine_start(engine, &take, &err));
    ck_assert_uint_eq(engine_status(engine).refused, 0);
    ck_assert(engine_change(engine, &change));
    engine_stop(engine);
    ck_assert(!engine_change(engine, &change)); /* the take is ending */
    engine_process(engine, NULL, output, 64);
    ck_assert(!engine_change(engine, &change));
    engine_finish(engine);
    ck_assert_uint_eq(engine_status(engine).refused, 2); /* the first was heeded */
    engine_free(engine);
    score_free(score);
}
END_TEST

/* A click every quarter second, from frame `at` on. */
static void click(float *input, int64_t at, int frames)
{
    for (int i = 0; i < frames; i++) {
        float since = (float)((at + i) % (RATE / 4));
        input[i] = since < 8000 ? 0.5f * sinf(0.06f * since) * expf(-0.002f * since) : 0;
    }
}

/* The onsets of the first four seconds of a take, after `idle_s` seconds without one. */
static int hear(double idle_s, int64_t frames[32], int *overheard)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 120, 5);
    struct take_settings settings = plain_settings(1);
    struct engine *engine = engine_new(NULL, RATE, &err);
    struct engine_take take = {
        .score = score, .settings = &settings, .listens = true, .stop_frame = INT64_MAX};
    float input[128], output[256];
    struct report report;
    struct to_drummer message;
    int heard = 0, calls = 0;
    *overheard = 0;
    ck_assert_ptr_nonnull(engine);
    for (int64_t at = 0; at < (int64_t)(idle_s * RATE); at += 128) {
        click(input, at, 128);
        rt_guard_begin();
        engine_process(engine, input, output, 128);
        calls += rt_guard_end();
        while (ring_pop(engine_overheard(engine), &report)) {
            ck_assert_int_eq(report.step, -1);
            *overheard += report.kind == REPORT_HEARD;
        }
        ck_assert(!ring_pop(engine_to_drummer(engine), &message));
    }
    ck_assert(engine_start(engine, &take, &err));
    for (int64_t at = 0; at < 4 * RATE; at += 128) {
        const struct change change = {.kind = CHANGE_FOLLOW, .drum = -1, .value = 0.5};
        click(input, at, 128);
        ck_assert(engine_change(engine, &change));
        rt_guard_begin();
        engine_process(engine, input, output, 128);
        calls += rt_guard_end();
        while (ring_pop(engine_to_drummer(engine), &message))
            if (message.kind == TO_DRUMMER_HEARD && heard < 32)
                frames[heard++] = message.frame;
    }
    ck_assert(!ring_pop(engine_overheard(engine), &report));
    ck_assert_int_eq(calls, 0);
    engine_free(engine);
    score_free(score);
    return heard;
}

START_TEST(the_player_is_heard_between_takes_and_no_take_knows)
{
    int64_t fresh[32], after[32];
    int none, some;
    int count = hear(0, fresh, &none);
    ck_assert_int_ge(count, 14);
    ck_assert_int_eq(none, 0);
    ck_assert_int_eq(hear(3.21, after, &some), count);
    ck_assert_int_ge(some, 11);
    ck_assert_mem_eq(fresh, after, (size_t)count * sizeof *fresh);
}
END_TEST

Suite *changes_suite(void)
{
    Suite *suite = suite_create("changes");
    TCase *tests = tcase_create("changes");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_take_with_changes_plays_again_in_blocks_of_any_size, 0, 4);
    tcase_add_test(tests, a_robot_is_on_the_grid_within_a_beat_and_back);
    tcase_add_test(tests, follow_leads_to_the_guitar_and_away_again);
    tcase_add_test(tests, leashes_bound_every_hit_of_their_drums);
    tcase_add_test(tests, a_change_that_finds_no_room_is_counted);
    tcase_add_test(tests, the_player_is_heard_between_takes_and_no_take_knows);
    suite_add_tcase(suite, tests);
    return suite;
}
