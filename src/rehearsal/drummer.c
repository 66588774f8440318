#include "rehearsal/drummer.h"

#include "audio/denormals.h"
#include "listen/match.h"
#include "model/touch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { MOST_ONSETS = 65536 };

struct drummer {
    const struct score *score;
    struct performance *performance;
    struct matcher *matcher;
    struct touch touch;
    struct controls controls; /* as they are by now */
    struct take *take;
    struct ring *to_engine, *reports;
    struct stroke *strokes; /* room for the fullest step */
    struct take_range range;
    struct skip skip;
    int last_pass; /* told to be the last one, 0: none was */
    int next;      /* the first step not yet asked for */
};

static int fullest_step(const struct score *score)
{
    int most = 1;
    for (int i = 0; i < score->step_count; i++)
        if (score->steps[i].hit_count > most)
            most = score->steps[i].hit_count;
    return most;
}

struct drummer *drummer_new(const struct score *score, const struct model *model,
                            const struct take_settings *settings, struct ring *to_engine,
                            struct ring *reports, struct error *err)
{
    denormals_off(); /* live and offline must agree to the last bit */
    struct drummer *drummer = calloc(1, sizeof *drummer);
    if (!drummer) {
        error_set(err, "out of memory");
        return NULL;
    }
    drummer->score = score;
    drummer->to_engine = to_engine;
    drummer->reports = reports;
    drummer->controls = settings->controls;
    drummer->skip = practice_no_skip;
    if (!take_range(score, settings, &drummer->range, err))
        goto fail;
    drummer->next = drummer->range.first_step;
    drummer->performance = model_begin(model, score, err);
    if (!drummer->performance)
        goto fail;
    drummer->matcher = match_new(score);
    drummer->take = take_new(score, settings, MOST_ONSETS, TAKE_MOST_CHANGES);
    drummer->strokes = calloc((size_t)fullest_step(score), sizeof *drummer->strokes);
    if (!drummer->matcher || !drummer->take || !drummer->strokes) {
        error_set(err, "out of memory");
        goto fail;
    }
    touch_init(&drummer->touch, settings->seed);
    return drummer;
fail:
    drummer_free(drummer);
    return NULL;
}

void drummer_free(struct drummer *drummer)
{
    if (!drummer)
        return;
    performance_end(drummer->performance);
    match_free(drummer->matcher);
    take_free(drummer->take);
    free(drummer->strokes);
    free(drummer);
}

static void report(struct drummer *drummer, struct report what)
{
    if (drummer->reports)
        ring_push(drummer->reports, &what); /* a screen that does not look misses news, no more */
}

/* Steps are put down at their own index until the take has ended: between them those that were
 * skipped are missing. */
static struct take_step *planned_step(struct drummer *drummer, int step)
{
    int place = skip_index(&drummer->skip, step) - drummer->range.first_step;
    return place >= 0 && place < drummer->take->step_count ? &drummer->take->steps[place] : NULL;
}

/* The first hit of a step, or after the last one. */
static int first_hit(const struct score *score, int step)
{
    return step < score->step_count ? score->steps[step].first_hit : score->hit_count;
}

/* As skip_index, of a hit of `step`. */
static int hit_index(const struct drummer *drummer, int hit, int step)
{
    const struct skip *skip = &drummer->skip;
    const struct score *score = drummer->score;
    bool after = step >= skip->to;
    return after ? hit - (first_hit(score, skip->to) - first_hit(score, skip->from)) : hit;
}

/* The record's hits lie in the order of the score, from the first step played. */
static struct take_hit *planned_hits(struct drummer *drummer, int step)
{
    int first = drummer->score->steps[drummer->range.first_step].first_hit;
    int hit = hit_index(drummer, drummer->score->steps[step].first_hit, step);
    return &drummer->take->hits[hit - first];
}

static void hear(struct drummer *drummer, const struct to_drummer *message)
{
    struct take *take = drummer->take;
    if (take->onset_count == MOST_ONSETS)
        return;
    double time_ms = 1000.0 * (double)message->frame / take->settings.rate;
    double deviation_ms = 0;
    int step = match_onset(drummer->matcher, time_ms, &deviation_ms);
    if (step < drummer->range.first_step || step >= drummer->range.end_step) {
        step = -1;
        deviation_ms = 0;
    }
    take->onsets[take->onset_count++] = (struct take_onset){
        .frame = message->frame,
        .heard_frame = message->heard_frame,
        .strength = message->strength,
        .step = step,
        .deviation_ms = deviation_ms,
    };
    if (step >= 0) {
        const struct take_step *planned = planned_step(drummer, step);
        double drums_ms = planned ? planned->drums_ms : 0.0;
        if (take_is_out(drummer->score, &take->settings, step))
            drums_ms = deviation_ms; /* there were none to be away from */
        performance_hear(drummer->performance, step, deviation_ms, drums_ms);
    }
    report(drummer, (struct report){.kind = REPORT_HEARD,
                                    .step = step,
                                    .guitar_ms = deviation_ms,
                                    .frame = skip_score_frame(&drummer->skip, message->frame,
                                                              drummer->take->settings.rate),
                                    .strength = message->strength});
}

/* For the screen alone: what was ignored is no part of the take. */
static void tell_ignored(struct drummer *drummer, const struct to_drummer *message)
{
    report(drummer, (struct report){.kind = REPORT_IGNORED,
                                    .step = -1,
                                    .frame = skip_score_frame(&drummer->skip, message->frame,
                                                              drummer->take->settings.rate),
                                    .strength = message->strength,
                                    .verdict = message->verdict});
}

/* As the engine has it: nothing that is skipped has been asked for. */
static void last_time(struct drummer *drummer)
{
    struct skip skip;
    if (drummer->last_pass || !practice_last_time(drummer->score, drummer->next, &skip))
        return;
    drummer->skip = skip;
    drummer->last_pass = practice_passage_of(drummer->score, skip.from)->pass - 1;
    match_skip(drummer->matcher, skip.from, skip.to, 1000 * (skip.end_s - skip.begin_s));
}

static void change(struct drummer *drummer, const struct change *asked)
{
    struct take *take = drummer->take;
    assert(take->change_count < TAKE_MOST_CHANGES); /* the engine sends no more */
    take->changes[take->change_count++] = *asked;
    controls_change(&drummer->controls, &take->settings.controls, asked);
    if (asked->kind == CHANGE_LAST_TIME)
        last_time(drummer);
}

static void plan(struct drummer *drummer, int index)
{
    const struct score *score = drummer->score;
    const struct step *step = &score->steps[index];
    struct take *take = drummer->take;
    assert(skip_index(&drummer->skip, index) == drummer->range.first_step + take->step_count);
    drummer->next = index + 1;

    struct prediction prediction;
    performance_predict(drummer->performance, index, &prediction);
    match_expect(drummer->matcher, index, prediction.guitar_ms, prediction.guitar_sd_ms);
    touch_play(&drummer->touch, score, step, &prediction, &drummer->controls, drummer->strokes);

    double drums_ms = touch_write(take, score, index, skip_s(&drummer->skip, index), &prediction,
                                  drummer->strokes);
    const struct take_hit *hits = planned_hits(drummer, index);
    for (int k = 0; k < step->hit_count; k++) {
        struct to_engine hit = {TO_ENGINE_HIT, hits[k].hit, hits[k].velocity, hits[k].frame};
        ring_push(drummer->to_engine,
                  &hit); /* a lost hit is a missed step: the engine sees to it */
    }
    ring_push(drummer->to_engine, &(struct to_engine){.kind = TO_ENGINE_STEP, .index = index});
    report(drummer, (struct report){.kind = REPORT_PLANNED,
                                    .step = index,
                                    .guitar_ms = prediction.guitar_ms,
                                    .drums_ms = drums_ms});
}

/* The engine has already played the score here; the record must say so. */
static void miss(struct drummer *drummer, int index)
{
    struct take_step *missed = planned_step(drummer, index);
    const struct step *step = &drummer->score->steps[index];
    struct take_hit *hits = planned_hits(drummer, index);
    for (int k = 0; k < step->hit_count; k++) {
        const struct hit *scored = &drummer->score->hits[step->first_hit + k];
        hits[k].velocity = scored->velocity;
        hits[k].frame = llround((scored->scored_s - skip_s(&drummer->skip, index)) *
                                drummer->take->settings.rate);
    }
    missed->planned = false;
    missed->drums_ms = 0.0;
    report(drummer, (struct report){.kind = REPORT_MISSED, .step = index});
}

/* What was planned but had not sounded when the take ended is no part of it. A missed step is,
 * though its hits come later: they were already struck, and without the miss a replay would plan
 * it. */
static void drop_unsounded(struct drummer *drummer, int64_t frame)
{
    struct take *take = drummer->take;
    while (take->step_count > 0 && take->steps[take->step_count - 1].planned) {
        int step = take->steps[take->step_count - 1].step;
        int count = drummer->score->steps[step].hit_count;
        const struct take_hit *hits = planned_hits(drummer, step);
        for (int k = 0; k < count; k++)
            if (hits[k].frame < frame)
                return;
        take->step_count--;
        take->hit_count -= count;
        for (int k = 0; k < take->onset_count; k++)
            if (take->onsets[k].step == step) {
                take->onsets[k].step = -1;
                take->onsets[k].deviation_ms = 0;
            }
    }
}

/* The record becomes one of the passes that were played. */
static void close_ranks(struct drummer *drummer)
{
    struct take *take = drummer->take;
    const struct skip *skip = &drummer->skip;
    for (int i = 0; i < take->hit_count; i++) {
        int hit = take->hits[i].hit;
        take->hits[i].hit = hit_index(drummer, hit, drummer->score->hits[hit].step);
    }
    for (int i = 0; i < take->step_count; i++)
        take->steps[i].step = skip_index(skip, take->steps[i].step);
    for (int i = 0; i < take->onset_count; i++) {
        struct take_onset *onset = &take->onsets[i];
        onset->step = onset->step < 0 ? -1 : skip_index(skip, onset->step);
        if (onset->step < 0)
            onset->deviation_ms = 0;
    }
    take->settings.practice.played = drummer->last_pass;
}

static void stop(struct drummer *drummer, int64_t frame)
{
    drummer->take->stop_frame = frame;
    drop_unsounded(drummer, frame);
    if (drummer->last_pass)
        close_ranks(drummer);
}

bool drummer_receive(struct drummer *drummer, const struct to_drummer *message)
{
    switch (message->kind) {
    case TO_DRUMMER_HEARD:
        hear(drummer, message);
        return true;
    case TO_DRUMMER_IGNORED:
        tell_ignored(drummer, message);
        return true;
    case TO_DRUMMER_CHANGE:
        change(drummer, &message->change);
        return true;
    case TO_DRUMMER_PLAN:
        plan(drummer, message->step);
        return true;
    case TO_DRUMMER_MISSED:
        miss(drummer, message->step);
        return true;
    case TO_DRUMMER_STOP:
        stop(drummer, message->frame);
        report(drummer, (struct report){.kind = REPORT_STOPPED, .frame = message->frame});
        return false;
    }
    return true;
}

struct take *drummer_give_take(struct drummer *drummer)
{
    struct take *take = drummer->take;
    drummer->take = NULL;
    return take;
}

const struct performance *drummer_performance(const struct drummer *drummer)
{
    return drummer->performance;
}
