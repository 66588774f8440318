#include "naive_groove.h"

#include "model/groove_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One song at a time: T steps, C channels, everything (T,C). */
struct song {
    const struct groove *groove;
    const double *params;
    const float *x, *g;
    const int *bin;
    const bool *valid, *heard;
    int T, C;
};

static double *zeros(int rows, int columns)
{
    return calloc((size_t)rows * (size_t)columns, sizeof(double));
}

static double *linear(const struct song *s, struct linear l, const double *x, int rows)
{
    double *y = zeros(rows, l.out);
    for (int n = 0; n < rows; n++)
        for (int o = 0; o < l.out; o++) {
            double sum = s->params[l.bias + (size_t)o];
            for (int i = 0; i < l.in; i++)
                sum += x[n * l.in + i] * s->params[l.weight + (size_t)(i * l.out + o)];
            y[n * l.out + o] = sum;
        }
    return y;
}

static double *norm(const struct song *s, struct norm w, const double *x, int rows)
{
    const int C = s->C;
    double *y = zeros(rows, C);
    for (int n = 0; n < rows; n++, x += C) {
        double mean = 0, square = 0;
        for (int c = 0; c < C; c++)
            mean += x[c] / C;
        for (int c = 0; c < C; c++)
            square += (x[c] - mean) * (x[c] - mean) / C;
        for (int c = 0; c < C; c++)
            y[n * C + c] = (x[c] - mean) / sqrt(square + 1e-5) * s->params[w.weight + (size_t)c] +
                           s->params[w.bias + (size_t)c];
    }
    return y;
}

static bool may_see(const struct song *s, int kind, int i, int j)
{
    const struct groove_config *c = &s->groove->config;
    if (kind == RELATIVE_ENCODER)
        return s->valid[j] && abs(i - j) <= c->encoder_band;
    if (kind == RELATIVE_MEMORY)
        return i == j || (s->heard[j] && j < i && i - j <= c->memory_band);
    return s->heard[j] && j < i && i - j <= c->memory_band;
}

static double bias(const struct song *s, int kind, int h, int i, int j)
{
    const struct groove_config *c = &s->groove->config;
    int d = j - i < -c->reach ? -c->reach : j - i > c->reach ? c->reach : j - i;
    int row = kind * c->heads + h;
    const double *relative = s->params + s->groove->layout->relative + row * (2 * c->reach + 1);
    const double *same = s->params + s->groove->layout->same + row * 2;
    return relative[d + c->reach] + (s->bin[i] == s->bin[j] ? same[0] : 0) +
           (s->bin[i] % 12 == s->bin[j] % 12 ? same[1] : 0);
}

/* kv has the null token in row 0 when this is the decoder. */
static double *attend(const struct song *s, int kind, const double *q, const double *kv)
{
    const int C = s->C, H = s->groove->config.heads, size = C / H, null = kind == RELATIVE_DECODER;
    double *y = zeros(s->T, C), *p = zeros(1, s->T + 1);
    for (int h = 0; h < H; h++)
        for (int i = 0; i < s->T; i++) {
            double sum = 0;
            for (int j = -null; j < s->T; j++) {
                const double *k = kv + (j + null) * 2 * C + h * size;
                double score = j < 0 ? 0 : bias(s, kind, h, i, j);
                for (int c = 0; c < size; c++)
                    score += q[i * C + h * size + c] * k[c] / sqrt(size);
                p[j + 1] = j < 0 || may_see(s, kind, i, j) ? exp(score) : 0;
                sum += p[j + 1];
            }
            for (int j = -null; j < s->T; j++)
                for (int c = 0; c < size && sum > 0; c++)
                    y[i * C + h * size + c] +=
                        p[j + 1] / sum * kv[(j + null) * 2 * C + C + h * size + c];
        }
    free(p);
    return y;
}

/* x becomes the block's output. */
static void block(const struct song *s, const struct block *b, int kind, double *x,
                  const double *memory)
{
    const int T = s->T, C = s->C, hidden = b->up.out;
    double *n1 = norm(s, b->norm1, x, T);
    double *m = memory ? norm(s, b->norm_memory, memory, T + 1) : NULL;
    double *q = linear(s, b->q, n1, T), *kv = linear(s, b->kv, m ? m : n1, m ? T + 1 : T);
    double *heads = attend(s, kind, q, kv), *proj = linear(s, b->proj, heads, T);
    for (int i = 0; i < T * C; i++)
        x[i] += proj[i];
    double *n2 = norm(s, b->norm2, x, T), *up = linear(s, b->up, n2, T);
    for (int i = 0; i < T * hidden; i++)
        up[i] *= .5 * erfc(-up[i] / sqrt(2));
    double *down = linear(s, b->down, up, T);
    for (int i = 0; i < T * C; i++)
        x[i] += down[i];
    double *all[] = {n1, m, q, kv, heads, proj, n2, up, down};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static double *outputs_of(const struct song *s)
{
    const struct groove_layout *l = s->groove->layout;
    const int T = s->T, C = s->C, inputs = l->input.in;
    double *x = zeros(T, inputs), *told = zeros(T, 3), *memory = zeros(T + 1, C);
    for (int i = 0; i < T * inputs; i++)
        x[i] = s->x[i];
    double *e = linear(s, l->input, x, T);
    for (int i = 0; i < s->groove->config.encoders; i++)
        block(s, &l->encoder[i], RELATIVE_ENCODER, e, NULL);
    for (int t = 0; t < T; t++) {
        double g = s->heard[t] ? s->g[t] : 0;
        memcpy(told + 3 * t, (double[]){g, s->heard[t], fabs(g)}, 3 * sizeof *told);
    }
    double *token = linear(s, l->heard, told, T);
    for (int i = 0; i < T * C; i++)
        token[i] += e[i];
    block(s, &l->memory, RELATIVE_MEMORY, token, NULL);
    memcpy(memory, s->params + l->null, (size_t)C * sizeof *memory);
    memcpy(memory + C, token, (size_t)(T * C) * sizeof *memory);
    for (int i = 0; i < s->groove->config.decoders; i++)
        block(s, &l->decoder[i], RELATIVE_DECODER, e, memory);
    double *n = norm(s, l->norm, e, T), *outputs = linear(s, l->output, n, T);
    double *all[] = {x, told, memory, e, token, n};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return outputs;
}

static double laplace(double y, double m, double l)
{
    l = fmin(fmax(l, GROOVE_SCALE_MIN), GROOVE_SCALE_MAX);
    return fabs(y - m) * exp(-l) + l;
}

double naive_groove_loss(const struct groove *groove, const double *params,
                         const struct groove_batch *batch, const struct groove_targets *targets,
                         double *outputs)
{
    const int T = batch->T;
    double hits = 0, steps = 0, per_hit = 0, per_step = 0;
    bool *valid = malloc((size_t)T * sizeof *valid), *heard = malloc((size_t)T * sizeof *heard);
    for (int b = 0; b < batch->B; b++) {
        for (int t = 0; t < T; t++) {
            valid[t] = !batch->valid || batch->valid[b * T + t] > 0;
            heard[t] = valid[t] && batch->heard && batch->heard[b * T + t] > 0;
        }
        struct song song = {groove,
                            params,
                            batch->x + b * T * groove->config.inputs,
                            batch->g + b * T,
                            batch->bin + b * T,
                            valid,
                            heard,
                            T,
                            groove->config.width};
        double *o = outputs_of(&song);
        for (int t = 0; t < T; t++) {
            const double *at = o + t * GROOVE_OUTPUTS;
            int n = b * T + t;
            if (!valid[t])
                continue;
            steps++;
            per_step += laplace(targets->g[n], at[GROOVE_GUITAR], at[GROOVE_GUITAR_SCALE]);
            for (int c = 0; c < DRUM_COUNT; c++) {
                int k = n * DRUM_COUNT + c;
                if (targets->hit[k] == 0)
                    continue;
                hits++;
                per_hit +=
                    laplace(targets->offset[k], at[c], at[DRUM_COUNT + c]) +
                    laplace(targets->velocity[k], at[2 * DRUM_COUNT + c], at[3 * DRUM_COUNT + c]);
            }
        }
        if (outputs)
            memcpy(outputs + b * T * GROOVE_OUTPUTS, o, (size_t)T * GROOVE_OUTPUTS * sizeof *o);
        free(o);
    }
    free(valid);
    free(heard);
    return per_hit / hits + .5 * per_step / steps;
}
