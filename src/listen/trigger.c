#include "listen/trigger.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The evidence for an onset, in dB:
 *
 *     the rise of the sound + NOVEL x the rise of what is new in it - HIGH x the rise of its highs
 *                           + STEEP x (the rise now - the rise 4 ms ago)
 *
 * What is new tells a string struck among ringing ones; highs alone are clicks: a finger that comes
 * to a string, a note cut off. An onset is where the evidence crosses LEAST. The figures were
 * learnt, all at once, from made guitars: docs/LISTENING.md. */
#define NOVEL 0.5f
#define HIGH 0.4f
#define STEEP 0.15f
#define STEEP_S 0.004
#define LEAST_DB 2.95f
#define KEENER_PART 0.12f /* dB of evidence for a dB of sensitivity */

/* A sound that has just become this much quieter was let go, not struck. */
#define DROP 0.07f /* of the power between 3 and 13 ms ago */

#define REFRACTORY_S 0.045 /* a strum crosses the strings in up to 30 ms */
#define REARM_PART 0.07f   /* the evidence must fall this far before it can cross again, */
#define SURGE 2.8f         /* or grow this fast */

/* A sound that swells has begun long before it is evident. */
#define BEGAN_PART 0.16f /* of the evidence */
#define BEGAN_S 0.037    /* at most so long ago */

/* A rise that led to no onset is told when it is over, if there was so much evidence. */
#define WORTH_DB 2.2f

enum { PAST = 64 }; /* frames */

struct trigger {
    int refractory, steep, began, drop_from, drop_to; /* frames */
    int64_t frames, struck;
    float rise[PAST], evidence[PAST], power[PAST]; /* of the last frames, rings */
    bool armed;

    /* A rise that has led to no onset so far. */
    struct candidate {
        bool open, soon;
        int64_t frame;       /* its best moment, ... */
        float evidence, own; /* ... and then */
    } candidate;
};

struct trigger *trigger_new(double frames_per_s)
{
    struct trigger *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->refractory = (int)lround(REFRACTORY_S * frames_per_s);
    t->steep = (int)lround(STEEP_S * frames_per_s);
    t->began = (int)lround(BEGAN_S * frames_per_s);
    t->drop_from = (int)lround(0.0027 * frames_per_s);
    t->drop_to = (int)lround(0.0133 * frames_per_s);
    assert(t->began < PAST && t->drop_to < PAST);
    trigger_reset(t);
    return t;
}

void trigger_free(struct trigger *t)
{
    free(t);
}

void trigger_reset(struct trigger *t)
{
    memset(t->rise, 0, sizeof t->rise);
    memset(t->evidence, 0, sizeof t->evidence);
    memset(t->power, 0, sizeof t->power);
    t->frames = 0;
    t->struck = INT64_MIN / 2;
    t->armed = true;
    t->candidate = (struct candidate){0};
}

static float ago(const float *ring, int64_t now, int frames)
{
    return ring[(uint64_t)(now - frames) % PAST];
}

static bool dropped(const struct trigger *t)
{
    float before = 0;
    for (int i = t->drop_from; i < t->drop_to; i++)
        before = fmaxf(before, ago(t->power, t->frames, i));
    return ago(t->power, t->frames, 0) < DROP * before;
}

/* How many frames ago the sound began to rise. */
static int began_ago(const struct trigger *t)
{
    float enough = BEGAN_PART * ago(t->evidence, t->frames, 0);
    int frames = 0;
    while (frames < t->began && ago(t->evidence, t->frames, frames) > enough)
        frames++;
    return frames;
}

static float weigh(const struct trigger *t, const struct rising *rising)
{
    return rising->mean_db + NOVEL * rising->novel_db - HIGH * rising->high_db +
           STEEP * (rising->mean_db - ago(t->rise, t->frames, t->steep));
}

/* Follows a rise that is no onset to its end. */
static bool follow(struct trigger *t, float evidence, float own, float least,
                   struct decision *decision)
{
    struct candidate *c = &t->candidate;
    if (evidence + own >= WORTH_DB) {
        if (t->armed && (!c->open || evidence + own > c->evidence + c->own))
            *c = (struct candidate){true, t->frames - t->struck < t->refractory, t->frames,
                                    evidence, own};
        return false;
    }
    if (!c->open)
        return false;
    c->open = false;
    bool masked = c->evidence <= least && c->evidence + c->own > least;
    decision->verdict = masked ? ONSET_OWN_DRUMS : c->soon ? ONSET_TOO_SOON : ONSET_TOO_SOFT;
    decision->strength = c->evidence + c->own;
    decision->began = (int)(t->frames - c->frame);
    return true;
}

bool trigger_next(struct trigger *t, const struct rising *rising, float power, float keener,
                  struct decision *decision)
{
    int64_t now = ++t->frames;
    float before = ago(t->evidence, now, 1), evidence = weigh(t, rising);
    float least = LEAST_DB - KEENER_PART * keener;
    t->rise[now % PAST] = rising->mean_db;
    t->evidence[now % PAST] = evidence;
    t->power[now % PAST] = power;
    if (evidence < REARM_PART * least)
        t->armed = true;
    bool crosses = evidence > least && (t->armed || evidence > SURGE * before);
    if (!crosses || now - t->struck < t->refractory || dropped(t))
        return follow(t, evidence, rising->own_db, least, decision);
    t->struck = now;
    t->armed = false;
    t->candidate.open = false;
    *decision = (struct decision){ONSET_HEARD, evidence, began_ago(t)};
    return true;
}
