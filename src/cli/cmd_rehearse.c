/* The rehearsal on the screen, and the demo. */
#include "base/paths.h"
#include "cli/again.h"
#include "cli/cli.h"
#include "cli/demo.h"
#include "cli/open.h"
#include "rehearsal/sensitivity.h"
#include "tui/tui.h"

#include <string.h>
#include <unistd.h>

static bool on_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int show(const struct arguments *arguments, struct room *room, bool demo,
                struct tui_rest *rest, struct error *err)
{
    struct tui_options options = {
        .take = room_take_defaults(room),
        .device = sound_of(arguments),
        .demo = demo,
        .autoplay = demo,
    };
    options.take.sensitivity_db = sensitivity_load();
    apply_options(arguments, &options.take);
    return tui_run(room, &options, rest, err);
}

/* A recording cannot play into a room that people play in. */
static bool check_guitar(const char *guitar, struct error *err)
{
    const char *dot = guitar ? strrchr(guitar, '.') : NULL;
    if (!guitar || is_virtual(guitar) ||
        (dot && (strcasecmp(dot, ".mid") == 0 || strcasecmp(dot, ".midi") == 0)))
        return true;
    error_set(err, "'%s' cannot play on the screen: that is for a MIDI file or virtual[:NAME]",
              guitar);
    return error_hint(err, "rolypoly take hears recordings");
}

/* Comes back when it failed. */
static int go_on(const struct tui_rest *rest, const struct demo_session *session, struct error *err)
{
    again_begin(rest, session, err);
    return CLI_FAILED;
}

static int run_rehearse(const struct arguments *arguments, struct error *err)
{
    if (!check_model(arguments->model, false, err) || !check_guitar(arguments->guitar, err))
        return CLI_USAGE;
    if (access(arguments->operand, R_OK) != 0) {
        error_errno(err, "cannot read score '%s'", arguments->operand);
        return CLI_FAILED;
    }
    if (!on_terminal()) {
        error_set(err, "cannot open the screen: this is no terminal");
        error_hint(err, "rolypoly take plays without one");
        return CLI_FAILED;
    }
    struct tui_rest rest;
    struct demo_session none = {.folder = ""};
    again_take(&rest, &none);
    struct room *room = open_song(arguments, err);
    int status = room ? show(arguments, room, false, &rest, err) : CLI_FAILED;
    room_close(room);
    return status == TUI_AGAIN ? go_on(&rest, &none, err) : status;
}

static int demonstrate(const struct arguments *arguments, struct tui_rest *rest, struct error *err)
{
    struct room *room = open_song(arguments, err);
    int status = CLI_FAILED;
    if (room && on_terminal() && !arguments->json)
        status = show(arguments, room, true, rest, err);
    else if (room)
        status = demo_play(arguments, room, err) ? CLI_DONE : CLI_FAILED;
    room_close(room);
    return status;
}

/* A session of its own, gone afterwards, so that every demo begins with the same drummer. */
static int run_demo(const struct arguments *given, struct error *err)
{
    struct arguments arguments = *given;
    struct demo_session session = {0};
    struct tui_rest rest;
    char song[PATH_MAX];
    if (!check_model(arguments.model, false, err) || !check_guitar(arguments.guitar, err))
        return CLI_USAGE;
    if (!paths_asset("demo.mid", song, sizeof song, err))
        return CLI_FAILED;
    again_take(&rest, &session);
    if (!arguments.session && !session.folder[0] && !demo_session_make(&session, err))
        return CLI_FAILED;
    arguments.operand = song;
    if (!arguments.session)
        arguments.session = session.path;
    if (!arguments.guitar)
        arguments.guitar = "virtual";
    int status = demonstrate(&arguments, &rest, err);
    if (status == TUI_AGAIN)
        status = go_on(&rest, &session, err);
    demo_session_remove(&session);
    return status;
}

static const struct option_row rehearse_options[] = {
    OPTION_IS_TEXT("guitar", guitar, "FILE", "a MIDI file or virtual[:NAME] plays, instead of you"),
    OPTIONS_OF_PLAYING,
    OPTION_SENSITIVITY,
    OPTION_NO_RECORDING,
    OPTIONS_OF_SESSION,
    OPTIONS_OF_DRUMS,
    OPTIONS_OF_DEVICE,
    OPTION_LAST,
};

const struct command command_rehearse = {
    .name = "rehearse",
    .operand = "SONG.mid",
    .summary = "rehearse a song; ? on the screen shows the keys",
    .options = rehearse_options,
    .run = run_rehearse,
};

static const struct option_row demo_options[] = {
    OPTION_IS_TEXT("guitar", guitar, "virtual:NAME", "another guitarist than the laid-back one"),
    OPTIONS_OF_PLAYING,
    OPTION_SENSITIVITY,
    OPTION_NO_RECORDING,
    OPTION_IS_TEXT("session", session, "FILE", "keep the session in this file"),
    OPTIONS_OF_DRUMS,
    OPTIONS_OF_DEVICE,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_demo = {
    .name = "demo",
    .summary = "the bundled song with a virtual guitarist",
    .details = "Where there is no terminal: three takes with a lesson after each, and what was "
               "learnt.",
    .options = demo_options,
    .run = run_demo,
};
