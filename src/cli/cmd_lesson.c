/* accept, reject, rollback: what the drummer makes of a take. */
#include "cli/cli.h"
#include "cli/lesson.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"

#include <math.h>

/* A lesson as it was asked for, and what speaks against it. */
struct wish {
    int take;
    struct lesson_options options;
    struct lesson_advice advice;
    struct bars flubs; /* left out because they are; none where the bars were named */
};

static struct lesson_options chosen_options(const struct arguments *arguments, struct room *room)
{
    struct lesson_options options = room_lesson_recipe(room);
    if (!isnan(arguments->weights.velocity))
        options.weights = arguments->weights;
    if (arguments->epochs >= 0)
        options.epochs = arguments->epochs;
    options.choice = arguments->choice;
    options.strength = arguments->strength;
    return options;
}

static bool make_wish(struct wish *wish, const struct arguments *arguments, struct room *room,
                      struct error *err)
{
    struct lesson_choice clean;
    *wish = (struct wish){.take = chosen_take(arguments, room, err)};
    if (!wish->take)
        return false;
    wish->options = chosen_options(arguments, room);
    if (arguments->choice.bars.count == 0) {
        if (!room_lesson_choice(room, wish->take, &clean, &wish->flubs, err))
            return false;
        wish->options.choice.bars = clean.bars;
    }
    return room_advise(room, wish->take, &wish->options.choice, &wish->advice, err);
}

static bool tell_lesson(const struct arguments *arguments, struct room *room,
                        const struct wish *wish, int checkpoint, const struct lesson_report *report,
                        struct error *err)
{
    struct session_checkpoint info;
    if (!session_checkpoint_info(room_session(room), checkpoint, &info, err))
        return false;
    if (arguments->json) {
        struct json *root = json_object();
        report_put_checkpoint(root, &info);
        report_put_lesson(root, report);
        report_put_advice(root, &wish->advice);
        report_put_flubs(root, &wish->flubs);
        json_put_string(root, "session", session_info(room_session(room))->path);
        return report_print(root, err);
    }
    printf("learnt from take %d: drummer #%d, grown from #%d, is current now\n", wish->take,
           checkpoint, info.parent);
    report_flubs(&wish->flubs, stdout);
    report_lesson(report, stdout);
    return true;
}

static bool learn(const struct arguments *arguments, struct room *room, const struct wish *wish,
                  struct error *err)
{
    struct lesson_report report;
    if (!room_start_lesson(room, wish->take, &wish->options, err))
        return false;
    int checkpoint = lesson_wait(room, &report, err);
    if (!checkpoint)
        return interrupted() ? error_set(err, "the lesson was cancelled: nothing was learnt")
                             : false;
    return tell_lesson(arguments, room, wish, checkpoint, &report, err);
}

/* What speaks against it comes first; that it was asked for counts more. */
static bool accept(const struct arguments *arguments, struct room *room, struct error *err)
{
    struct wish wish;
    if (!make_wish(&wish, arguments, room, err))
        return false;
    if (!arguments->look) {
        if (!arguments->json && wish.advice.notes > 0)
            report_doubts(&wish.advice, stderr);
        return learn(arguments, room, &wish, err);
    }
    if (!arguments->json) {
        report_advice(wish.take, &wish.advice, stdout);
        report_flubs(&wish.flubs, stdout);
        return true;
    }
    struct json *root = json_object();
    json_put_integer(root, "take", wish.take);
    report_put_advice(root, &wish.advice);
    report_put_flubs(root, &wish.flubs);
    json_put_string(root, "session", session_info(room_session(room))->path);
    return report_print(root, err);
}

static bool reject(const struct arguments *arguments, struct room *room, struct error *err)
{
    int take = chosen_take(arguments, room, err);
    if (!take || !room_reject(room, take, err))
        return false;
    if (!arguments->json) {
        printf("take %d is rejected; nothing was learnt from it\n", take);
        return true;
    }
    struct session_take info;
    struct json *root = json_object();
    if (session_take_info(room_session(room), take, &info, err)) {
        report_put_take(root, &info);
        json_put_string(root, "session", session_info(room_session(room))->path);
        return report_print(root, err);
    }
    json_free(root);
    return false;
}

static bool roll_back(const struct arguments *arguments, struct room *room, struct error *err)
{
    int before;
    if (!session_current(room_session(room), &before, err))
        return false;
    int checkpoint = room_rollback(room, arguments->checkpoint, err);
    if (!checkpoint)
        return false;
    if (!arguments->json) {
        printf("drummer #%d is current now (before: #%d)\n", checkpoint, before);
        return true;
    }
    struct json *root = json_object();
    json_put_integer(root, "checkpoint", checkpoint);
    json_put_integer(root, "before", before);
    json_put_string(root, "session", session_info(room_session(room))->path);
    return report_print(root, err);
}

static int with_room(const struct arguments *arguments,
                     bool (*act)(const struct arguments *, struct room *, struct error *),
                     struct error *err)
{
    struct room *room = open_past(arguments, err);
    bool done = room && act(arguments, room, err);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static int run_accept(const struct arguments *arguments, struct error *err)
{
    return with_room(arguments, accept, err);
}

static int run_reject(const struct arguments *arguments, struct error *err)
{
    return with_room(arguments, reject, err);
}

static int run_rollback(const struct arguments *arguments, struct error *err)
{
    return with_room(arguments, roll_back, err);
}

static const struct option_row accept_options[] = {
    OPTION_TAKE,
    {OPTION_BAR_LIST, "bars", "BARS",
     "learn from these bars alone, like 1-8,13,17-; without\nit from all but the flubs",
     OPTION_PLACE(choice.bars), 0, 0},
    {OPTION_DRUMS, "drums", "DRUMS",
     "learn of these drums alone, and where one of them is\nstruck, like kick,snare",
     OPTION_PLACE(choice.drums), 0, 0},
    OPTION_IS_NUMBER("strength", strength, "S", 0.01, 1,
                     "how much the lesson changes, from 0.01 to 1 (default)"),
    OPTION_IS_FLAG("look", look, "say what speaks for and against it, and learn nothing"),
    OPTION_IS_INTEGER("epochs", epochs, "N", 0, 1000,
                      "gradient passes over the take; 0: only what is expected\nof the guitar"),
    {OPTION_WEIGHTS, "weights", "V,O,G,R",
     "how much the lesson cares about the scored velocities,\nabout meeting the guitar, about "
     "predicting it, and\nabout staying a human drummer",
     OPTION_PLACE(weights), 0, 0},
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_accept = {
    .name = "accept",
    .operand = "S",
    .summary = "learn from a take: a new drummer, current from now on",
    .details = "The drummer before it stays: rollback goes back to it. Ctrl-C changes nothing.",
    .options = accept_options,
    .run = run_accept,
};

static const struct option_row reject_options[] = {OPTION_TAKE, OPTION_JSON, OPTION_LAST};

const struct command command_reject = {
    .name = "reject",
    .operand = "S",
    .summary = "keep a take, learn nothing from it",
    .options = reject_options,
    .run = run_reject,
};

static const struct option_row rollback_options[] = {
    OPTION_IS_INTEGER("to", checkpoint, "CHECKPOINT", 1, INT_MAX,
                      "default: the one the current one grew from"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_rollback = {
    .name = "rollback",
    .operand = "S",
    .summary = "make an earlier drummer current again",
    .options = rollback_options,
    .run = run_rollback,
};
