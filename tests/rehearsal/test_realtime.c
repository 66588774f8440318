/* The audio thread as it is live: a stage with real drums, its drummer on a thread of his own,
 * takes that begin and end while blocks are asked for. Under the guard it may do nothing but
 * compute and wake. ROLYPOLY_CALLBACKS says how many blocks; `make test-realtime` runs a million.
 */
#include "crank.h"
#include "rehearsal/playback.h"
#include "rehearsal/recorder.h"
#include "rehearsal/stage.h"
#include "stand.h"
#include "suites.h"
#include "support/rt_guard.h"
#include "support/tiny_sf2.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { CALLBACKS = 50000, SHORTEST = 16, LONGEST = 32, BREATHS = 8 };

static long wanted(void)
{
    const char *given = getenv("ROLYPOLY_CALLBACKS");
    return given ? atol(given) : CALLBACKS;
}

static void wait_us(long us)
{
    nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

struct audio {
    long callbacks;
    atomic_bool over;
    int forbidden;
    char first[32];
    bool saw_system_calls;
    float peak;
};

/* Somebody plucks about every third of a second. */
static void pluck(float *input, int frames, long callback, struct rng *rng)
{
    float level = callback % 700 < 40 ? 0.4f * (1 - (float)(callback % 700) / 40) : 0.0005f;
    for (int i = 0; i < frames; i++)
        input[i] = level * (float)rng_between(rng, -1, 1);
}

/* Now and then the drummer is given a moment, as between the blocks of a real device. */
static void *run_audio(void *context)
{
    struct audio *audio = context;
    struct rng rng;
    rng_seed(&rng, 12);
    for (long n = 0; n < wanted(); n++) {
        float input[LONGEST], output[2 * LONGEST];
        int frames = SHORTEST + (int)rng_below(&rng, LONGEST - SHORTEST + 1);
        pluck(input, frames, n, &rng);
        rt_guard_begin();
        crank_turn(input, output, frames);
        audio->forbidden += rt_guard_end();
        audio->callbacks++;
        for (int i = 0; i < 2 * frames; i++)
            audio->peak = fmaxf(audio->peak, fabsf(output[i]));
        if (n % BREATHS == 0)
            wait_us(50);
    }
    snprintf(audio->first, sizeof audio->first, "%s", rt_guard_first());
    audio->saw_system_calls = rt_guard_sees_system_calls();
    atomic_store(&audio->over, true);
    return NULL;
}

static struct stage *real_stage(const struct score *score)
{
    struct error err = {.text = ""};
    bool pitches[128] = {false};
    char soundfont[4096];
    for (int h = 0; h < score->hit_count; h++)
        pitches[score->hits[h].pitch] = true;
    size_t size;
    uint8_t *bytes = tiny_sf2(128, &size);
    char *tiny = tiny_file(bytes, size);
    bool real = kit_find_soundfont(NULL, soundfont, sizeof soundfont, &err);
    struct stage_config config = {.device = {.rate = RATE, .period = LONGEST},
                                  .open = crank_open,
                                  .soundfont = real ? soundfont : tiny,
                                  .pitches = pitches};
    struct stage *stage = stage_open(&config, &err);
    ck_assert_msg(stage != NULL, "%s", err.text);
    stage_set_reverb(stage, 0.2f);
    unlink(tiny);
    free(tiny);
    free(bytes);
    return stage;
}

struct heard {
    int takes, stopped, onsets, planned, missed, last_times;
    int64_t recorded, played_back; /* bytes, frames */
};

/* The take once more, with a guitar, everything being turned while it sounds. */
static void listen_again(struct stage *stage, const struct score *score, const struct take *take,
                         struct audio *audio, struct heard *heard)
{
    static float guitar[3 * RATE] = {0.1f};
    struct playback_plan plan = {.score = score,
                                 .drums = {take, take},
                                 .guitar = {.samples = guitar, .count = 3 * RATE},
                                 .rate = RATE,
                                 .lead = kit_longest_attack(stage_kit(stage)),
                                 .end = 8 * RATE};
    struct playback *playback = playback_new(&plan);
    ck_assert_ptr_nonnull(playback);
    stage_listen(stage, playback);
    playback_loop(playback, RATE, 2 * RATE);
    for (int turn = 0; turn < 12 && !atomic_load(&audio->over); turn++) {
        playback_go(playback, turn % 5 != 4);
        playback_choose(playback, turn % 2);
        playback_balance(playback, turn % 3 != 0, turn % 3 != 1);
        if (turn % 4 == 3)
            playback_seek(playback, RATE + turn * 1000);
        wait_us(10000);
    }
    heard->played_back += playback_status(playback).frame - RATE;
    stage_hush(stage);
    playback_free(playback);
}

/* A vamp, which the virtual guitarist ends at once; then a loop with silent bars, then the song.
 */
static const struct way {
    int first_bar, last_bar;
    struct practice practice;
} ways[] = {{1, 3, {.passes = 20, .vamp_first = 2, .vamp_last = 2}},
            {2, 2, {.passes = 4, .ramp_percent = 20, .play_bars = 1, .out_bars = 1}},
            {0, 0, {0}}};

enum { WAYS = sizeof ways / sizeof *ways };

/* One take after the other, the third of them stopped by hand, half of them with the virtual
 * guitarist, until the blocks are over. */
static void play_takes(struct stage *stage, const struct score *song, const struct model *model,
                       struct audio *audio, struct heard *heard)
{
    struct error err = {.text = ""};
    for (; !atomic_load(&audio->over); heard->takes++) {
        const struct way *way = &ways[heard->takes % WAYS];
        struct take_settings settings = plain_settings(2);
        settings.lead_frames = engine_lead_frames(RATE, LONGEST);
        settings.first_bar = way->first_bar;
        settings.last_bar = way->last_bar;
        settings.practice = way->practice;
        bool arranged = practice_arranges(&way->practice);
        struct score *made = arranged ? take_score(song, &settings, &err) : NULL;
        ck_assert_msg(made || !arranged, "%s", err.text);
        const struct score *score = arranged ? made : song;
        struct guitarist *guitarist = guitarist_new(score, &(struct guitarist_options){0}, &err);
        ck_assert_msg(guitarist != NULL, "%s", err.text);
        stage_set_click(stage, arranged);
        bool virtual = heard->takes % 2 == 0, stops = heard->takes % 3 == 2;
        guitarist_start(guitarist, heard->takes);
        struct recorder *recorder = recorder_new(RATE, &err);
        ck_assert_msg(recorder && recorder_run(recorder, &err), "%s", err.text);
        struct engine_take plan = {.score = score,
                                   .recorder = recorder,
                                   .settings = &settings,
                                   .count_in_bars = heard->takes % 2,
                                   .listens = true,
                                   .guitarist = virtual ? guitarist : NULL,
                                   .monitor = 0.7f,
                                   .stop_frame = INT64_MAX};
        ck_assert_msg(stage_start(stage, &plan, model, &err), "%s", err.text);
        for (int ms = 0; !stage_done(stage) && !atomic_load(&audio->over); ms++) {
            if (stops && stage_status(stage).onsets > 5)
                stage_stop(stage);
            wait_us(1000);
        }
        heard->stopped += stops;
        stage_stop(stage);
        if (atomic_load(&audio->over)) { /* nobody turns any more: the end is heard here */
            float output[2 * LONGEST];
            crank_turn(NULL, output, LONGEST);
        }
        struct take *take = stage_finish(stage);
        struct take_summary summary = take_summarise(take);
        heard->onsets += summary.onsets;
        heard->missed += summary.deadline_misses;
        heard->planned += summary.steps - summary.deadline_misses;
        heard->last_times += take->settings.practice.played > 0;
        ck_assert_uint_eq(stage_status(stage).lost, 0);
        if (recorder_finish(recorder, &take->recording, &err)) /* else it was turned too fast */
            heard->recorded += (int64_t)take->recording.size;
        recorder_free(recorder);
        if (!atomic_load(&audio->over))
            listen_again(stage, score, take, audio, heard);
        take_free(take);
        guitarist_free(guitarist);
        score_free(made);
    }
}

START_TEST(callbacks_only_compute_and_wake)
{
    struct error err = {.text = ""};
    struct score *score = made_score(8, 140, 4);
    struct stage *stage = real_stage(score);
    struct checkpoint *checkpoint = model_pretrained("groove", &err);
    struct model *model = checkpoint ? model_open(checkpoint, &err) : NULL;
    ck_assert_msg(model != NULL, "%s", err.text);
    struct audio audio = {0};
    struct heard heard = {0};
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, run_audio, &audio), 0);
    play_takes(stage, score, model, &audio, &heard);
    pthread_join(thread, NULL);
    printf(
        "realtime: %ld callbacks%s; %d takes, %d notes heard, %d steps planned, %d missed, %d kB "
        "recorded, %.1f s played back: %d forbidden calls\n",
        audio.callbacks,
        audio.saw_system_calls ? ", system calls watched" : ", interposed calls alone", heard.takes,
        heard.onsets, heard.planned, heard.missed, (int)(heard.recorded / 1024),
        (double)heard.played_back / RATE, audio.forbidden);
    ck_assert_int_eq(audio.callbacks, wanted());
    ck_assert_msg(audio.forbidden == 0, "%d forbidden calls, first %s", audio.forbidden,
                  audio.first);
    ck_assert_int_ge(heard.takes, 2);
    ck_assert_int_gt(heard.onsets, 10);
    ck_assert_int_gt(heard.planned, 10);
    ck_assert_int_gt(heard.played_back, 1000);
    ck_assert_int_gt(heard.last_times, 0);
    ck_assert_float_gt(audio.peak, 0.1f);
    stage_close(stage);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
}
END_TEST

Suite *realtime_suite(void)
{
    Suite *suite = suite_create("realtime");
    TCase *tests = tcase_create("realtime");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, callbacks_only_compute_and_wake);
    suite_add_tcase(suite, tests);
    return suite;
}
