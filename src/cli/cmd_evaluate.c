/* evaluate: how close the drummer comes to real ones, and how well it expects a guitarist. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "learn/corpus.h"
#include "learn/duet.h"
#include "learn/evaluate.h"

#include <math.h>
#include <stdlib.h>

struct evaluation {
    struct humanising_error model, zero, table;
    bool has_table;
};

/* The table is what the folder's training split gives; a folder without one has no table. */
static void evaluate_baselines(const struct arguments *arguments, const struct corpus *corpus,
                               struct evaluation *evaluation)
{
    struct corpus train = {0};
    evaluate_grid(corpus, arguments->fills, &evaluation->zero);
    evaluation->has_table = corpus_load(&train, arguments->operand, "train", NULL);
    if (evaluation->has_table) {
        struct corpus_table table;
        corpus_tabulate(&train, &table);
        evaluate_table(corpus, arguments->fills, &table, &evaluation->table);
    }
    corpus_clear(&train);
}

static void put_error(struct json *into, const struct humanising_error *error)
{
    json_put_number(into, "offset_mae_ms", error->offset_mae_ms);
    json_put_number(into, "offset_mse_16th2", error->offset_mse_16th2);
    json_put_number(into, "velocity_mae", error->velocity_mae);
    json_put_number(into, "timing_kl", error->timing_kl);
    json_put_number(into, "velocity_kl", error->velocity_kl);
    json_put_number(into, "offset_sd_ratio", error->offset_sd_ratio);
    json_put_number(into, "velocity_sd_ratio", error->velocity_sd_ratio);
}

static void print_error_row(const char *name, const struct humanising_error *error)
{
    printf("%-10s %9.2f %13.4f %9.2f %10.3f %12.3f %9.2f\n", name, error->offset_mae_ms,
           error->offset_mse_16th2, error->velocity_mae, error->timing_kl, error->velocity_kl,
           error->offset_sd_ratio);
}

static bool tell_evaluation(const struct arguments *arguments, const char *name,
                            const struct evaluation *evaluation, struct error *err)
{
    const struct humanising_error *model = &evaluation->model;
    if (!arguments->json) {
        printf("%d recordings, %ld hits of split '%s'%s\n\n", model->files, model->hits,
               arguments->split, arguments->heard ? ", their own past heard" : "");
        printf("           timing ms  MSE (16th^2)  velocity  timing KL  velocity KL  SD ratio\n");
        print_error_row(name, model);
        print_error_row("grid", &evaluation->zero);
        if (evaluation->has_table)
            print_error_row("table", &evaluation->table);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    json_put_integer(root, "files", model->files);
    json_put_integer(root, "hits", model->hits);
    put_error(root, model);
    json_put_string(root, "model", name);
    json_put_bool(root, "heard", arguments->heard);
    json_put_bool(root, "fills", arguments->fills);
    struct json *baselines = json_put_object(root, "baselines");
    put_error(json_put_object(baselines, "zero"), &evaluation->zero);
    if (evaluation->has_table)
        put_error(json_put_object(baselines, "table"), &evaluation->table);
    return report_print(root, err);
}

static bool evaluate_humanising(const struct arguments *arguments, const struct corpus *corpus,
                                const struct checkpoint *drummer, struct error *err)
{
    struct evaluation evaluation = {0};
    struct progress progress;
    struct evaluate_options options = {
        .fills = arguments->fills,
        .heard = arguments->heard,
        .expression = isnan(arguments->expression) ? 0 : arguments->expression,
        .seed = arguments->seed,
        .progress = progress_show,
        .context = &progress,
    };
    struct model *model = model_open(drummer, err);
    progress_begin(&progress, "evaluating");
    bool done = model && evaluate_model(model, corpus, &options, &evaluation.model, err);
    progress_end(&progress);
    if (done && evaluation.model.files == 0) {
        done = error_set(err, "split '%s' of '%s' holds nothing but fills", arguments->split,
                         arguments->operand);
        error_hint(err, "--fills evaluates them too");
    }
    if (done) {
        evaluate_baselines(arguments, corpus, &evaluation);
        done = tell_evaluation(arguments, model_ops(model)->name, &evaluation, err);
    }
    model_close(model);
    return done;
}

/* The three kinds of duet, in the order they are told. */
enum { REAL, SIMULATED, ODD, DUETS };
static const char *const duet_keys[DUETS] = {"drummers", "simulated", "odd"};
static const char *const predictor_keys[DUET_PREDICTORS] = {
    [DUET_ZERO] = "zero",           [DUET_EMA] = "ema", [DUET_TABLE] = "table",
    [DUET_TABLE_EMA] = "table_ema", [DUET_EAR] = "ear", [DUET_DRUMMER] = "drummer",
};

static void put_duet(struct json *into, const struct duet_result *result)
{
    json_put_integer(into, "players", result->players);
    for (int kind = 0; kind < DUET_PREDICTORS; kind++) {
        struct json *takes = json_put_array(into, predictor_keys[kind]);
        for (int take = 0; take < result->takes; take++)
            json_put_number(takes, NULL, result->mae_ms[kind][take]);
    }
    struct json *floor = json_put_array(into, "floor");
    for (int take = 0; take < result->takes; take++)
        json_put_number(floor, NULL, result->floor_ms[take]);
}

static void print_duet(const char *title, const struct duet_result *result)
{
    printf("\n%s (%d): |expected - played| in ms", title, result->players);
    for (int take = 0; take < result->takes && result->takes > 1; take++)
        printf("%s take %d", take ? "," : ":", take + 1);
    printf("\n");
    for (int kind = 0; kind < DUET_PREDICTORS; kind++) {
        if (isnan(result->mae_ms[kind][0]))
            continue;
        printf("  %-26s", duet_predictor_name((enum duet_predictor)kind));
        for (int take = 0; take < result->takes; take++)
            printf(" %7.2f", result->mae_ms[kind][take]);
        printf("\n");
    }
    if (isnan(result->floor_ms[0]))
        return;
    printf("  %-26s", "could be known");
    for (int take = 0; take < result->takes; take++)
        printf(" %7.2f", result->floor_ms[take]);
    printf("\n");
}

static bool tell_duets(const struct arguments *arguments, const struct duet_result results[DUETS],
                       struct error *err)
{
    if (!arguments->json) {
        print_duet("real drummers in the guitarist's place", &results[REAL]);
        print_duet("simulated guitarists", &results[SIMULATED]);
        print_duet("odd simulated guitarists", &results[ODD]);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    struct json *duet = json_put_object(root, "duet");
    for (int i = 0; i < DUETS; i++)
        put_duet(json_put_object(duet, duet_keys[i]), &results[i]);
    return report_print(root, err);
}

static bool play_duets(const struct score *const *scores, int count,
                       const struct duet_options *options, struct progress *progress,
                       struct duet_result results[DUETS], struct error *err)
{
    struct duet_options odd = *options;
    odd.odd = true;
    progress_begin(progress, "real drummers");
    bool done = duet_drummers(scores, count, options, &results[REAL], err);
    progress->what = "guitarists";
    done = done && duet_run(scores, count, options, &results[SIMULATED], err);
    progress->what = "odd guitarists";
    done = done && duet_run(scores, count, &odd, &results[ODD], err);
    progress_end(progress);
    return done;
}

static bool evaluate_duets(const struct arguments *arguments, const struct corpus *corpus,
                           const struct checkpoint *drummer, struct error *err)
{
    struct duet_result results[DUETS];
    struct progress progress;
    struct duet_options options = {
        .seed = arguments->seed,
        .drummer = drummer,
        .progress = progress_show,
        .user = &progress,
    };
    const struct score **scores = calloc((size_t)corpus->count, sizeof *scores);
    if (!scores)
        return error_set(err, "out of memory");
    int count = 0;
    for (int i = 0; i < corpus->count; i++)
        if (corpus->pieces[i].beat || arguments->fills)
            scores[count++] = corpus->pieces[i].score;
    bool done = play_duets(scores, count, &options, &progress, results, err) &&
                tell_duets(arguments, results, err);
    free(scores);
    return done;
}

static int run_evaluate(const struct arguments *given, struct error *err)
{
    struct arguments arguments = *given;
    if (!check_model(arguments.model, true, err))
        return CLI_USAGE;
    if (!arguments.split)
        arguments.split = "validation";
    struct corpus corpus = {0};
    struct checkpoint *drummer = open_drummer(arguments.model, err);
    bool done = drummer && corpus_load(&corpus, arguments.operand, arguments.split, err) &&
                (arguments.duet ? evaluate_duets(&arguments, &corpus, drummer, err)
                                : evaluate_humanising(&arguments, &corpus, drummer, err));
    corpus_clear(&corpus);
    checkpoint_free(drummer);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row evaluate_options[] = {
    OPTION_IS_TEXT("split", split, "NAME", "train, validation (default) or test"),
    OPTION_IS_FLAG("duet", duet,
                   "how well a guitarist is expected: real drummers in his\nplace, and simulated "
                   "guitarists over five takes"),
    OPTION_IS_FLAG("fills", fills, "fills too, not grooves alone"),
    OPTION_IS_FLAG("heard", heard, "let the drummer hear and follow what was really played before"),
    OPTION_IS_NUMBER("expression", expression, "E", 0, 1, "default 0: the most likely hit"),
    OPTION_IS_TEXT("model", model, "M", "groove (default), straight, or a checkpoint file"),
    {OPTION_SEED, "seed", "N", "chance of expression and of the guitarists", OPTION_PLACE(seed), 0,
     0},
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_evaluate = {
    .name = "evaluate",
    .operand = "DIR",
    .summary = "the drummer's error beside simple baselines'",
    .details = "DIR is shaped like the Groove MIDI Dataset: info.csv and the files it names.",
    .options = evaluate_options,
    .run = run_evaluate,
};
