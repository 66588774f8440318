/* evaluate: how close the drummer comes to real ones, and how well it expects a guitarist. */
#include "cli/cli.h"
#include "cli/evaluate.h"
#include "cli/open.h"

static int run_evaluate(const struct arguments *given, struct error *err)
{
    struct arguments arguments = *given;
    if (arguments.duet && arguments.two_bars) {
        error_set(err, "--duet and --two-bars measure different things: choose one");
        return CLI_USAGE;
    }
    if (!arguments.duet && (arguments.players || arguments.epochs >= 0)) {
        error_set(err, "--%s belongs to --duet", arguments.players ? "players" : "epochs");
        return CLI_USAGE;
    }
    if (!check_model(arguments.model, true, err))
        return CLI_USAGE;
    if (!arguments.split)
        arguments.split = "validation";
    struct corpus corpus = {0};
    struct checkpoint *drummer = open_drummer(arguments.model, err);
    bool (*load)(struct corpus *, const char *, const char *, struct error *) =
        arguments.two_bars ? corpus_load_sixteenths : corpus_load;
    bool (*evaluate)(const struct arguments *, const struct corpus *, const struct checkpoint *,
                     struct error *) = arguments.duet       ? evaluate_duets
                                       : arguments.two_bars ? evaluate_two_bars
                                                            : evaluate_humanising;
    bool done = drummer && load(&corpus, arguments.operand, arguments.split, err) &&
                evaluate(&arguments, &corpus, drummer, err);
    corpus_clear(&corpus);
    checkpoint_free(drummer);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row evaluate_options[] = {
    OPTION_IS_TEXT("split", split, "NAME", "train, validation (default) or test"),
    OPTION_IS_FLAG("duet", duet,
                   "how well a guitarist is learnt: real drummers in his\nplace, and simulated "
                   "guitarists over five takes, each\nwith a lesson"),
    OPTION_IS_INTEGER("players", players, "N", 1, 10000,
                      "simulated guitarists of a duet (default 21)"),
    OPTION_IS_INTEGER(
        "epochs", epochs, "N", 0, 1000,
        "gradient passes of a duet's lessons; 0: only the ear\nlearns, which is quick"),
    OPTION_IS_FLAG("two-bars", two_bars,
                   "two bars at a time, on 16ths alone, as Gillick et al. 2019\nmeasured; fills "
                   "count where they are two bars long"),
    OPTION_IS_FLAG("fills", fills, "fills too, not grooves alone"),
    OPTION_IS_FLAG("heard", heard, "let the drummer hear and follow what was really played before"),
    OPTION_IS_NUMBER("expression", expression, "E", 0, 1, "default 0: the most likely hit"),
    OPTION_IS_TEXT("model", model, "M", "groove (default), paper, straight, or a checkpoint file"),
    {OPTION_SEED, "seed", "N", "chance of expression and of the guitarists", OPTION_PLACE(seed), 0,
     0},
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_evaluate = {
    .name = "evaluate",
    .operand = "DIR",
    .summary = "the drummer's error beside simple baselines'",
    .details = "DIR is shaped like the Groove MIDI Dataset: info.csv and the files it names.",
    .options = evaluate_options,
    .run = run_evaluate,
};
