#include "listen/onset.h"

#include "listen/refine.h"
#include "listen/rise.h"
#include "listen/spectrum.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HOP_S (64 / 48000.0)
#define LOOK_BACK_S 0.015 /* how far before the decision the sound can have begun */
#define LOUDEST 8.0f      /* what no converter sends: keeps energies finite */

/* An onset is where the rise crosses the threshold. The threshold is a part of how much this
 * player's strums usually rise, between keen and dull: sharp, clean notes allow a dull one, on
 * which nothing else fires; dense chords into distortion need a keen one. Just after an onset it is
 * higher, against what follows the pick. */
#define KEEN_DB 1.5f
#define DULL_DB 3.0f /* also for who has not played yet */
#define USUAL_PART 0.22f
#define USUAL_UP 0.4f   /* learns fast from strong onsets, slowly from weak ones, */
#define USUAL_DOWN 0.1f /* some of which are mistakes */
#define HOLD_PART 0.45f /* of the last onset's rise, dying away */
#define HOLD_S 0.2
#define REFRACTORY_S 0.045 /* a strum crosses the strings in up to 30 ms */
#define REARM_PART 0.4f    /* the rise must fall this far before it can cross again, */
#define SURGE 1.2f         /* or grow this fast */

struct trigger {
    float strongest; /* rise of the last onset */
    float usual;     /* the same, learnt over many */
    float before;    /* the last frame's rise */
    bool armed;
};

struct onset_detector {
    int rate, hop, window, look_back;
    struct spectrum *spectrum;
    struct rise *rise;
    float *heard; /* the last samples, from the oldest; at least `window` of them */
    int filled, room;
    int fresh; /* samples since the last frame */
    int64_t frames, last_decided;
    float keener;
    struct trigger trigger;
};

struct onset_detector *onset_new(int rate)
{
    assert(rate >= 8000 && rate <= 192000);
    struct onset_detector *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->rate = rate;
    d->keener = 1;
    d->hop = (int)lround(HOP_S * rate);
    d->look_back = (int)(LOOK_BACK_S * rate);
    d->spectrum = spectrum_new(rate);
    if (d->spectrum) {
        d->window = spectrum_window(d->spectrum);
        d->room = 4 * d->window;
        d->heard = calloc((size_t)d->room, sizeof *d->heard);
        d->rise = rise_new(rate / (double)d->hop, spectrum_bands(d->spectrum));
    }
    if (!d->spectrum || !d->heard || !d->rise) {
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
    rise_free(d->rise);
    free(d->heard);
    free(d);
}

void onset_reset(struct onset_detector *d)
{
    memset(d->heard, 0, (size_t)d->room * sizeof *d->heard);
    d->filled = d->window;
    d->fresh = 0;
    d->frames = 0;
    d->last_decided = -d->rate;
    d->trigger = (struct trigger){.usual = DULL_DB / USUAL_PART, .armed = true};
    rise_reset(d->rise);
}

/* Whether an onset begins with this frame's rise, `since` seconds after the last one. */
static bool fires(struct trigger *t, float rise, double since, float keener)
{
    float least = keener * fminf(fmaxf(USUAL_PART * t->usual, KEEN_DB), DULL_DB);
    float held = HOLD_PART * t->strongest * (float)exp(-since / HOLD_S);
    float before = t->before;
    t->before = rise;
    if (rise < REARM_PART * least)
        t->armed = true;
    if (since < REFRACTORY_S) {
        t->strongest = fmaxf(t->strongest, rise);
        return false;
    }
    if (rise <= fmaxf(least, held) || (!t->armed && rise <= SURGE * before))
        return false;
    if (t->strongest > 0)
        t->usual += (t->strongest - t->usual) * (t->strongest > t->usual ? USUAL_UP : USUAL_DOWN);
    t->strongest = rise;
    t->armed = false;
    return true;
}

/* A frame is complete: hear it. */
static bool decide(struct onset_detector *d, struct onset *onset)
{
    float energy[SPECTRUM_MOST_BANDS];
    const float *end = d->heard + d->filled;
    spectrum_measure(d->spectrum, end - d->window, energy);
    float rise = rise_next(d->rise, energy);
    if (!fires(&d->trigger, rise, (double)(d->frames - d->last_decided) / d->rate, d->keener))
        return false;
    int start = refine_start(end - d->look_back, d->look_back, d->rate);
    onset->frame = d->frames - d->look_back + start;
    if (onset->frame < 0)
        onset->frame = 0;
    onset->decided = d->frames;
    onset->strength = rise;
    onset->verdict = ONSET_HEARD;
    d->last_decided = d->frames;
    return true;
}

static void make_room(struct onset_detector *d)
{
    memmove(d->heard, d->heard + d->filled - d->window, (size_t)d->window * sizeof *d->heard);
    d->filled = d->window;
}

void onset_set_sensitivity(struct onset_detector *d, float db)
{
    d->keener = powf(10, -db / 20);
}

int onset_process(struct onset_detector *d, const float *samples, const float *drums, int count,
                  struct onset *onsets, int limit)
{
    (void)drums;
    int found = 0;
    for (int i = 0; i < count; i++) {
        float sample = isfinite(samples[i]) ? samples[i] : 0;
        sample = sample > LOUDEST ? LOUDEST : sample < -LOUDEST ? -LOUDEST : sample;
        if (d->filled == d->room)
            make_room(d);
        d->heard[d->filled++] = sample;
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
