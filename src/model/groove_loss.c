#include "model/groove.h"

#include <math.h>
#include <string.h>

/* |y - m| / s + log s with s = e^l, l clamped: a Laplace distribution's negative log likelihood but
 * for log 2. Adds weight times its gradient to *dm and *dl, which may be NULL. */
static double laplace(float y, float m, float l, double weight, float *dm, float *dl)
{
    bool inside = l > GROOVE_SCALE_MIN && l < GROOVE_SCALE_MAX;
    double clamped = fmin(fmax(l, GROOVE_SCALE_MIN), GROOVE_SCALE_MAX);
    double error = fabs((double)y - m), precision = exp(-clamped);
    if (dm) {
        *dm = (float)(weight * precision * (m > y ? 1 : m < y ? -1 : 0));
        *dl = inside ? (float)(weight * (1 - error * precision)) : 0;
    }
    return error * precision + clamped;
}

static void count(const struct groove_batch *batch, const struct groove_targets *targets,
                  struct groove_loss *loss)
{
    for (int n = 0; n < batch->B * batch->T; n++) {
        if (batch->valid && batch->valid[n] == 0)
            continue;
        loss->steps++;
        for (int c = 0; c < DRUM_COUNT; c++)
            loss->hits += targets->hit[n * DRUM_COUNT + c] != 0;
    }
}

static void step_loss(struct groove_loss *loss, const struct groove_targets *t, int n,
                      const float *o, float *d, double per_hit, double per_step)
{
    for (int c = 0; c < DRUM_COUNT; c++) {
        int at = n * DRUM_COUNT + c;
        if (t->hit[at] == 0)
            continue;
        loss->offset +=
            laplace(t->offset[at], o[GROOVE_OFFSET + c], o[GROOVE_OFFSET_SCALE + c], per_hit,
                    d ? &d[GROOVE_OFFSET + c] : NULL, d ? &d[GROOVE_OFFSET_SCALE + c] : NULL);
        loss->velocity +=
            laplace(t->velocity[at], o[GROOVE_DELTA + c], o[GROOVE_DELTA_SCALE + c], per_hit,
                    d ? &d[GROOVE_DELTA + c] : NULL, d ? &d[GROOVE_DELTA_SCALE + c] : NULL);
        loss->offset_error += fabs((double)t->offset[at] - o[GROOVE_OFFSET + c]);
    }
    loss->guitar += laplace(t->g[n], o[GROOVE_GUITAR], o[GROOVE_GUITAR_SCALE], .5 * per_step,
                            d ? &d[GROOVE_GUITAR] : NULL, d ? &d[GROOVE_GUITAR_SCALE] : NULL);
}

struct groove_loss groove_loss(const struct groove_batch *batch,
                               const struct groove_targets *targets, const float *outputs,
                               float *d_outputs)
{
    struct groove_loss loss = {0};
    count(batch, targets, &loss);
    const double per_hit = 1 / fmax(1, targets->hits > 0 ? targets->hits : loss.hits);
    const double per_step = 1 / fmax(1, targets->steps > 0 ? targets->steps : loss.steps);
    const int N = batch->B * batch->T;
    if (d_outputs)
        memset(d_outputs, 0, (size_t)N * GROOVE_OUTPUTS * sizeof *d_outputs);
    for (int n = 0; n < N; n++)
        if (!batch->valid || batch->valid[n] != 0)
            step_loss(&loss, targets, n, outputs + (size_t)n * GROOVE_OUTPUTS,
                      d_outputs ? d_outputs + (size_t)n * GROOVE_OUTPUTS : NULL, per_hit, per_step);
    loss.offset *= per_hit;
    loss.velocity *= per_hit;
    loss.guitar *= per_step;
    loss.total = loss.offset + loss.velocity + .5 * loss.guitar;
    return loss;
}
