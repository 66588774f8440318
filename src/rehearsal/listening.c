#include "rehearsal/listening.h"

#include "base/rng.h"
#include "model/model.h"
#include "rehearsal/guitar.h"
#include "rehearsal/playback.h"
#include "rehearsal/render.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* A hit may come before its bar: what is looped begins this much earlier, and ends so. */
static const double UPBEAT_S = 0.04;
static const double TAIL_S = 1;

struct listening {
    struct listening_plan plan;
    int sides[2]; /* whom A and B are: LISTENING_OLD or LISTENING_NEW */

    pthread_t thread;
    bool started;
    atomic_bool cancel, over;
    _Atomic double done;
    bool failed; /* from here on the thread's, until it is over */
    struct error error, no_guitar;
    struct guitar guitar;
    struct take *played[2]; /* by the old and the new drummer */
    struct difference *difference;

    struct playback *playback;
    int first_bar, last_bar;
};

struct half {
    struct listening *listening;
    int which;
};

static bool watch(void *context, double done)
{
    struct half *half = context;
    atomic_store(&half->listening->done, (half->which + done) / 2);
    return !atomic_load(&half->listening->cancel);
}

static struct take *play(struct listening *l, int which, struct error *err)
{
    struct half half = {l, which};
    struct take *played = NULL;
    struct model *model = model_open(l->plan.drummers[which], err);
    if (model) {
        struct render_config config = {.model = model, .progress = watch, .context = &half};
        played = render_again(l->plan.whole, l->plan.take, &config, err);
    }
    model_close(model);
    return played;
}

/* A guitar that cannot be had is no reason to hear no drums. */
static bool get_ready(struct listening *l, struct error *err)
{
    const struct listening_plan *plan = &l->plan;
    if (!plan->recording.bytes)
        error_set(&l->no_guitar, "it was not recorded");
    else if (!guitar_of_take(&l->guitar, plan->take, &plan->recording, plan->rate, &l->no_guitar))
        guitar_close(&l->guitar);
    if (!plan->drummers[0])
        return true;
    for (int k = 0; k < 2; k++)
        if (!(l->played[k] = play(l, k, err)))
            return false;
    l->difference = difference_new(plan->score, l->played[0], l->played[1]);
    return l->difference || error_set(err, "out of memory");
}

static void *prepare(void *context)
{
    struct listening *l = context;
    l->failed = !get_ready(l, &l->error);
    atomic_store(&l->over, true);
    return NULL;
}

static int bar_of(const struct listening *l, int hit)
{
    return practice_clock_bar(l->plan.score, l->plan.score->hits[hit].step) + 1;
}

static bool begin(struct listening *l, struct error *err)
{
    const struct take *take = l->plan.take;
    struct rng rng;
    if (take->hit_count == 0)
        return error_set(err, "take %d ended before a drum was struck", l->plan.number);
    l->first_bar = bar_of(l, take->hits[0].hit);
    l->last_bar = bar_of(l, take->hits[take->hit_count - 1].hit);
    rng_seed(&rng, l->plan.seed);
    l->sides[1] = (int)rng_below(&rng, 2);
    l->sides[0] = 1 - l->sides[1];
    l->started = pthread_create(&l->thread, NULL, prepare, l) == 0;
    return l->started ||
           error_set(err, "cannot start a thread to get take %d ready", l->plan.number);
}

struct listening *listening_new(struct listening_plan *plan, struct error *err)
{
    struct listening *l = calloc(1, sizeof *l);
    if (!l) {
        error_set(err, "out of memory");
        listening_plan_clear(plan);
        return NULL;
    }
    l->plan = *plan;
    if (!begin(l, err)) {
        listening_free(l);
        return NULL;
    }
    return l;
}

void listening_plan_clear(struct listening_plan *plan)
{
    take_free(plan->take);
    free(plan->recording.bytes);
    checkpoint_free(plan->drummers[0]);
    checkpoint_free(plan->drummers[1]);
}

void listening_free(struct listening *l)
{
    if (!l)
        return;
    atomic_store(&l->cancel, true);
    if (l->started)
        pthread_join(l->thread, NULL);
    playback_free(l->playback);
    guitar_close(&l->guitar);
    for (int k = 0; k < 2; k++)
        take_free(l->played[k]);
    difference_free(l->difference);
    listening_plan_clear(&l->plan);
    free(l);
}

double listening_done(const struct listening *l)
{
    return atomic_load(&l->done);
}

bool listening_ready(const struct listening *l)
{
    return atomic_load(&l->over) && !l->failed;
}

bool listening_failed(const struct listening *l, struct error *err)
{
    if (!atomic_load(&l->over) || !l->failed)
        return false;
    *err = l->error;
    return true;
}

bool listening_is_blind(const struct listening *l)
{
    return l->plan.drummers[0] != NULL;
}

int listening_number(const struct listening *l)
{
    return l->plan.number;
}

bool listening_has_guitar(const struct listening *l)
{
    return l->guitar.sound.samples != NULL;
}

const char *listening_unheard(const struct listening *l)
{
    return listening_has_guitar(l) ? NULL : l->no_guitar.text;
}

const struct difference *listening_difference(const struct listening *l)
{
    return l->difference;
}

void listening_bars(const struct listening *l, int *first, int *last)
{
    *first = l->first_bar;
    *last = l->last_bar;
}

const struct score *listening_score(const struct listening *l)
{
    return l->plan.score;
}

static int64_t frame_of_bar(const struct listening *l, int bar)
{
    return llround((score_bar_s(l->plan.score, bar) - UPBEAT_S) * l->plan.rate);
}

struct playback *listening_playback(struct listening *l, int lead)
{
    const struct listening_plan *plan = &l->plan;
    double stop_s = (double)plan->take->stop_frame / plan->take->settings.rate;
    double end_s = fmin(stop_s, plan->score->duration_s) + TAIL_S;
    struct playback_plan sound = {
        .score = plan->score,
        .drums = {plan->take},
        .guitar = l->guitar.sound,
        .guitar_frame = l->guitar.sound_frame,
        .rate = plan->rate,
        .lead = lead,
        .first = frame_of_bar(l, l->first_bar),
        .end = llround(end_s * plan->rate),
    };
    if (sound.end <= sound.first)
        sound.end = sound.first + plan->rate;
    for (int side = 0; listening_is_blind(l) && side < 2; side++)
        sound.drums[side] = l->played[l->sides[side]];
    assert(listening_ready(l) && !l->playback);
    l->playback = playback_new(&sound);
    return l->playback;
}

void listening_go(struct listening *l, bool on)
{
    playback_go(l->playback, on);
}

void listening_seek(struct listening *l, int bar)
{
    playback_seek(l->playback, frame_of_bar(l, bar));
}

void listening_loop(struct listening *l, int first, int last)
{
    int64_t from = first ? frame_of_bar(l, first) : 0;
    playback_loop(l->playback, from, first ? frame_of_bar(l, last + 1) : from);
}

void listening_balance(struct listening *l, float drums, float guitar)
{
    playback_balance(l->playback, drums, guitar);
}

void listening_choose(struct listening *l, int side)
{
    playback_choose(l->playback, side);
}

struct listening_place listening_place(struct listening *l)
{
    struct playback_status status = playback_status(l->playback);
    struct listening_place place = {
        .going = status.going, .time_s = (double)status.frame / l->plan.rate, .bar = l->first_bar};
    while (place.bar < l->last_bar && status.frame >= frame_of_bar(l, place.bar + 1))
        place.bar++;
    return place;
}

int listening_drummer(const struct listening *l, int side)
{
    return l->sides[side];
}

double listening_apart_ms(const struct listening *l, int side)
{
    struct take_summary summary = take_summarise(l->played[l->sides[side]]);
    return summary.matched ? summary.asynchrony_mae_ms : NAN;
}
