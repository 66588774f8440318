#include "learn/judgement.h"

#include <math.h>
#include <stdio.h>

static const double SAME_MS = 0.5, SAME_SHARE = 0.08; /* takes that close are equally tight */
static const double DRIFT_MS = 25, LEAN_MS = 6, LEAN_SHARE = 0.7;
static const double OWN_DOING = 0.5; /* of what a bar is apart by: the guitar's place explains it */

static const double TIGHT_MS = 10, CLOSE_MS = 25;

enum tightness tightness_of(double apart_ms)
{
    return apart_ms <= TIGHT_MS ? TIGHT : apart_ms <= CLOSE_MS ? CLOSE : LOOSE;
}

static const char *grade(double apart_ms)
{
    static const char *const grades[] = {[TIGHT] = "Tight", [CLOSE] = "Close", [LOOSE] = "Loose"};
    return grades[tightness_of(apart_ms)];
}

static void say_together(const struct judgement *j, char out[REMARK_SIZE])
{
    const double closer_ms = j->last_ms - j->apart_ms;
    const double same_ms = fmax(SAME_MS, SAME_SHARE * j->apart_ms);
    char tail[48] = "";
    if (j->best && j->apart_ms < j->best_ms - SAME_MS)
        snprintf(tail, sizeof tail, ", the best take yet");
    else if (j->best && fabs(closer_ms) < same_ms)
        snprintf(tail, sizeof tail, ", as in take %d", j->last);
    else if (j->best)
        snprintf(tail, sizeof tail, ", %.1f ms %s than take %d", fabs(closer_ms),
                 closer_ms > 0 ? "closer" : "looser", j->last);
    snprintf(out, REMARK_SIZE, "%s: %.1f ms apart%s.", grade(j->apart_ms), j->apart_ms, tail);
}

/* "bar 9", "bars 17-20" */
static const char *bars_of(const struct odd_bars *odd, char out[32])
{
    if (odd->first == odd->last)
        snprintf(out, 32, "bar %d", odd->first);
    else
        snprintf(out, 32, "bars %d-%d", odd->first, odd->last);
    return out;
}

static void say_odd(const struct odd_bars *odd, char out[REMARK_SIZE])
{
    char bars[32];
    bars_of(odd, bars);
    if (fabs(odd->guitar_ms) >= OWN_DOING * odd->apart_ms)
        snprintf(out, REMARK_SIZE, "You %s %s by %.0f ms.",
                 odd->guitar_ms < 0 ? "rushed" : "dragged", bars, fabs(odd->guitar_ms));
    else
        snprintf(out, REMARK_SIZE, "B%s %s %.0f ms apart.", bars + 1,
                 odd->first == odd->last ? "was" : "were", odd->apart_ms);
}

static void say_turn(const struct judgement *j, char out[REMARK_SIZE])
{
    const bool better = j->after_turn_ms < j->before_turn_ms;
    const char *before = grade(j->before_turn_ms), *after = grade(j->after_turn_ms);
    if (before == after)
        snprintf(out, REMARK_SIZE, "%s from bar %d on: %.0f ms, before it %.0f.",
                 better ? "Tighter" : "Looser", j->turn, j->after_turn_ms, j->before_turn_ms);
    else if (better)
        snprintf(out, REMARK_SIZE, "Loose at the start, %s from bar %d on.",
                 tightness_of(j->after_turn_ms) == TIGHT ? "tight" : "closer", j->turn);
    else
        snprintf(out, REMARK_SIZE, "%s until bar %d, loose from there on.", before, j->turn - 1);
}

static void say_drift(const struct dropout *dropout, char out[REMARK_SIZE])
{
    char bars[32];
    const struct odd_bars silent = {.first = dropout->first_bar, .last = dropout->last_bar};
    bars_of(&silent, bars);
    snprintf(out, REMARK_SIZE, "B%s without drums: %.0f ms %s, %.1f %% %s.", bars + 1,
             fabs(dropout->drift_ms), dropout->drift_ms < 0 ? "early" : "late",
             fabs(dropout->tempo_percent), dropout->tempo_percent < 0 ? "slow" : "fast");
}

/* The first that holds of what can be said beyond how tight it was. */
static bool say_notable(const struct judgement *j, char out[REMARK_SIZE])
{
    if (j->dropouts)
        say_drift(&j->dropout, out);
    else if (j->odd_count)
        say_odd(&j->odd[0], out);
    else if (fabs(j->drift_ms) >= DRIFT_MS)
        snprintf(out, REMARK_SIZE, "You %s by %.0f ms on the way.",
                 j->drift_ms < 0 ? "ran ahead" : "fell behind", fabs(j->drift_ms));
    else if (j->turn)
        say_turn(j, out);
    else if (fabs(j->lean_ms) >= fmax(LEAN_MS, LEAN_SHARE * j->apart_ms))
        snprintf(out, REMARK_SIZE, "You came %.0f ms %s the drums all the way.", fabs(j->lean_ms),
                 j->lean_ms < 0 ? "before" : "after");
    else
        return false;
    return true;
}

static bool say_leave_out(const struct judgement *j, char out[REMARK_SIZE])
{
    char bars[32];
    if (j->odd_count == 0)
        return false;
    const struct odd_bars *odd = &j->odd[0];
    bars_of(odd, bars);
    const bool one = odd->first == odd->last;
    if (odd->usual)
        snprintf(out, REMARK_SIZE, "B%s %s no better in earlier takes.", bars + 1,
                 one ? "was" : "were");
    else if (j->earlier)
        snprintf(out, REMARK_SIZE, "B%s %s with the other takes.", bars + 1,
                 one ? "disagrees" : "disagree");
    else
        snprintf(out, REMARK_SIZE, "B%s %s out of the take.", bars + 1, one ? "sticks" : "stick");
    return true;
}

bool judgement_remark(const struct judgement *judgement, enum remark remark, char out[REMARK_SIZE])
{
    const bool few = judgement->notes < JUDGEMENT_LEAST_NOTES;
    if (few && remark != REMARK_TOGETHER)
        return false;
    switch (remark) {
    case REMARK_TOGETHER:
        if (judgement->notes == 0)
            snprintf(out, REMARK_SIZE, "%s",
                     judgement->steps ? "No guitar was heard in this take."
                                      : "It was stopped before the drums came in.");
        else if (few)
            snprintf(out, REMARK_SIZE, "%d %s heard: too few to judge.", judgement->notes,
                     judgement->notes == 1 ? "note was" : "notes were");
        else
            say_together(judgement, out);
        return true;
    case REMARK_NOTABLE:
        return say_notable(judgement, out);
    case REMARK_LEAVE_OUT:
        return say_leave_out(judgement, out);
    case REMARKS:
        break;
    }
    return false;
}
