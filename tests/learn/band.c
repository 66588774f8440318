#include "band.h"

#include "learn/lesson.h"
#include "listen/match.h"
#include "model/groove.h"

enum { RATE = 48000 };
static const double LEAD_MS = 60;

struct checkpoint *band_small_drummer(void)
{
    struct groove_config config = groove_defaults();
    config.width = 16;
    config.heads = 2;
    config.hidden = 32;
    config.encoders = config.decoders = 1;
    struct groove *groove = groove_new(config, 3);
    struct checkpoint *checkpoint = checkpoint_new();
    ck_assert(groove && checkpoint);
    groove_store(groove, groove->params, checkpoint);
    groove_free(groove);
    return checkpoint;
}

struct guitarist *band_hire(const struct score *score, const char *name, bool odd, uint64_t seed)
{
    struct error err = {.text = ""};
    struct guitarist_options options = {.name = name, .odd = odd, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, &err);
    ck_assert_msg(guitarist != NULL, "%s", err.text);
    return guitarist;
}

struct checkpoint *band_lesson(const struct checkpoint *drummer, const struct score *score,
                               const struct take *take)
{
    struct error err = {.text = ""};
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 0;
    struct checkpoint *learnt =
        lesson_learn(drummer, score, take, &options, NULL, NULL, &report, &err);
    ck_assert_msg(learnt != NULL, "%s", err.text);
    return learnt;
}

bool band_guitarist(void *player, const struct score *score, int step, double drums_ms,
                    double *deviation_ms)
{
    (void)score;
    bool plays = guitarist_play(player, step, deviation_ms);
    if (plays)
        guitarist_hear(player, step, drums_ms);
    return plays;
}

/* `player` is a struct rng. A little after the drums, as far as sound has to go. */
bool band_bleed(void *player, const struct score *score, int step, double drums_ms,
                double *deviation_ms)
{
    (void)score;
    (void)step;
    *deviation_ms = drums_ms + 2 + 0.7 * rng_normal(player);
    return rng_uniform(player) < 0.8;
}

bool band_nobody(void *player, const struct score *score, int step, double drums_ms,
                 double *deviation_ms)
{
    (void)player;
    (void)score;
    (void)step;
    (void)drums_ms;
    (void)deviation_ms;
    return false;
}

struct band {
    const struct score *score;
    struct take *take;
    struct performance *performance;
    struct matcher *matcher;
    double *waiting_ms; /* onsets on their way, sorted */
    int waiting;
};

static void send(struct band *band, double time_ms)
{
    int place = band->waiting++;
    for (; place > 0 && band->waiting_ms[place - 1] > time_ms; place--)
        band->waiting_ms[place] = band->waiting_ms[place - 1];
    band->waiting_ms[place] = time_ms;
}

static void hear_until(struct band *band, double until_ms)
{
    int heard = 0;
    for (; heard < band->waiting && band->waiting_ms[heard] <= until_ms; heard++) {
        double time_ms = band->waiting_ms[heard], deviation_ms = 0;
        int step = match_onset(band->matcher, time_ms, &deviation_ms);
        struct take_onset *onset = &band->take->onsets[band->take->onset_count++];
        onset->frame = onset->heard_frame = llround(time_ms / 1000 * RATE);
        onset->step = step;
        onset->deviation_ms = step < 0 ? 0 : deviation_ms;
        if (step >= 0)
            performance_hear(band->performance, step, deviation_ms,
                             step < band->take->step_count ? band->take->steps[step].drums_ms : 0);
    }
    band->waiting -= heard;
    memmove(band->waiting_ms, band->waiting_ms + heard,
            (size_t)band->waiting * sizeof *band->waiting_ms);
}

/* The drums sound where the guitar is expected, as exactly as a hand can. */
static double plan(struct band *band, int index, struct rng *rng)
{
    const struct step *step = &band->score->steps[index];
    struct take *take = band->take;
    struct prediction prediction;
    performance_predict(band->performance, index, &prediction);
    match_expect(band->matcher, index, prediction.guitar_ms, prediction.guitar_sd_ms);
    double reach = 450 * fmin(step->gap_s[0], step->gap_s[1]);
    double drums_ms = fmax(-reach, fmin(prediction.guitar_ms, reach)) + 3 * rng_normal(rng);
    for (int k = 0; k < step->hit_count; k++)
        take->hits[take->hit_count++] =
            (struct take_hit){.hit = step->first_hit + k,
                              .velocity = 90,
                              .frame = llround((step->time_s + drums_ms / 1000) * RATE)};
    take->steps[take->step_count++] = (struct take_step){.step = index,
                                                         .planned = true,
                                                         .predicted_ms = prediction.guitar_ms,
                                                         .predicted_sd_ms = prediction.guitar_sd_ms,
                                                         .drums_ms = drums_ms};
    return drums_ms;
}

struct take *band_take(const struct checkpoint *drummer, const struct score *score, band_note *note,
                       void *player, const double *times_ms, int count)
{
    struct error err = {.text = ""};
    struct take_settings settings = {.model = "groove", .tempo_percent = 100, .rate = RATE};
    struct model *model = model_open(drummer, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    struct band band = {
        .score = score,
        .take = take_new(score, &settings, score->step_count + count, 0),
        .performance = model_begin(model, score, &err),
        .matcher = match_new(score),
        .waiting_ms = calloc((size_t)(score->step_count + count) + 1, sizeof(double)),
    };
    ck_assert(band.take && band.performance && band.matcher && band.waiting_ms);
    struct rng rng;
    rng_seed(&rng, 11);
    for (int i = 0; i < count; i++)
        send(&band, times_ms[i]);
    for (int i = 0; i < score->step_count; i++) {
        double scored_ms = 1000 * score->steps[i].time_s, deviation_ms;
        hear_until(&band, scored_ms - LEAD_MS);
        double drums_ms = plan(&band, i, &rng);
        if (note(player, score, i, drums_ms, &deviation_ms))
            send(&band, scored_ms + deviation_ms);
    }
    hear_until(&band, INFINITY);
    band.take->stop_frame = llround(score->duration_s * RATE);
    performance_end(band.performance);
    model_close(model);
    match_free(band.matcher);
    free(band.waiting_ms);
    return band.take;
}

void band_flub(struct take *take, const struct score *score, double chance, struct rng *rng)
{
    for (int i = 0; i < take->onset_count; i++) {
        struct take_onset *onset = &take->onsets[i];
        double flub = rng_uniform(rng), where = rng_uniform(rng);
        if (onset->step < 0 || flub >= chance)
            continue;
        const double *gap_s = score->steps[onset->step].gap_s;
        double before = fmin(gap_s[0], 1), after = fmin(gap_s[1], 1);
        onset->deviation_ms = 500 * (where * (before + after) - before);
        onset->frame =
            llround((score->steps[onset->step].time_s + onset->deviation_ms / 1000) * RATE);
    }
}
