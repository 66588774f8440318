#include "rehearsal/render.h"

#include "rehearsal/drummer.h"
#include "rehearsal/message.h"
#include "rehearsal/recorder.h"

#include <stdlib.h>
#include <string.h>

/* Shorter than the least time a model has to think (rehearsal/timeline.h) at the lowest rate, so
 * that no plan is late here. */
enum { BLOCK = 64, WAITS_S = 12 /* for a guitar that has ended */ };

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
static bool write_mix(const struct render_config *config, const float *output, int64_t frame,
                      struct error *err)
{
    struct sound_writer *mix = config->mix;
    bool all = config->engine != NULL; /* it has begun with the guitar */
    if (!mix || (!all && frame + BLOCK <= 0))
        return true;
    int skip = frame < 0 && !all ? (int)-frame : 0;
    return sound_writer_put(mix, output + 2 * skip, BLOCK - skip, err);
}

/* `first`: the take's first frame. */
static bool run(struct engine *engine, struct drummer *drummer, int64_t first,
                const struct render_config *config, struct error *err)
{
    float input[BLOCK], output[2 * BLOCK];
    int64_t frame = first, last = engine_last_frame(engine);
    for (;;) {
        fill_input(config->guitar, frame, input);
        engine_process(engine, input, output, BLOCK);
        struct to_drummer message;
        while (ring_pop(engine_to_drummer(engine), &message))
            if (!drummer_receive(drummer, &message))
                return write_mix(config, output, frame, err);
        if (!write_mix(config, output, frame, err))
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

struct engine *render_engine(const struct render_config *config, int rate, struct error *err)
{
    struct engine *engine = engine_new(config->kit, rate, err);
    if (engine) {
        engine_set_sensitivity(engine, (float)config->sensitivity_db);
        engine_set_reverb(engine, config->reverb);
        engine_set_click(engine, config->click);
    }
    return engine;
}

/* What was heard by frame `until`; of a MIDI file, its notes. */
static void tell(struct awaiting *awaiting, struct engine *engine, const struct guitar *guitar,
                 int64_t until, int *next)
{
    struct report news;
    while (ring_pop(engine_overheard(engine), &news))
        if (news.kind == REPORT_HEARD)
            awaiting_hear(awaiting, news.frame, (double)news.strength);
    for (; *next < guitar->onset_count && guitar->onsets[*next].heard_frame <= until; (*next)++)
        awaiting_hear(awaiting, guitar->onsets[*next].frame,
                      (double)guitar->onsets[*next].strength);
}

/* Heard, but not by who listens to the file alone: its guitar is put into the mix here. */
static bool write_guitar(const struct render_config *config, const float *input, float *output,
                         int64_t frame, struct error *err)
{
    for (int i = 0; i < 2 * BLOCK; i++)
        output[i] += config->monitor * input[i / 2];
    return write_mix(config, output, frame, err);
}

static int64_t guitar_end(const struct guitar *guitar)
{
    int64_t last = guitar->onset_count ? guitar->onsets[guitar->onset_count - 1].frame : 0;
    return guitar->sound.count > last ? guitar->sound.count : last;
}

bool render_guitar(struct engine *engine, struct awaiting *awaiting, int rate,
                   const struct render_config *config, struct entrance_cue *cue, struct error *err)
{
    const struct guitar *guitar = config->guitar;
    float input[BLOCK], output[2 * BLOCK];
    int next = 0;
    int64_t end = guitar_end(guitar) + WAITS_S * rate;
    for (int64_t frame = engine_status(engine).clock; frame < end; frame += BLOCK) {
        struct engine_strum strum;
        while (awaiting_strum(awaiting, frame + BLOCK, &strum)) {
            engine_strum(engine, &strum);
            end = frame + WAITS_S * rate;
        }
        fill_input(guitar, frame, input);
        engine_process(engine, input, output, BLOCK);
        if (!write_guitar(config, input, output, frame, err))
            return false;
        tell(awaiting, engine, guitar, frame + BLOCK, &next);
        if (awaiting_comes_in(awaiting, frame + BLOCK, (double)BLOCK / rate, cue))
            return true;
    }
    return error_set(err, "no beat was found in what the guitar plays");
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

    struct engine *engine = config->engine;
    if (!engine && !(engine = render_engine(config, take->settings->rate, err)))
        return NULL;
    int64_t clock = engine_status(engine).clock;
    struct drummer *drummer = drummer_new(take->score, config->model, take->settings,
                                          engine_from_drummer(engine), NULL, err);
    if (drummer && engine_start(engine, &plan, err) &&
        run(engine, drummer, take->joins ? clock - take->zero : engine_first_frame(engine), config,
            err) &&
        (!config->learnt || performance_keep(drummer_performance(drummer), config->learnt, err)))
        record = drummer_give_take(drummer);
    drummer_free(drummer);
    if (!config->engine)
        engine_free(engine);
    return record;
}

static bool *missed_steps(const struct score *score, const struct take *take)
{
    struct skip skip;
    bool *missed = calloc((size_t)score->step_count + 1, sizeof *missed);
    practice_skip_after(score, take->settings.practice.played, &skip);
    for (int i = 0; missed && i < take->step_count; i++)
        missed[skip_step(&skip, take->steps[i].step)] = !take->steps[i].planned;
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
    struct take_settings settings = stored->settings;
    settings.practice.played = 0;
    bool *missed = missed_steps(score, stored);
    if (!missed) {
        error_set(err, "out of memory");
        return NULL;
    }
    struct engine_take take = {.score = score,
                               .settings = &settings,
                               .changes = stored->changes,
                               .change_count = stored->change_count,
                               .missed = missed,
                               .stop_frame = stored->stop_frame};
    struct take *record = render_take(&take, &again, err);
    free(missed);
    return record;
}
