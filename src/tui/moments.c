#include "tui/moments.h"

#include "score/practice.h"

#include <math.h>

enum { NEWEST = 3 }; /* a single note tells little, and flickers */

bool moments_hear(struct moment *moments, int count, const struct report *report)
{
    if (report->step < 0 || report->step >= count)
        return false;
    struct moment *moment = &moments[report->step];
    switch (report->kind) {
    case REPORT_PLANNED:
        moment->planned = true;
        moment->drums_ms = (float)report->drums_ms;
        moment->expected_ms = (float)report->guitar_ms;
        return true;
    case REPORT_HEARD:
        if (moment->heard) /* the first onset of a step is its own */
            return false;
        moment->heard = true;
        moment->guitar_ms = (float)report->guitar_ms;
        return true;
    case REPORT_MISSED: /* the scored hits were played on time */
        moment->missed = true;
        moment->drums_ms = 0.0f;
        return true;
    case REPORT_IGNORED:
    case REPORT_STOPPED:
        return false;
    }
    return false;
}

struct together moments_together(const struct score *score, const struct moment *moments, int bar,
                                 int bars)
{
    struct together sum = {0};
    double newest[NEWEST] = {0};
    for (int i = 0; i < score->step_count; i++) {
        int at = practice_clock_bar(score, i);
        if (bars > 0 && at > bar)
            break;
        const struct moment *moment = &moments[i];
        if (!moment->planned || !moment->heard || (bars > 0 && at <= bar - bars))
            continue;
        double apart_ms = moment->guitar_ms - moment->drums_ms;
        newest[sum.count % NEWEST] = apart_ms;
        sum.mean_ms += fabs(apart_ms);
        sum.lean_ms += apart_ms;
        sum.expecting_ms += fabs(moment->guitar_ms - moment->expected_ms);
        sum.count++;
    }
    int fresh = sum.count < NEWEST ? sum.count : NEWEST;
    for (int i = 0; i < fresh; i++)
        sum.now_ms += newest[i] / fresh;
    if (sum.count) {
        sum.mean_ms /= sum.count;
        sum.lean_ms /= sum.count;
        sum.expecting_ms /= sum.count;
    }
    return sum;
}
