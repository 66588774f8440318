#include "naive_paper.h"

#include "model/paper_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One window: T steps, C channels. */
struct window {
    const double *params;
    const float *valid;
    int T, C, H;
};

static double *linear(const struct window *w, struct linear l, const double *x)
{
    double *y = calloc((size_t)(w->T * l.out), sizeof *y);
    for (int t = 0; t < w->T; t++)
        for (int o = 0; o < l.out; o++) {
            y[t * l.out + o] = w->params[l.bias + (size_t)o];
            for (int i = 0; i < l.in; i++)
                y[t * l.out + o] += x[t * l.in + i] * w->params[l.weight + (size_t)(i * l.out + o)];
        }
    return y;
}

static double *norm(const struct window *w, struct norm n, const double *x)
{
    const int C = w->C;
    double *y = calloc((size_t)(w->T * C), sizeof *y);
    for (int t = 0; t < w->T; t++, x += C) {
        double mean = 0, square = 0;
        for (int c = 0; c < C; c++)
            mean += x[c] / C;
        for (int c = 0; c < C; c++)
            square += (x[c] - mean) * (x[c] - mean) / C;
        for (int c = 0; c < C; c++)
            y[t * C + c] = (x[c] - mean) / sqrt(square + 1e-5) * w->params[n.weight + (size_t)c] +
                           w->params[n.bias + (size_t)c];
    }
    return y;
}

static double *attend(const struct window *w, bool causal, const double *q, const double *kv)
{
    const int C = w->C, size = C / w->H;
    double *y = calloc((size_t)(w->T * C), sizeof *y);
    for (int h = 0; h < w->H; h++)
        for (int i = 0; i < w->T; i++) {
            double p[64], sum = 0;
            for (int j = 0; j < w->T; j++) {
                double score = 0;
                for (int c = h * size; c < (h + 1) * size; c++)
                    score += q[i * C + c] * kv[j * 2 * C + c] / sqrt(size);
                p[j] = w->valid[j] == 0 || (causal && j > i) ? 0 : exp(score);
                sum += p[j];
            }
            for (int j = 0; j < w->T; j++)
                for (int c = h * size; c < (h + 1) * size && sum > 0; c++)
                    y[i * C + c] += p[j] / sum * kv[j * 2 * C + C + c];
        }
    return y;
}

static void add_to(double *x, double *y, int count)
{
    for (int i = 0; i < count; i++)
        x[i] += y[i];
    free(y);
}

/* x becomes the block's output. */
static void block(const struct window *w, const struct block *b, bool causal, double *x,
                  const double *memory)
{
    double *n1 = norm(w, b->norm1, x), *m = memory ? norm(w, b->norm_memory, memory) : NULL;
    double *q = linear(w, b->q, n1), *kv = linear(w, b->kv, m ? m : n1);
    double *heads = attend(w, causal, q, kv);
    add_to(x, linear(w, b->proj, heads), w->T * w->C);
    double *all[] = {n1, m, q, kv, heads};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    if (!b->up.out)
        return;
    double *n2 = norm(w, b->norm2, x), *up = linear(w, b->up, n2);
    for (int i = 0; i < w->T * b->up.out; i++)
        up[i] *= .5 * erfc(-up[i] / sqrt(2));
    add_to(x, linear(w, b->down, up), w->T * w->C);
    free(n2);
    free(up);
}

/* Position t, channel k, as paper.h has it. */
static double position(int t, int k, int C)
{
    double w = pow(10000, -(double)(k / 2 * 2) / C);
    return k % 2 ? cos(t * w) : sin(t * w);
}

static double *embed(const struct window *w, struct linear l, const float *rows)
{
    double *x = calloc((size_t)(w->T * l.in), sizeof *x);
    for (int i = 0; i < w->T * l.in; i++)
        x[i] = rows[i];
    double *y = linear(w, l, x);
    for (int i = 0; i < w->T * w->C; i++)
        y[i] += position(i / w->C, i % w->C, w->C);
    free(x);
    return y;
}

static double *outputs_of(const struct window *w, const struct paper *paper, const float *score,
                          const float *past)
{
    const struct paper_layout *l = paper->layout;
    double *e = embed(w, l->score, score), *x = embed(w, l->past, past);
    for (int i = 0; i < paper->config.encoders; i++)
        block(w, &l->encoder[i], false, e, NULL);
    for (int i = 0; i < paper->config.decoders; i++) {
        block(w, &l->self[i], true, x, NULL);
        block(w, &l->cross[i], false, x, e);
    }
    double *n = norm(w, l->norm, x), *outputs = linear(w, l->output, n);
    free(e);
    free(x);
    free(n);
    return outputs;
}

static double laplace(double error, double scale)
{
    scale = fmin(fmax(scale, PAPER_SCALE_MIN), PAPER_SCALE_MAX);
    return fabs(error) * exp(-scale) + scale;
}

double naive_paper_loss(const struct paper *paper, const double *params,
                        const struct paper_batch *batch, const struct paper_targets *targets,
                        double *outputs)
{
    const int T = batch->T;
    const double *scale = params + paper->layout->scale;
    double hits = 0, steps = 0;
    for (int b = 0; b < batch->B; b++) {
        const struct window w = {params, batch->valid + b * T, T, paper->config.width,
                                 paper->config.heads};
        double *made = outputs_of(&w, paper, batch->score + b * T * PAPER_SCORE,
                                  batch->past + b * T * PAPER_PAST);
        for (int t = 0; t < T; t++) {
            const double *o = made + t * PAPER_OUTPUTS;
            const int n = b * T + t;
            if (w.valid[t] == 0)
                continue;
            steps += laplace(targets->unit[n] * (o[18] - targets->g[n]), scale[18]);
            for (int c = 0; c < DRUM_COUNT; c++) {
                const int k = n * DRUM_COUNT + c;
                if (targets->hit[k] == 0)
                    continue;
                hits += laplace(o[c] - targets->velocity[k], scale[c]) +
                        laplace(targets->unit[n] * (o[9 + c] - targets->offset[k]), scale[9 + c]);
            }
        }
        if (outputs)
            memcpy(outputs + b * T * PAPER_OUTPUTS, made,
                   (size_t)(T * PAPER_OUTPUTS) * sizeof *made);
        free(made);
    }
    return hits / targets->hits + .5 * steps / targets->steps;
}
