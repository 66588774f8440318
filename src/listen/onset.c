#include "listen/onset.h"

#include "listen/bleed.h"
#include "listen/novelty.h"
#include "listen/refine.h"
#include "listen/rise.h"
#include "listen/spectrum.h"
#include "listen/trigger.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HOP_S (64 / 48000.0)
#define LOOK_BACK_S 0.015 /* how far before the decision the sound can have begun */
#define LOUDEST 8.0f      /* what no converter sends: keeps energies finite */

#define USUAL_DELAY_S 0.0014 /* of a decision, where no attack can be seen in the samples */

const char *onset_verdict_name(enum onset_verdict verdict)
{
    static const char *const names[] = {[ONSET_HEARD] = "heard",
                                        [ONSET_TOO_SOFT] = "too soft",
                                        [ONSET_TOO_SOON] = "too soon",
                                        [ONSET_OWN_DRUMS] = "own drums"};
    return names[verdict];
}

struct onset_detector {
    int rate, hop, window, look_back;
    struct spectrum *spectrum;
    struct novelty *novelty;
    struct rise *rise;
    struct bleed *bleed;
    struct trigger *trigger;
    float *heard, *drums; /* the last samples, from the oldest; at least `window` of them */
    int filled, room;     /* of both */
    int fresh;            /* samples since the last frame */
    int64_t frames;
    float keener;
};

static bool make_parts(struct onset_detector *d)
{
    double frames_per_s = d->rate / (double)d->hop;
    d->spectrum = spectrum_new(d->rate);
    if (!d->spectrum)
        return false;
    d->window = spectrum_window(d->spectrum);
    d->room = 4 * d->window;
    d->novelty = novelty_new(d->spectrum, frames_per_s);
    d->rise = rise_new(frames_per_s, spectrum_bands(d->spectrum));
    d->bleed = bleed_new(d->rate, frames_per_s);
    d->trigger = trigger_new(frames_per_s);
    d->heard = calloc((size_t)d->room, sizeof *d->heard);
    d->drums = calloc((size_t)d->room, sizeof *d->drums);
    return d->novelty && d->rise && d->bleed && d->trigger && d->heard && d->drums;
}

struct onset_detector *onset_new(int rate)
{
    assert(rate >= 8000 && rate <= 192000);
    struct onset_detector *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->rate = rate;
    d->hop = (int)lround(HOP_S * rate);
    d->look_back = (int)(LOOK_BACK_S * rate);
    if (!make_parts(d)) {
        onset_free(d);
        return NULL;
    }
    onset_reset(d);
    return d;
}

void onset_free(struct onset_detector *d)
{
    if (!d)
        return;
    spectrum_free(d->spectrum);
    novelty_free(d->novelty);
    rise_free(d->rise);
    bleed_free(d->bleed);
    trigger_free(d->trigger);
    free(d->heard);
    free(d->drums);
    free(d);
}

void onset_reset(struct onset_detector *d)
{
    memset(d->heard, 0, (size_t)d->room * sizeof *d->heard);
    memset(d->drums, 0, (size_t)d->room * sizeof *d->drums);
    d->filled = d->window;
    d->fresh = 0;
    d->frames = 0;
    novelty_reset(d->novelty);
    rise_reset(d->rise);
    bleed_reset(d->bleed);
    trigger_reset(d->trigger);
}

void onset_set_sensitivity(struct onset_detector *d, float db)
{
    d->keener = fminf(fmaxf(db, -ONSET_MOST_KEENER_DB), ONSET_MOST_KEENER_DB);
}

/* Where it began: to the sample where the attack can be seen, else where the rise began. */
static int64_t place(const struct onset_detector *d, const struct decision *decision)
{
    const float *end = d->heard + d->filled;
    int start = refine_start(end - d->look_back, d->look_back, d->rate);
    int64_t ago = start >= 0            ? d->look_back - start
                  : decision->began < 3 ? 1 + (int)(USUAL_DELAY_S * d->rate)
                                        : decision->began * d->hop;
    return d->frames > ago ? d->frames - ago : 0;
}

/* Mean square of the newest samples. */
static float power_of(const struct onset_detector *d)
{
    float sum = 0;
    for (const float *x = d->heard + d->filled - d->hop; x < d->heard + d->filled; x++)
        sum += *x * *x;
    return sum / (float)d->hop;
}

/* A frame is complete: hear it. */
static bool decide(struct onset_detector *d, struct onset *onset)
{
    float energy[SPECTRUM_MOST_BANDS], novel[SPECTRUM_MOST_BANDS], own[SPECTRUM_MOST_BANDS];
    size_t start = (size_t)(d->filled - d->window);
    spectrum_measure(d->spectrum, d->heard + start, energy);
    novelty_next(d->novelty, d->spectrum, energy, novel);
    bool masked = bleed_next(d->bleed, d->drums + start, d->spectrum, own);
    struct rising rising;
    rise_next(d->rise, energy, novel, masked ? own : NULL, &rising);
    struct decision decision;
    if (!trigger_next(d->trigger, &rising, power_of(d), d->keener, &decision))
        return false;
    *onset = (struct onset){place(d, &decision), d->frames, decision.strength, decision.verdict};
    return true;
}

static void make_room(struct onset_detector *d)
{
    size_t start = (size_t)(d->filled - d->window), bytes = (size_t)d->window * sizeof *d->heard;
    memmove(d->heard, d->heard + start, bytes);
    memmove(d->drums, d->drums + start, bytes);
    d->filled = d->window;
}

static float sane(float sample)
{
    return !isfinite(sample)   ? 0
           : sample > LOUDEST  ? LOUDEST
           : sample < -LOUDEST ? -LOUDEST
                               : sample;
}

int onset_process(struct onset_detector *d, const float *samples, const float *drums, int count,
                  struct onset *onsets, int limit)
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        if (d->filled == d->room)
            make_room(d);
        d->heard[d->filled] = sane(samples[i]);
        d->drums[d->filled++] = drums ? sane(drums[i]) : 0;
        d->frames++;
        if (++d->fresh < d->hop)
            continue;
        d->fresh = 0;
        struct onset onset;
        if (decide(d, &onset) && found < limit)
            onsets[found++] = onset;
    }
    return found;
}
