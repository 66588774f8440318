#include "rehearsal/playback.h"

#include "base/memory.h"
#include "base/ring.h"
#include "rehearsal/hearing.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS = 64 }; /* a block takes them all away */

static const int64_t NOWHERE = INT64_MIN / 2;

static const double FADE_S = 0.006; /* between what the guitar leaves and where it goes on */
static const double GRACE_S = 0.25; /* two drummers are never further apart than that */

/* What one drummer plays, in the order it sounds. */
struct drum_list {
    struct stroke {
        int64_t frame;
        int hit;
        uint8_t pitch, velocity;
    } * strokes;
    int count;
};

struct order {
    enum { GO, SEEK, LOOP, CHOOSE, BALANCE } kind;
    int64_t first, end;
    float drums, guitar;
};

struct playback {
    struct playback_plan plan;
    struct drum_list drums[2];
    struct ring *orders;
    int fade_frames, grace_frames;

    /* The audio thread's. */
    int64_t now;   /* of the next frame rendered, by the mixer's clock */
    int64_t ahead; /* of the score, decided next: it sounds `lead` frames from now */
    bool going;
    int64_t pass_first; /* where it came in last: by a loop's seam or a jump */
    uint32_t pass;      /* how often it has */
    uint32_t *struck;   /* by hit of the score: the pass it was struck in, last */
    int which, cursor;  /* the next stroke of that list */
    int64_t loop_first, loop_end;
    int64_t leaving; /* the guitar is still heard from there on, for `fade` frames */
    int fade;
    float *line; /* the guitar on its way, `lead` frames */
    int line_at;
    float drums_gain, guitar_gain, drums_wanted, guitar_wanted;

    atomic_bool shown_going;
    atomic_llong shown_frame;
};

static int in_order(const void *a, const void *b)
{
    const struct stroke *x = a, *y = b;
    return x->frame != y->frame ? (x->frame > y->frame) - (x->frame < y->frame)
                                : (x->hit > y->hit) - (x->hit < y->hit);
}

static bool list_strokes(struct drum_list *list, const struct playback_plan *plan,
                         const struct take *take)
{
    list->strokes = memory_new((size_t)take->hit_count + 1, sizeof *list->strokes);
    if (!list->strokes)
        return false;
    for (int i = 0; i < take->hit_count; i++) {
        const struct take_hit *hit = &take->hits[i];
        if (take_is_out(plan->score, &take->settings, plan->score->hits[hit->hit].step))
            continue; /* it was planned, and silent */
        double ratio = (double)plan->rate / take->settings.rate;
        if (take_is_out(plan->score, &take->settings, plan->score->hits[hit->hit].step))
            continue; /* it was not heard */
        list->strokes[list->count++] = (struct stroke){
            .frame = llround((double)hit->frame * ratio),
            .hit = hit->hit,
            .pitch = plan->score->hits[hit->hit].pitch,
            .velocity = (uint8_t)hit->velocity,
        };
    }
    qsort(list->strokes, (size_t)list->count, sizeof *list->strokes, in_order);
    return true;
}

static int first_from(const struct drum_list *list, int64_t frame)
{
    int low = 0, high = list->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (list->strokes[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct playback *playback_new(const struct playback_plan *plan)
{
    assert(plan->first < plan->end);
    struct playback *p = memory_new(1, sizeof *p);
    if (!p)
        return NULL;
    p->plan = *plan;
    p->plan.lead = plan->lead > 0 ? plan->lead : 1;
    p->fade_frames = (int)(FADE_S * plan->rate);
    p->grace_frames = (int)(GRACE_S * plan->rate);
    p->orders = ring_new(ORDERS, sizeof(struct order));
    p->struck = memory_new((size_t)plan->score->hit_count + 1, sizeof *p->struck);
    p->line = memory_new((size_t)p->plan.lead, sizeof *p->line);
    bool good = p->orders && p->struck && p->line;
    for (int k = 0; good && k < 2; k++)
        good = !plan->drums[k] || list_strokes(&p->drums[k], plan, plan->drums[k]);
    if (!good) {
        playback_free(p);
        return NULL;
    }
    p->ahead = p->pass_first = plan->first;
    p->pass = 1;
    p->cursor = first_from(&p->drums[0], plan->first);
    p->drums_gain = p->guitar_gain = p->drums_wanted = p->guitar_wanted = 1;
    atomic_store(&p->shown_frame, plan->first);
    return p;
}

void playback_free(struct playback *p)
{
    if (!p)
        return;
    for (int k = 0; k < 2; k++)
        free(p->drums[k].strokes);
    ring_free(p->orders);
    free(p->struck);
    free(p->line);
    free(p);
}

/* Where the sound stands still an order may be lost; nobody hears the difference. */
static void order(struct playback *p, struct order order)
{
    ring_push(p->orders, &order);
}

void playback_go(struct playback *p, bool on)
{
    order(p, (struct order){.kind = GO, .first = on});
}

void playback_seek(struct playback *p, int64_t frame)
{
    order(p, (struct order){.kind = SEEK, .first = frame});
}

void playback_loop(struct playback *p, int64_t first, int64_t end)
{
    order(p, (struct order){.kind = LOOP, .first = first, .end = end});
}

void playback_choose(struct playback *p, int which)
{
    assert(which == 0 || p->plan.drums[1]);
    order(p, (struct order){.kind = CHOOSE, .first = which});
}

void playback_balance(struct playback *p, float drums, float guitar)
{
    order(p, (struct order){.kind = BALANCE, .drums = drums, .guitar = guitar});
}

struct playback_status playback_status(struct playback *p)
{
    return (struct playback_status){
        .going = atomic_load(&p->shown_going),
        .frame = atomic_load(&p->shown_frame),
    };
}

/* From here on: the audio thread. */

static int64_t within(const struct playback *p, int64_t frame)
{
    return frame < p->plan.first ? p->plan.first : frame > p->plan.end ? p->plan.end : frame;
}

/* The guitar is let go where it is, and comes in where it will go on. */
static void cross_fade(struct playback *p)
{
    p->leaving = p->going ? p->ahead : NOWHERE;
    p->fade = p->fade_frames;
}

static void jump(struct playback *p, int64_t frame)
{
    cross_fade(p);
    p->ahead = p->pass_first = within(p, frame);
    p->pass++;
    p->cursor = first_from(&p->drums[p->which], p->ahead);
}

static void go(struct playback *p, bool on)
{
    if (on == p->going)
        return;
    if (on && p->ahead == p->plan.end)
        jump(p, p->loop_first < p->loop_end ? p->loop_first : p->plan.first);
    cross_fade(p);
    p->going = on;
}

static void loop(struct playback *p, int64_t first, int64_t end)
{
    p->loop_first = within(p, first);
    p->loop_end = within(p, end);
    bool loops = p->loop_first < p->loop_end;
    if (loops && (p->ahead < p->loop_first || p->ahead >= p->loop_end))
        jump(p, p->loop_first);
}

/* What the one drummer has struck the other does not strike again, and what the other would have
 * struck a moment ago he strikes now. */
static void choose(struct playback *p, int which)
{
    int64_t from = p->ahead - p->grace_frames;
    p->which = which;
    p->cursor = first_from(&p->drums[which], from > p->pass_first ? from : p->pass_first);
}

static void take_orders(struct playback *p)
{
    struct order order;
    while (ring_pop(p->orders, &order))
        switch (order.kind) {
        case GO:
            go(p, order.first != 0);
            break;
        case SEEK:
            jump(p, order.first);
            break;
        case LOOP:
            loop(p, order.first, order.end);
            break;
        case CHOOSE:
            choose(p, (int)order.first);
            break;
        case BALANCE:
            p->drums_wanted = order.drums;
            p->guitar_wanted = order.guitar;
            break;
        }
}

/* Strikes what lies in the next `frames` of the score, which begin to sound at `at` by the mixer's
 * clock. */
static void strike(struct playback *p, struct mixer *mixer, int64_t at, int frames)
{
    const struct drum_list *list = &p->drums[p->which];
    for (int late; p->cursor < list->count; p->cursor++) {
        const struct stroke *stroke = &list->strokes[p->cursor];
        int64_t in = stroke->frame - p->ahead;
        if (in >= frames)
            return;
        if (p->struck[stroke->hit] != p->pass)
            mixer_strike(mixer, stroke->pitch, stroke->velocity, at + (in > 0 ? in : 0), &late);
        p->struck[stroke->hit] = p->pass;
    }
}

static float guitar_at(const struct playback *p, int64_t frame)
{
    int64_t i = frame - p->plan.guitar_frame;
    return i >= 0 && i < p->plan.guitar.count ? p->plan.guitar.samples[i] : 0.0f;
}

static void read_guitar(struct playback *p, float *guitar, int frames)
{
    for (int i = 0; i < frames; i++) {
        float sample = p->going ? guitar_at(p, p->ahead + i) : 0.0f;
        if (p->fade > 0) {
            float old = (float)p->fade-- / (float)p->fade_frames;
            sample += old * (guitar_at(p, p->leaving++) - sample);
        }
        guitar[i] = p->line[p->line_at];
        p->line[p->line_at] = sample;
        p->line_at = (p->line_at + 1) % p->plan.lead;
    }
}

/* How far it is to the end of what is played in one go. */
static int64_t left(const struct playback *p)
{
    bool loops = p->loop_first < p->loop_end && p->ahead <= p->loop_end;
    return (loops ? p->loop_end : p->plan.end) - p->ahead;
}

static void turn_round(struct playback *p)
{
    if (p->ahead == p->loop_end && p->loop_first < p->loop_end)
        jump(p, p->loop_first);
    else
        go(p, false);
}

/* The gains move in steps nobody hears. */
static float nearer(float gain, float wanted, float step)
{
    return gain < wanted ? fminf(gain + step, wanted) : fmaxf(gain - step, wanted);
}

static void mix(struct playback *p, float *output, const float *guitar, int frames)
{
    float step = 1.0f / (float)p->fade_frames;
    for (int i = 0; i < frames; i++) {
        p->drums_gain = nearer(p->drums_gain, p->drums_wanted, step);
        p->guitar_gain = nearer(p->guitar_gain, p->guitar_wanted, step);
        for (int side = 0; side < 2; side++)
            output[2 * i + side] =
                p->drums_gain * output[2 * i + side] + p->guitar_gain * guitar[i];
    }
}

void playback_render(struct playback *p, struct mixer *mixer, float *output, int frames)
{
    float guitar[HEARING_CHUNK];
    assert(frames <= HEARING_CHUNK);
    take_orders(p);
    for (int done = 0, n; done < frames; done += n) {
        n = frames - done;
        if (p->going && left(p) == 0)
            turn_round(p);
        if (p->going) {
            n = left(p) < n ? (int)left(p) : n;
            strike(p, mixer, p->now + done + p->plan.lead, n);
        }
        read_guitar(p, guitar + done, n);
        p->ahead += p->going ? n : 0;
    }
    mixer_render(mixer, output, frames);
    mix(p, output, guitar, frames);
    p->now += frames;
    int64_t sounds = p->ahead - p->plan.lead;
    atomic_store(&p->shown_frame, sounds > p->pass_first ? sounds : p->pass_first);
    atomic_store(&p->shown_going, p->going);
}
