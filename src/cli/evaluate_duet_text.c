#include "cli/evaluate_duet.h"

#include "guitarist/guitarist.h"

#include <math.h>
#include <stdio.h>

static void print_head(const char *title)
{
    printf("\n%s\n%-28s", title, "");
    for (int take = 0; take < DUET_TAKES; take++)
        printf("  take %d", take + 1);
    printf("  2 to 5\n");
}

/* Nothing, where nobody like that played. */
static void print_curve(const char *name, const struct duet_result *result, int guitarist,
                        struct duet_curve curve)
{
    if (isnan(duet_mean(result, guitarist, curve, DUET_LATER).ms))
        return;
    printf("  %-26s", name);
    for (int take = 0; take <= DUET_LATER; take++)
        printf(" %7.2f", duet_mean(result, guitarist, curve, take).ms);
    printf("\n");
}

/* "1.23 +-0.45", or without the error where one player has none. */
static void print_mean(struct duet_mean mean)
{
    printf("%.2f", mean.ms);
    if (!isnan(mean.error_ms))
        printf(" +-%.2f", mean.error_ms);
}

static void print_difference(const char *name, const struct duet_result *result, int guitarist)
{
    for (int take = 0; take <= DUET_LATER; take++) {
        struct duet_mean less =
            duet_mean_less(result, guitarist, duet_drummer, duet_baseline, take);
        if (less.count == 0)
            return;
        if (take == 0)
            printf("  %-14s", name);
        printf(" %6.2f", less.ms);
        if (!isnan(less.error_ms))
            printf(" +-%4.2f", less.error_ms);
    }
    printf("\n");
}

static void print_gain(const struct duet_result *result)
{
    struct duet_mean below =
        duet_mean_less(result, DUET_ALL, duet_baseline, duet_drummer, DUET_LATER);
    struct duet_mean above = duet_mean_less(result, DUET_ALL, duet_drummer, duet_floor, DUET_LATER);
    printf("takes 2 to 5: ");
    print_mean(below);
    printf(" ms below bar table + running mean, %.2f above what could be known\n", above.ms);
}

static void print_worse(const struct duet_result *result)
{
    bool any = false, known = true;
    for (int kind = 0; guitarist_name(kind); kind++)
        for (int take = 0; take < DUET_TAKES; take++) {
            struct duet_mean less = duet_mean_less(result, kind, duet_drummer, duet_baseline, take);
            known = known && !isnan(less.error_ms);
            if (!duet_is_worse(less))
                continue;
            printf("%s %s in take %d (",
                   any ? "," : "worse by more than a standard error:", guitarist_name(kind),
                   take + 1);
            print_mean(less);
            printf(")");
            any = true;
        }
    if (any)
        printf("\n");
    else if (known)
        printf("no kind of guitarist is worse in any take by more than a standard error\n");
    else
        printf("whether a kind of guitarist is worse takes two players of each to say\n");
}

/* How much further the drums fell from the guitar than it fell from where it was expected. */
static void print_asynchrony(const struct duet_result *result)
{
    struct duet_mean more = duet_mean_less(result, DUET_ALL, duet_drums, duet_drummer, DUET_LATER);
    double most = more.ms;
    for (int kind = 0; guitarist_name(kind); kind++)
        for (int take = 0; take < DUET_TAKES; take++)
            most = fmax(most, duet_mean_less(result, kind, duet_drums, duet_drummer, take).ms);
    printf("the drums fall %.2f ms further from the guitar than it was expected, at most %.2f in a "
           "take of any kind\n",
           more.ms, most);
}

static void print_forgetting(const struct duet_result *result)
{
    double worst, before = result->humanising_ms;
    struct duet_mean after = duet_humanising(result, &worst);
    if (after.count == 0)
        return;
    printf("humanising error: %.2f ms, after five lessons %.2f (%+.1f %%)", before, after.ms,
           100 * (after.ms / before - 1));
    if (after.count > 1)
        printf(", with the worst of %d players %.2f (%+.1f %%)", after.count, worst,
               100 * (worst / before - 1));
    printf("\n");
}

static void print_simulated(const char *title, const struct duet_result *result)
{
    char head[128];
    snprintf(head, sizeof head, "%s (%d): |expected - played| in ms", title, result->count);
    print_head(head);
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        print_curve(duet_predictor_name(kind), result, DUET_ALL,
                    (struct duet_curve){kind, DUET_PREDICTION});
    print_curve("could be known", result, DUET_ALL, duet_floor);
    print_head("the same: |drums - guitar|");
    for (enum duet_predictor kind = DUET_TABLE_EMA; kind < DUET_PREDICTORS; kind++)
        print_curve(duet_predictor_name(kind), result, DUET_ALL,
                    (struct duet_curve){kind, DUET_ASYNCHRONY});
    print_head("the drummer, |expected - played|");
    for (int kind = 0; guitarist_name(kind); kind++)
        print_curve(guitarist_name(kind), result, kind, duet_drummer);
    print_head("what could be known of them");
    for (int kind = 0; guitarist_name(kind); kind++)
        print_curve(guitarist_name(kind), result, kind, duet_floor);
    printf(
        "\nthe drummer less bar table + running mean, +- standard error; takes 1 to 5, 2 to 5\n");
    for (int kind = 0; guitarist_name(kind); kind++)
        print_difference(guitarist_name(kind), result, kind);
    print_difference("all", result, DUET_ALL);
    print_gain(result);
    print_worse(result);
    print_asynchrony(result);
    print_forgetting(result);
}

static void print_drummers(const struct duet_drummers drummers[DUETS_TIMES])
{
    printf("real drummers in the guitarist's place (%d, %ld steps): |expected - played| in ms, "
           "in time and a step late\n",
           drummers->recordings, drummers->steps);
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        if (drummers->steps && !isnan(drummers->mae_ms[kind]))
            printf("  %-26s %7.2f %7.2f\n", duet_predictor_name(kind),
                   drummers[DUETS_IN_TIME].mae_ms[kind], drummers[DUETS_LATE].mae_ms[kind]);
}

void duet_print(const struct duet_findings *findings)
{
    static const char *const titles[DUETS_TIMES][DUETS_SETS] = {
        {"simulated guitarists", "odd simulated guitarists"},
        {"simulated guitarists, heard a step late", "odd simulated guitarists, heard a step late"},
    };
    print_drummers(findings->drummers);
    for (int late = 0; late < DUETS_TIMES; late++)
        for (int odd = 0; odd < DUETS_SETS; odd++)
            print_simulated(titles[late][odd], &findings->simulated[late][odd]);
}
