#include "cli/evaluate.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "learn/two_bar.h"

static void print_row(const char *name, const struct partial_error *error)
{
    printf("%-10s %9.2f %9.2f\n", name, error->offset_mae_ms, error->velocity_mae);
}

static void put_row(struct json *into, const struct partial_error *error)
{
    json_put_number(into, "offset_mae_ms", error->offset_mae_ms);
    json_put_number(into, "velocity_mae", error->velocity_mae);
}

static bool tell(const struct arguments *arguments, const char *name,
                 const struct two_bar_error *error, bool has_mean, struct error *err)
{
    if (!arguments->json) {
        printf("%d windows of two bars in 4/4, %ld hits of split '%s'\n\n", error->windows,
               error->model.hits, arguments->split);
        printf("           timing ms  velocity\n");
        print_row(name, &error->model);
        print_row("grid", &error->grid);
        if (has_mean)
            print_row("mean", &error->mean);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    json_put_string(root, "model", name);
    struct json *all = json_put_object(root, "two_bars");
    json_put_integer(all, "windows", error->windows);
    json_put_integer(all, "hits", error->model.hits);
    put_row(all, &error->model);
    struct json *baselines = json_put_object(all, "baselines");
    put_row(json_put_object(baselines, "zero"), &error->grid);
    if (has_mean)
        put_row(json_put_object(baselines, "mean"), &error->mean);
    return report_print(root, err);
}

bool evaluate_two_bars(const struct arguments *arguments, const struct corpus *corpus,
                       const struct checkpoint *drummer, struct error *err)
{
    struct two_bar_error error;
    struct progress progress;
    struct corpus train = {0};
    struct model *model = model_open(drummer, err);
    bool has_train = corpus_load_sixteenths(&train, arguments->operand, "train", NULL);
    progress_begin(&progress, "evaluating");
    bool done =
        model && evaluate_two_bar(model, corpus, &train, progress_show, &progress, &error, err);
    progress_end(&progress);
    if (done && error.windows == 0)
        done = error_set(err, "split '%s' of '%s' holds no two bars in 4/4", arguments->split,
                         arguments->operand);
    done = done && tell(arguments, model_ops(model)->name, &error, has_train, err);
    corpus_clear(&train);
    model_close(model);
    return done;
}
