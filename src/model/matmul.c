#include "model/kernels.h"

#include <assert.h>

/* One kernel serves y = x w, dx = dy w' and dw = x' dy, because a may be read transposed and w' is
 * small enough to be written out first. It exists once for each instruction set (matmul_tiles.h). k
 * is cut into pieces so that a panel of b stays in the first cache. */
enum { K_PIECE = 256, ROW_VECS = 8 };

#define INLINE static inline __attribute__((always_inline))

/* 4 floats: SSE, NEON. 12 of 16 registers hold the tile. */
#define FLOATS 4
#define ROWS 6
#define VECS 2
#define TARGET
#define NAMED(x) x##_plain
#include "model/matmul_tiles.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FLOATS 8
#define ROWS 6
#define VECS 2
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define NAMED(x) x##_v3
#define NARROWER product_plain
#include "model/matmul_tiles.h"

#define FLOATS 16
#define ROWS 8
#define VECS 2
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define NAMED(x) x##_v4
#define NARROWER product_v3
#include "model/matmul_tiles.h"

static void (*const products[])(const struct matmul *) = {product_plain, product_v3, product_v4};

int matmul_sets(void)
{
    return __builtin_cpu_supports("x86-64-v4") ? 3 : __builtin_cpu_supports("x86-64-v3") ? 2 : 1;
}
#else
static void (*const products[])(const struct matmul *) = {product_plain};

int matmul_sets(void)
{
    return 1;
}
#endif

void matmul_with(int set, struct matmul task)
{
    int k = task.k;
    do {
        task.k = k < K_PIECE ? k : K_PIECE;
        products[set](&task);
        task.a += task.k * task.a_col;
        task.b += task.k * task.b_row;
        task.start = task.c;
        task.start_row = task.c_row;
        k -= task.k;
    } while (k > 0);
}

void matmul(struct matmul task)
{
    matmul_with(matmul_sets() - 1, task);
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
    assert(dw);
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
