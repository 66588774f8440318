#include "rehearsal/render.h"

#include "rehearsal/drummer.h"
#include "rehearsal/message.h"
#include "rehearsal/recorder.h"

#include <stdlib.h>
#include <string.h>

/* Shorter than the least time a model has to think (rehearsal/timeline.h) at the lowest rate, so
 * that no plan is late here. */
enum { BLOCK = 64 };

/* What the microphone hears from `frame` on. */
static void fill_input(const struct guitar *guitar, int64_t frame, float *input)
{
    memset(input, 0, BLOCK * sizeof *input);
    for (int i = 0; guitar && i < BLOCK; i++) {
        int64_t at = frame + i - guitar->sound_frame;
        if (at >= 0 && at < guitar->sound.count)
            input[i] = guitar->sound.samples[at];
    }
}

/* The mix begins at the score's time 0, so that it lines up with the guitar's own file; of chosen
 * bars it begins with their count-in. */
static bool write_mix(struct sound_writer *mix, const float *output, int64_t frame,
                      struct error *err)
{
    if (!mix || frame + BLOCK <= 0)
        return true;
    int skip = frame < 0 ? (int)-frame : 0;
    return sound_writer_put(mix, output + 2 * skip, BLOCK - skip, err);
}

static bool run(struct engine *engine, struct drummer *drummer, const struct render_config *config,
                struct error *err)
{
    float input[BLOCK], output[2 * BLOCK];
    int64_t first = engine_first_frame(engine), last = engine_last_frame(engine);
    int64_t frame = first;
    for (;;) {
        fill_input(config->guitar, frame, input);
        engine_process(engine, input, output, BLOCK);
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            if (!drummer_receive(drummer, &message))
                return write_mix(config->mix, output, frame, err);
        if (!write_mix(config->mix, output, frame, err))
            return false;
        frame += BLOCK;
        bool now_and_then = (frame - first) / BLOCK % 1024 == 0;
        if (now_and_then && config->recorder)
            recorder_encode(config->recorder);
        if (now_and_then && config->progress &&
            !config->progress(config->context, (double)(frame - first) / (double)(last - first)))
            return error_set(err, "cancelled");
    }
}

struct take *render_take(const struct engine_take *take, const struct render_config *config,
                         struct error *err)
{
    struct take *record = NULL;
    struct engine_take plan = *take;
    plan.count_in_bars = config->count_in_bars;
    plan.monitor = config->mix ? config->monitor : 0.0f;
    if (config->guitar && config->guitar->kind == GUITAR_ONSETS) {
        plan.onsets = config->guitar->onsets;
        plan.onset_count = config->guitar->onset_count;
    }
    plan.guitarist = config->guitar ? config->guitar->guitarist : NULL;
    plan.recorder = config->recorder;
    plan.listens = config->guitar && config->guitar->kind != GUITAR_NONE;

    struct engine *engine = engine_new(config->kit, take->settings->rate, err);
    if (engine)
        engine_set_sensitivity(engine, (float)config->sensitivity_db);
    struct drummer *drummer = engine ? drummer_new(take->score, config->model, take->settings,
                                                   engine_from_drummer(engine), NULL, err)
                                     : NULL;
    if (engine)
        engine_set_reverb(engine, config->reverb);
    if (drummer && engine_start(engine, &plan, err) && run(engine, drummer, config, err) &&
        (!config->learnt || performance_keep(drummer_performance(drummer), config->learnt, err)))
        record = drummer_give_take(drummer);
    drummer_free(drummer);
    engine_free(engine);
    return record;
}

static bool *missed_steps(const struct score *score, const struct take *take)
{
    bool *missed = calloc((size_t)score->step_count + 1, sizeof *missed);
    for (int i = 0; missed && i < take->step_count; i++)
        missed[take->steps[i].step] = !take->steps[i].planned;
    return missed;
}

struct take *render_again(const struct score *score, const struct take *stored,
                          const struct render_config *config, struct error *err)
{
    struct render_config again = *config;
    struct guitar guitar = {0};
    if (config->guitar)
        guitar = *config->guitar;
    guitar.kind = GUITAR_ONSETS;
    guitar.onsets = stored->onsets;
    guitar.onset_count = stored->onset_count;
    guitar.guitarist = NULL;
    again.guitar = &guitar;
    bool *missed = missed_steps(score, stored);
    if (!missed) {
        error_set(err, "out of memory");
        return NULL;
    }
    struct engine_take take = {.score = score,
                               .settings = &stored->settings,
                               .changes = stored->changes,
                               .change_count = stored->change_count,
                               .missed = missed,
                               .stop_frame = stored->stop_frame};
    struct take *record = render_take(&take, &again, err);
    free(missed);
    return record;
}
