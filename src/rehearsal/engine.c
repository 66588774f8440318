#include "rehearsal/engine.h"

#include "base/memory.h"
#include "drums/limiter.h"
#include "drums/mixer.h"
#include "rehearsal/hearing.h"
#include "rehearsal/message.h"
#include "rehearsal/metronome.h"
#include "rehearsal/playback.h"
#include "rehearsal/recorder.h"
#include "rehearsal/timeline.h"
#include "rehearsal/vamp.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    RING_PLACES = 65536, /* many minutes of messages: full only when the drummer is dead */
    NEWS_PLACES = 256,   /* who looks on looks more often than that */
    CHANGE_PLACES = 256, /* a block takes them all away: full only when the sound stands still */
    LOWEST_RATE = 8000,  /* what hearing is made for */
    HIGHEST_RATE = 192000
};

enum play_state { IDLE, PLAYING, LISTENING };

enum step_state { STEP_WAITING, STEP_READY, STEP_MISSED };

struct engine {
    int rate;
    int asked; /* changes in this take; the main thread's */
    struct mixer *mixer;
    struct limiter limiter;
    struct playback *playback; /* while LISTENING */
    struct hearing *hearing;
    struct ring *to_drummer, *from_drummer, *changes, *overheard;

    /* The take being played: written by engine_start while idle, then the audio thread's alone. */
    struct engine_take take;
    struct timeline *timeline;
    struct planned_hit {
        int64_t frame;
        int velocity;
    } * planned;        /* by hit of the score */
    uint8_t *state;     /* enum step_state by step */
    double *drums_ms;   /* by step: where the drums were planned, NaN: silent */
    int64_t frame;      /* of the next output sample */
    int64_t stop_frame; /* the take ends here at the latest */
    int64_t told;       /* the frame of what was told the drummer last */
    int next_plan, next_deadline, next_settled, next_change;
    struct skip skip;
    struct vamp vamp;
    struct metronome metronome;
    bool begins;          /* the next block is the first */
    bool cut_off;         /* a message found its ring full: none follows but the stop */
    bool change_waits;    /* taken from its ring, not yet told */
    struct change change; /* that one */

    atomic_int play_state;
    atomic_bool stop_wanted, click_wanted, last_time;
    atomic_llong shown_frame, shown_clock;
    atomic_uint onsets, missed, late_frames, lost, refused;
};

struct engine *engine_new(const struct kit *kit, int rate, struct error *err)
{
    if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
        error_set(err, "cannot play at %d frames a second", rate);
        return NULL;
    }
    struct engine *engine = memory_new(1, sizeof *engine);
    if (engine) {
        engine->rate = rate;
        engine->mixer = mixer_new(kit, rate, HEARING_CHUNK);
        engine->hearing = hearing_new(rate);
        engine->to_drummer = ring_new(RING_PLACES, sizeof(struct to_drummer));
        engine->from_drummer = ring_new(RING_PLACES, sizeof(struct to_engine));
        engine->changes = ring_new(CHANGE_PLACES, sizeof(struct change));
        engine->overheard = ring_new(NEWS_PLACES, sizeof(struct report));
    }
    if (!engine || !engine->mixer || !engine->hearing || !engine->to_drummer ||
        !engine->from_drummer || !engine->changes || !engine->overheard) {
        error_set(err, "out of memory");
        engine_free(engine);
        return NULL;
    }
    return engine;
}

static void clear_take(struct engine *engine)
{
    timeline_free(engine->timeline);
    free(engine->planned);
    free(engine->state);
    free(engine->drums_ms);
    engine->timeline = NULL;
    engine->planned = NULL;
    engine->state = NULL;
    engine->drums_ms = NULL;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    clear_take(engine);
    mixer_free(engine->mixer);
    hearing_free(engine->hearing);
    ring_free(engine->to_drummer);
    ring_free(engine->from_drummer);
    ring_free(engine->changes);
    ring_free(engine->overheard);
    free(engine);
}

struct ring *engine_to_drummer(struct engine *engine)
{
    return engine->to_drummer;
}

struct ring *engine_from_drummer(struct engine *engine)
{
    return engine->from_drummer;
}

struct ring *engine_overheard(struct engine *engine)
{
    return engine->overheard;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool make_take(struct engine *engine, struct error *err)
{
    const struct score *score = engine->take.score;
    engine->timeline = timeline_new(score, engine->take.settings, engine->take.count_in_bars, err);
    if (!engine->timeline)
        return false;
    engine->planned = memory_new((size_t)score->hit_count + 1, sizeof *engine->planned);
    engine->state = memory_new((size_t)score->step_count + 1, sizeof *engine->state);
    engine->drums_ms = memory_new((size_t)score->step_count + 1, sizeof *engine->drums_ms);
    if (engine->planned && engine->state && engine->drums_ms &&
        hearing_begin(engine->hearing, &engine->take, engine->timeline, engine->drums_ms))
        return true;
    clear_take(engine);
    return error_set(err, "out of memory");
}

bool engine_start(struct engine *engine, const struct engine_take *take, struct error *err)
{
    assert(atomic_load(&engine->play_state) == IDLE);
    assert(take->settings->rate == engine->rate);
    clear_take(engine);
    engine->take = *take;
    if (!make_take(engine, err))
        return false;
    engine->frame = engine->timeline->first_frame;
    engine->next_plan = engine->next_deadline = engine->next_settled = engine->timeline->first_step;
    engine->next_change = 0;
    metronome_begin(&engine->metronome, engine->timeline, engine->rate);
    engine->told = engine->frame;
    engine->change_waits = false;
    engine->skip = practice_no_skip;
    vamp_begin(&engine->vamp, take->score, take->settings);
    engine->asked = take->change_count + engine->vamp.waits; /* it may end itself */
    engine->begins = true;
    engine->cut_off = false;
    engine->stop_frame = earlier(take->stop_frame, engine->timeline->last_frame);
    mixer_reset(engine->mixer, engine->frame);
    limiter_init(&engine->limiter, engine->rate);
    ring_clear(engine->to_drummer);
    ring_clear(engine->from_drummer);
    ring_clear(engine->changes);
    atomic_store(&engine->stop_wanted, false);
    atomic_store(&engine->last_time, false);
    atomic_store(&engine->onsets, 0);
    atomic_store(&engine->missed, 0);
    atomic_store(&engine->late_frames, 0);
    atomic_store(&engine->lost, 0);
    atomic_store(&engine->refused, 0);
    atomic_store(&engine->shown_frame, engine->frame);
    atomic_store(&engine->play_state, PLAYING);
    return true;
}

void engine_listen(struct engine *engine, struct playback *playback)
{
    assert(atomic_load(&engine->play_state) == IDLE);
    engine->playback = playback;
    mixer_reset(engine->mixer, 0);
    limiter_init(&engine->limiter, engine->rate);
    atomic_store(&engine->stop_wanted, false);
    atomic_store(&engine->play_state, LISTENING);
}

void engine_set_reverb(struct engine *engine, float amount)
{
    mixer_set_reverb(engine->mixer, amount);
}

void engine_set_click(struct engine *engine, bool on)
{
    atomic_store(&engine->click_wanted, on);
}

void engine_stop(struct engine *engine)
{
    atomic_store(&engine->stop_wanted, true);
}

bool engine_strum(struct engine *engine, const struct engine_strum *strum)
{
    return hearing_strum(engine->hearing, strum);
}

int64_t engine_first_frame(const struct engine *engine)
{
    return engine->timeline->first_frame;
}

int64_t engine_last_frame(const struct engine *engine)
{
    return engine->timeline->last_frame;
}

int64_t engine_lead_frames(int rate, int period)
{
    return timeline_lead_frames(rate, period);
}

bool engine_change(struct engine *engine, const struct change *change)
{
    assert(change_is_valid(change));
    bool goes_on =
        atomic_load(&engine->play_state) == PLAYING && !atomic_load(&engine->stop_wanted);
    if (goes_on && engine->asked < TAKE_MOST_CHANGES && ring_push(engine->changes, change)) {
        engine->asked++;
        return true;
    }
    atomic_fetch_add(&engine->refused, 1);
    return false;
}

void engine_finish(struct engine *engine)
{
    struct change late; /* the audio thread has looked for the last time before it told the end */
    while (ring_pop(engine->changes, &late))
        atomic_fetch_add(&engine->refused, 1);
}

void engine_set_sensitivity(struct engine *engine, float db)
{
    hearing_set_sensitivity(engine->hearing, db);
}

struct engine_status engine_status(struct engine *engine)
{
    return (struct engine_status){
        .playing = atomic_load(&engine->play_state) == PLAYING,
        .listening = atomic_load(&engine->play_state) == LISTENING,
        .clock = atomic_load(&engine->shown_clock),
        .frame = atomic_load(&engine->shown_frame),
        .last_time = atomic_load(&engine->last_time),
        .input_peak = hearing_peak(engine->hearing),
        .onsets = atomic_load(&engine->onsets),
        .missed = atomic_load(&engine->missed),
        .late_frames = atomic_load(&engine->late_frames),
        .lost = atomic_load(&engine->lost),
        .refused = atomic_load(&engine->refused),
    };
}

/* From here on: the audio thread. */

/* How much earlier than written a step stands. */
static int64_t earlier_frames(const struct engine *engine, int step)
{
    return llround(skip_s(&engine->skip, step) * engine->rate);
}

static bool is_silent(const struct engine *engine, int step)
{
    return take_is_out(engine->take.score, engine->take.settings, step);
}

static void send(struct engine *engine, const struct to_drummer *message)
{
    engine->told = message->frame > engine->told ? message->frame : engine->told;
    if (engine->cut_off || !ring_push(engine->to_drummer, message)) {
        engine->cut_off =
            true; /* the record must have no hole: it ends here, and so does the take */
        atomic_fetch_add(&engine->lost, 1);
        atomic_store(&engine->stop_wanted, true);
    }
}

static void strike(struct engine *engine, int hit, int64_t frame, int velocity)
{
    int late = 0;
    if (!mixer_strike(engine->mixer, engine->take.score->hits[hit].pitch, velocity, frame, &late))
        atomic_fetch_add(&engine->lost, 1);
    if (late > 0)
        atomic_fetch_add(&engine->late_frames, (unsigned)late);
}

static bool was_missed(const struct engine *engine, int step)
{
    return engine->take.missed && engine->take.missed[step];
}

/* A plan is whole: its hits are struck, unless the deadline has already passed. */
static void accept_plan(struct engine *engine, int index)
{
    if (engine->state[index] != STEP_WAITING || was_missed(engine, index))
        return;
    const struct step *step = &engine->take.score->steps[index];
    bool silent = is_silent(engine, index);
    double sum = 0, earlier_s = skip_s(&engine->skip, index);
    for (int h = step->first_hit; h < step->first_hit + step->hit_count; h++) {
        if (!silent)
            strike(engine, h, engine->planned[h].frame, engine->planned[h].velocity);
        sum += (double)engine->planned[h].frame / engine->rate -
               (engine->take.score->hits[h].scored_s - earlier_s);
    }
    engine->drums_ms[index] = silent ? NAN : 1000.0 * sum / step->hit_count;
    engine->state[index] = STEP_READY;
}

static void receive_plans(struct engine *engine)
{
    struct to_engine message;
    while (ring_pop(engine->from_drummer, &message)) {
        if (message.kind == TO_ENGINE_HIT)
            engine->planned[message.index] = (struct planned_hit){message.frame, message.velocity};
        else
            accept_plan(engine, message.index);
    }
}

/* The last moment for a plan has come. A late model never moves the clock. */
static void settle(struct engine *engine, int index)
{
    if (engine->state[index] == STEP_READY)
        return;
    const struct step *step = &engine->take.score->steps[index];
    bool silent = is_silent(engine, index);
    double earlier_s = skip_s(&engine->skip, index);
    engine->state[index] = STEP_MISSED;
    for (int h = step->first_hit; !silent && h < step->first_hit + step->hit_count; h++) {
        const struct hit *hit = &engine->take.score->hits[h];
        strike(engine, h, llround((hit->scored_s - earlier_s) * engine->rate), hit->velocity);
    }
    if (silent)
        engine->drums_ms[index] = NAN;
    atomic_fetch_add(&engine->missed, 1);
}

static int64_t plan_of(const struct engine *engine, int step)
{
    return engine->timeline->plan[step] - earlier_frames(engine, step);
}

static int64_t deadline_of(const struct engine *engine, int step)
{
    return engine->timeline->deadline[step] - earlier_frames(engine, step);
}

static int pass_on(const struct engine *engine, int *step)
{
    int now = *step;
    *step = skip_next(&engine->skip, now);
    return now;
}

static void settle_steps(struct engine *engine, int64_t until)
{
    while (engine->next_settled < engine->timeline->end_step &&
           deadline_of(engine, engine->next_settled) < until)
        settle(engine, pass_on(engine, &engine->next_settled));
}

static void tell_miss(struct engine *engine, int index)
{
    if (engine->state[index] == STEP_MISSED)
        send(engine, &(struct to_drummer){.kind = TO_DRUMMER_MISSED,
                                          .step = index,
                                          .frame = deadline_of(engine, index)});
}

/* The frame of the next change, which becomes engine->change; INT64_MAX when there is none. What is
 * asked for while a take is played comes with the block that finds it, and after what was told. */
static int64_t next_change(struct engine *engine)
{
    if (!engine->change_waits && engine->next_change < engine->take.change_count) {
        engine->change = engine->take.changes[engine->next_change++];
        engine->change_waits = true;
    } else if (!engine->change_waits && ring_pop(engine->changes, &engine->change)) {
        engine->change.frame = engine->told > engine->frame ? engine->told : engine->frame;
        engine->change_waits = true;
    }
    return engine->change_waits ? engine->change.frame : INT64_MAX;
}

/* The pass under way is the last one: nothing of the next has been asked for yet. */
static void last_time(struct engine *engine)
{
    struct skip skip;
    if (engine->skip.to != INT_MAX ||
        !practice_last_time(engine->take.score, engine->next_plan, &skip))
        return;
    engine->skip = skip;
    engine->vamp.waits = false;
    int *const next[] = {&engine->next_plan, &engine->next_deadline, &engine->next_settled};
    for (int i = 0; i < 3; i++)
        if (*next[i] == skip.from)
            *next[i] = skip.to;
    hearing_skip(engine->hearing, &skip);
    atomic_store(&engine->last_time, true);
    engine->stop_frame = earlier(engine->take.stop_frame,
                                 engine->timeline->last_frame - skip_frames(&skip, engine->rate));
}

static void tell_change(struct engine *engine)
{
    send(engine, &(struct to_drummer){.kind = TO_DRUMMER_CHANGE,
                                      .step = -1,
                                      .frame = engine->change.frame,
                                      .change = engine->change});
    engine->change_waits = false;
    if (engine->change.kind == CHANGE_LAST_TIME)
        last_time(engine);
}

/* A change like any other, so that a replay is given it. */
static void end_vamp(struct engine *engine, int64_t frame)
{
    struct to_drummer message = {
        .kind = TO_DRUMMER_CHANGE,
        .step = -1,
        .frame = frame,
        .change = {.kind = CHANGE_LAST_TIME, .drum = -1, .value = 1, .frame = frame},
    };
    send(engine, &message);
    last_time(engine);
}

static void tell_onset(struct engine *engine, const struct to_drummer *onset)
{
    send(engine, onset);
    hearing_pass(engine->hearing);
    if (onset->kind != TO_DRUMMER_HEARD)
        return;
    atomic_fetch_add(&engine->onsets, 1);
    bool replay = engine->take.missed != NULL;
    if (!replay && vamp_hear(&engine->vamp, onset->frame, engine->next_plan))
        end_vamp(engine, onset->heard_frame);
}

/* Tells the drummer all that happens before frame `until`, in the order of frames. An onset or a
 * change that came at the very frame of a plan still counts for it. */
static void dispatch(struct engine *engine, int64_t until)
{
    const struct timeline *timeline = engine->timeline;
    for (;;) {
        struct to_drummer onset;
        int64_t heard =
            hearing_next(engine->hearing, until, &onset) ? onset.heard_frame : INT64_MAX;
        int64_t plan =
            engine->next_plan < timeline->end_step ? plan_of(engine, engine->next_plan) : INT64_MAX;
        int64_t deadline = engine->next_deadline < engine->next_plan
                               ? deadline_of(engine, engine->next_deadline)
                               : INT64_MAX;
        int64_t change = next_change(engine);
        if (heard <= change && heard <= plan && heard <= deadline && heard != INT64_MAX) {
            tell_onset(engine, &onset);
        } else if (change <= plan && change <= deadline && change < until) {
            tell_change(engine);
        } else if (plan <= deadline && plan < until) {
            send(engine, &(struct to_drummer){.kind = TO_DRUMMER_PLAN,
                                              .step = pass_on(engine, &engine->next_plan),
                                              .frame = plan});
        } else if (deadline < until) {
            tell_miss(engine, pass_on(engine, &engine->next_deadline));
        } else {
            return;
        }
    }
}

/* A stop by hand fades out within the chunk, so that nothing clicks. */
static void fade_out(float *output, int frames)
{
    for (int i = 0; i < frames; i++) {
        float gain = 1.0f - (float)(i + 1) / (float)frames;
        output[2 * i] *= gain;
        output[2 * i + 1] *= gain;
    }
}

/* The take has ended before it is told: whoever hears of it may begin the next one at once. */
static void end_take(struct engine *engine, float *output, int frames)
{
    fade_out(output, frames);
    struct to_drummer stop = {
        .kind = TO_DRUMMER_STOP, .step = -1, .frame = earlier(engine->frame, engine->stop_frame)};
    atomic_store(&engine->play_state, IDLE);
    if (!ring_push(engine->to_drummer, &stop))
        atomic_store(&engine->play_state, PLAYING); /* told with the next chunk */
}

static void monitor(const float *guitar, float gain, float *output, int frames)
{
    for (int i = 0; i < 2 * frames; i++)
        output[i] += gain * guitar[i / 2];
}

/* The clock of the sound and that of the take meet at the take's first block. */
static void begin_take(struct engine *engine)
{
    int64_t now = hearing_clock(engine->hearing);
    int64_t zero = engine->take.joins ? engine->take.zero : now - engine->timeline->first_frame;
    engine->begins = false;
    engine->frame = now - zero;
    mixer_set_frame(engine->mixer, engine->frame);
    hearing_start(engine->hearing, zero);
    if (engine->take.recorder)
        recorder_begin(engine->take.recorder, engine->frame);
}

/* The drums of a chunk are made before what was heard in it is judged: they may be in it. */
static void play(struct engine *engine, const float *input, float *output, int frames)
{
    int64_t until = engine->frame + frames, end = earlier(until, engine->stop_frame);
    if (engine->take.recorder)
        recorder_take_in(engine->take.recorder, input, frames);
    receive_plans(engine);
    settle_steps(engine, end);
    metronome_play(&engine->metronome, engine->mixer, &engine->skip, until,
                   atomic_load(&engine->click_wanted));
    mixer_render(engine->mixer, output, frames);
    hearing_listen(engine->hearing, output, frames);
    dispatch(engine, end);
    monitor(input, engine->take.monitor, output, frames);
    limiter_process(&engine->limiter, output, frames);
    engine->frame = until;
    atomic_store_explicit(&engine->shown_frame,
                          skip_score_frame(&engine->skip, until, engine->rate),
                          memory_order_relaxed);
    if (atomic_load(&engine->stop_wanted) || until >= engine->stop_frame)
        end_take(engine, output, frames);
}

static void listen(struct engine *engine, float *output, int frames)
{
    playback_render(engine->playback, engine->mixer, output, frames);
    limiter_process(&engine->limiter, output, frames);
    if (!atomic_load(&engine->stop_wanted))
        return;
    fade_out(output, frames);
    atomic_store(&engine->play_state, IDLE);
}

/* The drums are silent; a virtual guitarist may play. */
static void overhear(struct engine *engine, const float *guitar, float *output, int frames)
{
    hearing_overhear(engine->hearing, frames, engine->overheard);
    monitor(guitar, hearing_monitor(engine->hearing), output, frames);
}

void engine_process(struct engine *engine, const float *input, float *output, int frames)
{
    assert(frames <= ENGINE_MAX_BLOCK);
    memset(output, 0, 2 * (size_t)frames * sizeof *output);
    for (int done = 0; done < frames;) {
        int count = frames - done < HEARING_CHUNK ? frames - done : HEARING_CHUNK;
        int state = atomic_load(&engine->play_state);
        if (state == PLAYING && engine->begins)
            begin_take(engine);
        const float *heard =
            hearing_take_in(engine->hearing, input ? input + done : NULL, count, state == PLAYING);
        if (state == PLAYING)
            play(engine, heard, output + 2 * done, count);
        else if (state == LISTENING)
            listen(engine, output + 2 * done, count);
        else
            overhear(engine, heard, output + 2 * done, count);
        atomic_store_explicit(&engine->shown_clock, hearing_clock(engine->hearing),
                              memory_order_relaxed);
        done += count;
    }
}
