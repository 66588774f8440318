#include "learn/baseline.h"

#include <math.h>

void baseline_init(struct baseline *baseline, const struct baseline_options *options)
{
    *baseline = (struct baseline){.options = *options};
}

void baseline_start_take(struct baseline *baseline)
{
    baseline->running = 0;
}

static double table(const struct baseline *baseline, int bin)
{
    double notes = baseline->heard[bin];
    return notes > 0 ? baseline->mean[bin] * notes / (notes + baseline->options.shrink) : 0;
}

double baseline_predict(const struct baseline *baseline, int bin)
{
    return table(baseline, bin) + baseline->running;
}

void baseline_hear(struct baseline *baseline, int bin, double guitar_ms)
{
    const struct baseline_options *options = &baseline->options;
    baseline->running += options->share * (guitar_ms - table(baseline, bin) - baseline->running);
    if (options->memory <= 0)
        return;
    baseline->heard[bin] += 1;
    baseline->mean[bin] +=
        (guitar_ms - baseline->mean[bin]) / fmin(baseline->heard[bin], options->memory);
}
