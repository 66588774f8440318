#include "cli/evaluate_duet.h"

#include "cli/evaluate.h"
#include "cli/progress.h"
#include "cli/report.h"

#include <stdio.h>

const struct duet_curve duet_drummer = {DUET_DRUMMER, DUET_PREDICTION};
const struct duet_curve duet_baseline = {DUET_TABLE_EMA, DUET_PREDICTION};
const struct duet_curve duet_floor = {DUET_DRUMMER, DUET_FLOOR};
const struct duet_curve duet_drums = {DUET_DRUMMER, DUET_ASYNCHRONY};

static bool play_duets(const struct corpus *corpus, const struct duet_options *options,
                       struct progress *progress, struct duet_findings *findings, struct error *err)
{
    static const char *const what[DUETS_TIMES][DUETS_SETS] = {
        {"guitarists", "odd guitarists"},
        {"guitarists, heard late", "odd guitarists, heard late"},
    };
    bool done = true;
    progress_begin(progress, "real drummers");
    for (int late = 0; done && late < DUETS_TIMES; late++) {
        struct duet_options these = *options;
        these.late = late == DUETS_LATE;
        done = duet_drummers(corpus, &these, &findings->drummers[late], err);
    }
    for (int late = 0; done && late < DUETS_TIMES; late++)
        for (int odd = 0; done && odd < DUETS_SETS; odd++) {
            struct duet_options these = *options;
            these.late = late == DUETS_LATE;
            these.odd = odd == DUETS_ODD;
            these.forgetting = late == DUETS_IN_TIME && options->lesson;
            progress->what = what[late][odd];
            done = duet_run(corpus, &these, &findings->simulated[late][odd], err);
        }
    progress_end(progress);
    return done;
}

static bool tell_duets(const struct arguments *arguments, const char *model,
                       const struct duet_findings *findings, struct error *err)
{
    if (!arguments->json) {
        duet_print(findings);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    json_put_string(root, "model", model);
    duet_put(json_put_object(root, "duet"), findings);
    return report_print(root, err);
}

bool evaluate_duets(const struct arguments *arguments, const struct corpus *corpus,
                    const struct checkpoint *drummer, struct error *err)
{
    struct duet_findings findings = {.drummers[0].recordings = 0};
    struct progress progress;
    const char *model = checkpoint_get(drummer, "model");
    const struct lesson_options *recipe = lesson_recipe(model);
    struct lesson_options lesson;
    struct duet_options options = {
        .players = arguments->players,
        .fills = arguments->fills,
        .seed = arguments->seed,
        .drummer = drummer,
        .progress = progress_show,
        .user = &progress,
    };
    if (recipe) {
        lesson = *recipe;
        if (arguments->epochs >= 0)
            lesson.epochs = arguments->epochs;
        options.lesson = &lesson;
    }
    bool done = play_duets(corpus, &options, &progress, &findings, err) &&
                tell_duets(arguments, model, &findings, err);
    for (int late = 0; late < DUETS_TIMES; late++)
        for (int odd = 0; odd < DUETS_SETS; odd++)
            duet_clear(&findings.simulated[late][odd]);
    return done;
}
