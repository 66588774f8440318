/* compare: two takes, or two drummers, side by side. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"
#include "rehearsal/comparison.h"

#include <math.h>
#include <string.h>

enum { WIDEST = 5 };

static void put_drums(struct json *root, const struct comparison *comparison)
{
    struct json *drums = json_put_object(root, "drums");
    for (int drum = 0; drum <= DRUM_COUNT; drum++) {
        const struct compared_drum *one =
            drum < DRUM_COUNT ? &comparison->drums[drum] : &comparison->all;
        if (one->hits == 0)
            continue;
        struct json *into =
            json_put_object(drums, drum < DRUM_COUNT ? kitmap_name((enum drum)drum) : "all");
        json_put_integer(into, "hits", one->hits);
        json_put_number(into, "ms", one->ms);
        json_put_number(into, "apart_ms", one->apart_ms);
        json_put_number(into, "velocity", one->velocity);
        json_put_number(into, "apart_velocity", one->apart_velocity);
    }
    struct json *taught = json_put_array(root, "taught");
    for (int i = 0; i < 2; i++) {
        struct json *takes = json_put_array(taught, NULL);
        for (int k = 0; k < comparison->taught_count[i]; k++)
            json_put_integer(takes, NULL, comparison->taught[i][k]);
    }
}

static bool print_json(const struct comparison *comparison, const char *session, struct error *err)
{
    struct json *root = json_object();
    struct json *both = json_put_array(root, comparison->drummers ? "checkpoints" : "takes");
    for (int i = 0; i < 2; i++)
        if (comparison->drummers)
            report_put_checkpoint(json_put_object(both, NULL), &comparison->checkpoints[i]);
        else
            report_put_take(json_put_object(both, NULL), &comparison->takes[i]);
    if (comparison->drummers)
        put_drums(root, comparison);
    struct json *bars = json_put_array(root, "bars");
    for (int bar = 0; bar < comparison->bar_count; bar++) {
        struct json *one = json_put_object(bars, NULL);
        json_put_integer(one, "bar", bar + 1);
        json_put_number(one, "apart_ms", comparison_ms(comparison, bar));
        if (comparison->drummers)
            continue;
        struct json *ms = json_put_array(one, "asynchrony_ms");
        for (int i = 0; i < 2; i++)
            json_put_number(ms, NULL, (double)comparison->bar_ms[i][bar]);
    }
    int widest[WIDEST], count = comparison_widest(comparison, widest, WIDEST);
    struct json *most = json_put_array(root, "widest_bars");
    for (int i = 0; i < count; i++)
        json_put_integer(most, NULL, widest[i] + 1);
    json_put_string(root, "session", session);
    return report_print(root, err);
}

static void print_figure(const char *name, double first, double second, const char *unit)
{
    double figures[2] = {first, second};
    printf("  %-16s", name);
    for (int i = 0; i < 2; i++)
        if (isfinite(figures[i]))
            printf("%9.1f%-4s", figures[i], unit);
        else
            printf("%9s%-4s", "-", "");
    if (isfinite(first) && isfinite(second))
        printf("%+9.1f", second - first);
    putchar('\n');
}

static void print_takes(const struct comparison *comparison)
{
    const struct session_take *takes = comparison->takes;
    printf("  %-16s%9s%-4d%9s%-4d\n", "", "take ", takes[0].number, "take ", takes[1].number);
    printf("  %-16s%9s%-4d%9s%-4d\n", "drummer", "#", takes[0].checkpoint, "#",
           takes[1].checkpoint);
#define FIGURE(name, member, unit)                                                                 \
    print_figure(name, takes[0].summary.matched ? takes[0].member : NAN,                           \
                 takes[1].summary.matched ? takes[1].member : NAN, unit)
    FIGURE("together", summary.asynchrony_mae_ms, " ms");
    FIGURE("expected", summary.prediction_mae_ms, " ms");
    FIGURE("guitar late", summary.asynchrony_mean_ms, " ms");
#undef FIGURE
    printf("  %-16s%9d    %9d\n", "notes heard", takes[0].summary.matched,
           takes[1].summary.matched);
    printf("  %-16s%9d    %9d\n", "steps", takes[0].summary.steps, takes[1].summary.steps);
    print_figure("tempo", takes[0].settings.tempo_percent, takes[1].settings.tempo_percent, " %");
    print_figure("follow", takes[0].settings.controls.follow, takes[1].settings.controls.follow,
                 "");
    print_figure("leash", takes[0].settings.controls.leash_ms, takes[1].settings.controls.leash_ms,
                 " ms");
}

static void print_lessons(const struct comparison *comparison)
{
    for (int i = 0; i < 2; i++) {
        if (comparison->taught_count[i] == 0)
            continue;
        printf("  #%d has learnt, and #%d has not: take", comparison->checkpoints[i].number,
               comparison->checkpoints[!i].number);
        for (int k = 0; k < comparison->taught_count[i]; k++)
            printf("%s %d", k ? "," : "", comparison->taught[i][k]);
        putchar('\n');
    }
}

static void print_drummers(const struct comparison *comparison)
{
    printf("drummer #%d beside #%d, with no guitar heard\n", comparison->checkpoints[1].number,
           comparison->checkpoints[0].number);
    printf("  %-12s  hits    later  apart   louder  apart\n", "");
    for (int drum = 0; drum <= DRUM_COUNT; drum++) {
        const struct compared_drum *one =
            drum < DRUM_COUNT ? &comparison->drums[drum] : &comparison->all;
        if (one->hits > 0)
            printf("  %-12s %5d %+5.1f ms %3.1f ms   %+6.1f  %5.1f\n",
                   drum < DRUM_COUNT ? kitmap_name((enum drum)drum) : "all", one->hits, one->ms,
                   one->apart_ms, one->velocity, one->apart_velocity);
    }
    print_lessons(comparison);
}

static void print_widest(const struct comparison *comparison)
{
    int bars[WIDEST], count = comparison_widest(comparison, bars, WIDEST);
    if (count == 0) {
        printf("  no bar differs\n");
        return;
    }
    printf("  most in bar");
    for (int i = 0; i < count; i++)
        printf("%s %d (%.1f ms)", i ? "," : "", bars[i] + 1, comparison_ms(comparison, bars[i]));
    putchar('\n');
}

static bool compare(const struct arguments *arguments, struct room *room, struct error *err)
{
    bool drummers = arguments->checkpoints[0] > 0;
    const int *pair = drummers ? arguments->checkpoints : arguments->takes;
    struct comparison comparison = {0};
    if (!room_compare(room, drummers, pair[0], pair[1], &comparison, err))
        return false;
    bool told = true;
    if (arguments->json) {
        told = print_json(&comparison, session_info(room_session(room))->path, err);
    } else {
        if (drummers)
            print_drummers(&comparison);
        else
            print_takes(&comparison);
        print_widest(&comparison);
    }
    comparison_release(&comparison);
    return told;
}

static int run_compare(const struct arguments *arguments, struct error *err)
{
    if ((arguments->takes[0] > 0) == (arguments->checkpoints[0] > 0)) {
        error_set(err, "name two takes with --takes, or two drummers with --checkpoints");
        return CLI_USAGE;
    }
    struct room *room = open_past(arguments, err);
    bool done = room && compare(arguments, room, err);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row compare_options[] = {
    {OPTION_PAIR, "takes", "A,B", "two takes: their figures, and how they differ bar by bar",
     OPTION_PLACE(takes), 0, 0},
    {OPTION_PAIR, "checkpoints", "A,B",
     "two drummers: how they play the score with no guitar\nheard, and what they have learnt",
     OPTION_PLACE(checkpoints), 0, 0},
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_compare = {
    .name = "compare",
    .operand = "S",
    .summary = "two takes or two drummers side by side",
    .options = compare_options,
    .run = run_compare,
};
