/* The arithmetic of the networks: bare float arrays, row-major, x_forward / x_backward pairs.
 *
 * Shapes are in the comments: N rows, C channels. Unless it says otherwise a backward adds to
 * the gradients of weights (`+=`) and overwrites the gradient of its input. Nothing here
 * allocates; scratch comes from the caller. On x86 the best of AVX-512, AVX2 and plain SSE is
 * chosen when the program starts, so sums may differ in their last bits from machine to machine. */
#ifndef MODEL_KERNELS_H
#define MODEL_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The thread sanitizer is not up yet when the choice is made. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

/* c (m,n) = start + a (m,k) b (k,n). Element (i,j) of a is a[i * a_row + j * a_col], so that a
 * may be read transposed. Rows of b and c are b_row and c_row apart. `start` is NULL (zeros), c
 * itself with start_row == c_row (add to c), or a row of n numbers with start_row == 0 (a bias). */
struct matmul {
    float *c;
    const float *a, *b, *start;
    ptrdiff_t c_row, a_row, a_col, b_row, start_row;
    int m, n, k;
};
void matmul(struct matmul task);

/* How many instruction sets this machine has a product for: plain C (SSE or NEON), then AVX2, then
 * AVX-512. matmul() takes the last one; a test takes each. */
int matmul_sets(void);
void matmul_with(int set, struct matmul task);

/* y (N,out) = x (N,in) w (in,out) + bias (out); bias may be NULL. */
void linear_forward(float *y, const float *x, const float *w, const float *bias, int N, int in,
                    int out);

/* dx (N,in) may be NULL when nobody asks. scratch holds in * out floats. */
void linear_backward(float *dx, float *dw, float *dbias, const float *dy, const float *x,
                     const float *w, int N, int in, int out, float *scratch);

/* y = (x - mean) * rstd * w + bias over each row of C. mean and rstd (N) are kept for the way back.
 */
void layernorm_forward(float *y, float *mean, float *rstd, const float *x, const float *w,
                       const float *bias, int N, int C);
/* Adds to dx too: the residual stream's gradient is already there. */
void layernorm_backward(float *dx, float *dw, float *dbias, const float *dy, const float *x,
                        const float *mean, const float *rstd, const float *w, int N, int C);

/* GELU with the exact normal distribution (error 2e-7): x becomes gelu(x); slope, if not NULL, its
 * derivative. */
void gelu_forward(float *x, float *slope, size_t count);

/* x *= y and x += y. */
void multiply(float *x, const float *y, size_t count);
void add(float *x, const float *y, size_t count);

/* Zeroes each element with probability `rate` and scales the rest by 1/(1-rate). The mask is a hash
 * of seed and index: the same call on the gradient is the way back. */
void dropout(float *x, size_t count, float rate, uint32_t seed);

/* Multi-head attention within a band, over keys that are there to be seen.
 *
 * Query i sees key j when i - before <= j <= i + after and seen[j] is not 0; with `self` also
 * always its own key; with `null_key` also always the extra key in row 0 (the others then begin in
 * row 1), which has no bias.
 *
 *   p(i,j) = softmax_j( q_i . k_j / sqrt(C/H) + relative[h][clip(j-i,-R,R) + R]
 *                       + same[h][0] (bin equal) + same[h][1] (beat equal) )
 *
 * q (B,T,C); kv (B,T+null,2C): keys then values; y (B,T,C), heads side by side.
 * p takes B * H * T * attention_width floats, in an order of its own.
 *
 * Sequences may be shorter than T: sequence b then has rows first[b] .. first[b+1] - 1 of q and y,
 * and as many keys as first_key says, none or more, each sequence's null key before them. NULL: T
 * rows each; keys as queries. What is (B,T) stays (B,T). */
struct attention {
    int B, T, C, H, R;
    const int *first, *first_key; /* (B+1) */
    int before, after;
    int null_key, self;
    const float *seen;     /* (B,T) */
    const int *bin, *beat; /* (B,T) */
    const float *relative; /* (H,2R+1) */
    const float *same;     /* (H,2) */
};

int attention_width(const struct attention *shape);
size_t attention_scratch(const struct attention *shape); /* floats, 64-byte aligned */
void attention_forward(float *y, float *p, const float *q, const float *kv,
                       const struct attention *shape, float *scratch);
/* Overwrites dq and dkv; adds to drelative and dsame. */
void attention_backward(float *dq, float *dkv, float *drelative, float *dsame, const float *dy,
                        const float *p, const float *q, const float *kv,
                        const struct attention *shape, float *scratch);

/* One query over scattered keys: the rows `rows[0..count)` of k and v (each row `stride` apart),
 * with their biases. bias (H,count) is overwritten. y (C). */
void attention_step(float *y, const float *q, const float *k, const float *v, ptrdiff_t stride,
                    const int *rows, int count, float *bias, int C, int H);

#endif
