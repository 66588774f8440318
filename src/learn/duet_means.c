#include "learn/duet_means.h"

#include <math.h>

/* Sums of what has been counted; NAN does not count. */
struct sample {
    int count;
    double sum, squares;
};

static void count_in(struct sample *sample, double value)
{
    if (isnan(value))
        return;
    sample->count++;
    sample->sum += value;
    sample->squares += value * value;
}

static struct duet_mean conclude(const struct sample *sample)
{
    double n = sample->count;
    struct duet_mean mean = {.count = sample->count, .ms = NAN, .error_ms = NAN};
    if (n > 0)
        mean.ms = sample->sum / n;
    if (n > 1)
        mean.error_ms = sqrt(fmax(0, sample->squares - n * mean.ms * mean.ms) / (n - 1) / n);
    return mean;
}

static double value_of(const struct duet_player *player, struct duet_curve curve, int take)
{
    struct sample later = {.count = 0};
    if (take != DUET_LATER)
        return player->ms[curve.predictor][take][curve.figure];
    for (int i = 1; i < DUET_TAKES; i++)
        count_in(&later, player->ms[curve.predictor][i][curve.figure]);
    return conclude(&later).ms;
}

static bool is_of(const struct duet_player *player, int guitarist)
{
    return guitarist == DUET_ALL || player->guitarist == guitarist;
}

struct duet_mean duet_mean(const struct duet_result *result, int guitarist, struct duet_curve curve,
                           int take)
{
    struct sample sample = {.count = 0};
    for (int i = 0; i < result->count; i++)
        if (is_of(&result->players[i], guitarist))
            count_in(&sample, value_of(&result->players[i], curve, take));
    return conclude(&sample);
}

struct duet_mean duet_mean_less(const struct duet_result *result, int guitarist,
                                struct duet_curve curve, struct duet_curve other, int take)
{
    struct sample sample = {.count = 0};
    for (int i = 0; i < result->count; i++)
        if (is_of(&result->players[i], guitarist))
            count_in(&sample, value_of(&result->players[i], curve, take) -
                                  value_of(&result->players[i], other, take));
    return conclude(&sample);
}

bool duet_is_worse(struct duet_mean difference)
{
    return difference.ms > difference.error_ms;
}

struct duet_mean duet_humanising(const struct duet_result *result, double *worst_ms)
{
    struct sample sample = {.count = 0};
    *worst_ms = NAN;
    for (int i = 0; i < result->count; i++) {
        count_in(&sample, result->players[i].humanising_ms);
        *worst_ms = fmax(*worst_ms, result->players[i].humanising_ms); /* fmax passes NAN over */
    }
    return conclude(&sample);
}
