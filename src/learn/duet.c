#include "learn/duet.h"

#include "base/rng.h"
#include "guitarist/guitarist.h"
#include "model/ear.h"
#include "model/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLAYERS = 14, STEPS = 384 };

static const double RUNNING = 0.2, RUNNING_ON_TABLE = 0.12; /* shares of the newest note */
static const double REACH = 0.45;      /* of the gap to the next step: hits go no further */
static const double TABLE_MEMORY = 60; /* notes */
static const double TRIPLETS = 0.25;   /* share of steps that makes a score one of triplets */

/* One predictor through the takes of one duet. */
struct player {
    enum duet_predictor kind;
    const struct score *score;
    double running, mean[SCORE_BINS], heard[SCORE_BINS];
    struct ear *ear;
    struct checkpoint *checkpoint;
    struct model *model;
    struct performance *performance;
};

const char *duet_predictor_name(enum duet_predictor predictor)
{
    static const char *const names[DUET_PREDICTORS] = {
        "zero", "running mean", "bar table", "bar table + running mean", "ear", "drummer",
    };
    return names[predictor];
}

static void leave(struct player *player)
{
    performance_end(player->performance);
    model_close(player->model);
    player->performance = NULL;
    player->model = NULL;
}

static void close_player(struct player *player)
{
    leave(player);
    ear_free(player->ear);
    checkpoint_free(player->checkpoint);
}

static bool open_player(struct player *player, enum duet_predictor kind, const struct score *score,
                        const struct duet_options *options, struct error *err)
{
    *player = (struct player){.kind = kind, .score = score};
    if (kind == DUET_EAR && !(player->ear = ear_new(score)))
        return error_set(err, "out of memory for a duet");
    if (kind == DUET_DRUMMER && !(player->checkpoint = checkpoint_copy(options->drummer)))
        return error_set(err, "out of memory for a duet");
    return true;
}

static bool start_take(struct player *player, struct error *err)
{
    player->running = 0;
    if (player->ear)
        ear_start_take(player->ear);
    if (player->kind != DUET_DRUMMER)
        return true;
    player->model = model_open(player->checkpoint, err);
    if (!player->model)
        return false;
    player->performance = model_begin(player->model, player->score, err);
    return player->performance != NULL;
}

/* Every take is accepted. */
static bool end_take(struct player *player, struct error *err)
{
    bool kept =
        !player->performance || performance_keep(player->performance, player->checkpoint, err);
    leave(player);
    return kept;
}

static double predict(struct player *player, int step)
{
    int bin = player->score->steps[step].bin;
    double sd, mean = 0, n = player->heard[bin];
    double table = player->mean[bin] * n / (n + 1);
    struct prediction prediction;
    switch (player->kind) {
    case DUET_EMA:
        return player->running;
    case DUET_TABLE:
        return table;
    case DUET_TABLE_EMA:
        return table + player->running;
    case DUET_EAR:
        ear_predict(player->ear, step, 0, &mean, &sd);
        return mean;
    case DUET_DRUMMER:
        performance_predict(player->performance, step, &prediction);
        return prediction.guitar_ms;
    default:
        return 0;
    }
}

static void hear(struct player *player, int step, double guitar_ms, double drums_ms)
{
    int bin = player->score->steps[step].bin;
    double *n = &player->heard[bin], *mean = &player->mean[bin];
    double table = *mean * *n / (*n + 1);
    if (player->kind == DUET_EMA)
        player->running += RUNNING * (guitar_ms - player->running);
    if (player->kind == DUET_TABLE_EMA)
        player->running += RUNNING_ON_TABLE * (guitar_ms - table - player->running);
    *n += 1;
    *mean += (guitar_ms - *mean) / fmin(*n, TABLE_MEMORY);
    if (player->ear)
        ear_hear(player->ear, step, guitar_ms, drums_ms);
    if (player->performance)
        performance_hear(player->performance, step, guitar_ms, drums_ms);
}

static int steps_of(const struct score *score, const struct duet_options *options)
{
    int most = options->steps > 0 ? options->steps : STEPS;
    return score->step_count < most ? score->step_count : most;
}

static double reachable(const struct step *step, double ms)
{
    double reach = REACH * 1000 * fmin(step->gap_s[0], step->gap_s[1]);
    return fmax(-reach, fmin(ms, reach));
}

struct mean {
    double sum;
    int count;
};

static void count_in(struct mean *mean, double value)
{
    mean->sum += value;
    mean->count++;
}

static double value_of(struct mean mean)
{
    return mean.count ? mean.sum / mean.count : NAN;
}

static void play_take(struct player *player, struct guitarist *guitarist, int steps,
                      struct mean *missed, struct mean *least)
{
    for (int i = 0; i < steps; i++) {
        double drums = reachable(&player->score->steps[i], predict(player, i)), guitar;
        if (!guitarist_play(guitarist, i, &guitar))
            continue;
        guitarist_hear(guitarist, i, drums);
        count_in(missed, fabs(drums - guitar));
        count_in(least, fabs(guitarist_intent_ms(guitarist) - guitar));
        hear(player, i, guitar, drums);
    }
}

struct duet {
    const struct score *score;
    struct guitarist_options guitarist;
};

/* Means over players are gathered here; a player who never meets a guitar adds nothing. */
struct gathered {
    struct mean missed[DUET_PREDICTORS][DUET_TAKES], least[DUET_TAKES];
};

static bool play_duet(const struct duet *duet, enum duet_predictor kind,
                      const struct duet_options *options, struct gathered *all, struct error *err)
{
    struct guitarist *guitarist = guitarist_new(duet->score, &duet->guitarist, err);
    if (!guitarist)
        return false;
    struct player player;
    bool done = open_player(&player, kind, duet->score, options, err);
    for (int take = 0; done && take < DUET_TAKES; take++) {
        struct mean missed = {0}, least = {0};
        guitarist_start(guitarist, take);
        done = start_take(&player, err);
        if (!done)
            break;
        play_take(&player, guitarist, steps_of(duet->score, options), &missed, &least);
        if (missed.count) {
            count_in(&all->missed[kind][take], value_of(missed));
            count_in(&all->least[take], value_of(least));
        }
        done = end_take(&player, err);
    }
    close_player(&player);
    guitarist_free(guitarist);
    return done;
}

static bool has_triplets(const struct score *score)
{
    int triplets = 0;
    for (int i = 0; i < score->step_count; i++) {
        int place = score->steps[i].bin % SCORE_BINS_PER_QUARTER;
        triplets += place == 4 || place == 8;
    }
    return triplets > TRIPLETS * score->step_count;
}

/* A score at random; among those with or without triplets, if there are any. */
static const struct score *deal(const struct score *const *scores, int count, bool triplets,
                                struct rng *rng)
{
    int fitting = 0;
    for (int i = 0; i < count; i++)
        fitting += has_triplets(scores[i]) == triplets;
    if (!fitting)
        return scores[rng_below(rng, (uint32_t)count)];
    int pick = (int)rng_below(rng, (uint32_t)fitting);
    for (int i = 0; i < count; i++)
        if (has_triplets(scores[i]) == triplets && pick-- == 0)
            return scores[i];
    return scores[0];
}

static bool wanted(enum duet_predictor kind, const struct duet_options *options)
{
    return kind != DUET_DRUMMER || options->drummer;
}

static bool go_on(const struct duet_options *options, double share, struct error *err)
{
    if (options->progress && !options->progress(options->user, share))
        return error_set(err, "stopped");
    return true;
}

static void report(const struct gathered *all, int takes, struct duet_result *result)
{
    result->takes = takes;
    for (int take = 0; take < DUET_TAKES; take++) {
        result->floor_ms[take] = value_of(all->least[take]);
        for (int kind = 0; kind < DUET_PREDICTORS; kind++)
            result->mae_ms[kind][take] = value_of(all->missed[kind][take]);
    }
}

static int kinds_of_guitarist(void)
{
    int kinds = 0;
    while (guitarist_name(kinds))
        kinds++;
    return kinds;
}

bool duet_run(const struct score *const *scores, int count, const struct duet_options *options,
              struct duet_result *result, struct error *err)
{
    if (count < 1)
        return error_set(err, "cannot play duets: there is no score");
    struct gathered all = {0};
    struct rng rng;
    rng_seed(&rng, options->seed);
    int players = options->players > 0 ? options->players : PLAYERS, kinds = kinds_of_guitarist();
    assert(kinds > 0);
    for (int i = 0; i < players; i++) {
        const char *name = guitarist_name(i % kinds);
        bool triplets = strcmp(name, "straightener") == 0;
        struct duet duet = {
            .score = deal(scores, count, triplets, &rng),
            .guitarist = {.name = name, .odd = options->odd, .seed = rng_next(&rng)},
        };
        if (!go_on(options, (double)i / players, err))
            return false;
        for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
            if (wanted(kind, options) && !play_duet(&duet, kind, options, &all, err))
                return false;
    }
    result->players = players;
    report(&all, DUET_TAKES, result);
    return go_on(options, 1, err);
}

/* Where the drummer of a played file was at a step. */
static double deviation_ms(const struct score *score, const struct step *step)
{
    double sum = 0;
    for (int i = 0; i < step->hit_count; i++) {
        const struct hit *hit = &score->hits[step->first_hit + i];
        sum += hit->file_s - hit->scored_s;
    }
    return 1000 * sum / step->hit_count;
}

static bool shadow(const struct score *score, enum duet_predictor kind,
                   const struct duet_options *options, struct mean *missed, struct error *err)
{
    struct player player;
    bool done = open_player(&player, kind, score, options, err) && start_take(&player, err);
    for (int i = 0; done && i < steps_of(score, options); i++) {
        double expected = predict(&player, i), played = deviation_ms(score, &score->steps[i]);
        count_in(missed, fabs(expected - played));
        hear(&player, i, played, expected);
    }
    close_player(&player);
    return done;
}

bool duet_drummers(const struct score *const *scores, int count, const struct duet_options *options,
                   struct duet_result *result, struct error *err)
{
    struct gathered all = {0};
    for (int i = 0; i < count; i++) {
        if (!go_on(options, (double)i / count, err))
            return false;
        for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
            if (wanted(kind, options) &&
                !shadow(scores[i], kind, options, &all.missed[kind][0], err))
                return false;
    }
    result->players = count;
    report(&all, 1, result);
    return go_on(options, 1, err);
}
