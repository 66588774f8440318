#include "cli/evaluate_duet.h"

#include "guitarist/guitarist.h"

static const char *const predictor_keys[DUET_PREDICTORS] = {
    [DUET_ZERO] = "zero",           [DUET_EMA] = "ema", [DUET_TABLE] = "table",
    [DUET_TABLE_EMA] = "table_ema", [DUET_EAR] = "ear", [DUET_NETWORK] = "network",
    [DUET_DRUMMER] = "drummer",
};

static void put_curve(struct json *into, const char *name, const struct duet_result *result,
                      int guitarist, struct duet_curve curve)
{
    struct json *takes = json_put_array(into, name);
    for (int take = 0; take < DUET_TAKES; take++)
        json_put_number(takes, NULL, duet_mean(result, guitarist, curve, take).ms);
}

static void put_difference(struct json *into, const char *name, struct duet_mean difference)
{
    struct json *object = json_put_object(into, name);
    json_put_number(object, "ms", difference.ms);
    json_put_number(object, "standard_error_ms", difference.error_ms);
}

static void put_kind(struct json *into, const struct duet_result *result, int kind)
{
    put_curve(into, "drummer", result, kind, duet_drummer);
    put_curve(into, "table_ema", result, kind, duet_baseline);
    put_curve(into, "floor", result, kind, duet_floor);
    put_curve(into, "asynchrony", result, kind, duet_drums);
    struct json *takes = json_put_array(into, "drummer_less_table_ema");
    for (int take = 0; take < DUET_TAKES; take++)
        put_difference(takes, NULL,
                       duet_mean_less(result, kind, duet_drummer, duet_baseline, take));
}

static void put_worse(struct json *into, const struct duet_result *result)
{
    for (int kind = 0; guitarist_name(kind); kind++)
        for (int take = 0; take < DUET_TAKES; take++) {
            struct duet_mean less = duet_mean_less(result, kind, duet_drummer, duet_baseline, take);
            if (!duet_is_worse(less))
                continue;
            struct json *object = json_put_object(into, NULL);
            json_put_string(object, "guitarist", guitarist_name(kind));
            json_put_integer(object, "take", take + 1);
            json_put_number(object, "ms", less.ms);
            json_put_number(object, "standard_error_ms", less.error_ms);
        }
}

static void put_forgetting(struct json *into, const struct duet_result *result)
{
    double worst;
    struct duet_mean after = duet_humanising(result, &worst);
    json_put_integer(into, "players", after.count);
    json_put_number(into, "before_ms", result->humanising_ms);
    json_put_number(into, "after_ms", after.ms);
    json_put_number(into, "worst_ms", worst);
}

static void put_simulated(struct json *into, const struct duet_result *result)
{
    json_put_integer(into, "players", result->count);
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        put_curve(into, predictor_keys[kind], result, DUET_ALL,
                  (struct duet_curve){kind, DUET_PREDICTION});
    put_curve(into, "floor", result, DUET_ALL, duet_floor);
    struct json *asynchrony = json_put_object(into, "asynchrony");
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        put_curve(asynchrony, predictor_keys[kind], result, DUET_ALL,
                  (struct duet_curve){kind, DUET_ASYNCHRONY});
    struct json *kinds = json_put_object(into, "kinds");
    for (int kind = 0; guitarist_name(kind); kind++)
        put_kind(json_put_object(kinds, guitarist_name(kind)), result, kind);
    put_difference(into, "below_table_ema",
                   duet_mean_less(result, DUET_ALL, duet_baseline, duet_drummer, DUET_LATER));
    put_difference(into, "above_floor",
                   duet_mean_less(result, DUET_ALL, duet_drummer, duet_floor, DUET_LATER));
    put_worse(json_put_array(into, "worse"), result);
    put_forgetting(json_put_object(into, "humanising"), result);
}

static void put_drummers(struct json *into, const struct duet_drummers *drummers)
{
    json_put_integer(into, "recordings", drummers->recordings);
    json_put_integer(into, "steps", drummers->steps);
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        json_put_number(into, predictor_keys[kind], drummers->mae_ms[kind]);
}

void duet_put(struct json *into, const struct duet_findings *findings)
{
    static const char *const drummers[DUETS_TIMES] = {"drummers", "drummers_late"};
    static const char *const simulated[DUETS_TIMES][DUETS_SETS] = {
        {"simulated", "odd"},
        {"simulated_late", "odd_late"},
    };
    for (int late = 0; late < DUETS_TIMES; late++)
        put_drummers(json_put_object(into, drummers[late]), &findings->drummers[late]);
    for (int late = 0; late < DUETS_TIMES; late++)
        for (int odd = 0; odd < DUETS_SETS; odd++)
            put_simulated(json_put_object(into, simulated[late][odd]),
                          &findings->simulated[late][odd]);
}
