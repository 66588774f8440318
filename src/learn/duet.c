#include "learn/duet.h"

#include "guitarist/guitarist.h"
#include "learn/casting.h"
#include "learn/evaluate.h"
#include "learn/jobs.h"
#include "learn/partner.h"
#include "model/touch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { OF_A_KIND = 3, STEPS = 384, RATE = 48000 };

static const double REACH = 0.45; /* of the gap to the nearer step: a guitarist goes no further */
static const struct controls CONTROLS = {.follow = 1, .expression = 0, .leash_ms = 120};

const char *duet_predictor_name(enum duet_predictor predictor)
{
    static const char *const names[DUET_PREDICTORS] = {
        "zero", "running mean",  "bar table", "bar table + running mean",
        "ear",  "network alone", "drummer",
    };
    return names[predictor];
}

bool duet_includes(const struct duet_options *options, enum duet_predictor predictor)
{
    return options->drummer || (predictor != DUET_DRUMMER && predictor != DUET_NETWORK);
}

/* What all duets of a run share. */
struct run {
    const struct corpus *corpus;
    const struct duet_options *options;
    const struct casting *castings;
    struct duet_player *players;
    struct jobs_watch watch; /* of predictors who play all their takes with somebody */
};

static bool watch_lesson(void *context, const struct lesson_progress *progress)
{
    (void)progress;
    return jobs_go_on(context, 0, NULL);
}

static bool watch_evaluation(void *context, double done)
{
    (void)done;
    return jobs_go_on(context, 0, NULL);
}

/* ---- One take ---- */

/* A predictor and a guitarist on one score. */
struct stand {
    const struct score *score;
    int steps;
    bool late;
    struct guitarist *guitarist;
    struct partner *partner;
    struct touch touch;
    struct stroke *strokes; /* room for every hit */
    struct take *take;      /* the record that a lesson reads */
};

struct sums {
    double ms[DUET_FIGURES];
    int notes;
};

static double reachable(const struct step *step, double ms)
{
    double reach = REACH * 1000 * fmin(step->gap_s[0], step->gap_s[1]);
    return fmax(-reach, fmin(ms, reach));
}

static int64_t frame_of(double seconds)
{
    return llround(seconds * RATE);
}

/* Plays the hits of a step and writes them down. Returns the mean of their offsets. */
static double strike(struct stand *stand, int index, const struct prediction *prediction)
{
    const struct score *score = stand->score;
    touch_play(&stand->touch, score, &score->steps[index], prediction, &CONTROLS, stand->strokes);
    return touch_write(stand->take, score, index, 0, prediction, stand->strokes);
}

static void write_onset(struct stand *stand, int index, double guitar_ms)
{
    struct take *take = stand->take;
    int64_t frame = frame_of(stand->score->steps[index].time_s + guitar_ms / 1000);
    take->onsets[take->onset_count++] = (struct take_onset){
        .frame = frame,
        .heard_frame = frame,
        .strength = 1,
        .step = index,
        .deviation_ms = guitar_ms,
    };
}

/* The predictor hears of the latest onset. */
static void tell(struct stand *stand)
{
    const struct take *take = stand->take;
    const struct take_onset *onset = &take->onsets[take->onset_count - 1];
    partner_hear(stand->partner, onset->step, onset->deviation_ms,
                 take->steps[onset->step].drums_ms);
}

static void play_take(struct stand *stand, struct sums *sums)
{
    bool untold = false; /* the latest onset is yet to be told */
    for (int i = 0; i < stand->steps; i++) {
        struct prediction prediction;
        double guitar;
        partner_predict(stand->partner, i, &prediction);
        prediction.guitar_ms =
            (float)reachable(&stand->score->steps[i], (double)prediction.guitar_ms);
        double drums = strike(stand, i, &prediction);
        if (untold)
            tell(stand);
        untold = false;
        if (!guitarist_play(stand->guitarist, i, &guitar))
            continue;
        guitarist_hear(stand->guitarist, i, drums);
        write_onset(stand, i, guitar);
        sums->ms[DUET_PREDICTION] += fabs((double)prediction.guitar_ms - guitar);
        sums->ms[DUET_ASYNCHRONY] += fabs(drums - guitar);
        sums->ms[DUET_FLOOR] += fabs(guitarist_intent_ms(stand->guitarist) - guitar);
        sums->notes++;
        untold = stand->late;
        if (!untold)
            tell(stand);
    }
    if (untold)
        tell(stand);
}

/* ---- One predictor's duet ---- */

static struct take *begin_record(const struct score *score, int steps,
                                 const struct checkpoint *drummer, uint64_t seed)
{
    const char *model = drummer ? checkpoint_get(drummer, "model") : NULL;
    struct take_settings settings = {
        .seed = seed,
        .controls = CONTROLS,
        .tempo_percent = score->tempo_percent,
        .rate = RATE,
    };
    snprintf(settings.model, sizeof settings.model, "%s", model ? model : "straight");
    struct take *take = take_new(score, &settings, steps, 0);
    if (take)
        take->stop_frame = frame_of(score->duration_s);
    return take;
}

static bool play_and_learn(struct stand *stand, struct run *run, uint64_t seed,
                           double ms[DUET_FIGURES], struct error *err)
{
    struct sums sums = {.notes = 0};
    stand->take = begin_record(stand->score, stand->steps, run->options->drummer, seed);
    touch_init(&stand->touch, seed);
    bool done = stand->take ? partner_start_take(stand->partner, err)
                            : error_set(err, "out of memory for a duet");
    if (done) {
        play_take(stand, &sums);
        for (int figure = 0; figure < DUET_FIGURES && sums.notes; figure++)
            ms[figure] = sums.ms[figure] / sums.notes;
        done = partner_end_take(stand->partner, stand->take, watch_lesson, &run->watch, err);
    }
    take_free(stand->take);
    stand->take = NULL;
    return done;
}

static bool open_stand(struct stand *stand, enum duet_predictor kind, const struct casting *casting,
                       const struct duet_options *options, struct error *err)
{
    const struct score *score = casting->score;
    *stand = (struct stand){
        .score = score,
        .steps = score->step_count < STEPS ? score->step_count : STEPS,
        .late = options->late,
        .strokes = calloc((size_t)score->hit_count, sizeof *stand->strokes),
    };
    if (!stand->strokes)
        return error_set(err, "out of memory for a duet");
    stand->guitarist = guitarist_new(score, &casting->guitarist, err);
    if (stand->guitarist)
        stand->partner = partner_new(kind, options->odd ? TUNED_FOR_ODD : TUNED_FOR_STANDARD, score,
                                     options, err);
    return stand->partner != NULL;
}

static void close_stand(struct stand *stand)
{
    partner_free(stand->partner);
    guitarist_free(stand->guitarist);
    free(stand->strokes);
}

static bool measure_humanising(struct run *run, const struct checkpoint *drummer, double *ms,
                               struct error *err)
{
    struct evaluate_options options = {
        .fills = run->options->fills, .progress = watch_evaluation, .context = &run->watch};
    struct humanising_error result;
    struct model *model = model_open(drummer, err);
    bool done = model && evaluate_model(model, run->corpus, &options, &result, err);
    model_close(model);
    if (done)
        *ms = result.offset_mae_ms;
    return done;
}

static bool play_duet(struct run *run, int index, enum duet_predictor kind, struct error *err)
{
    const struct casting *casting = &run->castings[index];
    struct duet_player *player = &run->players[index];
    struct stand stand;
    bool done = open_stand(&stand, kind, casting, run->options, err);
    for (int take = 0; done && take < DUET_TAKES; take++) {
        guitarist_start(stand.guitarist, take);
        done = play_and_learn(&stand, run, casting->guitarist.seed + (uint64_t)take,
                              player->ms[kind][take], err);
    }
    if (done && kind == DUET_DRUMMER && run->options->forgetting && casting->first)
        done =
            measure_humanising(run, partner_checkpoint(stand.partner), &player->humanising_ms, err);
    close_stand(&stand);
    return done;
}

/* ---- All duets ---- */

static bool play_player(void *context, int index, struct error *err)
{
    struct run *run = context;
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++) {
        if (duet_includes(run->options, kind) && !play_duet(run, index, kind, err))
            return false;
        if (!jobs_go_on(&run->watch, 1, err))
            return false;
    }
    return true;
}

static struct duet_player *new_players(const struct casting *castings, int count)
{
    struct duet_player *players = calloc((size_t)count, sizeof *players);
    for (int i = 0; players && i < count; i++) {
        players[i].guitarist = castings[i].kind;
        players[i].humanising_ms = NAN;
        double *ms = &players[i].ms[0][0][0];
        for (size_t k = 0; k < sizeof players[i].ms / sizeof *ms; k++)
            ms[k] = NAN;
    }
    return players;
}

bool duet_run(const struct corpus *corpus, const struct duet_options *options,
              struct duet_result *result, struct error *err)
{
    int count = options->players > 0 ? options->players : OF_A_KIND * casting_kinds();
    *result = (struct duet_result){.count = count, .humanising_ms = NAN};
    struct casting *castings = casting_deal(corpus, options, count, err);
    if (!castings)
        return false;
    result->players = new_players(castings, count);
    struct run run = {
        .corpus = corpus,
        .options = options,
        .castings = castings,
        .players = result->players,
        .watch = {options->progress, options->user, 0, count * DUET_PREDICTORS,
                  PTHREAD_MUTEX_INITIALIZER},
    };
    bool done = result->players || error_set(err, "out of memory for duets");
    if (done && options->forgetting && options->drummer)
        done = measure_humanising(&run, options->drummer, &result->humanising_ms, err);
    done = done && jobs_run(count, DUET_THREADS, play_player, &run, err);
    free(castings);
    if (!done)
        duet_clear(result);
    return done;
}

void duet_clear(struct duet_result *result)
{
    free(result->players);
    *result = (struct duet_result){.count = 0};
}
