/* pretrain: a drummer from recordings of drummers. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "learn/export_corpus.h"
#include "learn/pretrain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct watcher {
    struct progress progress;
    struct pretrain_progress last;
};

static bool watch(void *context, const struct pretrain_progress *now)
{
    struct watcher *watcher = context;
    struct progress *progress = &watcher->progress;
    watcher->last = *now;
    int used = snprintf(progress->note, sizeof progress->note, "epoch %.1f, loss %.4f, %d min left",
                        now->epoch, now->loss, (int)ceil(now->seconds_left / 60));
    if (now->validated && used < (int)sizeof progress->note)
        snprintf(progress->note + used, sizeof progress->note - (size_t)used, ", %.2f ms",
                 now->offset_mae_ms);
    return progress_show(progress, now->epoch / now->epochs);
}

static bool tell(const struct arguments *arguments, const struct pretrain_progress *last,
                 struct error *err)
{
    if (!arguments->json) {
        printf("written to %s", arguments->output);
        if (last->validated)
            printf(": timing %.2f ms, velocity %.2f on the validation split", last->offset_mae_ms,
                   last->velocity_mae);
        printf("\n");
        return true;
    }
    double unknown = last->validated ? 0 : NAN;
    struct json *root = json_object();
    json_put_string(root, "output", arguments->output);
    json_put_number(root, "epochs", last->epoch);
    json_put_number(root, "loss", last->loss);
    json_put_number(root, "seconds", last->seconds);
    json_put_number(root, "offset_mae_ms", last->offset_mae_ms + unknown);
    json_put_number(root, "velocity_mae", last->velocity_mae + unknown);
    json_put_number(root, "heard_offset_mae_ms", last->heard_offset_mae_ms + unknown);
    return report_print(root, err);
}

/* Told before hours of training. The checkpoint replaces what has its name, so that must be a file:
 * run by root, `-o /dev/null` would take the device away from everybody. */
static bool check_output(const char *output, struct error *err)
{
    struct stat info;
    if (stat(output, &info) != 0 || S_ISREG(info.st_mode))
        return true;
    return error_set(err, "cannot write '%s': it is %s", output,
                     S_ISDIR(info.st_mode) ? "a folder" : "no ordinary file");
}

static int run_export(const struct arguments *arguments, struct error *err)
{
    struct export_counts counts;
    if (!check_output(arguments->export_file, err) ||
        !export_corpus(arguments->operand, arguments->export_file, &counts, err))
        return CLI_FAILED;
    if (!arguments->json) {
        printf("%d recordings, %ld steps written to %s\n", counts.recordings, counts.steps,
               arguments->export_file);
        return CLI_DONE;
    }
    struct json *root = json_object();
    json_put_string(root, "export", arguments->export_file);
    json_put_integer(root, "recordings", counts.recordings);
    json_put_integer(root, "steps", counts.steps);
    return report_print(root, err) ? CLI_DONE : CLI_FAILED;
}

/* Cuts a list of names at its commas. `list` is borrowed by the options. */
static bool name_teachers(char *list, struct pretrain_options *options, struct error *err)
{
    int count = 0;
    if (strcmp(options->model, "groove") != 0)
        return error_set(err, "--teachers teach the groove alone, not '%s'", options->model);
    for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
        if (count == PRETRAIN_TEACHERS)
            return error_set(err, "--teachers takes %d at most", PRETRAIN_TEACHERS);
        options->teachers[count++] = name;
    }
    return count || error_set(err, "--teachers names none");
}

/* `teachers` is room for the list of names, as long as the options are used. */
static bool read_options(const struct arguments *arguments, const char *model, char *teachers,
                         struct pretrain_options *options, struct error *err)
{
    *options = pretrain_defaults(model);
    options->folder = arguments->operand;
    options->output = arguments->output;
    options->seed = arguments->seed;
    if (!isnan(arguments->training_epochs))
        options->epochs = arguments->training_epochs;
    if (!isnan(arguments->dropout))
        options->dropout = arguments->dropout;
    if (arguments->threads)
        options->threads = arguments->threads;
    if (arguments->encoders)
        options->groove.encoders = options->paper.encoders = arguments->encoders;
    if (arguments->decoders)
        options->groove.decoders = options->paper.decoders = arguments->decoders;
    return !arguments->teachers || name_teachers(teachers, options, err);
}

static bool train(const struct arguments *arguments, const struct pretrain_options *wanted,
                  struct error *err)
{
    struct watcher watcher = {0};
    struct pretrain_options options = *wanted;
    options.watch = watch;
    options.context = &watcher;
    progress_begin(&watcher.progress, "training");
    bool done = pretrain(&options, err);
    progress_end(&watcher.progress);
    return done && tell(arguments, &watcher.last, err);
}

static int run_pretrain(const struct arguments *arguments, struct error *err)
{
    if (arguments->export_file)
        return run_export(arguments, err);
    if (!arguments->output) {
        error_set(err, "-o MODEL is missing");
        return CLI_USAGE;
    }
    if (!check_output(arguments->output, err))
        return CLI_FAILED;
    const char *model = arguments->model ? arguments->model : "groove";
    if (!pretrain_knows(model, err))
        return CLI_USAGE;
    char *teachers = strdup(arguments->teachers ? arguments->teachers : "");
    struct pretrain_options options;
    int status = CLI_FAILED;
    if (!teachers)
        error_set(err, "out of memory");
    else if (!read_options(arguments, model, teachers, &options, err))
        status = CLI_USAGE;
    else
        status = train(arguments, &options, err) ? CLI_DONE : CLI_FAILED;
    free(teachers);
    return status;
}

static const struct option_row pretrain_options[] = {
    OPTION_IS_TEXT("o", output, "MODEL", "the checkpoint to write"),
    OPTION_IS_TEXT("model", model, "M", "groove (default) or paper"),
    OPTION_IS_NUMBER("epochs", training_epochs, "N", 0.01, 10000, "passes over the recordings"),
    OPTION_IS_INTEGER("threads", threads, "N", 1, 256, "default: one a processor"),
    {OPTION_SEED, "seed", "N", "of the weights and the order", OPTION_PLACE(seed), 0, 0},
    OPTION_IS_INTEGER("encoders", encoders, "N", 1, 16, "layers that read the score"),
    OPTION_IS_INTEGER("decoders", decoders, "N", 1, 16, "layers that decide a step"),
    OPTION_IS_NUMBER("dropout", dropout, "D", 0, 0.9, "default .15 for groove, .1 for paper"),
    OPTION_IS_TEXT(
        "teachers", teachers, "A,B,...",
        "learn what these checkpoints would play, on average,\ninstead of what was played"),
    OPTION_IS_TEXT(
        "export", export_file, "FILE",
        "train nothing; write what would be learnt from, for\nPyTorch (src/learn/torch/train.py)"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_pretrain = {
    .name = "pretrain",
    .operand = "DIR",
    .summary = "train a drummer on recordings of drummers",
    .details = "DIR is shaped like the Groove MIDI Dataset. The training's state is kept beside "
               "MODEL\nonce a minute: after Ctrl-C or a crash the same command goes on from there.",
    .options = pretrain_options,
    .run = run_pretrain,
};
