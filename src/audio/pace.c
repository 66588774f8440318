#include "audio/pace.h"

#include <math.h>

enum { STRAYS = 8, LATELY = 256 /* calls */ };

#define SQUARE(x) ((x) * (x))

static const double CRYSTAL = 300e-6;    /* how far a card's rate may be off, */
static const double WANDER = 3e-9;       /* and how far that moves in a second */
static const double LEAST_CALL_S = 2e-5; /* no thread wakes up more regularly */
/* A thread can be held up, but never wakes before its time: who comes late says so much less. */
static const double LATE_LESS = 8;

static const double FAR_PERIODS = 2, FAR_S = 0.005;

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
    pace->call_var += (SQUARE(late_s) - pace->call_var) / LATELY;
    pace->call_var = fmax(pace->call_var, SQUARE(LEAST_CALL_S));
}

/* One call that comes far off the line was held up, and says no more than that; many in a row mean
 * that frames were lost: the line goes on from here, as steep as before. */
void pace_step(struct pace *pace, int count, double now_s)
{
    if (pace->frames <= 0) {
        begin(pace, count, now_s);
        return;
    }
    predict(pace, count);
    double far_s = fmax(FAR_S, FAR_PERIODS * pace->count * pace->frame_s);
    double late_s = now_s - pace->time_s;
    pace->strays = fabs(late_s) > far_s ? pace->strays + 1 : 0;
    if (pace->strays > STRAYS) {
        pace->time_s = now_s;
        pace->time_var = SQUARE(pace->count * pace->frame_s / 2);
        pace->both_var = 0;
        pace->strays = 0;
        return;
    }
    correct(pace, fmax(-far_s, fmin(late_s, far_s)));
}
