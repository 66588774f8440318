#include "audio/pace.h"

#include <math.h>
#include <stdbool.h>

enum { LATELY = 256 /* calls */ };

#define SQUARE(x) ((x) * (x))

static const double CRYSTAL = 300e-6;    /* how far a card's rate may be off, */
static const double WANDER = 3e-9;       /* and how far that moves in a second */
static const double LEAST_CALL_S = 2e-5; /* no thread wakes up more regularly */
/* A thread can be held up, but never wakes before its time: who comes late says so much less. */
static const double LATE_LESS = 8;

/* What lies further off the line than this, in standard deviations, says nothing of the clock; for
 * so long without a break, it says that frames were lost. */
static const double FAR = 3, LEAST_FAR_S = 0.0005, LOST_S = 0.1;

void pace_reset(struct pace *pace, int rate)
{
    *pace = (struct pace){.frame_s = 1.0 / rate, .frame_var = SQUARE(CRYSTAL / rate)};
}

static void begin(struct pace *pace, int count, double now_s)
{
    pace->time_s = now_s;
    pace->frames = pace->count = count;
    pace->time_var = pace->call_var = SQUARE(count * pace->frame_s / 2);
}

static void predict(struct pace *pace, int count)
{
    double period_s = count * pace->frame_s;
    pace->frames += count;
    pace->time_s += period_s;
    pace->count += (count - pace->count) / LATELY;
    pace->time_var += count * (2 * pace->both_var + count * pace->frame_var);
    pace->both_var += count * pace->frame_var;
    pace->frame_var += SQUARE(WANDER * pace->frame_s) * period_s;
}

static void correct(struct pace *pace, double late_s)
{
    double sum = pace->time_var + pace->call_var * (late_s > 0 ? LATE_LESS : 1);
    double time_gain = pace->time_var / sum, frame_gain = pace->both_var / sum;
    pace->time_s += time_gain * late_s;
    pace->frame_s += frame_gain * late_s;
    pace->frame_var -= frame_gain * pace->both_var;
    pace->both_var *= 1 - time_gain;
    pace->time_var *= 1 - time_gain;
}

/* How irregular the calls are, lately. */
static void measure(struct pace *pace, double late_s)
{
    pace->call_var += (SQUARE(late_s) - pace->call_var) / LATELY;
    pace->call_var = fmax(pace->call_var, SQUARE(LEAST_CALL_S));
}

/* True when the line has been moved to where the calls have been for a while, as steep as before.
 */
static bool move(struct pace *pace, double late_s, double period_s)
{
    bool same_side = pace->stray_s * late_s > 0;
    pace->strayed_s = same_side ? pace->strayed_s + period_s : period_s;
    pace->stray_s = same_side && fabs(pace->stray_s) < fabs(late_s) ? pace->stray_s : late_s;
    if (pace->strayed_s < LOST_S)
        return false;
    pace->time_s += pace->stray_s;
    pace->time_var += pace->call_var;
    pace->stray_s = 0;
    return true;
}

void pace_step(struct pace *pace, int count, double now_s)
{
    if (pace->frames <= 0) {
        begin(pace, count, now_s);
        return;
    }
    predict(pace, count);
    double far_s = fmax(LEAST_FAR_S, FAR * sqrt(pace->call_var));
    double late_s = now_s - pace->time_s;
    if (fabs(late_s) <= far_s) {
        pace->stray_s = 0;
        correct(pace, late_s);
        measure(pace, late_s);
    } else if (!move(pace, late_s, count * pace->frame_s)) {
        measure(pace, far_s);
    }
}
