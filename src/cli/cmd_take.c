/* take and replay: a performance without a screen, faster than real time. */
#include "cli/cli.h"
#include "cli/live.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "rehearsal/sensitivity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The files a performance may leave. */
struct outputs {
    struct output mix, midi;
};

static bool begin_outputs(struct outputs *outputs, const struct arguments *arguments,
                          struct room *room, struct error *err)
{
    const char *session = session_info(room_session(room))->path;
    return output_begin(&outputs->mix, arguments->mix, arguments, session, err) &&
           output_begin(&outputs->midi, arguments->midi, arguments, session, err) &&
           (!output_same(&outputs->mix, &outputs->midi) ||
            error_set(err, "cannot write '%s': --out and --midi name one file", arguments->mix));
}

static bool keep_outputs(struct outputs *outputs, struct error *err)
{
    return output_keep(&outputs->mix, err) && output_keep(&outputs->midi, err);
}

static void drop_outputs(struct outputs *outputs)
{
    output_drop(&outputs->mix);
    output_drop(&outputs->midi);
}

/* How a take went, beside its own record. */
struct outcome {
    const struct live *live;             /* NULL: offline */
    const struct entrance_cue *entrance; /* NULL: nobody began alone */
};

static void tell_entrance(const struct entrance_cue *cue, FILE *out)
{
    fprintf(out, "  came in after %d strums, %.2f s, at %.1f beats a minute\n", cue->strums,
            cue->bar_s, 60 / cue->beat_s);
}

static void put_entrance(struct json *root, const struct entrance_cue *cue)
{
    json_put_number(root, "entrance_s", cue->bar_s);
    json_put_integer(root, "entrance_strums", cue->strums);
    json_put_number(root, "entrance_certainty", cue->certainty);
}

/* What the record alone can say. */
static bool tell_record(struct room *room, int number, struct json *into, struct error *err)
{
    const struct score *score;
    struct take *take = room_stored_take(room, number, &score, err);
    bool told = take && (into ? report_put_dropouts(into, score, take, err)
                              : report_dropouts(score, take, stdout, err));
    take_free(take);
    return told;
}

static bool tell(const struct arguments *arguments, struct room *room,
                 const struct session_take *take, struct outcome outcome, struct error *err)
{
    struct room_verdict verdict;
    struct json *root = arguments->json ? json_object() : NULL;
    bool told = room_judge(room, take->number, &verdict, err);
    if (told && arguments->json) {
        report_put_take(root, take);
        report_put_verdict(root, &verdict.judgement);
        json_put_string(root, "session", session_info(room_session(room))->path);
        if (outcome.entrance)
            put_entrance(root, outcome.entrance);
        if (outcome.live)
            live_put(root, outcome.live);
    } else if (told) {
        report_take(take, room, stdout);
        report_verdict(&verdict.judgement, stdout);
        if (outcome.entrance)
            tell_entrance(outcome.entrance, stdout);
        if (outcome.live)
            live_tell(outcome.live, stdout);
    }
    room_verdict_release(&verdict);
    if (told && take->settings.practice.out_bars > 0)
        told = tell_record(room, take->number, root, err);
    if (told && arguments->json)
        return report_print(root, err);
    json_free(root);
    return told;
}

/* The take itself. Returns its number, 0 on failure. */
static int perform(const struct arguments *arguments, struct room *room,
                   const struct outputs *outputs, struct live *live, struct entrance_cue *cue,
                   struct error *err)
{
    struct progress progress;
    struct room_take_options options = room_take_defaults(room);
    if (arguments->live)
        options.sensitivity_db = sensitivity_load();
    apply_options(arguments, &options);
    options.entrance = arguments->entrance ? cue : NULL;
    if (arguments->live)
        return live_take(arguments, room, &options, live, err);
    options.mix = outputs->mix.path;
    options.progress = progress_show;
    options.context = &progress;
    progress_begin(&progress, "playing");
    int number = room_take(room, &options, err);
    progress_end(&progress);
    if (!number && interrupted())
        error_set(err, "the take was cancelled: nothing was stored");
    return number;
}

static bool play(const struct arguments *arguments, struct room *room, struct outputs *outputs,
                 struct error *err)
{
    struct session_take info;
    struct live live = {.realtime = REALTIME_UNKNOWN};
    struct entrance_cue cue = {.strums = 0};
    int number = perform(arguments, room, outputs, &live, &cue, err);
    if (number && room_unrecorded(room))
        fprintf(stderr, "the guitar's sound is not kept with the take: %s\n",
                room_unrecorded(room));
    return number && session_take_info(room_session(room), number, &info, err) &&
           (!outputs->midi.path || room_export(room, number, outputs->midi.path, err)) &&
           keep_outputs(outputs, err) &&
           tell(arguments, room, &info,
                (struct outcome){arguments->live ? &live : NULL, arguments->entrance ? &cue : NULL},
                err);
}

/* Nothing that was asked for may go unheeded. */
static bool check_way(const struct arguments *arguments, struct error *err)
{
    bool card = arguments->input_device || arguments->output_device || arguments->rate ||
                arguments->period || arguments->channel || arguments->silent;
    if (arguments->live && arguments->mix) {
        error_set(err, "--out is not for a live take");
        return error_hint(err, "rolypoly replay --out writes what was heard");
    }
    if (arguments->entrance && !isnan(arguments->tempo_percent))
        return error_set(err, "--tempo is not for a guitar that begins: it brings its own");
    if (arguments->entrance && !arguments->guitar && !arguments->live)
        return error_set(err, "--entrance needs a guitar that begins: --guitar, or --live");
    if (arguments->live || !card)
        return true;
    error_set(err, "the options of the sound card are for a live take");
    return error_hint(err, "--live plays now, at the sound card");
}

static int run_take(const struct arguments *arguments, struct error *err)
{
    if (!check_model(arguments->model, false, err) || !check_way(arguments, err))
        return CLI_USAGE;
    struct outputs outputs = {0};
    struct room *room = open_song(arguments, err);
    bool done = room && begin_outputs(&outputs, arguments, room, err) &&
                play(arguments, room, &outputs, err);
    drop_outputs(&outputs);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

/* Both sounded every hit at the same frame, and expected the guitar at the same moment. */
static bool identical(const struct take *a, const struct take *b)
{
    if (a->hit_count != b->hit_count || a->step_count != b->step_count)
        return false;
    for (int i = 0; i < a->hit_count; i++)
        if (a->hits[i].hit != b->hits[i].hit || a->hits[i].frame != b->hits[i].frame ||
            a->hits[i].velocity != b->hits[i].velocity)
            return false;
    for (int i = 0; i < a->step_count; i++)
        if (a->steps[i].step != b->steps[i].step || a->steps[i].planned != b->steps[i].planned ||
            a->steps[i].predicted_ms != b->steps[i].predicted_ms)
            return false;
    return true;
}

static bool play_again(const struct arguments *arguments, struct room *room,
                       struct outputs *outputs, struct error *err)
{
    const struct score *score;
    struct session_take info;
    int number = chosen_take(arguments, room, err);
    if (!number || !session_take_info(room_session(room), number, &info, err))
        return false;
    struct room_take_options options = room_take_defaults(room);
    apply_options(arguments, &options);
    struct take *again =
        room_replay(room, number, arguments->checkpoint, outputs->mix.path, options.reverb, err);
    struct take *stored = again ? room_stored_take(room, number, &score, err) : NULL;
    bool done = stored != NULL;
    if (done && !arguments->checkpoint && !identical(stored, again)) {
        error_set(err, "take %d does not sound as it did: this program plays it differently",
                  number);
        done = error_hint(err, "the take itself is safe: export writes it as it was played");
    }
    if (done) {
        info.summary = take_summarise(again);
        const struct score *song = room_score_at(room, info.settings.tempo_percent, err);
        if (arguments->checkpoint)
            info.checkpoint = arguments->checkpoint;
        done =
            song &&
            (!outputs->midi.path || room_write_midi(song, score, again, outputs->midi.path, err)) &&
            keep_outputs(outputs, err) &&
            tell(arguments, room, &info, (struct outcome){NULL, NULL}, err);
    }
    take_free(stored);
    take_free(again);
    return done;
}

static int run_replay(const struct arguments *arguments, struct error *err)
{
    struct outputs outputs = {0};
    struct room *room = open_past(arguments, err);
    bool done = room && begin_outputs(&outputs, arguments, room, err) &&
                play_again(arguments, room, &outputs, err);
    drop_outputs(&outputs);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row take_options[] = {
    OPTION_IS_TEXT("guitar", guitar, "FILE",
                   "a recording, a MIDI file or virtual[:NAME]; without it\nnobody plays along"),
    OPTION_IS_FLAG("entrance", entrance,
                   "the guitar begins alone; the drums come in on its beat, at its\ntempo"),
    OPTION_IS_FLAG("live", live, "now, at the sound card: you play, until the end or Ctrl-C"),
    OPTION_IS_TEXT("out", mix, "MIX.wav", "write what was heard"),
    OPTION_IS_TEXT("midi", midi, "OUT.mid", "write what the drummer played"),
    OPTIONS_OF_PLAYING,
    OPTIONS_OF_PRACTICE,
    OPTION_SENSITIVITY,
    OPTION_NO_RECORDING,
    OPTIONS_OF_SESSION,
    OPTIONS_OF_DRUMS,
    OPTIONS_OF_DEVICE,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_take = {
    .name = "take",
    .operand = "SONG.mid",
    .summary = "one take without the screen, faster than real time or live",
    .details =
        "Plays the song with a guitar and stores the take in the song's session. Time 0 of\n"
        "the guitar's file is time 0 of the score. A virtual guitarist is heard as sound,\n"
        "like any other: on-grid, laid-back, swinger, straightener, subverter, rusher or\n"
        "pattern, and odd-NAME for each, who is harder to foresee. The options of the sound\n"
        "card go with --live.",
    .options = take_options,
    .run = run_take,
};

static const struct option_row replay_options[] = {
    OPTION_TAKE,
    OPTION_IS_INTEGER("checkpoint", checkpoint, "N", 1, INT_MAX,
                      "another drummer of the session plays to the same guitar"),
    OPTION_IS_TEXT("midi", midi, "OUT.mid", "write what the drummer played"),
    OPTION_IS_TEXT("out", mix, "MIX.wav",
                   "write what was heard: the drums, and the guitar where it\nwas recorded"),
    OPTIONS_OF_DRUMS,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_replay = {
    .name = "replay",
    .operand = "S",
    .summary = "a stored take again, from its onsets, bit for bit",
    .details =
        "Fails when the take does not come out exactly as it was stored, unless another drummer\n"
        "than its own plays it.",
    .options = replay_options,
    .run = run_replay,
};
