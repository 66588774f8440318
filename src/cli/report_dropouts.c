#include "cli/report.h"
#include "score/dropout.h"

#include <math.h>
#include <stdlib.h>

bool report_put_dropouts(struct json *into, const struct score *score, const struct take *take,
                         struct error *err)
{
    struct dropout *dropouts;
    int count;
    if (!dropouts_of_take(score, take, &dropouts, &count))
        return error_set(err, "out of memory");
    struct json *list = json_put_array(into, "dropouts");
    for (int i = 0; i < count; i++) {
        struct json *one = json_put_object(list, NULL);
        json_put_integer(one, "first_bar", dropouts[i].first_bar);
        json_put_integer(one, "last_bar", dropouts[i].last_bar);
        json_put_integer(one, "heard", dropouts[i].heard);
        json_put_number(one, "drift_ms", dropouts[i].drift_ms);
        json_put_number(one, "tempo_percent", dropouts[i].tempo_percent);
    }
    free(dropouts);
    return true;
}

bool report_dropouts(const struct score *score, const struct take *take, FILE *out,
                     struct error *err)
{
    struct dropout *dropouts;
    int count;
    if (!dropouts_of_take(score, take, &dropouts, &count))
        return error_set(err, "out of memory");
    for (int i = 0; i < count; i++) {
        const struct dropout *one = &dropouts[i];
        fprintf(out, "  without drums in bars %d to %d: ", one->first_bar, one->last_bar);
        if (isnan(one->drift_ms))
            fprintf(out, "too few notes to tell\n");
        else
            fprintf(out, "drifted %.0f ms %s (%.1f %% %s)\n", fabs(one->drift_ms),
                    one->drift_ms < 0 ? "early" : "late", fabs(one->tempo_percent),
                    one->tempo_percent < 0 ? "slow" : "fast");
    }
    free(dropouts);
    return true;
}
