#include "cli/live.h"

#include "base/stopwatch.h"
#include "cli/open.h"
#include "cli/progress.h"

enum { LOOK_MS = 20 };

/* Looks on until the take is over; the news are the screen's. */
static void watch(struct room *room, const struct take_settings *settings, struct live *live)
{
    struct stage *stage = room_stage(room);
    struct progress progress;
    struct report news;
    const struct score *score = room_score(room);
    double length_s = score->duration_s * score->tempo_percent / settings->tempo_percent;
    progress_begin(&progress, "playing");
    while (!stage_done(stage)) {
        double now_s = (double)stage_status(stage).frame / live->device.rate;
        if (!progress_show(&progress, now_s / length_s))
            stage_stop(stage);
        while (stage_news(stage, &news))
            continue;
        stopwatch_wait_ms(LOOK_MS);
    }
    progress_end(&progress);
}

/* Until the guitar that began alone has been joined; the score is read at its tempo from then on.
 */
static bool await(struct room *room, const struct room_take_options *options, struct error *err)
{
    struct progress progress;
    struct report news;
    if (!room_await_guitar(room, options, err))
        return false;
    progress_begin(&progress, "listening");
    bool good = true;
    while (good && !room_playing(room)) {
        while (stage_news(room_stage(room), &news))
            room_overhear(room, &news);
        good = room_come_in(room, options->entrance, err);
        if (good && (!progress_show(&progress, 0) || stage_lost(room_stage(room))))
            good = error_set(err, "the guitar was listened to until %s: there is no take",
                             interrupted() ? "you stopped it" : "the sound card vanished");
        stopwatch_wait_ms(LOOK_MS);
    }
    progress_end(&progress);
    return good;
}

int live_take(const struct arguments *arguments, struct room *room,
              const struct room_take_options *options, struct live *live, struct error *err)
{
    struct device_config device = sound_of(arguments);
    struct take_settings settings = options->settings;
    if (!room_open_stage(room, &device, &live->device, err) ||
        !(options->entrance ? await(room, options, err) : room_begin_take(room, options, err)))
        return 0;
    if (options->entrance)
        settings.tempo_percent = options->entrance->tempo_percent;
    watch(room, &settings, live);
    struct stage *stage = room_stage(room);
    live->load = stage_load(stage);
    live->realtime = stage_realtime(stage);
    live->vanished = stage_lost(stage);
    return room_end_take(room, err);
}

const char *live_realtime_name(enum realtime realtime)
{
    return realtime == REALTIME_LIMITS ? "limits" : realtime == REALTIME_KIT ? "rtkit" : "none";
}

void live_put_load(struct json *into, const char *name, const struct load *load)
{
    struct json *one = json_put_object(into, name);
    json_put_number(one, "p50", 100 * load->p50);
    json_put_number(one, "p99", 100 * load->p99);
    json_put_number(one, "max", 100 * load->max);
}

void live_put(struct json *into, const struct live *live)
{
    json_put_string(into, "device", live->device.name);
    json_put_integer(into, "callbacks", live->load.work.count);
    live_put_load(into, "callback_pct", &live->load.work);
    json_put_integer(into, "overruns", live->load.work.over);
    live_put_load(into, "wakeup_late_pct", &live->load.late);
    json_put_string(into, "realtime", live_realtime_name(live->realtime));
    json_put_bool(into, "vanished", live->vanished);
}

void live_tell(const struct live *live, FILE *out)
{
    const struct load *work = &live->load.work;
    fprintf(out,
            "  %s, %d Hz; each block took %.1f %% of its time, 1%% over %.1f %%, at most %.1f %%\n",
            live->device.name, live->device.rate, 100 * work->p50, 100 * work->p99,
            100 * work->max);
    if (live->vanished)
        fprintf(out, "  the sound card has vanished: the take is kept as far as it went\n");
}
