#include "learn/cross_validation.h"

#include <math.h>
#include <stdlib.h>

enum { HALVES = 2, BLOCK_BARS = 2 };

/* Worse is what is worse not by chance, and so much that somebody could hear it: half a lesson
 * often costs a tenth of a millisecond that the whole one brings. */
static const double CHANCE = 2; /* standard errors */
static const double HEARD = 1.05;

/* Which half each of the take's steps lies in. False when one half holds no onset. */
static bool halve(const struct rehearing *rehearing, const struct score *score, unsigned char *half)
{
    const struct take *take = rehearing->take;
    int heard[HALVES] = {0};
    for (int i = 0; i < take->step_count; i++) {
        half[i] = (unsigned char)(score->steps[take->steps[i].step].bar / BLOCK_BARS % HALVES);
        heard[half[i]] += rehearing->notes->heard[i] != 0;
    }
    return heard[0] > 0 && heard[1] > 0;
}

/* What the one who learnt from the other half misses by is written for this half's steps. */
static bool ask_of(int which, struct rehearing *rehearing, const unsigned char *half, double weight,
                   float *scratch, float *unseen_ms, struct error *err)
{
    if (!performance_restart(rehearing->performance, rehearing->pupil, err) ||
        !rehearing_study(rehearing, half, !which, weight, err) ||
        !performance_restart(rehearing->performance, RESTART_NEXT_TAKE, err) ||
        !rehearing_play(rehearing, scratch, err))
        return false;
    for (int i = 0; i < rehearing->take->step_count; i++)
        if (half[i] == which)
            unseen_ms[i] = scratch[i];
    return true;
}

bool cross_validate(struct rehearing *rehearing, const struct score *score, const float *before_ms,
                    double weight, struct lesson_report *report, struct error *err)
{
    const size_t room = (size_t)rehearing->take->step_count + 1;
    unsigned char *half = malloc(room);
    float *missed_ms = malloc(2 * room * sizeof *missed_ms);
    bool good = (half && missed_ms) || error_set(err, "out of memory");
    report->prediction_unseen_ms = NAN;
    if (good && halve(rehearing, score, half)) {
        float *unseen_ms = missed_ms + room;
        for (int which = 0; good && which < HALVES; which++)
            good = ask_of(which, rehearing, half, weight, missed_ms, unseen_ms, err);
        if (good) {
            report->prediction_unseen_ms = rehearing_mean(rehearing->notes, unseen_ms);
            report->worse = report->prediction_unseen_ms >
                                HEARD * rehearing_mean(rehearing->notes, before_ms) &&
                            rehearing_worse_by(rehearing->notes, unseen_ms, before_ms) > CHANCE;
        }
    }
    free(half);
    free(missed_ms);
    return good;
}
