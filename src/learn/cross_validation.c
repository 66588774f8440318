#include "learn/cross_validation.h"

#include <math.h>
#include <stdlib.h>

enum { HALVES = 2, BLOCK_BARS = 2 };

/* Twice the standard error of a mean: what is worse by more is worse not by chance. */
static const double CHANCE = 2;

/* Which half each of the take's steps lies in. False when one half holds no onset. */
static bool halve(const struct rehearing *rehearing, const struct score *score, unsigned char *half)
{
    const struct take *take = rehearing->take;
    int heard[HALVES] = {0};
    for (int i = 0; i < take->step_count; i++) {
        half[i] = (unsigned char)(score->steps[take->steps[i].step].at.bar / BLOCK_BARS % HALVES);
        heard[half[i]] += rehearing->notes->heard[i] != 0;
    }
    return heard[0] > 0 && heard[1] > 0;
}

/* What the one who learnt from the other half misses by is written for this half's steps. */
static bool ask_of(int which, struct rehearing *rehearing, const unsigned char *half, double weight,
                   float *scratch, float *unseen_ms, struct error *err)
{
    if (!performance_restart(rehearing->performance, true, err) ||
        !rehearing_study(rehearing, half, !which, weight, err) ||
        !performance_restart(rehearing->performance, false, err) ||
        !rehearing_play(rehearing, scratch, err))
        return false;
    for (int i = 0; i < rehearing->take->step_count; i++)
        if (half[i] == which)
            unseen_ms[i] = scratch[i];
    return true;
}

static void compare(const struct lesson_notes *notes, const float *before_ms,
                    const float *unseen_ms, struct lesson_report *report)
{
    double unseen = 0, more = 0, squares = 0;
    const double n = notes->count;
    for (int i = 0; i < notes->steps; i++) {
        if (notes->heard[i] == 0)
            continue;
        const double difference = (double)unseen_ms[i] - before_ms[i];
        unseen += unseen_ms[i] / n;
        more += difference / n;
        squares += difference * difference / n;
    }
    const double standard_error = sqrt(fmax(squares - more * more, 0) / n);
    report->prediction_unseen_ms = unseen;
    report->worse = more > CHANCE * standard_error;
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
        if (good)
            compare(rehearing->notes, before_ms, unseen_ms, report);
    }
    free(half);
    free(missed_ms);
    return good;
}
