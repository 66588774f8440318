/* The matrix product for one instruction set. matmul.c includes this once for each, with
 *
 *   FLOATS      floats in a register
 *   ROWS, VECS  the tile of c kept in registers: ROWS * VECS, plus VECS for b and one for a
 *   TARGET      the function attribute that chooses the instructions
 *   NAMED(x)    x with the set's name on it
 *   NARROWER    who takes the columns that do not fill a register; the narrowest, without one,
 *               takes them singly
 *
 *             n: panels of VECS registers
 *           +--------+--------+
 *   m: ROWS |  tile  |        |      Each tile of c stays in registers while k runs:
 *           +--------+--------+      ROWS broadcasts of a times VECS registers of b.
 */
typedef float NAMED(vec) __attribute__((vector_size(4 * FLOATS), aligned(4), may_alias));

/* rows and vecs are constants where this is called, so the loops over them unroll. */
INLINE TARGET void NAMED(tile)(const struct matmul *t, int rows, int vecs, int i, int j)
{
    const float *a = t->a + i * t->a_row, *b = t->b + j;
    const ptrdiff_t a_row = t->a_row, a_col = t->a_col, b_row = t->b_row;
    NAMED(vec) sum[ROWS * VECS];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vecs; v++) {
            const ptrdiff_t at = (i + r) * t->start_row + j + v * FLOATS;
            sum[r * vecs + v] = t->start ? *(const NAMED(vec) *)(t->start + at) : (NAMED(vec)){0};
        }
    for (int k = t->k; k > 0; k--, a += a_col, b += b_row) {
        NAMED(vec) column[ROW_VECS];
        for (int v = 0; v < vecs; v++)
            column[v] = *(const NAMED(vec) *)(b + v * FLOATS);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < vecs; v++)
                sum[r * vecs + v] += a[r * a_row] * column[v];
    }
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vecs; v++)
            *(NAMED(vec) *)(t->c + (i + r) * t->c_row + j + v * FLOATS) = sum[r * vecs + v];
}

#ifndef NARROWER
/* A column that does not fill a register. */
INLINE TARGET void NAMED(sliver)(const struct matmul *t, int rows, int i, int j)
{
    const float *a = t->a + i * t->a_row, *b = t->b + j;
    const ptrdiff_t a_row = t->a_row;
    float sum[ROWS];
    for (int r = 0; r < rows; r++)
        sum[r] = t->start ? t->start[(i + r) * t->start_row + j] : 0;
    for (int k = t->k; k > 0; k--, a += t->a_col, b += t->b_row)
        for (int r = 0; r < rows; r++)
            sum[r] += a[r * a_row] * *b;
    for (int r = 0; r < rows; r++)
        t->c[(i + r) * t->c_row + j] = sum[r];
}

INLINE TARGET void NAMED(rest)(const struct matmul *t, int j)
{
    for (; j < t->n; j++) {
        int i = 0;
        for (; i + ROWS <= t->m; i += ROWS)
            NAMED(sliver)(t, ROWS, i, j);
        for (; i < t->m; i++)
            NAMED(sliver)(t, 1, i, j);
    }
}
#else
INLINE TARGET void NAMED(rest)(const struct matmul *t, int j)
{
    struct matmul rest = *t;
    rest.n -= j;
    rest.b += j;
    rest.c += j;
    rest.start += rest.start ? j : 0;
    if (rest.n > 0)
        NARROWER(&rest);
}
#endif

INLINE TARGET void NAMED(panel)(const struct matmul *t, int vecs, int j)
{
    int i = 0;
    for (; i + ROWS <= t->m; i += ROWS)
        NAMED(tile)(t, ROWS, vecs, i, j);
    for (; i + 2 <= t->m; i += 2)
        NAMED(tile)(t, 2, vecs, i, j);
    if (i < t->m)
        NAMED(tile)(t, 1, vecs, i, j);
}

TARGET static void NAMED(product)(const struct matmul *t)
{
    int j = 0;
    /* One row: fewer sums at once would wait for each other, and b is read as it lies in memory. */
    for (; t->m == 1 && j + ROW_VECS * FLOATS <= t->n; j += ROW_VECS * FLOATS)
        NAMED(tile)(t, 1, ROW_VECS, 0, j);
    for (; t->m == 1 && j + ROW_VECS / 2 * FLOATS <= t->n; j += ROW_VECS / 2 * FLOATS)
        NAMED(tile)(t, 1, ROW_VECS / 2, 0, j);
    for (; j + VECS * FLOATS <= t->n; j += VECS * FLOATS)
        NAMED(panel)(t, VECS, j);
    for (; j + FLOATS <= t->n; j += FLOATS)
        NAMED(panel)(t, 1, j);
    NAMED(rest)(t, j);
}

#undef FLOATS
#undef ROWS
#undef VECS
#undef TARGET
#undef NAMED
#undef NARROWER
