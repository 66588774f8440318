#include "cli/evaluate.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "learn/evaluate.h"

#include <math.h>

struct evaluation {
    struct humanising_error model, independent, grid, table;
    bool has_independent, has_table;
};

/* ---- Measuring ---- */

static bool evaluate_drummer(const struct arguments *arguments, const struct corpus *corpus,
                             const struct model *model, struct evaluation *evaluation,
                             struct error *err)
{
    struct progress progress;
    struct evaluate_options options = {
        .fills = arguments->fills,
        .heard = arguments->heard,
        .expression = isnan(arguments->expression) ? 0 : arguments->expression,
        .seed = arguments->seed,
        .progress = progress_show,
        .context = &progress,
    };
    progress_begin(&progress, "evaluating");
    bool done = evaluate_model(model, corpus, &options, &evaluation->model, err);
    options.independent = evaluation->has_independent = options.expression > 0;
    if (done && options.independent)
        done = evaluate_model(model, corpus, &options, &evaluation->independent, err);
    progress_end(&progress);
    if (done && evaluation->model.files == 0) {
        done = error_set(err, "split '%s' of '%s' holds nothing but fills", arguments->split,
                         arguments->operand);
        error_hint(err, "--fills evaluates them too");
    }
    return done;
}

/* The table is what the folder's training split gives; a folder without one has no table. */
static bool evaluate_baselines(const struct arguments *arguments, const struct corpus *corpus,
                               struct evaluation *evaluation, struct error *err)
{
    struct corpus train = {0};
    bool done = evaluate_grid(corpus, arguments->fills, &evaluation->grid, err);
    evaluation->has_table = corpus_load(&train, arguments->operand, "train", NULL);
    if (done && evaluation->has_table) {
        struct corpus_table table;
        corpus_tabulate(&train, &table);
        done = evaluate_table(corpus, arguments->fills, &table, &evaluation->table, err);
    }
    corpus_clear(&train);
    return done;
}

/* ---- As JSON ---- */

static void put_coherence(struct json *into, const char *name, const struct coherence *coherence)
{
    struct json *object = json_put_object(into, name);
    struct json *array = json_put_array(object, "autocorrelation");
    for (int l = 0; l < EVALUATE_LAGS; l++)
        json_put_number(array, NULL, coherence->autocorrelation[l]);
    json_put_number(object, "within_step_ms", coherence->within_step_ms);
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
    put_coherence(into, "coherence", &error->made);
}

static void put_partial(struct json *into, const struct partial_error *error)
{
    json_put_integer(into, "hits", error->hits);
    json_put_number(into, "offset_mae_ms", error->offset_mae_ms);
    json_put_number(into, "velocity_mae", error->velocity_mae);
}

static void put_parts(struct json *into, const struct humanising_error *error)
{
    struct json *stretches = json_put_array(into, "stretches");
    for (int i = 0; i < EVALUATE_STRETCHES; i++) {
        const struct stretch_error *stretch = &error->stretches[i];
        struct json *object = json_put_object(stretches, NULL);
        json_put_integer(object, "first_bar", stretch->first_bar);
        if (stretch->last_bar)
            json_put_integer(object, "last_bar", stretch->last_bar);
        else
            json_put_null(object, "last_bar");
        put_partial(object, &stretch->error);
    }
    struct json *metres = json_put_array(into, "metres");
    for (int i = 0; i < error->metre_count; i++) {
        const struct metre_error *metre = &error->metres[i];
        struct json *object = json_put_object(metres, NULL);
        json_put_integer(object, "numerator", metre->numerator);
        json_put_integer(object, "denominator", metre->denominator);
        put_partial(object, &metre->error);
    }
}

static bool print_json(const struct arguments *arguments, const char *name,
                       const struct evaluation *evaluation, struct error *err)
{
    const struct humanising_error *model = &evaluation->model;
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    json_put_integer(root, "files", model->files);
    json_put_integer(root, "hits", model->hits);
    put_error(root, model);
    json_put_string(root, "model", name);
    json_put_bool(root, "heard", arguments->heard);
    json_put_bool(root, "fills", arguments->fills);
    put_coherence(root, "coherence_played", &model->played);
    put_parts(root, model);
    struct json *baselines = json_put_object(root, "baselines");
    struct json *grid = json_put_object(baselines, "zero");
    put_error(grid, &evaluation->grid);
    put_parts(grid, &evaluation->grid);
    if (evaluation->has_table)
        put_error(json_put_object(baselines, "table"), &evaluation->table);
    if (evaluation->has_independent)
        put_error(json_put_object(baselines, "independent"), &evaluation->independent);
    return report_print(root, err);
}

/* ---- As text ---- */

static void print_error(const char *name, const struct humanising_error *error)
{
    printf("%-12s %9.2f %13.4f %9.2f %10.3f %12.3f %10.2f %9.2f\n", name, error->offset_mae_ms,
           error->offset_mse_16th2, error->velocity_mae, error->timing_kl, error->velocity_kl,
           error->offset_sd_ratio, error->velocity_sd_ratio);
}

static void print_coherence(const char *name, const struct coherence *coherence)
{
    printf("%-12s", name);
    for (int l = 0; l < EVALUATE_LAGS; l++)
        printf(" %6.2f", coherence->autocorrelation[l]);
    printf(" %14.1f\n", coherence->within_step_ms);
}

static void print_part(const char *name, const struct partial_error *error,
                       const struct partial_error *grid)
{
    if (error->hits)
        printf("%-12s %7ld %10.2f %10.2f %10.2f %10.2f\n", name, error->hits, error->offset_mae_ms,
               grid->offset_mae_ms, error->velocity_mae, grid->velocity_mae);
}

static void print_parts(const struct humanising_error *model, const struct humanising_error *grid)
{
    char name[32];
    printf("\nby place         hits  timing ms    on grid   velocity    on grid\n");
    for (int i = 0; i < EVALUATE_STRETCHES; i++) {
        const struct stretch_error *stretch = &model->stretches[i];
        if (stretch->last_bar)
            snprintf(name, sizeof name, "bars %d-%d", stretch->first_bar, stretch->last_bar);
        else
            snprintf(name, sizeof name, "bars %d-", stretch->first_bar);
        print_part(name, &stretch->error, &grid->stretches[i].error);
    }
    for (int i = 0; i < model->metre_count; i++) {
        const struct metre_error *metre = &model->metres[i];
        snprintf(name, sizeof name, "%d/%d", metre->numerator, metre->denominator);
        print_part(name, &metre->error, &grid->metres[i].error);
    }
}

static void print_text(const struct arguments *arguments, const char *name,
                       const struct evaluation *evaluation)
{
    const struct humanising_error *model = &evaluation->model;
    printf("%d recordings, %ld hits of split '%s'%s\n\n", model->files, model->hits,
           arguments->split, arguments->heard ? ", their own past heard" : "");
    printf("             timing ms  MSE (16th^2)  velocity  timing KL  velocity KL  SD timing  "
           "velocity\n");
    print_error(name, model);
    if (evaluation->has_independent)
        print_error("independent", &evaluation->independent);
    print_error("grid", &evaluation->grid);
    if (evaluation->has_table)
        print_error("table", &evaluation->table);
    printf("\nsteps apart  ");
    for (int l = 0; l < EVALUATE_LAGS; l++)
        printf("%6d ", evaluate_lags[l]);
    printf("within a step ms\n");
    print_coherence("played", &model->played);
    print_coherence(name, &model->made);
    if (evaluation->has_independent)
        print_coherence("independent", &evaluation->independent.made);
    print_parts(model, &evaluation->grid);
}

bool evaluate_humanising(const struct arguments *arguments, const struct corpus *corpus,
                         const struct checkpoint *drummer, struct error *err)
{
    struct evaluation evaluation = {0};
    struct model *model = model_open(drummer, err);
    bool done = model && evaluate_drummer(arguments, corpus, model, &evaluation, err) &&
                evaluate_baselines(arguments, corpus, &evaluation, err);
    if (done && arguments->json)
        done = print_json(arguments, model_ops(model)->name, &evaluation, err);
    else if (done)
        print_text(arguments, model_ops(model)->name, &evaluation);
    model_close(model);
    return done;
}
