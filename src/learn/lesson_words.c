#include "learn/lesson.h"

static const double BETTER = 0.9;   /* of what it was off by before: worth speaking of */
static const double GENERAL = 0.97; /* the same where it was not taught */

const char *lesson_report_says(const struct lesson_report *report)
{
    const double before_ms = report->prediction_before_ms;
    if (report->worse)
        return "It does harm: what was not taught is expected worse.";
    if (report->begins_anew)
        return "Played in another way: it has begun anew with you.";
    if (report->prediction_after_ms > BETTER * before_ms)
        return "Little was left to learn: you play as it expected.";
    if (report->prediction_unseen_ms <= GENERAL * before_ms) /* NaN: not known */
        return "It has learnt how you play, not this take alone.";
    return "It knows this take better, and you hardly.";
}
