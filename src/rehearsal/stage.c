#include "rehearsal/stage.h"

#include "audio/denormals.h"
#include "base/stopwatch.h"
#include "rehearsal/drummer.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { NEWS_PLACES = 8192, PATIENCE_S = 3, HUSH_MS = 1000 };

struct stage {
    struct device *device;
    struct device_info info;
    struct kit *kit;
    struct engine *engine;
    struct ring *news;
    struct load_watch watch;
    sem_t wake; /* not 0 after a block: something may have come for the drummer */

    struct drummer *drummer;
    pthread_t thread;
    bool running; /* a take has been started and not finished */
    int xruns_before;
    atomic_int realtime; /* enum realtime of the drummer's thread */
    atomic_bool over;    /* the drummer has received the end */
    atomic_bool deaf;    /* the sound card hangs: no block came for PATIENCE_S */
};

static void process(void *context, const float *input, float *output, int frames)
{
    struct stage *stage = context;
    load_turn_begins(&stage->watch);
    engine_process(stage->engine, input, output, frames);
    int waking = 0;
    sem_getvalue(&stage->wake, &waking);
    if (waking == 0) /* between takes nobody takes them away */
        sem_post(&stage->wake);
    load_turn_ends(&stage->watch, (double)frames / stage->info.rate);
}

/* A sound card that vanished or hangs sends no more blocks: then the end is made here. */
static void end_without_device(struct stage *stage)
{
    enum { FRAMES = 128 };
    float unheard[2 * FRAMES];
    device_stop(stage->device);
    engine_stop(stage->engine);
    engine_process(stage->engine, NULL, unheard, FRAMES);
}

static bool wait_for_block(struct stage *stage)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    while (sem_clockwait(&stage->wake, CLOCK_MONOTONIC, &until) != 0)
        if (errno == ETIMEDOUT)
            return false;
    return true;
}

static void *drum(void *context)
{
    struct stage *stage = context;
    denormals_off();
    atomic_store(&stage->realtime, realtime_thread());
    for (int silent_s = 0;;) {
        silent_s = wait_for_block(stage) ? 0 : silent_s + 1;
        if (silent_s == PATIENCE_S)
            atomic_store(&stage->deaf, true);
        if (silent_s > 0 && stage_lost(stage))
            end_without_device(stage);
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(stage->engine), &message))
            if (!drummer_receive(stage->drummer, &message)) {
                atomic_store(&stage->over, true);
                return NULL;
            }
    }
}

struct stage *stage_open(const struct stage_config *config, struct error *err)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) {
        error_set(err, "out of memory");
        return NULL;
    }
    sem_init(&stage->wake, 0, 0);
    char path[4096];
    struct device_config wanted = config->device;
    wanted.process = process;
    wanted.context = stage;
    stage->news = ring_new(NEWS_PLACES, sizeof(struct report));
    if (!stage->news) {
        error_set(err, "out of memory");
        goto fail;
    }
    stage->device = (config->open ? config->open : device_open)(&wanted, &stage->info, err);
    if (!stage->device || !kit_find_soundfont(config->soundfont, path, sizeof path, err))
        goto fail;
    stage->kit = kit_load(path, config->pitches, stage->info.rate, err);
    if (!stage->kit)
        goto fail;
    stage->engine = engine_new(stage->kit, stage->info.rate, err);
    if (!stage->engine)
        goto fail;
    realtime_lock_memory();
    if (!device_start(stage->device, err))
        goto fail;
    return stage;
fail:
    stage_close(stage);
    return NULL;
}

void stage_close(struct stage *stage)
{
    if (!stage)
        return;
    if (stage->running) {
        stage_stop(stage);
        take_free(stage_finish(stage));
    }
    if (stage->engine)
        stage_hush(stage);
    if (stage->device)
        device_stop(stage->device);
    device_close(stage->device);
    engine_free(stage->engine);
    kit_free(stage->kit);
    ring_free(stage->news);
    sem_destroy(&stage->wake);
    free(stage);
}

const struct device_info *stage_device(const struct stage *stage)
{
    return &stage->info;
}

enum realtime stage_realtime(const struct stage *stage)
{
    return (enum realtime)atomic_load(&stage->realtime);
}

const struct kit *stage_kit(const struct stage *stage)
{
    return stage->kit;
}

bool stage_start(struct stage *stage, const struct engine_take *take, const struct model *model,
                 struct error *err)
{
    ring_clear(stage->news);
    stage->drummer = drummer_new(take->score, model, take->settings,
                                 engine_from_drummer(stage->engine), stage->news, err);
    if (!stage->drummer)
        return false;
    if (!engine_start(stage->engine, take, err)) {
        drummer_free(stage->drummer);
        stage->drummer = NULL;
        return false;
    }
    atomic_store(&stage->over, false);
    load_watch_clear(&stage->watch);
    stage->xruns_before = device_xruns(stage->device);
    if (pthread_create(&stage->thread, NULL, drum, stage) != 0) {
        end_without_device(stage);
        atomic_store(&stage->deaf, true); /* to be opened anew */
        drummer_free(stage->drummer);
        stage->drummer = NULL;
        return error_set(err, "cannot start the drummer's thread");
    }
    stage->running = true;
    return true;
}

struct engine_status stage_status(struct stage *stage)
{
    return engine_status(stage->engine);
}

bool stage_news(struct stage *stage, struct report *report)
{
    return ring_pop(stage->news, report) || ring_pop(engine_overheard(stage->engine), report);
}

bool stage_lost(const struct stage *stage)
{
    return device_lost(stage->device) || atomic_load(&stage->deaf);
}

int stage_xruns(struct stage *stage)
{
    int lost = device_xruns(stage->device) - stage->xruns_before;
    int over =
        stage->info.silent ? 0 : (int)load_read(&stage->watch.work).over; /* it waits a little */
    return lost > over ? lost : over;
}

struct stage_load stage_load(struct stage *stage)
{
    return (struct stage_load){load_read(&stage->watch.work), load_read(&stage->watch.late)};
}

void stage_set_reverb(struct stage *stage, float amount)
{
    engine_set_reverb(stage->engine, amount);
}

void stage_set_click(struct stage *stage, bool on)
{
    engine_set_click(stage->engine, on);
}

void stage_set_sensitivity(struct stage *stage, float db)
{
    engine_set_sensitivity(stage->engine, db);
}

bool stage_change(struct stage *stage, const struct change *change)
{
    assert(stage->running);
    return engine_change(stage->engine, change);
}

bool stage_strum(struct stage *stage, const struct engine_strum *strum)
{
    return engine_strum(stage->engine, strum);
}

void stage_listen(struct stage *stage, struct playback *playback)
{
    assert(!stage->running);
    engine_listen(stage->engine, playback);
}

void stage_hush(struct stage *stage)
{
    assert(!stage->running);
    engine_stop(stage->engine);
    for (int ms = 0; engine_status(stage->engine).listening; ms++) {
        if (stage_lost(stage) || ms == HUSH_MS) {
            atomic_store(&stage->deaf, true);
            end_without_device(stage);
        }
        stopwatch_wait_ms(1);
    }
}

bool stage_drift(const struct stage *stage, struct device_drift *drift)
{
    return device_drift(stage->device, drift);
}

void stage_stop(struct stage *stage)
{
    engine_stop(stage->engine);
}

bool stage_done(const struct stage *stage)
{
    return stage->running && atomic_load(&stage->over);
}

struct take *stage_finish(struct stage *stage)
{
    if (!stage->running)
        return NULL;
    pthread_join(stage->thread, NULL);
    stage->running = false;
    engine_finish(stage->engine);
    struct take *take = drummer_give_take(stage->drummer);
    take->xruns = stage_xruns(stage);
    drummer_free(stage->drummer);
    stage->drummer = NULL;
    return take;
}
