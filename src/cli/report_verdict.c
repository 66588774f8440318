#include "cli/report.h"

#include <math.h>

/* How far the guitarist came to the drums; NaN where it cannot be told. */
static double came_ms(const struct judgement *judgement)
{
    switch (judgement_coming(judgement)) {
    case COMING:
        return judgement->reaction.ms;
    case COMING_NOT:
        return 0;
    case COMING_UNKNOWN:
        break;
    }
    return NAN;
}

static void put_odd(struct json *into, const struct judgement *judgement)
{
    struct json *list = json_put_array(into, "odd_bars");
    for (int i = 0; i < judgement->odd_count; i++) {
        const struct odd_bars *odd = &judgement->odd[i];
        struct json *one = json_put_object(list, NULL);
        json_put_integer(one, "first", odd->first);
        json_put_integer(one, "last", odd->last);
        json_put_number(one, "apart_ms", odd->apart_ms);
        json_put_number(one, "guitar_ms", odd->guitar_ms);
        json_put_bool(one, "usual", odd->usual);
    }
}

void report_put_verdict(struct json *into, const struct judgement *judgement)
{
    const struct judgement *j = judgement;
    struct json *one = json_put_object(into, "verdict");
    struct json *remarks = json_put_array(one, "remarks");
    for (int r = 0; r < REMARKS; r++) {
        char remark[REMARK_SIZE];
        if (judgement_remark(j, (enum remark)r, remark))
            json_put_string(remarks, NULL, remark);
    }
    json_put_integer(one, "expected", j->expected);
    json_put_integer(one, "expected_heard", j->expected_heard);
    json_put_number(one, "spread_ms", j->spread_ms);
    json_put_number(one, "grid_ms", j->grid_ms);
    json_put_number(one, "drift_ms", j->drift_ms);
    json_put_number(one, "drums_came_ms", judgement_drums_ms(j));
    json_put_number(one, "guitar_came_ms", came_ms(j));
    json_put_number(one, "reaction", j->reaction.notes ? j->reaction.share : NAN);
    json_put_number(one, "reaction_sd", j->reaction.notes ? j->reaction.sd : NAN);
    put_odd(one, j);
}

void report_verdict(const struct judgement *judgement, FILE *out)
{
    const double guitar_ms = came_ms(judgement), drums_ms = judgement_drums_ms(judgement);
    if (judgement->notes == 0)
        return;
    for (int r = 0; r < REMARKS; r++) {
        char remark[REMARK_SIZE];
        if (judgement_remark(judgement, (enum remark)r, remark))
            fprintf(out, "  %s\n", remark);
    }
    if (judgement->expected)
        fprintf(out, "  heard %d of the %d notes you played in earlier takes\n",
                judgement->expected_heard, judgement->expected);
    if (judgement->notes < JUDGEMENT_LEAST_NOTES)
        return;
    if (drums_ms >= 0)
        fprintf(out, "  the drums came %.1f ms to you", drums_ms);
    else
        fprintf(out, "  drums on the grid would have been %.1f ms closer", -drums_ms);
    if (guitar_ms > 0)
        fprintf(out, "; you came %.1f ms to them", guitar_ms);
    else if (guitar_ms == 0)
        fprintf(out, "; you kept to your own time");
    fputc('\n', out);
}
