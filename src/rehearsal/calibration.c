#include "rehearsal/calibration.h"

#include "listen/onset.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CLICKS = 10, ROUNDS = 3, CLOCKS_S = 60, BLOCK = 1024, MOST_IN_BLOCK = 16 };

static const double round_db[ROUNDS] = {-30, -18, -6};
static const double NEAR_S = 0.02;

struct calibration {
    struct device *device;
    struct calibration_result result;
    struct loop_plan plan;
    int round;
    bool clocks; /* are known */
    bool over;

    /* The sound card's thread's while it records. */
    float *input; /* plan.length */
    float click[LOOP_LONGEST_CLICK];
    int click_length, next_click;
    float gain;
    atomic_llong frame;  /* recorded; plan.length: all */
    atomic_llong waited; /* frames until the clocks are known */
    atomic_bool recording;
};

/* On the left output alone: two loudspeakers would be two ways. */
static void play_clicks(struct calibration *c, int64_t at, float *output, int frames)
{
    while (c->next_click < c->plan.clicks) {
        int64_t start = c->plan.frame[c->next_click] - at, end = start + c->click_length;
        for (int64_t i = start > 0 ? start : 0; i < end && i < frames; i++)
            output[2 * i] = c->gain * c->click[i - start];
        if (end > frames)
            return;
        c->next_click++;
    }
}

static void process(void *context, const float *input, float *output, int frames)
{
    struct calibration *c = context;
    memset(output, 0, sizeof *output * 2 * (size_t)frames);
    if (!atomic_load(&c->recording)) {
        atomic_fetch_add(&c->waited, frames);
        return;
    }
    int64_t at = atomic_load(&c->frame), left = c->plan.length - at;
    int count = left < frames ? (int)left : frames;
    memcpy(c->input + at, input, sizeof *input * (size_t)count);
    play_clicks(c, at, output, frames);
    atomic_store(&c->frame, at + count);
    if (count == left)
        atomic_store(&c->recording, false);
}

static void begin_round(struct calibration *c)
{
    c->plan = loop_plan_make(c->result.device.rate, CLICKS, (uint64_t)c->round + 1);
    c->result.played_db = round_db[c->round];
    c->gain = (float)pow(10, round_db[c->round] / 20);
    c->next_click = 0;
    atomic_store(&c->frame, 0);
    atomic_store(&c->recording, true);
}

static bool has_both(const struct device_info *device, struct error *err)
{
    if (device->input[0] && device->output[0])
        return true;
    error_set(err, "cannot measure the round trip: %s", device->name);
    return error_hint(err, "rolypoly devices lists what there is; --input and --output choose");
}

struct calibration *calibration_open(const struct device_config *device, struct error *err)
{
    struct calibration *c = calloc(1, sizeof *c);
    struct device_config config = *device;
    if (!c) {
        error_set(err, "out of memory");
        return NULL;
    }
    config.process = process;
    config.context = c;
    c->device = device_open(&config, &c->result.device, err);
    if (!c->device || !has_both(&c->result.device, err))
        goto fail;
    c->click_length = loop_click(c->result.device.rate, c->click);
    /* Every plan is at most as long as its gaps can be. */
    c->input = calloc((size_t)c->result.device.rate * (2 + CLICKS), sizeof *c->input);
    if (!c->input) {
        error_set(err, "out of memory");
        goto fail;
    }
    if (device_start(c->device, err))
        return c;
fail:
    calibration_close(c);
    return NULL;
}

void calibration_close(struct calibration *c)
{
    if (!c)
        return;
    if (c->device)
        device_stop(c->device);
    device_close(c->device);
    free(c->input);
    free(c);
}

static double click_s(const struct calibration *c, int click)
{
    return (double)c->plan.frame[click] / c->plan.rate;
}

/* As a take would hear the clicks: how many have an onset near the time when they came back. */
static bool ask_detector(struct calibration *c, struct error *err)
{
    struct onset_detector *detector = onset_new(c->plan.rate);
    int next = 0;
    if (!detector)
        return error_set(err, "out of memory");
    for (int64_t at = 0; at < c->plan.length; at += BLOCK) {
        struct onset found[MOST_IN_BLOCK];
        int frames = c->plan.length - at < BLOCK ? (int)(c->plan.length - at) : BLOCK;
        int count = onset_process(detector, c->input + at, NULL, frames, found, MOST_IN_BLOCK);
        for (int i = 0; i < count; i++) {
            double at_s = ((double)found[i].frame - c->result.loop.latency_frames) / c->plan.rate;
            while (next < CLICKS && at_s > click_s(c, next) + NEAR_S)
                next++;
            if (found[i].verdict == ONSET_HEARD && next < CLICKS &&
                fabs(at_s - click_s(c, next)) <= NEAR_S) {
                c->result.heard++;
                next++;
            }
        }
    }
    onset_free(detector);
    return true;
}

static bool finish_round(struct calibration *c, struct error *err)
{
    struct loop_result *loop = &c->result.loop;
    if (!loop_measure(&c->plan, c->input, loop, err))
        return false;
    bool louder = loop->verdict == LOOP_NOTHING || loop->verdict == LOOP_NOISY;
    if (louder && c->round + 1 < ROUNDS) {
        c->round++;
        begin_round(c);
        return true;
    }
    c->over = true;
    c->result.xruns = device_xruns(c->device);
    c->result.round_trip_ms = 1000 * loop->latency_frames / c->plan.rate;
    device_drift(c->device, &c->result.drift);
    return loop->verdict != LOOP_MEASURED || ask_detector(c, err);
}

/* With one clock there is nothing to wait for. */
static bool wait_for_clocks(struct calibration *c, struct error *err)
{
    struct device_drift drift;
    if (c->clocks)
        return true;
    c->clocks = !device_drift(c->device, &drift) || drift.locked;
    if (c->clocks)
        begin_round(c);
    else if (atomic_load(&c->waited) > (int64_t)CLOCKS_S * c->result.device.rate)
        return error_set(err, "cannot measure the round trip: the clocks of the two sound cards "
                              "cannot be brought together");
    return true;
}

bool calibration_step(struct calibration *c, struct calibration_progress *progress,
                      struct error *err)
{
    if (!c->over && device_lost(c->device))
        return error_set(err, "cannot measure the round trip: the sound card has vanished");
    if (!wait_for_clocks(c, err))
        return false;
    bool recorded = c->clocks && !c->over && !atomic_load(&c->recording);
    if (recorded && !finish_round(c, err))
        return false;
    int64_t frame = atomic_load(&c->frame);
    *progress = (struct calibration_progress){
        .phase = c->over                    ? CALIBRATION_OVER
                 : !c->clocks               ? CALIBRATION_CLOCKS
                 : frame < c->plan.frame[0] ? CALIBRATION_SILENCE
                                            : CALIBRATION_CLICKS,
        .round = c->round + 1,
        .played_db = c->result.played_db,
        .done = c->clocks ? (double)frame / (double)c->plan.length : 0,
    };
    return true;
}

struct calibration_result calibration_result(const struct calibration *c)
{
    return c->result;
}

bool calibration_refuse(const struct calibration_result *result, struct error *err)
{
    error_set(err, "cannot measure the round trip: %s", loop_reason(result->loop.verdict));
    return error_hint(err, "%s", loop_remedy(result->loop.verdict));
}
