/* note: what the player says of a take or a drummer. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"

/* What was told, as it stands now. */
static bool tell(const struct arguments *arguments, struct room *room, struct error *err)
{
    struct session_take take = {.number = 0};
    struct session_checkpoint drummer = {.number = 0};
    if (arguments->take
            ? !session_take_info(room_session(room), arguments->take, &take, err)
            : !session_checkpoint_info(room_session(room), arguments->checkpoint, &drummer, err))
        return false;
    if (arguments->json) {
        struct json *root = json_object();
        if (arguments->take)
            report_put_take(root, &take);
        else
            report_put_checkpoint(root, &drummer);
        json_put_string(root, "session", session_info(room_session(room))->path);
        return report_print(root, err);
    }
    const char *note = arguments->take ? take.note : drummer.note;
    if (arguments->take)
        printf("take %d", take.number);
    else
        printf("drummer #%d", drummer.number);
    printf(": %s\n", note[0] ? note : "nothing is noted");
    return true;
}

static bool note(const struct arguments *arguments, struct room *room, struct error *err)
{
    struct session *session = room_session(room);
    const char *text = arguments->text;
    if (text &&
        !(arguments->take ? session_note_take(session, arguments->take, text, err)
                          : session_note_checkpoint(session, arguments->checkpoint, text, err)))
        return false;
    return tell(arguments, room, err);
}

static int run_note(const struct arguments *arguments, struct error *err)
{
    if (!one_of_both(arguments, err))
        return CLI_USAGE;
    struct room *room = open_past(arguments, err);
    bool done = room && note(arguments, room, err);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row note_options[] = {
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "on this take"),
    OPTION_IS_INTEGER("checkpoint", checkpoint, "N", 1, INT_MAX, "on this drummer"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_note = {
    .name = "note",
    .operand = "S [TEXT]",
    .summary = "note something on a take or a drummer",
    .details = "TEXT is one line, in quotes for the shell; '' takes the note away; without TEXT "
               "the note is shown.",
    .options = note_options,
    .run = run_note,
};
