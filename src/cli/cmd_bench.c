/* bench: is this machine fast enough? Everything is timed on the bundled song, with the virtual
 * guitarist playing along. */
#include "base/paths.h"
#include "base/stopwatch.h"
#include "cli/bench_groove.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "rehearsal/drummer.h"
#include "rehearsal/render.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, PERIOD = 128, STEP_ROUNDS = 5 };

struct bench {
    struct score *score;
    struct checkpoint *drummer;
    struct model *model;
    struct kit *kit; /* NULL without a SoundFont */
    struct take_settings settings;

    struct spread step_us, step_cpu_us, callback_pct;
    double finetune_s, render_x_realtime;
    struct groove_speed groove;
};

static struct kit *load_kit(const struct arguments *arguments, const struct score *score,
                            struct error *err)
{
    char path[PATH_MAX];
    bool pitches[128] = {false};
    for (int h = 0; h < score->hit_count; h++)
        pitches[score->hits[h].pitch] = true;
    return kit_find_soundfont(arguments->soundfont, path, sizeof path, err)
               ? kit_load(path, pitches, RATE, err)
               : NULL;
}

static bool prepare(const struct arguments *arguments, struct bench *bench, struct error *err)
{
    char path[PATH_MAX];
    bench->settings = room_offline_settings();
    if (!paths_asset("demo.mid", path, sizeof path, err) ||
        !(bench->score = score_load(path, NULL, err)) ||
        !(bench->drummer = open_drummer(arguments->model, err)) ||
        !(bench->model = model_open(bench->drummer, err)))
        return false;
    bench->kit = load_kit(arguments, bench->score, arguments->soundfont ? err : NULL);
    return bench->kit || !arguments->soundfont;
}

/* One step: hear the note before, expect the next, decide how it is played. */
static bool time_steps(struct bench *bench, struct error *err)
{
    const struct score *score = bench->score;
    const int count = score->step_count * STEP_ROUNDS;
    double *times = calloc(2 * (size_t)count, sizeof *times), *cpu = times + count;
    bool good = times || error_set(err, "out of memory");
    for (int round = 0, n = 0; good && round < STEP_ROUNDS; round++) {
        struct performance *performance = model_begin(bench->model, score, err);
        good = performance != NULL;
        for (int i = 0; good && i < score->step_count; i++, n++) {
            struct prediction prediction;
            double cpu_start = stopwatch_cpu_s(), start = stopwatch_s();
            if (i > 0)
                performance_hear(performance, i - 1, 20.0 * sin(i), 0);
            performance_predict(performance, i, &prediction);
            times[n] = 1e6 * (stopwatch_s() - start);
            cpu[n] = 1e6 * (stopwatch_cpu_s() - cpu_start);
        }
        performance_end(performance);
    }
    if (good) {
        bench->step_us = spread_of(times, count);
        bench->step_cpu_us = spread_of(cpu, count);
    }
    free(times);
    return good;
}

/* A take as `take` renders it, then a lesson from it. */
static bool time_take_and_lesson(struct bench *bench, struct error *err)
{
    struct guitar guitar;
    struct lesson_report report;
    if (!guitar_open(&guitar, "virtual", bench->score, RATE, 1, 0, err))
        return false;
    struct engine_take plan = {
        .score = bench->score, .settings = &bench->settings, .stop_frame = INT64_MAX};
    struct render_config config = {.model = bench->model, .guitar = &guitar};
    double start = stopwatch_s();
    struct take *take = render_take(&plan, &config, err);
    bench->render_x_realtime = bench->score->duration_s / (stopwatch_s() - start);
    guitar_close(&guitar);
    bench->finetune_s = NAN;
    const struct lesson_options *recipe = lesson_recipe(model_ops(bench->model)->name);
    if (take && recipe) {
        start = stopwatch_s();
        struct checkpoint *learnt =
            lesson_learn(bench->drummer, bench->score, take, recipe, NULL, NULL, &report, err);
        bench->finetune_s = stopwatch_s() - start;
        checkpoint_free(learnt);
        if (!learnt) {
            take_free(take);
            return false;
        }
    }
    take_free(take);
    return take != NULL;
}

/* The engine as the sound card would call it, in per cent of the time a period has. */
static bool time_callbacks(struct bench *bench, struct engine *engine, struct drummer *drummer,
                           struct error *err)
{
    int64_t first = engine_first_frame(engine), last = engine_last_frame(engine);
    int most = (int)((last - first) / PERIOD) + 2, count = 0;
    double *shares = calloc((size_t)most, sizeof *shares);
    if (!shares)
        return error_set(err, "out of memory");
    bool playing = true;
    while (playing && count < most) {
        float input[PERIOD] = {0}, output[2 * PERIOD];
        struct to_drummer message;
        double start = stopwatch_s();
        engine_process(engine, input, output, PERIOD);
        shares[count++] = 100.0 * (stopwatch_s() - start) * RATE / PERIOD;
        while (playing && ring_pop(engine_to_drummer(engine), &message))
            playing = drummer_receive(drummer, &message);
    }
    bench->callback_pct = spread_of(shares, count);
    free(shares);
    return true;
}

static bool time_engine(struct bench *bench, struct error *err)
{
    bool good = false;
    struct guitar guitar;
    if (!guitar_open(&guitar, "virtual", bench->score, RATE, 1, 0, err))
        return false;
    struct engine_take plan = {
        .score = bench->score,
        .settings = &bench->settings,
        .count_in_bars = 1,
        .listens = true,
        .guitarist = guitar.guitarist,
        .monitor = 0.7f,
        .stop_frame = INT64_MAX,
    };
    struct engine *engine = engine_new(bench->kit, RATE, err);
    struct drummer *drummer = engine ? drummer_new(bench->score, bench->model, &bench->settings,
                                                   engine_from_drummer(engine), NULL, err)
                                     : NULL;
    if (drummer)
        engine_set_reverb(engine, 0.2f);
    if (drummer && engine_start(engine, &plan, err))
        good = time_callbacks(bench, engine, drummer, err);
    drummer_free(drummer);
    engine_free(engine);
    guitar_close(&guitar);
    return good;
}

static bool time_network(struct bench *bench, struct error *err)
{
    return bench_groove(bench->drummer, bench->score, &bench->groove, err);
}

static void put_spread(struct json *root, const char *name, const struct spread *spread)
{
    struct json *one = json_put_object(root, name);
    json_put_number(one, "p50", spread->p50);
    json_put_number(one, "p99", spread->p99);
    json_put_number(one, "max", spread->max);
}

static void put_groove(struct json *root, const struct groove_speed *groove)
{
    put_spread(root, "groove_step_us", &groove->step_us);
    json_put_number(root, "train_step_ms", groove->train_step_ms);
    json_put_number(root, "train_gflops", groove->train_gflops);
    json_put_number(root, "matmul_gflops", groove->matmul_gflops);
    json_put_number(root, "train_share", groove->train_gflops / groove->matmul_gflops);
}

static void tell_groove(const struct groove_speed *groove)
{
    printf("the network alone   %7.0f us, 1%% over %.0f us, at most %.0f us\n", groove->step_us.p50,
           groove->step_us.p99, groove->step_us.max);
    printf("a training step     %7.1f ms on one core: %.0f GFLOP/s, %.0f %% of a matrix product\n",
           groove->train_step_ms, groove->train_gflops,
           100 * groove->train_gflops / groove->matmul_gflops);
}

static bool tell(const struct arguments *arguments, const struct bench *bench, struct error *err)
{
    const struct spread *step = &bench->step_us, *cpu = &bench->step_cpu_us;
    const struct spread *callback = &bench->callback_pct;
    if (arguments->json) {
        struct json *root = json_object();
        put_spread(root, "step_us", step);
        json_put_number(root, "finetune_s", bench->finetune_s);
        json_put_number(root, "render_x_realtime", bench->render_x_realtime);
        put_spread(root, "callback_pct", callback);
        put_spread(root, "step_cpu_us", &bench->step_cpu_us);
        put_groove(root, &bench->groove);
        json_put_string(root, "model", model_ops(bench->model)->name);
        json_put_bool(root, "drums_heard", bench->kit != NULL);
        return report_print(root, err);
    }
    printf("deciding a step     %7.0f us, 1%% over %.0f us, at most %.0f us\n", step->p50,
           step->p99, step->max);
    printf("its processor time  %7.0f us, 1%% over %.0f us, at most %.0f us\n", cpu->p50, cpu->p99,
           cpu->max);
    if (!isnan(bench->groove.train_step_ms))
        tell_groove(&bench->groove);
    if (!isnan(bench->finetune_s))
        printf("a lesson            %7.2f s\n", bench->finetune_s);
    printf("an offline take     %7.0f times faster than it is played\n", bench->render_x_realtime);
    printf("sound, per period   %7.1f %% of its time, 1%% over %.1f %%, at most %.1f %%%s\n",
           callback->p50, callback->p99, callback->max,
           bench->kit ? "" : " (no SoundFont: drums unheard)");
    return true;
}

static int run_bench(const struct arguments *arguments, struct error *err)
{
    if (!check_model(arguments->model, true, err))
        return CLI_USAGE;
    struct bench bench = {0};
    struct progress progress;
    bool (*const parts[])(struct bench *, struct error *) = {time_steps, time_network, time_engine,
                                                             time_take_and_lesson};
    enum { PARTS = sizeof parts / sizeof *parts };
    progress_begin(&progress, "timing");
    bool done = prepare(arguments, &bench, err);
    for (int i = 0; done && i < PARTS; i++)
        done = (progress_show(&progress, (double)i / PARTS) || error_set(err, "cancelled")) &&
               parts[i](&bench, err);
    progress_end(&progress);
    done = done && tell(arguments, &bench, err);
    model_close(bench.model);
    checkpoint_free(bench.drummer);
    kit_free(bench.kit);
    score_free(bench.score);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row bench_options[] = {
    OPTION_IS_TEXT("model", model, "M", "groove (default), paper, straight, or a checkpoint file"),
    OPTION_SOUNDFONT,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_bench = {
    .name = "bench",
    .summary = "speed of this machine",
    .details = "A period is 128 frames at 48 kHz. Above about 50 % of its time sound may break up.",
    .options = bench_options,
    .run = run_bench,
};
