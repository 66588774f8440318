#include "model/kernel_math.h"
#include "model/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Queries are taken TILE at a time and lie side by side, a lane each; a tile's keys, those that any
 * of its queries may see, lie below each other. So softmax runs down the rows with no sums across
 * a register, the bias for the distance is a slice of a table, and scores, gradients and weighted
 * sums are small matrix products. The corners outside the band are computed and then masked.
 *
 *                  query i0, i0 + 1, ... i0 + TILE - 1
 *   null key     [  .  .  .  . ]
 *   key lo       [  x          ]      One tile of p: (null_key + n, TILE). It says how much each
 *   key lo + 1   [  x  x       ]      query takes of each key; 0 outside the band and where a
 *     ...        [     x  x    ]      query is missing at the end of a sequence.
 */
enum { TILE = LANES };

static const float MASKED = -1e30F;

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int tiles(const struct attention *s)
{
    return (s->T + TILE - 1) / TILE;
}

/* Rows of a tile's p. */
static int tile_rows(const struct attention *s)
{
    return s->null_key + min(s->T, max(0, TILE + s->before + s->after));
}

int attention_width(const struct attention *s)
{
    return (tiles(s) * TILE * tile_rows(s) + s->T - 1) / s->T;
}

/* Distances from a query of a tile to any key of its window, masked or not: -span..span. */
static int span(const struct attention *s)
{
    return min(s->T, max(abs(s->before), abs(s->after))) + 2 * TILE;
}

static size_t round_up(int n)
{
    return (size_t)(n + LANES - 1) / LANES * LANES;
}

size_t attention_scratch(const struct attention *s)
{
    return 2 * round_up(2 * span(s) + 1) + (size_t)(s->C / s->H + tile_rows(s)) * TILE;
}

/* One head of one sequence, and the scratch it works in. */
struct head {
    const struct attention *s;
    int h, size, queries, keys;
    ptrdiff_t query, key; /* where this head's part of query 0 and of key 0 is in q and in kv */
    ptrdiff_t tiles;      /* where its tiles are in p */
    float scale;
    float *bias, *dbias; /* (2 span + 1): by i - j, 0 in the middle */
    float *side;         /* (size, TILE): a tile of queries side by side */
    float *dp;           /* a tile */
    const float *seen;
    const int *bin, *beat;
    float same[2], dsame[2];
};

/* One tile: queries i0 .. i0 + rows, keys lo .. lo + n. */
struct tile {
    int i0, rows, lo, n;
    ptrdiff_t at; /* in p */
};

static struct head head_at(const struct attention *s, int b, int h, float *scratch)
{
    const int *first_key = s->first_key ? s->first_key : s->first;
    const int row = s->first ? s->first[b] : b * s->T;
    const int key_row = (first_key ? first_key[b] : b * s->T) + (b + 1) * s->null_key;
    struct head a = {.s = s, .h = h, .size = s->C / s->H};
    a.queries = s->first ? s->first[b + 1] - s->first[b] : s->T;
    a.keys = first_key ? first_key[b + 1] - first_key[b] : s->T;
    a.query = (ptrdiff_t)row * s->C + h * a.size;
    a.key = (ptrdiff_t)key_row * 2 * s->C + h * a.size;
    a.tiles = ((ptrdiff_t)b * s->H + h) * tiles(s) * TILE * tile_rows(s);
    a.scale = 1 / sqrtf((float)a.size);
    a.bias = scratch + span(s);
    a.dbias = a.bias + round_up(2 * span(s) + 1);
    a.side = scratch + 2 * round_up(2 * span(s) + 1);
    a.dp = a.side + (ptrdiff_t)a.size * TILE;
    a.seen = s->seen + (ptrdiff_t)b * s->T;
    a.bin = s->bin + (ptrdiff_t)b * s->T;
    a.beat = s->beat + (ptrdiff_t)b * s->T;
    a.same[0] = s->same[2 * h];
    a.same[1] = s->same[2 * h + 1];
    const float *relative = s->relative + (ptrdiff_t)h * (2 * s->R + 1) + s->R;
    for (int d = -span(s); d <= span(s); d++)
        a.bias[d] = relative[max(-s->R, min(s->R, -d))];
    return a;
}

static struct tile tile_at(const struct head *a, int i0)
{
    const struct attention *s = a->s;
    struct tile t = {.i0 = i0, .rows = min(TILE, a->queries - i0)};
    t.lo = min(a->keys, max(0, i0 - s->before));
    t.n = max(0, min(a->keys, i0 + t.rows + s->after) - t.lo);
    t.at = a->tiles + (ptrdiff_t)i0 * tile_rows(s);
    return t;
}

/* Where in kv this head's part of the tile's first key is; -1: of the null key. */
static ptrdiff_t key_at(const struct head *a, int j)
{
    return a->key + (ptrdiff_t)j * 2 * a->s->C;
}

KERNEL static void lay_across(float *restrict to, const float *restrict x, ptrdiff_t stride,
                              int rows, int size)
{
    for (int c = 0; c < size; c++)
        for (int l = 0; l < TILE; l++)
            to[c * TILE + l] = l < rows ? x[l * stride + c] : 0;
}

/* to (null_key + n, TILE) = the tile's keys or values in kv . its queries x, laid side by side. */
static void against_keys(const struct head *a, struct tile t, float *to, const float *kv,
                         const float *x)
{
    const struct attention *s = a->s;
    lay_across(a->side, x, s->C, t.rows, a->size);
    struct matmul task = {.c = to + s->null_key * TILE,
                          .c_row = TILE,
                          .a = kv + key_at(a, t.lo),
                          .a_row = (ptrdiff_t)2 * s->C,
                          .a_col = 1,
                          .b = a->side,
                          .b_row = TILE,
                          .m = t.n,
                          .n = TILE,
                          .k = a->size};
    matmul(task);
    if (s->null_key) {
        task.c = to;
        task.a = kv + key_at(a, -1);
        task.m = 1;
        matmul(task);
    }
}

/* x (rows, size) = weights (null_key + n, TILE)' . the tile's rows of kv. */
static void weigh_rows(const struct head *a, struct tile t, float *x, const float *weights,
                       const float *kv)
{
    const struct attention *s = a->s;
    struct matmul task = {.c = x,
                          .c_row = s->C,
                          .a = weights + s->null_key * TILE,
                          .a_row = 1,
                          .a_col = TILE,
                          .b = kv + key_at(a, t.lo),
                          .b_row = (ptrdiff_t)2 * s->C,
                          .m = t.rows,
                          .n = a->size,
                          .k = t.n};
    matmul(task);
    if (s->null_key) {
        task.a = weights;
        task.b = kv + key_at(a, -1);
        task.k = 1;
        task.start = x;
        task.start_row = task.c_row;
        matmul(task);
    }
}

/* The tile's rows of dkv += weights . x (rows, size): the way back of the two above. */
static void spread_rows(const struct head *a, struct tile t, float *dkv, const float *weights,
                        const float *x)
{
    const struct attention *s = a->s;
    float *to = dkv + key_at(a, t.lo);
    struct matmul task = {.c = to,
                          .c_row = (ptrdiff_t)2 * s->C,
                          .start = to,
                          .start_row = (ptrdiff_t)2 * s->C,
                          .a = weights + s->null_key * TILE,
                          .a_row = TILE,
                          .a_col = 1,
                          .b = x,
                          .b_row = s->C,
                          .m = t.n,
                          .n = a->size,
                          .k = t.rows};
    matmul(task);
    if (s->null_key) {
        task.c = dkv + key_at(a, -1);
        task.start = task.c;
        task.a = weights;
        task.m = 1;
        matmul(task);
    }
}

/* What a tile's rows share: bins and beats of its queries. */
struct places {
    int bin[TILE], beat[TILE];
};

static struct places lanes_of(const struct head *a, struct tile t)
{
    struct places own = {{0}, {0}};
    memcpy(own.bin, a->bin + t.i0, (size_t)t.rows * sizeof *own.bin);
    memcpy(own.beat, a->beat + t.i0, (size_t)t.rows * sizeof *own.beat);
    return own;
}

/* Dot products -> scores, masked where a key is not to be seen; top (TILE) becomes the highest. */
KERNEL static void score_tile(const struct head *a, const struct tile *t, const struct places *own,
                              float *restrict p, float *restrict top)
{
    const struct attention *s = a->s;
    const float scale = a->scale, same_bin = a->same[0], same_beat = a->same[1];
    for (int l = 0; l < TILE; l++)
        top[l] = MASKED;
    for (int k = 0; k < s->null_key; k++, p += TILE)
        for (int l = 0; l < TILE; l++)
            top[l] = p[l] *= scale;
    for (int j = t->lo; j < t->lo + t->n; j++, p += TILE) {
        const float *restrict bias = a->bias + t->i0 - j;
        const bool seen = a->seen[j] != 0;
        const int from = seen ? j - s->after - t->i0 : TILE;
        const int to = seen ? j + s->before - t->i0 : -1, self = s->self ? j - t->i0 : TILE;
        const int bin = a->bin[j], beat = a->beat[j];
        for (int l = 0; l < TILE; l++) {
            float score = p[l] * scale + bias[l] + (own->bin[l] == bin ? same_bin : 0) +
                          (own->beat[l] == beat ? same_beat : 0);
            score = ((l >= from) & (l <= to)) | (l == self) ? score : MASKED;
            top[l] = score > top[l] ? score : top[l];
            p[l] = score;
        }
    }
}

/* p <- softmax down the rows. A query that may see nothing gets nothing. */
KERNEL static void softmax(float *restrict p, int rows, const float *restrict top)
{
    float sum[TILE] = {0}, scale[TILE];
    for (int k = 0; k < rows; k++)
        for (int l = 0; l < TILE; l++) {
            float e = exp_negative(p[k * TILE + l] - top[l]);
            p[k * TILE + l] = e;
            sum[l] += e;
        }
    for (int l = 0; l < TILE; l++)
        scale[l] = top[l] > MASKED ? 1 / sum[l] : 0;
    for (int k = 0; k < rows; k++)
        for (int l = 0; l < TILE; l++)
            p[k * TILE + l] *= scale[l];
}

void attention_forward(float *y, float *p, const float *q, const float *kv,
                       const struct attention *s, float *scratch)
{
    for (int b = 0; b < s->B; b++)
        for (int h = 0; h < s->H; h++) {
            const struct head a = head_at(s, b, h, scratch);
            for (int i0 = 0; i0 < a.queries; i0 += TILE) {
                const struct tile t = tile_at(&a, i0);
                const struct places own = lanes_of(&a, t);
                const ptrdiff_t at = a.query + (ptrdiff_t)i0 * s->C;
                float top[TILE];
                against_keys(&a, t, p + t.at, kv, q + at);
                score_tile(&a, &t, &own, p + t.at, top);
                softmax(p + t.at, s->null_key + t.n, top);
                weigh_rows(&a, t, y + at, p + t.at, kv + s->C);
            }
        }
}

/* dp <- d(dot product) = scale p (dp - sum p dp), and what the biases get of it. */
KERNEL static void softmax_backward(struct head *a, const struct tile *t, const struct places *own,
                                    const float *restrict p)
{
    const int null_key = a->s->null_key, rows = null_key + t->n;
    float *restrict dp = a->dp;
    float sum[TILE] = {0}, dbin[TILE] = {0}, dbeat[TILE] = {0};
    const float scale = a->scale;
    for (int k = 0; k < rows; k++)
        for (int l = 0; l < TILE; l++)
            sum[l] += p[k * TILE + l] * dp[k * TILE + l];
    for (int k = 0; k < null_key; k++)
        for (int l = 0; l < TILE; l++)
            dp[k * TILE + l] = scale * p[k * TILE + l] * (dp[k * TILE + l] - sum[l]);
    for (int k = null_key; k < rows; k++) {
        const int j = t->lo + k - null_key, bin = a->bin[j], beat = a->beat[j];
        float *restrict dbias = a->dbias + t->i0 - j;
        for (int l = 0; l < TILE; l++) {
            float d = p[k * TILE + l] * (dp[k * TILE + l] - sum[l]);
            dbias[l] += d;
            dbin[l] += own->bin[l] == bin ? d : 0;
            dbeat[l] += own->beat[l] == beat ? d : 0;
            dp[k * TILE + l] = scale * d;
        }
    }
    a->dsame[0] += sum_lanes((const lanes *)dbin);
    a->dsame[1] += sum_lanes((const lanes *)dbeat);
}

void attention_backward(float *dq, float *dkv, float *drelative, float *dsame, const float *dy,
                        const float *p, const float *q, const float *kv, const struct attention *s,
                        float *scratch)
{
    const int *first_key = s->first_key ? s->first_key : s->first;
    const int rows = (first_key ? first_key[s->B] : s->B * s->T) + s->B * s->null_key;
    memset(dkv, 0, (size_t)rows * 2 * (size_t)s->C * sizeof(float));
    for (int b = 0; b < s->B; b++)
        for (int h = 0; h < s->H; h++) {
            struct head a = head_at(s, b, h, scratch);
            memset(a.dbias - span(s), 0, (size_t)(2 * span(s) + 1) * sizeof(float));
            for (int i0 = 0; i0 < a.queries; i0 += TILE) {
                const struct tile t = tile_at(&a, i0);
                const struct places own = lanes_of(&a, t);
                const ptrdiff_t at = a.query + (ptrdiff_t)i0 * s->C;
                against_keys(&a, t, a.dp, kv + s->C, dy + at);
                spread_rows(&a, t, dkv + s->C, p + t.at, dy + at);
                softmax_backward(&a, &t, &own, p + t.at);
                weigh_rows(&a, t, dq + at, a.dp, kv);
                spread_rows(&a, t, dkv, a.dp, q + at);
            }
            float *relative = drelative + (ptrdiff_t)h * (2 * s->R + 1) + s->R;
            for (int d = -span(s); d <= span(s); d++)
                relative[max(-s->R, min(s->R, -d))] += a.dbias[d];
            dsame[2 * h] += a.dsame[0];
            dsame[2 * h + 1] += a.dsame[1];
        }
}
