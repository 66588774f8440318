#include "model/kernel_math.h"
#include "model/kernels.h"

#include <math.h>

#define INLINE static inline __attribute__((always_inline))

INLINE const lanes *lanes_at(const float *x)
{
    return (const lanes *)x;
}

INLINE float row_sum(const float *x, int C)
{
    lanes sum = {0};
    int c = 0;
    for (; c + LANES <= C; c += LANES)
        sum += *lanes_at(x + c);
    float total = sum_lanes(&sum);
    for (; c < C; c++)
        total += x[c];
    return total;
}

INLINE float row_dot(const float *x, const float *y, int C)
{
    lanes sum = {0};
    int c = 0;
    for (; c + LANES <= C; c += LANES)
        sum += *lanes_at(x + c) * *lanes_at(y + c);
    float total = sum_lanes(&sum);
    for (; c < C; c++)
        total += x[c] * y[c];
    return total;
}

KERNEL void layernorm_forward(float *restrict y, float *restrict mean, float *restrict rstd,
                              const float *restrict x, const float *restrict w,
                              const float *restrict bias, int N, int C)
{
    for (int n = 0; n < N; n++, x += C, y += C) {
        float m = row_sum(x, C) / (float)C;
        for (int c = 0; c < C; c++)
            y[c] = x[c] - m;
        float s = 1 / sqrtf(row_dot(y, y, C) / (float)C + 1e-5F);
        for (int c = 0; c < C; c++)
            y[c] = y[c] * s * w[c] + bias[c];
        mean[n] = m;
        rstd[n] = s;
    }
}

/* With x' = (x - mean) * rstd and d = dy * w:  dx += rstd * (d - mean(d) - x' mean(d x')). */
KERNEL void layernorm_backward(float *restrict dx, float *restrict dw, float *restrict dbias,
                               const float *restrict dy, const float *restrict x, const float *mean,
                               const float *rstd, const float *restrict w, int N, int C)
{
    for (int n = 0; n < N; n++, x += C, dx += C, dy += C) {
        float m = mean[n], s = rstd[n];
        lanes d_sum = {0}, d_x_sum = {0};
        float sum = 0, sum_x = 0;
        int c = 0;
        for (; c + LANES <= C; c += LANES) {
            const lanes d = *lanes_at(dy + c) * *lanes_at(w + c);
            d_sum += d;
            d_x_sum += d * (*lanes_at(x + c) - m);
        }
        for (; c < C; c++) {
            sum += dy[c] * w[c];
            sum_x += dy[c] * w[c] * (x[c] - m);
        }
        sum = (sum + sum_lanes(&d_sum)) / (float)C;
        sum_x = (sum_x + sum_lanes(&d_x_sum)) * s * s / (float)C;
        for (c = 0; c < C; c++) {
            dbias[c] += dy[c];
            dw[c] += dy[c] * (x[c] - m) * s;
            dx[c] += s * (dy[c] * w[c] - sum - (x[c] - m) * sum_x);
        }
    }
}

/* gelu(x) = x P(x), P the normal distribution: P(-|x|) = half(t) e^(-x^2/2), t = 1/(1 + .3275911
 * |x|/sqrt 2), by Abramowitz and Stegun 7.1.26. The slope P(x) + x e^(-x^2/2)/sqrt(2 pi) comes
 * almost for nothing. */
INLINE float gelu(float x, float *slope)
{
    float a = fabsf(x);
    float e = exp_negative(-0.5F * x * x);
    float t = 1 / (1 + 0.231641888F * a);
    float half = 0.530702714F;
    half = half * t - 0.726576013F;
    half = half * t + 0.710706870F;
    half = half * t - 0.142248368F;
    half = half * t + 0.127414796F;
    float tail = half * t * e;
    float p = x < 0 ? tail : 1 - tail;
    *slope = p + x * e * 0.398942280F;
    return x * p;
}

KERNEL void gelu_forward(float *x, float *slope, size_t count)
{
    if (slope) {
        for (size_t i = 0; i < count; i++) {
            float value = x[i], s;
            x[i] = gelu(value, &s);
            slope[i] = s;
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            float s;
            x[i] = gelu(x[i], &s);
        }
    }
}

KERNEL void multiply(float *x, const float *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] *= y[i];
}

KERNEL void add(float *x, const float *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] += y[i];
}

/* The hash is Wellons' "lowbias32". */
KERNEL void dropout(float *x, size_t count, float rate, uint32_t seed)
{
    const int32_t limit = (int32_t)(rate * 0x1p24F);
    const float scale = 1 / (1 - rate);
    for (uint32_t i = 0; i < (uint32_t)count; i++) {
        uint32_t h = i * 0x9e3779b9U + seed;
        h = (h ^ (h >> 16)) * 0x7feb352dU;
        h = (h ^ (h >> 15)) * 0x846ca68bU;
        h ^= h >> 16;
        x[i] = (int32_t)(h >> 8) < limit ? 0 : x[i] * scale;
    }
}

/* y (size) = sum of weights[i] times row i of v. Several sums at once: one would wait for itself.
 */
INLINE void weigh(float *y, const float *weights, const float *v, ptrdiff_t stride, const int *rows,
                  int count, int size)
{
    int c = 0;
    for (; c + LANES <= size; c += LANES) {
        lanes sum[4] = {{0}, {0}, {0}, {0}};
        int i = 0;
        for (; i + 4 <= count; i += 4)
            for (int k = 0; k < 4; k++)
                sum[k] += weights[i + k] * *lanes_at(v + rows[i + k] * stride + c);
        for (; i < count; i++)
            sum[0] += weights[i] * *lanes_at(v + rows[i] * stride + c);
        *(lanes *)(y + c) = sum[0] + sum[1] + (sum[2] + sum[3]);
    }
    for (; c < size; c++) {
        y[c] = 0;
        for (int i = 0; i < count; i++)
            y[c] += weights[i] * v[rows[i] * stride + c];
    }
}

/* x (count) -> softmax; top: the highest of them. */
INLINE void softmax_row(float *x, int count, float top)
{
    for (int i = 0; i < count; i++)
        x[i] = exp_negative(x[i] - top);
    const float scale = 1 / row_sum(x, count);
    for (int i = 0; i < count; i++)
        x[i] *= scale;
}

KERNEL void attention_step(float *y, const float *q, const float *k, const float *v,
                           ptrdiff_t stride, const int *rows, int count, float *bias, int C, int H)
{
    const int size = C / H;
    const float scale = 1 / sqrtf((float)size);
    for (int h = 0; h < H; h++, q += size, k += size, v += size, y += size, bias += count) {
        float top = -1e30F;
        for (int i = 0; i < count; i++) {
            bias[i] += scale * row_dot(q, k + rows[i] * stride, size);
            top = bias[i] > top ? bias[i] : top;
        }
        softmax_row(bias, count, top);
        weigh(y, bias, v, stride, rows, count, size);
    }
}
