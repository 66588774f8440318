/* delete: a take, or a drummer and all that grew from it, for good. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"

#include <stdio.h>
#include <unistd.h>

/* What would go, in words; false where it may not. */
static bool describe(const struct arguments *arguments, struct room *room,
                     struct session_branch *branch, char *what, size_t size, struct error *err)
{
    struct session *session = room_session(room);
    int number = arguments->checkpoint;
    if (arguments->take) {
        *branch = (struct session_branch){.takes = 1};
        snprintf(what, size, "take %d", arguments->take);
        return session_take_deletable(session, arguments->take, err);
    }
    if (!session_branch_deletable(session, number, branch, err))
        return false;
    int grown = branch->checkpoints - 1;
    snprintf(what, size, "drummer #%d", number);
    if (grown == 0 && branch->takes == 0)
        return true;
    snprintf(what, size, "drummer #%d, %d that grew from it and %d take%s", number, grown,
             branch->takes, branch->takes == 1 ? "" : "s");
    if (arguments->branch)
        return true;
    error_set(err, "drummer #%d has played %d take%s, with %d that grew from it", number,
              branch->takes, branch->takes == 1 ? "" : "s", grown);
    return error_hint(err, "--branch deletes all of that with it");
}

/* Asks on the terminal. */
static bool is_meant(const struct arguments *arguments, const char *what, struct error *err)
{
    char answer[16];
    if (arguments->yes)
        return true;
    if (!isatty(STDIN_FILENO)) {
        error_set(err, "nothing is deleted: there is no terminal to ask at");
        return error_hint(err, "--yes deletes without asking");
    }
    fprintf(stderr, "delete %s, for good? [y/N] ", what);
    bool yes = fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
    return (yes && !interrupted()) || error_set(err, "nothing is deleted");
}

static bool tell(const struct arguments *arguments, struct room *room,
                 const struct session_branch *branch, const char *what, struct error *err)
{
    if (!arguments->json) {
        printf("deleted: %s\n", what);
        return true;
    }
    struct json *root = json_object();
    json_put_integer(root, arguments->take ? "take" : "checkpoint",
                     arguments->take ? arguments->take : arguments->checkpoint);
    json_put_integer(root, "takes_deleted", branch->takes);
    json_put_integer(root, "checkpoints_deleted", branch->checkpoints);
    json_put_string(root, "session", session_info(room_session(room))->path);
    return report_print(root, err);
}

static bool delete_it(const struct arguments *arguments, struct room *room, struct error *err)
{
    char what[128];
    struct session_branch branch;
    return describe(arguments, room, &branch, what, sizeof what, err) &&
           is_meant(arguments, what, err) &&
           (arguments->take ? room_delete_take(room, arguments->take, err)
                            : room_delete_drummer(room, arguments->checkpoint, err)) &&
           tell(arguments, room, &branch, what, err);
}

static int run_delete(const struct arguments *arguments, struct error *err)
{
    if (!one_of_both(arguments, err))
        return CLI_USAGE;
    struct room *room = open_past(arguments, err);
    bool done = room && delete_it(arguments, room, err);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row delete_options[] = {
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "this take"),
    OPTION_IS_INTEGER("checkpoint", checkpoint, "N", 1, INT_MAX, "this drummer"),
    OPTION_IS_FLAG("branch", branch,
                   "with the takes it has played, all that grew from it and\ntheirs"),
    OPTION_IS_FLAG("yes", yes, "do not ask"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_delete = {
    .name = "delete",
    .operand = "S",
    .summary = "delete a take or a drummer for good",
    .details = "What something else needs stays: a take that a drummer has learnt from, the "
               "drummer that\nplays now. Numbers are not given again.",
    .options = delete_options,
    .run = run_delete,
};
