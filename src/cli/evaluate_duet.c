#include "cli/evaluate.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "learn/duet.h"

#include <math.h>
#include <stdlib.h>

/* The three kinds of duet, in the order they are told. */
enum { REAL, SIMULATED, ODD, DUETS };
static const char *const duet_keys[DUETS] = {"drummers", "simulated", "odd"};
static const char *const predictor_keys[DUET_PREDICTORS] = {
    [DUET_ZERO] = "zero",           [DUET_EMA] = "ema", [DUET_TABLE] = "table",
    [DUET_TABLE_EMA] = "table_ema", [DUET_EAR] = "ear", [DUET_DRUMMER] = "drummer",
};

static void put_duet(struct json *into, const struct duet_result *result)
{
    json_put_integer(into, "players", result->players);
    for (int kind = 0; kind < DUET_PREDICTORS; kind++) {
        struct json *takes = json_put_array(into, predictor_keys[kind]);
        for (int take = 0; take < result->takes; take++)
            json_put_number(takes, NULL, result->mae_ms[kind][take]);
    }
    struct json *floor = json_put_array(into, "floor");
    for (int take = 0; take < result->takes; take++)
        json_put_number(floor, NULL, result->floor_ms[take]);
}

static void print_duet(const char *title, const struct duet_result *result)
{
    printf("\n%s (%d): |expected - played| in ms", title, result->players);
    for (int take = 0; take < result->takes && result->takes > 1; take++)
        printf("%s take %d", take ? "," : ":", take + 1);
    printf("\n");
    for (int kind = 0; kind < DUET_PREDICTORS; kind++) {
        if (isnan(result->mae_ms[kind][0]))
            continue;
        printf("  %-26s", duet_predictor_name((enum duet_predictor)kind));
        for (int take = 0; take < result->takes; take++)
            printf(" %7.2f", result->mae_ms[kind][take]);
        printf("\n");
    }
    if (isnan(result->floor_ms[0]))
        return;
    printf("  %-26s", "could be known");
    for (int take = 0; take < result->takes; take++)
        printf(" %7.2f", result->floor_ms[take]);
    printf("\n");
}

static bool tell_duets(const struct arguments *arguments, const struct duet_result results[DUETS],
                       struct error *err)
{
    if (!arguments->json) {
        print_duet("real drummers in the guitarist's place", &results[REAL]);
        print_duet("simulated guitarists", &results[SIMULATED]);
        print_duet("odd simulated guitarists", &results[ODD]);
        return true;
    }
    struct json *root = json_object();
    json_put_string(root, "split", arguments->split);
    struct json *duet = json_put_object(root, "duet");
    for (int i = 0; i < DUETS; i++)
        put_duet(json_put_object(duet, duet_keys[i]), &results[i]);
    return report_print(root, err);
}

static bool play_duets(const struct score *const *scores, int count,
                       const struct duet_options *options, struct progress *progress,
                       struct duet_result results[DUETS], struct error *err)
{
    struct duet_options odd = *options;
    odd.odd = true;
    progress_begin(progress, "real drummers");
    bool done = duet_drummers(scores, count, options, &results[REAL], err);
    progress->what = "guitarists";
    done = done && duet_run(scores, count, options, &results[SIMULATED], err);
    progress->what = "odd guitarists";
    done = done && duet_run(scores, count, &odd, &results[ODD], err);
    progress_end(progress);
    return done;
}

bool evaluate_duets(const struct arguments *arguments, const struct corpus *corpus,
                    const struct checkpoint *drummer, struct error *err)
{
    struct duet_result results[DUETS];
    struct progress progress;
    struct duet_options options = {
        .seed = arguments->seed,
        .drummer = drummer,
        .progress = progress_show,
        .user = &progress,
    };
    const struct score **scores = calloc((size_t)corpus->count, sizeof *scores);
    if (!scores)
        return error_set(err, "out of memory");
    int count = 0;
    for (int i = 0; i < corpus->count; i++)
        if (corpus->pieces[i].beat || arguments->fills)
            scores[count++] = corpus->pieces[i].score;
    bool done = play_duets(scores, count, &options, &progress, results, err) &&
                tell_duets(arguments, results, err);
    free(scores);
    return done;
}
