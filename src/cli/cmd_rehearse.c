/* The rehearsal on the screen, and the demo. */
#include "base/paths.h"
#include "cli/again.h"
#include "cli/cli.h"
#include "cli/demo.h"
#include "cli/open.h"
#include "cli/recall.h"
#include "tui/tui.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool on_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* The player's keys, read once; what is wrong with his file is told before the screen opens. */
static const struct key_settings *own_keys(void)
{
    static struct key_settings own;
    static bool read;
    if (!read) {
        key_settings_init(&own);
        key_settings_load(&own);
        for (int i = 0; i < own.problem_count; i++)
            fprintf(stderr, "rolypoly: in the file of keys, %s\n", own.problems[i]);
    }
    read = true;
    return &own;
}

static int show(const struct arguments *arguments, struct room *room, bool demo,
                struct tui_rest *rest, struct error *err)
{
    struct tui_options options = {.keys = own_keys(), .demo = demo, .autoplay = demo};
    struct recall recall;
    recall_begin(&recall, arguments, room, &options);
    int status = tui_run(room, &options, rest, err);
    if (status != CLI_FAILED)
        recall_end(&recall, arguments, room, &options, rest);
    return status;
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

static int play_song(const struct arguments *arguments, struct tui_rest *rest, bool *opened,
                     struct error *err)
{
    static const struct demo_session none = {.folder = ""};
    struct room *room = open_song(arguments, err);
    *opened = room != NULL;
    int status = room ? show(arguments, room, false, rest, err) : CLI_FAILED;
    room_close(room);
    return status == TUI_AGAIN ? go_on(rest, &none, err) : status;
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

/* A session of its own, gone afterwards, so that every demo begins with the same drummer. `session`
 * is what another process has left of it. */
static int play_demo(const struct arguments *given, struct tui_rest *rest,
                     struct demo_session *session, struct error *err)
{
    struct arguments arguments = *given;
    char song[PATH_MAX];
    if (!paths_asset("demo.mid", song, sizeof song, err))
        return CLI_FAILED;
    if (!arguments.session && !session->folder[0] && !demo_session_make(session, err))
        return CLI_FAILED;
    arguments.operand = song;
    if (!arguments.session)
        arguments.session = session->path;
    if (!arguments.guitar)
        arguments.guitar = "virtual";
    int status = demonstrate(&arguments, rest, err);
    if (status == TUI_AGAIN)
        status = go_on(rest, session, err);
    demo_session_remove(session);
    return status;
}

/* One song out of the library, "" for the demo. What the command line says of one song's session is
 * not meant for another. */
static int play_chosen(const struct arguments *given, const char *song, struct tui_rest *rest,
                       bool *opened, struct error *err)
{
    struct arguments arguments = *given;
    struct demo_session session = {.folder = ""};
    arguments.operand = song;
    arguments.session = arguments.lessons_from = NULL;
    arguments.quantise = given->quantise && !session_is_file(song);
    *opened = true;
    snprintf(rest->song, sizeof rest->song, "%s", song);
    return song[0] ? play_song(&arguments, rest, opened, err)
                   : play_demo(&arguments, rest, &session, err);
}

/* Song after song, until the user leaves; `first` comes first, unless it is "". */
static int use_library(const struct arguments *arguments, struct tui_choice *choice,
                       const char *first, struct error *err)
{
    char next[PATH_MAX];
    snprintf(next, sizeof next, "%s", first);
    struct tui_rest rest;
    bool opened = true;
    int status = TUI_LIBRARY;
    if (!tui_open(choice->keys->mouse, err))
        return CLI_FAILED;
    while (status == TUI_LIBRARY || !opened) {
        status = next[0] ? 0 : tui_choose(choice, err);
        opened = true;
        if (status != 0)
            break;
        if (next[0])
            snprintf(choice->song, sizeof choice->song, "%s", next);
        rest = (struct tui_rest){.there = false};
        status = play_chosen(arguments, choice->song, &rest, &opened, err);
        choice->back = opened && choice->song[0];
        choice->kept = rest.kept;
        snprintf(next, sizeof next, "%s", rest.next);
        if (!opened)
            choice->failure = *err;
    }
    tui_close();
    recall_keep_folder(choice->folder);
    return status == TUI_QUIT ? CLI_DONE : status;
}

/* The folder of a score; of a session, the last one. */
static void folder_of(const char *song, char folder[PATH_MAX])
{
    const char *slash = strrchr(song, '/');
    if (!song[0] || session_is_file(song))
        recall_folder(NULL, folder);
    else if (!slash)
        snprintf(folder, PATH_MAX, ".");
    else
        snprintf(folder, PATH_MAX, "%.*s", slash == song ? 1 : (int)(slash - song), song);
}

/* The library after a song that the command line named. */
static int leave_song(const struct arguments *arguments, const char *song,
                      const struct tui_rest *rest, struct error *err)
{
    char sessions[PATH_MAX];
    struct tui_choice choice = {.kept = rest->kept, .back = song[0] != '\0', .keys = own_keys()};
    snprintf(choice.song, sizeof choice.song, "%s",
             song[0] && arguments->session ? arguments->session : song);
    folder_of(song, choice.folder);
    if (!paths_sessions(sessions, sizeof sessions, err))
        return CLI_FAILED;
    choice.sessions = sessions;
    return use_library(arguments, &choice, rest->next, err);
}

/* The library first: of one folder, or with all that has been rehearsed. */
static int run_library(const struct arguments *arguments, struct error *err)
{
    char sessions[PATH_MAX];
    struct tui_choice choice = {.keys = own_keys()};
    if (arguments->session || arguments->lessons_from) {
        error_set(err, "--session and --lessons-from are for one song: name it");
        return CLI_USAGE;
    }
    if (!paths_sessions(sessions, sizeof sessions, err))
        return CLI_FAILED;
    choice.sessions = arguments->operand ? NULL : sessions;
    recall_folder(arguments->operand, choice.folder);
    return use_library(arguments, &choice, "", err);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int run_song(const struct arguments *given, struct error *err)
{
    struct arguments arguments = *given;
    struct tui_rest rest;
    struct demo_session session = {.folder = ""};
    bool opened;
    again_take(&rest, &session);
    if (rest.there && (rest.song[0] || session.folder[0])) { /* begun from the library */
        arguments.operand = rest.song;
        arguments.session = arguments.lessons_from = NULL;
    } else if (!arguments.operand || is_folder(arguments.operand)) {
        return run_library(&arguments, err);
    }
    if (!session.folder[0] && !session_is_file(arguments.operand)) {
        char folder[PATH_MAX];
        folder_of(arguments.operand, folder);
        recall_keep_folder(folder);
    }
    int status = session.folder[0] ? play_demo(&arguments, &rest, &session, err)
                                   : play_song(&arguments, &rest, &opened, err);
    return status == TUI_LIBRARY ? leave_song(&arguments, arguments.operand, &rest, err) : status;
}

static int run_rehearse(const struct arguments *arguments, struct error *err)
{
    if (!check_model(arguments->model, false, err) || !check_guitar(arguments->guitar, err))
        return CLI_USAGE;
    if (arguments->operand && access(arguments->operand, R_OK) != 0) {
        error_errno(err, "cannot read score '%s'", arguments->operand);
        return CLI_FAILED;
    }
    if (!on_terminal()) {
        error_set(err, "cannot open the screen: this is no terminal");
        error_hint(err, arguments->operand && !is_folder(arguments->operand)
                            ? "rolypoly take plays without one"
                            : "rolypoly library lists what there is without one");
        return CLI_FAILED;
    }
    return run_song(arguments, err);
}

static int run_demo(const struct arguments *arguments, struct error *err)
{
    struct tui_rest rest;
    struct demo_session session = {.folder = ""};
    if (!check_model(arguments->model, false, err) || !check_guitar(arguments->guitar, err))
        return CLI_USAGE;
    again_take(&rest, &session);
    int status = play_demo(arguments, &rest, &session, err);
    return status == TUI_LIBRARY ? leave_song(arguments, "", &rest, err) : status;
}

static const struct option_row rehearse_options[] = {
    OPTION_IS_TEXT("guitar", guitar, "FILE", "a MIDI file or virtual[:NAME] plays, instead of you"),
    OPTIONS_OF_PLAYING,
    OPTIONS_OF_PRACTICE,
    OPTION_SENSITIVITY,
    OPTION_NO_RECORDING,
    OPTIONS_OF_SESSION,
    OPTIONS_OF_DRUMS,
    OPTIONS_OF_DEVICE,
    OPTION_LAST,
};

const struct command command_rehearse = {
    .name = "rehearse",
    .operand = "[SONG.mid | FOLDER]",
    .summary = "rehearse a song, or choose one; ? on the screen shows the keys",
    .options = rehearse_options,
    .run = run_rehearse,
};

static const struct option_row demo_options[] = {
    OPTION_IS_TEXT("guitar", guitar, "virtual:NAME", "another guitarist than the laid-back one"),
    OPTIONS_OF_PLAYING,
    OPTIONS_OF_PRACTICE,
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
