#include "model/model.h"
#include "rehearsal/render.h"
#include "rehearsal/stage.h"
#include "stand.h"
#include "suites.h"

#include <stdio.h>
#include <time.h>

static void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static struct stage *silent_stage(void)
{
    struct error err = {.text = ""};
    char soundfont[4096];
    static const bool pitches[128] = {[36] = true, [38] = true, [42] = true, [49] = true};
    if (!kit_find_soundfont(NULL, soundfont, sizeof soundfont, &err)) {
        puts("stage: skipped, there is no SoundFont");
        return NULL;
    }
    struct stage_config config = {.device = {.silent = true}, .pitches = pitches};
    struct stage *stage = stage_open(&config, &err);
    ck_assert_msg(stage != NULL, "%s", err.text);
    ck_assert(stage_device(stage)->silent);
    return stage;
}

static struct model *grid(void)
{
    struct error err = {.text = ""};
    struct checkpoint *checkpoint = model_pretrained("straight", &err);
    struct model *model = model_open(checkpoint, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    checkpoint_free(checkpoint);
    return model;
}

/* Live on three threads and offline on one, the same onsets make the same take. */
static void expect_offline_twin(const struct score *score, const struct model *model,
                                const struct take *live)
{
    struct error err = {.text = ""};
    bool *missed = calloc((size_t)score->step_count, sizeof *missed);
    for (int i = 0; i < live->step_count; i++)
        missed[live->steps[i].step] = !live->steps[i].planned;
    struct guitar guitar = {
        .kind = GUITAR_ONSETS, .onsets = live->onsets, .onset_count = live->onset_count};
    struct engine_take again = {.score = score,
                                .settings = &live->settings,
                                .changes = live->changes,
                                .change_count = live->change_count,
                                .missed = missed,
                                .stop_frame = live->stop_frame};
    struct render_config config = {.model = model, .guitar = &guitar};
    struct take *offline = render_take(&again, &config, &err);
    ck_assert_msg(offline != NULL, "%s", err.text);
    ck_assert_msg(same_take(live, offline), "live and offline differ");
    take_free(offline);
    free(missed);
}

START_TEST(a_live_take_is_kept_and_plays_again)
{
    struct error err = {.text = ""};
    struct stage *stage = silent_stage();
    if (!stage)
        return;
    struct score *score = made_score(4, 240, 3);
    struct model *model = grid();
    struct guitarist *guitarist = guitarist_new(score, &(struct guitarist_options){0}, &err);
    ck_assert_ptr_nonnull(guitarist);
    for (int number = 0; number < 2; number++) {
        struct take_settings settings = plain_settings(1);
        settings.rate = stage_device(stage)->rate;
        guitarist_start(guitarist, number);
        struct engine_take take = {.score = score,
                                   .settings = &settings,
                                   .listens = true,
                                   .guitarist = guitarist,
                                   .stop_frame = INT64_MAX};
        ck_assert_msg(stage_start(stage, &take, model, &err), "%s", err.text);
        for (int i = 0; i < 20 && !stage_done(stage); i++) {
            struct change leash = {.kind = CHANGE_LEASH, .drum = i % 3 - 1, .value = 7 * i};
            struct change robot = {.kind = CHANGE_ROBOT, .drum = -1, .value = i % 2};
            ck_assert(stage_change(stage, &leash) && stage_change(stage, &robot));
            wait_ms(100);
        }
        struct report news;
        int planned = 0;
        while (stage_news(stage, &news))
            planned += news.kind == REPORT_PLANNED;
        stage_stop(stage);
        struct take *record = stage_finish(stage);
        ck_assert_ptr_nonnull(record);
        ck_assert_int_gt(record->step_count, 8);
        ck_assert_int_ge(planned, record->step_count - 2);
        ck_assert_int_gt(take_summarise(record).onsets, 3);
        struct engine_status status = stage_status(stage);
        ck_assert(!status.playing);
        ck_assert_uint_eq(status.late_frames, 0);
        ck_assert_uint_eq(status.lost + status.refused, 0);
        ck_assert_int_ge(record->change_count, 20);
        expect_offline_twin(score, model, record);
        take_free(record);
    }
    stage_close(stage);
    guitarist_free(guitarist);
    model_close(model);
    score_free(score);
}
END_TEST

START_TEST(closing_mid_take_hangs_nobody)
{
    struct error err = {.text = ""};
    struct stage *stage = silent_stage();
    if (!stage)
        return;
    struct score *score = made_score(8, 120, 3);
    struct model *model = grid();
    struct take_settings settings = plain_settings(1);
    settings.rate = stage_device(stage)->rate;
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    ck_assert_ptr_null(stage_finish(stage));
    ck_assert(stage_start(stage, &take, model, &err));
    wait_ms(200);
    time_t begun = time(NULL);
    stage_close(stage);
    ck_assert_int_le(time(NULL) - begun, 5); /* the song lasts 18 s */
    model_close(model);
    score_free(score);
}
END_TEST

Suite *stage_suite(void)
{
    Suite *suite = suite_create("stage");
    TCase *tests = tcase_create("stage");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_live_take_is_kept_and_plays_again);
    tcase_add_test(tests, closing_mid_take_hangs_nobody);
    suite_add_tcase(suite, tests);
    return suite;
}
