#include "model/groove.h"

#include <math.h>
#include <string.h>

/* What an output is to come near: a value, or a Laplace distribution of this scale around it. */
struct wanted {
    double median, scale; /* 0: the value itself */
};

static double scale_of(float logarithm)
{
    return exp(fmin(fmax(logarithm, GROOVE_SCALE_MIN), GROOVE_SCALE_MAX));
}

static struct wanted value(float y)
{
    return (struct wanted){y, 0};
}

static struct wanted distribution(const float *outputs, int median, int scale)
{
    return (struct wanted){outputs[median], scale_of(outputs[scale])};
}

/* The mean over what is wanted of |y - m| / s + log s with s = e^l, l clamped: a Laplace
 * distribution's negative log likelihood but for log 2. Between two of them E|y - m| = a + b
 * e^(-a/b), with a = |median - m| and b the scale wanted. Gradients are those of weight times it;
 * both may be NULL. */
static double laplace(struct wanted y, float m, float l, double weight, float *dm, float *dl)
{
    bool inside = l > GROOVE_SCALE_MIN && l < GROOVE_SCALE_MAX;
    double s = scale_of(l), apart = fabs(y.median - m);
    double near = y.scale > 0 ? exp(-apart / y.scale) : 0;
    double error = (apart + y.scale * near) / s;
    if (dm) {
        *dm = (float)(weight / s * (m > y.median ? 1 - near : m < y.median ? near - 1 : 0));
        *dl = inside ? (float)(weight * (1 - error)) : 0;
    }
    return error + log(s);
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
    const float *taught = t->taught ? t->taught + (size_t)n * GROOVE_OUTPUTS : NULL;
    for (int c = 0; c < DRUM_COUNT; c++) {
        int at = n * DRUM_COUNT + c;
        if (t->hit[at] == 0)
            continue;
        const int offset = GROOVE_OFFSET + c, offset_scale = GROOVE_OFFSET_SCALE + c;
        const int delta = GROOVE_DELTA + c, delta_scale = GROOVE_DELTA_SCALE + c;
        loss->offset += laplace(
            taught ? distribution(taught, offset, offset_scale) : value(t->offset[at]), o[offset],
            o[offset_scale], per_hit, d ? &d[offset] : NULL, d ? &d[offset_scale] : NULL);
        loss->velocity += laplace(
            taught ? distribution(taught, delta, delta_scale) : value(t->velocity[at]), o[delta],
            o[delta_scale], per_hit, d ? &d[delta] : NULL, d ? &d[delta_scale] : NULL);
        loss->offset_error += fabs((double)t->offset[at] - o[offset]);
    }
    loss->guitar +=
        laplace(taught ? distribution(taught, GROOVE_GUITAR, GROOVE_GUITAR_SCALE) : value(t->g[n]),
                o[GROOVE_GUITAR], o[GROOVE_GUITAR_SCALE], .5 * per_step,
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
