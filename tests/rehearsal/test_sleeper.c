/* What a take has to survive: a model that now and then sleeps for 200 ms, which are counted in
 * frames, not in seconds, and a sound card that stands still. */
#include "crank.h"
#include "model/straight.h"
#include "rehearsal/stage.h"
#include "stand.h"
#include "suites.h"
#include "support/clicks.h"
#include "support/tiny_sf2.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD = 128, BARS = 16, SLEEP_FRAMES = RATE / 5, SLEEPS_EVERY = 13, LOST = 3 };

static atomic_llong frames_turned;
static atomic_int sleeps;

static void wait_us(long us)
{
    nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

static void predict(void *performance, int step, struct prediction *out)
{
    model_straight.predict(performance, step, out);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        out->offset_ms[drum] = (float)((step * 7 + drum * 5) % 31 - 15);
    if (step % SLEEPS_EVERY != 5)
        return;
    atomic_fetch_add(&sleeps, 1);
    for (long long end = atomic_load(&frames_turned) + SLEEP_FRAMES;
         atomic_load(&frames_turned) < end;)
        wait_us(20);
}

static struct model *sleepy_model(void)
{
    static struct model_ops ops;
    struct error err = {.text = ""};
    struct checkpoint *nothing = model_pretrained("straight", &err);
    ops = model_straight;
    ops.name = "sleepy";
    ops.predict = predict;
    struct model *model = model_open_kind(&ops, nothing, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    checkpoint_free(nothing);
    return model;
}

static struct stage *click_stage(void)
{
    struct error err = {.text = ""};
    static const bool pitches[128] = {[36] = true, [38] = true, [42] = true};
    size_t size;
    uint8_t *bytes = click_sf2(&size);
    char *path = tiny_file(bytes, size);
    struct stage_config config = {.device = {.rate = RATE, .period = PERIOD},
                                  .open = crank_open,
                                  .soundfont = path,
                                  .pitches = pitches};
    struct stage *stage = stage_open(&config, &err);
    ck_assert_msg(stage != NULL, "%s", err.text);
    unlink(path);
    free(path);
    free(bytes);
    return stage;
}

static struct score *click_score(void)
{
    struct error err = {.text = ""};
    size_t size;
    uint8_t *song = click_song(BARS, 120, &size);
    struct score *score = score_parse(song, size, "clicks", NULL, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    free(song);
    return score;
}

/* Turns the crank until the take is over; between the blocks the drummer has a moment. */
static void turn_to_the_end(struct stage *stage, struct click_track *track)
{
    for (int64_t frame = 0; !stage_done(stage); frame += PERIOD) {
        if (frame == 100 * PERIOD)
            crank_lose(LOST);
        float output[2 * PERIOD];
        crank_turn(NULL, output, PERIOD);
        click_track_add(track, output, PERIOD, frame);
        atomic_fetch_add(&frames_turned, PERIOD);
        wait_us(40);
    }
}

static void expect_every_beat_on_time(const struct score *score, const struct take *take)
{
    ck_assert_int_eq(take->step_count, score->step_count);
    ck_assert_int_eq(take->hit_count, score->hit_count);
    for (int i = 0; i < take->step_count; i++) {
        const struct step *step = &score->steps[i];
        for (int h = step->first_hit; h < step->first_hit + step->hit_count; h++) {
            int64_t scored = llround(score->hits[h].scored_s * RATE);
            int64_t leash = llround(take->settings.controls.leash_ms * RATE / 1000);
            int64_t off = llabs(take->hits[h].frame - scored);
            ck_assert_int_le(off, take->steps[i].planned ? leash : 0);
        }
    }
}

START_TEST(a_sleeping_model_loses_no_beat)
{
    struct error err = {.text = ""};
    struct stage *stage = click_stage();
    struct score *score = click_score();
    struct model *model = sleepy_model();
    struct take_settings settings = plain_settings(1);
    settings.controls.follow = 0;
    struct engine_take plan = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct click_track track;
    ck_assert(click_track_init(&track, 1 << 20));
    ck_assert_msg(stage_start(stage, &plan, model, &err), "%s", err.text);
    int64_t first = stage_status(stage).frame;
    turn_to_the_end(stage, &track);
    struct engine_status status = stage_status(stage);
    struct take *take = stage_finish(stage);
    ck_assert_ptr_nonnull(take);

    expect_every_beat_on_time(score, take);
    struct click_report report = clicks_compare(score, take, &track, -first);
    ck_assert_msg(report.exact == take->hit_count && report.extra == 0,
                  "of %d hits %d at their frame, %d moved, %d lost; %d extra", report.hits,
                  report.exact, report.moved, report.lost, report.extra);
    int missed = take_summarise(take).deadline_misses;
    ck_assert_int_ge(atomic_load(&sleeps), 10);
    ck_assert_int_ge(missed, atomic_load(&sleeps));
    ck_assert_int_lt(missed, take->step_count / 2); /* awake it answers in time */
    ck_assert_uint_eq(status.missed, (unsigned)missed);
    ck_assert_uint_eq(status.late_frames, 0);
    ck_assert_uint_eq(status.lost, 0);
    ck_assert_int_ge(take->xruns, LOST); /* or more, where the machine itself was late */
    take_free(take);
    click_track_release(&track);
    stage_close(stage);
    model_close(model);
    score_free(score);
}
END_TEST

/* The driver says nothing, and asks for no more blocks. */
START_TEST(a_sound_card_that_stands_still_ends_the_take)
{
    struct error err = {.text = ""};
    struct stage *stage = click_stage();
    struct score *score = click_score();
    struct checkpoint *nothing = model_pretrained("straight", &err);
    struct model *model = nothing ? model_open(nothing, &err) : NULL;
    struct take_settings settings = plain_settings(1);
    struct engine_take plan = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    float output[2 * PERIOD];
    ck_assert_msg(model && stage_start(stage, &plan, model, &err), "%s", err.text);
    while (stage_status(stage).frame < 4 * RATE) {
        crank_turn(NULL, output, PERIOD);
        wait_us(100);
    }
    int64_t reached = stage_status(stage).frame;
    ck_assert(!stage_done(stage));
    while (!stage_done(stage))
        wait_us(10000);
    ck_assert(stage_lost(stage));
    struct take *take = stage_finish(stage);
    ck_assert_ptr_nonnull(take);
    ck_assert_int_ge(take->stop_frame, reached);
    ck_assert_int_le(take->stop_frame, reached + PERIOD);
    ck_assert_int_gt(take->step_count, 8);
    ck_assert_int_lt(take->step_count, score->step_count);
    take_free(take);
    stage_close(stage);
    model_close(model);
    checkpoint_free(nothing);
    score_free(score);
}
END_TEST

Suite *sleeper_suite(void)
{
    Suite *suite = suite_create("sleeper");
    TCase *tests = tcase_create("sleeper");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_sleeping_model_loses_no_beat);
    tcase_add_test(tests, a_sound_card_that_stands_still_ends_the_take);
    suite_add_tcase(suite, tests);
    return suite;
}
