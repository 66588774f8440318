#include "model/kernels.h"

/* One kernel serves y = x w, dx = dy w' and dw = x' dy, because a may be read transposed and w' is
 * small enough to be written out first.
 *
 *             n: panels of VECS vectors          Each tile of c stays in registers while k runs:
 * ROWS
 *           +--------+--------+                  broadcasts of a times VECS vectors of b. k is cut
 * into m: ROWS |  tile  |        |                  pieces so that a panel of b stays in the first
 * cache.
 *           +--------+--------+ */
enum { LANES = 16, K_PIECE = 256 };

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

/* rows and vecs are constants where this is called, so the loops over them unroll. */
INLINE void tile(const struct matmul *t, int rows, int vecs, int i, int j)
{
    const float *a = t->a + i * t->a_row, *b = t->b + j;
    const ptrdiff_t a_row = t->a_row, a_col = t->a_col, b_row = t->b_row;
    vec sum[8][2];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vecs; v++)
            sum[r][v] = t->start ? *(const vec *)(t->start + (i + r) * t->start_row + j + v * LANES)
                                 : (vec){0};
    for (int k = t->k; k > 0; k--, a += a_col, b += b_row) {
        vec column[2];
        for (int v = 0; v < vecs; v++)
            column[v] = *(const vec *)(b + v * LANES);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < vecs; v++)
                sum[r][v] += a[r * a_row] * column[v];
    }
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vecs; v++)
            *(vec *)(t->c + (i + r) * t->c_row + j + v * LANES) = sum[r][v];
}

/* The columns that do not fill a vector. */
INLINE void sliver(const struct matmul *t, int rows, int i, int j)
{
    const float *a = t->a + i * t->a_row, *b = t->b + j;
    const ptrdiff_t a_row = t->a_row;
    float sum[8];
    for (int r = 0; r < rows; r++)
        sum[r] = t->start ? t->start[(i + r) * t->start_row + j] : 0;
    for (int k = t->k; k > 0; k--, a += t->a_col, b += t->b_row)
        for (int r = 0; r < rows; r++)
            sum[r] += a[r * a_row] * *b;
    for (int r = 0; r < rows; r++)
        t->c[(i + r) * t->c_row + j] = sum[r];
}

INLINE void panel(const struct matmul *t, int rows, int vecs, int j)
{
    int i = 0;
    for (; i + rows <= t->m; i += rows)
        tile(t, rows, vecs, i, j);
    for (; i + 2 <= t->m; i += 2)
        tile(t, 2, vecs, i, j);
    if (i < t->m)
        tile(t, 1, vecs, i, j);
}

INLINE void multiply_tiles(const struct matmul *t, int rows, int vecs)
{
    int j = 0;
    for (; j + vecs * LANES <= t->n; j += vecs * LANES)
        panel(t, rows, vecs, j);
    for (; j + LANES <= t->n; j += LANES)
        panel(t, rows, 1, j);
    for (; j < t->n; j++) {
        int i = 0;
        for (; i + 8 <= t->m; i += 8)
            sliver(t, 8, i, j);
        for (; i < t->m; i++)
            sliver(t, 1, i, j);
    }
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target("arch=x86-64-v4"))) static void multiply_v4(const struct matmul *t)
{
    multiply_tiles(t, 8, 2); /* 16 of 32 registers of 16 floats */
}

__attribute__((target("arch=x86-64-v3"))) static void multiply_v3(const struct matmul *t)
{
    multiply_tiles(t, 6, 1); /* 12 of 16 registers of 8 floats */
}

static void multiply_plain(const struct matmul *t)
{
    multiply_tiles(t, 2, 1);
}

static void (*best(void))(const struct matmul *)
{
    if (__builtin_cpu_supports("x86-64-v4"))
        return multiply_v4;
    return __builtin_cpu_supports("x86-64-v3") ? multiply_v3 : multiply_plain;
}
#else
static void multiply_plain(const struct matmul *t)
{
    multiply_tiles(t, 4, 1); /* 16 of 32 registers of 4 floats */
}

static void (*best(void))(const struct matmul *)
{
    return multiply_plain;
}
#endif

void matmul(struct matmul task)
{
    void (*const run)(const struct matmul *) = best();
    int k = task.k;
    do {
        task.k = k < K_PIECE ? k : K_PIECE;
        run(&task);
        task.a += task.k * task.a_col;
        task.b += task.k * task.b_row;
        task.start = task.c;
        task.start_row = task.c_row;
        k -= task.k;
    } while (k > 0);
}

void linear_forward(float *y, const float *x, const float *w, const float *bias, int N, int in,
                    int out)
{
    matmul((struct matmul){.c = y,
                           .c_row = out,
                           .a = x,
                           .a_row = in,
                           .a_col = 1,
                           .b = w,
                           .b_row = out,
                           .start = bias,
                           .m = N,
                           .n = out,
                           .k = in});
}

KERNEL static void transpose(float *to, const float *from, int rows, int columns)
{
    for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++)
            to[c * rows + r] = from[r * columns + c];
}

KERNEL static void sum_rows(float *sum, const float *x, int N, int C)
{
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++)
            sum[c] += x[(ptrdiff_t)n * C + c];
}

void linear_backward(float *dx, float *dw, float *dbias, const float *dy, const float *x,
                     const float *w, int N, int in, int out, float *scratch)
{
    if (dx) {
        transpose(scratch, w, in, out);
        matmul((struct matmul){.c = dx,
                               .c_row = in,
                               .a = dy,
                               .a_row = out,
                               .a_col = 1,
                               .b = scratch,
                               .b_row = in,
                               .m = N,
                               .n = in,
                               .k = out});
    }
    matmul((struct matmul){.c = dw,
                           .c_row = out,
                           .a = x,
                           .a_row = 1,
                           .a_col = in,
                           .b = dy,
                           .b_row = out,
                           .start = dw,
                           .start_row = out,
                           .m = in,
                           .n = out,
                           .k = N});
    if (dbias)
        sum_rows(dbias, dy, N, out);
}
