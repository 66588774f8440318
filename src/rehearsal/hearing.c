#include "rehearsal/hearing.h"

#include "base/memory.h"
#include "guitarist/string.h"
#include "listen/onset.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_ONSETS = 32, /* at the lowest rate there are 24 frames in a chunk */
    STRUM_PLACES = 64
};

#define ROOT_HZ 110.0

static const int ALONE_S = 4; /* a strum rings */

/* What was sounded, as mono, until it can come back. */
struct delay_line {
    float *samples;
    int count, at;
};

struct hearing {
    int rate;
    int64_t clock; /* frames taken in since hearing_new */
    struct onset_detector *detector;
    int64_t detector_frames; /* it has heard since it last forgot all */

    /* A virtual guitarist who plays before the take. */
    struct ring *strums;
    struct engine_strum coming; /* taken from the ring; loudness 0: none */
    struct guitar_string *alone;
    int64_t alone_until; /* of the clock: nobody else is heard */
    float monitor;

    /* Of the take being played. */
    struct engine_take take;
    const struct timeline *timeline;
    const double *drums_ms;
    struct guitar_string *string; /* a new one for every take: the last chord does not ring on */
    struct delay_line back;
    int64_t frame; /* of the take: of the next sample taken in */
    int64_t zero;  /* of the sound's clock: where frame 0 of the take sounds */
    int next_strum, next_given;
    struct skip skip;
    struct strum {
        int64_t frame;
        int step;
    } strum;    /* decided, not yet sounded; frame INT64_MAX when none */
    int before; /* frames still to come in that were played before the take */
    struct onset heard[CHUNK_ONSETS];
    int heard_count, heard_next;
    float input[HEARING_CHUNK], drums[HEARING_CHUNK];

    _Atomic float peak, sensitivity_db;
};

struct hearing *hearing_new(int rate)
{
    struct hearing *h = memory_new(1, sizeof *h);
    if (!h)
        return NULL;
    h->rate = rate;
    h->detector = onset_new(rate);
    h->strums = ring_new(STRUM_PLACES, sizeof(struct engine_strum));
    h->alone = string_new(rate, 1);
    if (!h->detector || !h->strums || !h->alone) {
        hearing_free(h);
        return NULL;
    }
    return h;
}

static void clear_take(struct hearing *h)
{
    string_free(h->string);
    free(h->back.samples);
    h->string = NULL;
    h->back = (struct delay_line){0};
}

void hearing_free(struct hearing *h)
{
    if (!h)
        return;
    clear_take(h);
    onset_free(h->detector);
    ring_free(h->strums);
    string_free(h->alone);
    free(h);
}

/* Onsets from before the take are no part of it: of chosen bars, those of the bars before. A replay
 * may begin later than the take did, and is given only what was heard in it. */
static int first_given(const struct engine_take *take, int64_t first_frame)
{
    int first = 0;
    while (!take->missed && first < take->onset_count &&
           take->onsets[first].heard_frame < first_frame)
        first++;
    return first;
}

/* A replay's is in its onsets already, and no more than a number in a file. */
static int round_trip_of(const struct engine_take *take)
{
    bool hears = take->listens && !take->onsets;
    assert(!hears || (take->settings->round_trip_frames >= 0 &&
                      take->settings->round_trip_frames < INT_MAX - HEARING_CHUNK));
    return hears ? (int)take->settings->round_trip_frames : 0;
}

bool hearing_begin(struct hearing *h, const struct engine_take *take,
                   const struct timeline *timeline, const double *drums_ms)
{
    clear_take(h);
    h->take = *take;
    h->timeline = timeline;
    h->drums_ms = drums_ms;
    h->string = string_new(h->rate, 1);
    h->back.count = round_trip_of(take) + HEARING_CHUNK;
    h->back.samples = memory_new((size_t)h->back.count, sizeof *h->back.samples);
    if (!h->string || !h->back.samples)
        return false;
    h->next_strum = timeline->first_step;
    h->skip = practice_no_skip;
    h->strum.frame = INT64_MAX;
    return true;
}

float hearing_peak(struct hearing *h)
{
    return atomic_exchange(&h->peak, 0.0f);
}

void hearing_set_sensitivity(struct hearing *h, float db)
{
    atomic_store(&h->sensitivity_db, db);
}

bool hearing_strum(struct hearing *h, const struct engine_strum *strum)
{
    return ring_push(h->strums, strum);
}

int64_t hearing_clock(const struct hearing *h)
{
    return h->clock;
}

/* From here on: the audio thread. */

static int64_t earlier_frames(const struct hearing *h, int step)
{
    return llround(skip_s(&h->skip, step) * h->rate);
}

/* What he meant to play in the next pass he plays after it. */
void hearing_skip(struct hearing *h, const struct skip *skip)
{
    h->skip = *skip;
    if (h->strum.frame != INT64_MAX && h->strum.step >= skip->from)
        h->strum.frame = INT64_MAX;
    if (h->next_strum >= skip->from)
        h->next_strum = skip->to;
}

/* A take of its own is heard by an ear that forgets what was before; one that joins a guitar that
 * sounds already, by the ear that follows it. The detector's first frame is the take's first as it
 * comes back, so that a take hears the same at every round trip, and without one. */
void hearing_start(struct hearing *h, int64_t zero)
{
    h->zero = zero;
    h->frame = h->clock - zero;
    h->next_given = first_given(&h->take, h->frame);
    h->before = 0;
    h->heard_count = h->heard_next = 0;
    if (h->take.joins)
        return;
    h->before = round_trip_of(&h->take);
    onset_reset(h->detector);
    h->detector_frames = 0;
}

/* The virtual guitarist decides each of his notes shortly before it can sound. */
static void decide_strums(struct hearing *h, int64_t until)
{
    const struct timeline *timeline = h->timeline;
    while (h->strum.frame == INT64_MAX && h->next_strum < timeline->end_step &&
           timeline->strum[h->next_strum] - earlier_frames(h, h->next_strum) < until) {
        int step = h->next_strum;
        h->next_strum = skip_next(&h->skip, step);
        if (step > timeline->first_step && !isnan(h->drums_ms[step - 1]))
            guitarist_hear(h->take.guitarist, step - 1, h->drums_ms[step - 1]);
        double deviation_ms;
        if (!guitarist_play(h->take.guitarist, step, &deviation_ms))
            continue;
        double time_s =
            h->take.score->steps[step].time_s - skip_s(&h->skip, step) + deviation_ms / 1000.0;
        h->strum = (struct strum){llround(time_s * h->rate), step};
    }
}

/* A slow turnaround in A: one chord a bar. */
static double root_hz(const struct step *step)
{
    static const double roots[] = {ROOT_HZ, 146.83, 123.47, 164.81};
    return roots[step->at.bar % 4];
}

static void play_guitar(struct hearing *h, int frames)
{
    int64_t until = h->frame + frames;
    decide_strums(h, until);
    while (h->strum.frame < until) {
        const struct step *step = &h->take.score->steps[h->strum.step];
        int64_t delay = h->strum.frame - h->frame;
        string_strum(h->string, delay > 0 ? (int)delay : 0, root_hz(step),
                     step->at.quarter < 0.5 ? 0.8 : 0.55);
        h->strum.frame = INT64_MAX;
        decide_strums(h, until);
    }
    string_render(h->string, h->input, frames);
}

static bool is_alone(const struct hearing *h)
{
    return h->clock < h->alone_until;
}

/* The strums before the take ring on into it. */
static void play_alone(struct hearing *h, int frames)
{
    int64_t until = h->clock + frames;
    while ((h->coming.loudness > 0 || ring_pop(h->strums, &h->coming)) && h->coming.frame < until) {
        int64_t delay = h->coming.frame - h->clock;
        string_strum(h->alone, delay > 0 ? (int)delay : 0, ROOT_HZ, h->coming.loudness);
        h->alone_until = h->coming.frame + ALONE_S * h->rate;
        h->monitor = h->coming.monitor;
        h->coming.loudness = 0;
    }
    if (is_alone(h))
        string_render(h->alone, h->input, frames);
}

float hearing_monitor(const struct hearing *h)
{
    return is_alone(h) ? h->monitor : 0;
}

/* Where a virtual guitarist plays, the microphone is not heard: the monitor would feed it back. */
const float *hearing_take_in(struct hearing *h, const float *input, int frames, bool playing)
{
    assert(frames <= HEARING_CHUNK);
    bool virtual = playing && h->take.guitarist;
    if (input && !virtual && !is_alone(h))
        memcpy(h->input, input, (size_t)frames * sizeof *input);
    else
        memset(h->input, 0, (size_t)frames * sizeof *h->input);
    if (virtual)
        play_guitar(h, frames);
    play_alone(h, frames);
    float peak = atomic_load_explicit(&h->peak, memory_order_relaxed);
    for (int i = 0; i < frames; i++) {
        if (!isfinite(h->input[i]))
            h->input[i] = 0.0f;
        float size = fabsf(h->input[i]);
        peak = size > peak ? size : peak;
    }
    atomic_store_explicit(&h->peak, peak, memory_order_relaxed);
    h->clock += frames;
    return h->input;
}

/* Keeps what sounds now and brings back what sounded a round trip ago. */
static void bring_back(struct hearing *h, const float *drums, int frames)
{
    struct delay_line *back = &h->back;
    int round_trip = back->count - HEARING_CHUNK;
    for (int i = 0; i < frames; i++) {
        back->samples[back->at] = 0.5f * (drums[2 * i] + drums[2 * i + 1]);
        h->drums[i] = back->samples[(back->at + back->count - round_trip) % back->count];
        back->at = (back->at + 1) % back->count;
    }
}

/* From the first `skip` frames of the chunk on. */
static void detect(struct hearing *h, const float *drums, int skip, int frames)
{
    onset_set_sensitivity(h->detector,
                          atomic_load_explicit(&h->sensitivity_db, memory_order_relaxed));
    h->heard_next = 0;
    h->heard_count = onset_process(h->detector, h->input + skip, drums ? drums + skip : NULL,
                                   frames - skip, h->heard, CHUNK_ONSETS);
    h->detector_frames += frames - skip;
}

/* Of the sound's clock: the frame that the detector counts as 0. What it heard last ends now. */
static int64_t detector_zero(const struct hearing *h)
{
    return h->clock - h->detector_frames;
}

static int skip_before(struct hearing *h, int frames)
{
    int skip = h->before < frames ? h->before : frames;
    h->before -= skip;
    return skip;
}

void hearing_listen(struct hearing *h, const float *drums, int frames)
{
    h->frame += frames;
    h->heard_count = h->heard_next = 0;
    if (!h->take.listens || h->take.onsets)
        return;
    bring_back(h, drums, frames);
    detect(h, h->take.guitarist ? NULL : h->drums, skip_before(h, frames), frames);
}

/* The drums are silent. */
void hearing_overhear(struct hearing *h, int frames, struct ring *news)
{
    detect(h, NULL, 0, frames);
    for (int i = 0; i < h->heard_count; i++) {
        const struct onset *onset = &h->heard[i];
        struct report report = {.kind =
                                    onset->verdict == ONSET_HEARD ? REPORT_HEARD : REPORT_IGNORED,
                                .step = -1,
                                .frame = detector_zero(h) + onset->frame,
                                .strength = onset->strength,
                                .verdict = onset->verdict};
        ring_push(news, &report); /* a screen that does not look misses news, no more */
    }
}

bool hearing_next(const struct hearing *h, int64_t until, struct to_drummer *message)
{
    if (h->take.onsets) {
        if (h->next_given >= h->take.onset_count)
            return false;
        const struct take_onset *onset = &h->take.onsets[h->next_given];
        *message = (struct to_drummer){.kind = TO_DRUMMER_HEARD,
                                       .step = -1,
                                       .frame = onset->frame,
                                       .heard_frame = onset->heard_frame,
                                       .strength = onset->strength};
        return onset->heard_frame <= until;
    }
    if (h->heard_next >= h->heard_count)
        return false;
    const struct onset *onset = &h->heard[h->heard_next];
    int64_t shift = detector_zero(h) - h->zero, round_trip = round_trip_of(&h->take);
    *message = (struct to_drummer){.kind = onset->verdict == ONSET_HEARD ? TO_DRUMMER_HEARD
                                                                         : TO_DRUMMER_IGNORED,
                                   .step = -1,
                                   .verdict = onset->verdict,
                                   .frame = shift + onset->frame - round_trip,
                                   .heard_frame = shift + onset->decided,
                                   .strength = onset->strength};
    return message->heard_frame <= until;
}

void hearing_pass(struct hearing *h)
{
    if (h->take.onsets)
        h->next_given++;
    else
        h->heard_next++;
}
