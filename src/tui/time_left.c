#include "tui/time_left.h"

#include <math.h>

static const double ENOUGH = 0.03, ENOUGH_S = 0.2; /* done, and spent, before anything is told */
static const double SLACK_S = 0.5, SLACK = 0.2;    /* of what is left: as far off it may be */
static const double ROUNDING_S = 0.05;             /* no second more for so little */
static const double FOLLOW_PER_S = 0.5; /* and comes round to what is measured this fast */

void time_left_update(struct time_left *left, double now_s, double done)
{
    if (!left->begun)
        *left = (struct time_left){.begun = true, .begun_s = now_s, .now_s = now_s, .end_s = NAN};
    const double spent_s = now_s - left->begun_s, step_s = now_s - left->now_s;
    left->now_s = now_s;
    if (done < ENOUGH || spent_s < ENOUGH_S)
        return;
    const double end_s = left->begun_s + spent_s / fmin(done, 1);
    const double slack_s = SLACK_S + SLACK * (end_s - now_s);
    if (!(fabs(left->end_s - end_s) <= slack_s)) /* far off, or the first time */
        left->end_s = end_s;
    else
        left->end_s += (end_s - left->end_s) * fmin(FOLLOW_PER_S * step_s, 1);
}

int time_left_s(const struct time_left *left)
{
    if (!left->begun || isnan(left->end_s))
        return -1;
    const double s = fmax(left->end_s - left->now_s - ROUNDING_S, 0);
    return s > 10 ? 5 * (int)ceil(s / 5) : (int)ceil(s);
}
