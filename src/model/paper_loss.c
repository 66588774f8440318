#include "model/paper_layout.h"

#include <math.h>
#include <string.h>

/* |made - real| unit / s + log s with s = e^scale, a Laplace distribution's negative log likelihood
 * but for log 2, times weight. Adds its gradients to *d and *d_scale where they are asked for. */
static double laplace(float made, float real, float unit, float scale, double weight, float *d,
                      float *d_scale)
{
    bool inside = scale > PAPER_SCALE_MIN && scale < PAPER_SCALE_MAX;
    double clamped = fmin(fmax(scale, PAPER_SCALE_MIN), PAPER_SCALE_MAX);
    double error = unit * ((double)made - real), precision = exp(-clamped);
    if (d)
        *d = (float)(weight * precision * unit * (error > 0 ? 1 : error < 0 ? -1 : 0));
    if (d_scale && inside)
        *d_scale += (float)(weight * (1 - fabs(error) * precision));
    return weight * (fabs(error) * precision + clamped);
}

static double step_loss(const struct paper_targets *t, int n, const float *made, const float *scale,
                        float *d, float *d_scale)
{
    const double per_hit = 1 / fmax(1, t->hits), per_step = .5 / fmax(1, t->steps);
    const float *real[2] = {t->velocity + (ptrdiff_t)n * DRUM_COUNT,
                            t->offset + (ptrdiff_t)n * DRUM_COUNT};
    const float unit[2] = {1, t->unit[n]};
    double sum = 0;
    for (int k = 0; k < PAPER_GUITAR; k++)
        if (t->hit[n * DRUM_COUNT + k % DRUM_COUNT] != 0) {
            int which = k / DRUM_COUNT;
            sum += laplace(made[k], real[which][k % DRUM_COUNT], unit[which], scale[k], per_hit,
                           d ? d + k : NULL, d_scale ? d_scale + k : NULL);
        }
    return sum + laplace(made[PAPER_GUITAR], t->g[n], t->unit[n], scale[PAPER_GUITAR], per_step,
                         d ? d + PAPER_GUITAR : NULL, d_scale ? d_scale + PAPER_GUITAR : NULL);
}

double paper_loss(const struct paper *paper, const struct paper_batch *batch,
                  const struct paper_targets *targets, const float *outputs, float *d_outputs,
                  float *gradients)
{
    const size_t scale = paper->layout->scale;
    const int N = batch->B * batch->T;
    double sum = 0;
    if (d_outputs)
        memset(d_outputs, 0, (size_t)N * PAPER_OUTPUTS * sizeof *d_outputs);
    for (int n = 0; n < N; n++)
        if (!batch->valid || batch->valid[n] != 0)
            sum +=
                step_loss(targets, n, outputs + (ptrdiff_t)n * PAPER_OUTPUTS, paper->params + scale,
                          d_outputs ? d_outputs + (ptrdiff_t)n * PAPER_OUTPUTS : NULL,
                          gradients ? gradients + scale : NULL);
    return sum;
}

float paper_spread(const struct paper *paper, int output)
{
    const float scale = paper->params[paper->layout->scale + (size_t)output];
    return expf(fmaxf(PAPER_SCALE_MIN, fminf(scale, PAPER_SCALE_MAX)));
}
