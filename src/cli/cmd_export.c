/* export and humanise: MIDI files of what the drummer plays. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "rehearsal/render.h"

#include <math.h>

static bool need_output(const struct arguments *arguments, struct error *err)
{
    return arguments->output || error_set(err, "-o OUT.mid is missing");
}

/* What an export may leave. */
struct exports {
    struct output midi, guitar;
};

static bool begin_exports(struct exports *exports, const struct arguments *arguments,
                          const char *session, struct error *err)
{
    return output_begin(&exports->midi, arguments->output, arguments, session, err) &&
           output_begin(&exports->guitar, arguments->guitar_out, arguments, session, err) &&
           (!output_same(&exports->midi, &exports->guitar) ||
            error_set(err, "cannot write '%s': -o and --guitar name one file",
                      arguments->guitar_out));
}

static bool write_exports(const struct arguments *arguments, struct room *room,
                          const struct exports *exports, struct error *err)
{
    int which = arguments->drummer ? ROOM_DRUMMER
                : arguments->take  ? arguments->take
                                   : ROOM_LAST_ACCEPTED;
    if (exports->midi.path && !room_export(room, which, exports->midi.path, err))
        return false;
    return !exports->guitar.path ||
           room_export_guitar(room, arguments->take, exports->guitar.path, err);
}

static bool tell_exports(const struct arguments *arguments, const char *session, struct error *err)
{
    if (!arguments->json) {
        if (arguments->output)
            printf("written to %s\n", arguments->output);
        if (arguments->guitar_out)
            printf("the guitar is written to %s\n", arguments->guitar_out);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "output", arguments->output);
    json_put_string(root, "guitar", arguments->guitar_out);
    json_put_bool(root, "drummer", arguments->drummer);
    json_put_string(root, "session", session);
    return report_print(root, err);
}

static bool export_take(const struct arguments *arguments, struct room *room,
                        struct exports *exports, struct error *err)
{
    const char *session = session_info(room_session(room))->path;
    return begin_exports(exports, arguments, session, err) &&
           write_exports(arguments, room, exports, err) && output_keep(&exports->midi, err) &&
           output_keep(&exports->guitar, err) && tell_exports(arguments, session, err);
}

static bool check_export(const struct arguments *arguments, struct error *err)
{
    if (!arguments->output && !arguments->guitar_out)
        return error_set(err, "-o OUT.mid is missing, or --guitar OUT.wav");
    if (arguments->guitar_out && !arguments->take)
        return error_set(err, "--guitar wants to know of which take: --take N");
    return !(arguments->drummer && arguments->take) ||
           error_set(err, "--drummer and --take do not go together");
}

static int run_export(const struct arguments *arguments, struct error *err)
{
    if (!check_export(arguments, err))
        return CLI_USAGE;
    struct exports exports = {0};
    struct room *room = open_past(arguments, err);
    bool done = room && export_take(arguments, room, &exports, err);
    output_drop(&exports.midi);
    output_drop(&exports.guitar);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

/* Nobody is heard, so the drummer plays for himself. */
static struct take *play_alone(const struct arguments *arguments, const struct score *score,
                               const struct model *model, struct error *err)
{
    struct take_settings settings = room_offline_settings();
    struct progress progress;
    apply_settings(arguments, &settings);
    struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
    struct render_config config = {.model = model, .progress = progress_show, .context = &progress};
    progress_begin(&progress, "playing");
    struct take *record = render_take(&take, &config, err);
    progress_end(&progress);
    return record;
}

static bool humanise(const struct arguments *arguments, const struct score *score,
                     const struct model *model, struct output *output, struct error *err)
{
    struct take *take = play_alone(arguments, score, model, err);
    bool done =
        take && room_write_midi(score, score, take, output->path, err) && output_keep(output, err);
    if (done && arguments->json) {
        struct json *root = json_object();
        json_put_string(root, "output", arguments->output);
        json_put_integer(root, "steps", take->step_count);
        json_put_integer(root, "hits", take->hit_count);
        json_put_string(root, "model", model_ops(model)->name);
        json_put_unsigned(root, "seed", arguments->seed);
        done = report_print(root, err);
    } else if (done) {
        printf("%d hits, humanised, written to %s\n", take->hit_count, arguments->output);
    }
    take_free(take);
    return done;
}

static int run_humanise(const struct arguments *arguments, struct error *err)
{
    if (!need_output(arguments, err) || !check_model(arguments->model, true, err))
        return CLI_USAGE;
    struct output output = {0};
    struct model *model = NULL;
    struct score_options options = {
        .quantise = arguments->quantise,
        .tempo_percent = isnan(arguments->tempo_percent) ? 100 : arguments->tempo_percent,
    };
    struct score *score = score_load(arguments->operand, &options, err);
    struct checkpoint *drummer = score ? open_drummer(arguments->model, err) : NULL;
    bool done = drummer && (model = model_open(drummer, err)) &&
                output_begin(&output, arguments->output, arguments, NULL, err) &&
                humanise(arguments, score, model, &output, err);
    output_drop(&output);
    model_close(model);
    checkpoint_free(drummer);
    score_free(score);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row export_options[] = {
    OPTION_IS_TEXT("o", output, "OUT.mid", "the file to write"),
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "default: the last accepted one"),
    OPTION_IS_FLAG("drummer", drummer, "the current drummer, with no guitar heard"),
    OPTION_IS_TEXT("guitar", guitar_out, "OUT.wav", "the guitar that was recorded with the take"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_export = {
    .name = "export",
    .operand = "S",
    .summary = "the humanised MIDI of a take, or its guitar",
    .details =
        "The score's own file with its drum notes moved and struck as they were played. The\n"
        "guitar begins with the score's time 0, so that take --guitar plays along with it.",
    .options = export_options,
    .run = run_export,
};

static const struct option_row humanise_options[] = {
    OPTION_IS_TEXT("o", output, "OUT.mid", "the file to write"),
    OPTION_IS_TEXT("model", model, "M", "groove (default), paper, straight, or a checkpoint file"),
    OPTION_IS_NUMBER("expression", expression, "E", 0, 1,
                     "0: the most likely hit, 1: the spread of a real drummer"),
    OPTION_IS_NUMBER("leash", leash_ms, "MS", 0, 1000, "the most a hit may move"),
    OPTION_IS_NUMBER("tempo", tempo_percent, "PERCENT", 40, 160, "of the score's own tempo"),
    {OPTION_BARS, "bars", "A-B", "these bars alone", 0, 0, 0},
    {OPTION_SEED, "seed", "N", "chance of expression", OPTION_PLACE(seed), 0, 0},
    OPTION_IS_FLAG("quantise", quantise, "the score was played: put it on the grid first"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_humanise = {
    .name = "humanise",
    .operand = "SONG.mid",
    .summary = "the pretrained drummer alone plays a score: MIDI out",
    .details = "No guitar is heard, no session is made.",
    .options = humanise_options,
    .run = run_humanise,
};
