#include "rehearsal/vamp.h"

#include <math.h>

enum { ENOUGH = 2 };

static const double NEAR_S = 0.08; /* a player who joins in is not yet tight */

void vamp_begin(struct vamp *vamp, const struct score *score, const struct take_settings *settings)
{
    *vamp = (struct vamp){
        .score = score,
        .rate = settings->rate,
        .waits = settings->practice.vamp_first > 0 && score->passage_count > 0,
        .last_step = -1,
    };
}

/* The step an onset is near to, -1 for none. Those long past are not looked at. */
static int step_near(const struct vamp *vamp, int64_t frame, int next)
{
    const struct score *score = vamp->score;
    double time_s = (double)frame / vamp->rate;
    int step = next < score->step_count ? next : score->step_count - 1, best = -1;
    double least_s = NEAR_S;
    for (; step >= 0 && time_s - score->steps[step].time_s <= NEAR_S; step--) {
        double off_s = fabs(time_s - score->steps[step].time_s);
        if (off_s <= least_s) {
            least_s = off_s;
            best = step;
        }
    }
    return best;
}

bool vamp_hear(struct vamp *vamp, int64_t frame, int next)
{
    if (!vamp->waits)
        return false;
    const struct passage *now = practice_passage_of(vamp->score, next > 0 ? next - 1 : 0);
    int step = step_near(vamp, frame, next);
    if (now->pass != vamp->pass) {
        vamp->pass = now->pass;
        vamp->heard = 0;
    }
    if (now->pass == 0 || step < now->first_step || step == vamp->last_step)
        return false;
    vamp->last_step = step;
    vamp->waits = ++vamp->heard < ENOUGH;
    return !vamp->waits;
}
