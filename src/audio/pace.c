#include "audio/pace.h"

#include <math.h>

enum { LATELY = 24 /* times that the line was mended */ };

#define SQUARE(x) ((x) * (x))

static const double SETTLE_S = 0.5, MEND_S = 0.25;
static const double CRYSTAL = 300e-6;    /* how far a card's rate may be off, */
static const double WANDER = 3e-9;       /* and how far that moves in a second */
static const double LEAST_CALL_S = 2e-5; /* no thread wakes up more regularly */

/* Later than this for a whole quarter of a second: frames were lost, whether or not the driver says
 * so. */
static const double LOST = 6 /* standard deviations */, LEAST_LOST_S = 0.001;

void pace_reset(struct pace *pace, int rate)
{
    *pace = (struct pace){.frame_s = 1.0 / rate, .frame_var = SQUARE(CRYSTAL / rate)};
}

/* The first calls of a stream come as it fills its buffers, and say nothing. */
bool pace_is_settled(const struct pace *pace)
{
    return pace->frames * pace->frame_s >= SETTLE_S;
}

static void begin(struct pace *pace, int count, double now_s)
{
    pace->frames += count;
    pace->time_s = now_s;
    pace->count = count;
    pace->time_var = pace->call_var = SQUARE(count * pace->frame_s / 4);
    pace->least_s = INFINITY;
}

static void predict(struct pace *pace, int count)
{
    double period_s = count * pace->frame_s;
    pace->frames += count;
    pace->time_s += period_s;
    pace->count += (count - pace->count) / 256;
    pace->time_var += count * (2 * pace->both_var + count * pace->frame_var);
    pace->both_var += count * pace->frame_var;
    pace->frame_var += SQUARE(WANDER * pace->frame_s) * period_s;
    pace->waited_s += period_s;
}

static void correct(struct pace *pace, double late_s)
{
    double sum = pace->time_var + pace->call_var;
    double time_gain = pace->time_var / sum, frame_gain = pace->both_var / sum;
    pace->time_s += time_gain * late_s;
    pace->frame_s += frame_gain * late_s;
    pace->frame_var -= frame_gain * pace->both_var;
    pace->both_var *= 1 - time_gain;
    pace->time_var *= 1 - time_gain;
    pace->call_var += (SQUARE(late_s) - pace->call_var) / LATELY;
    pace->call_var = fmax(pace->call_var, SQUARE(LEAST_CALL_S));
}

/* The line goes on from where the calls are now, as steep as before. */
static void move(struct pace *pace, double late_s)
{
    pace->time_s += late_s;
    pace->time_var = SQUARE(pace->count * pace->frame_s / 2);
    pace->both_var = 0;
}

static bool has_lost(const struct pace *pace)
{
    double sure_s = fmax(LEAST_LOST_S, LOST * sqrt(pace->call_var + pace->time_var));
    return pace->lost || fabs(pace->least_s) > sure_s;
}

void pace_step(struct pace *pace, int count, bool lost, double now_s)
{
    if (!pace_is_settled(pace)) {
        begin(pace, count, now_s);
        return;
    }
    predict(pace, count);
    if (lost) { /* what came before is another line */
        pace->lost = true;
        pace->waited_s = 0;
        pace->least_s = INFINITY;
    }
    pace->least_s = fmin(pace->least_s, now_s - pace->time_s);
    if (pace->waited_s < MEND_S)
        return;
    if (has_lost(pace))
        move(pace, pace->least_s);
    else
        correct(pace, pace->least_s);
    pace->lost = false;
    pace->waited_s = 0;
    pace->least_s = INFINITY;
}
