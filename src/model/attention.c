#include "model/kernel_math.h"
#include "model/kernels.h"

#include <math.h>
#include <string.h>

/* Queries are taken TILE at a time. A tile's window of keys is what any of its queries may see, so
 * scores, their gradients and the weighted sums are small matrix products; the corners outside the
 * band are computed and then masked.
 *
 *   keys    lo ....... lo + n      a query's row of p:
 *   i0      [ band      . . ]      [null] [key lo] ... [key lo + n - 1] [0 0 0]
 *   i0 + 1  [ .   band    . ]
 *   i0 + 2  [ . .     band  ]      Rows are attention_width floats apart, a whole
 *                                  number of vectors; past the window is masked too.
 */
enum { TILE = 16 };

static const float MASKED = -1e30F;

#define INLINE static inline __attribute__((always_inline))

static int round_up(int n)
{
    return (n + LANES - 1) / LANES * LANES;
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int widest_window(const struct attention *s)
{
    return min(s->T, max(0, TILE + s->before + s->after));
}

int attention_width(const struct attention *s)
{
    return round_up(s->null_key + round_up(widest_window(s)));
}

/* Distances from a query to any key of its tile's window, masked or not: -span..span. */
static int span(const struct attention *s)
{
    return widest_window(s) + TILE + LANES;
}

static int key_columns(const struct attention *s)
{
    return round_up(s->T) + LANES;
}

size_t attention_scratch(const struct attention *s)
{
    size_t head = (size_t)s->C / (size_t)s->H;
    return (head + 1) * (size_t)key_columns(s) + (size_t)round_up((int)head) +
           2 * (size_t)round_up(2 * span(s) + 1) + (size_t)TILE * (size_t)attention_width(s);
}

/* One head of one sequence, and the scratch it works in. */
struct head {
    const struct attention *s;
    int b, h, size, width, columns;
    float scale;
    /* (size, columns): keys (forward) or values (backward), transposed, zeros after T */
    float *across;
    float *null_row; /* (size): the same for the null key */
    float *bias;     /* (2 span + 1): bias by distance */
    float *dbias;    /* (2 span + 1) */
    float *dp;       /* (TILE, width) */
    const float *seen;
    const int *bin, *beat;
    float same[2], dsame[2];
};

struct window {
    int i0, rows; /* queries */
    int lo, n;    /* keys */
};

static struct head head_at(const struct attention *s, int b, int h, float *scratch)
{
    struct head a = {.s = s, .b = b, .h = h, .size = s->C / s->H};
    a.width = attention_width(s);
    a.columns = key_columns(s);
    a.scale = 1 / sqrtf((float)a.size);
    a.bias = scratch;
    a.dbias = a.bias + round_up(2 * span(s) + 1);
    a.dp = a.dbias + round_up(2 * span(s) + 1);
    a.across = a.dp + TILE * a.width;
    a.null_row = a.across + (ptrdiff_t)a.size * a.columns;
    a.seen = s->seen + (ptrdiff_t)b * s->T;
    a.bin = s->bin + (ptrdiff_t)b * s->T;
    a.beat = s->beat + (ptrdiff_t)b * s->T;
    a.same[0] = s->same[2 * h];
    a.same[1] = s->same[2 * h + 1];
    const float *relative = s->relative + (ptrdiff_t)h * (2 * s->R + 1) + s->R;
    for (int d = -span(s); d <= span(s); d++)
        a.bias[d + span(s)] = relative[max(-s->R, min(s->R, d))];
    return a;
}

static struct window window_at(const struct attention *s, int i0)
{
    struct window w = {.i0 = i0, .rows = min(TILE, s->T - i0)};
    w.lo = min(s->T, max(0, i0 - s->before));
    w.n = max(0, min(s->T, i0 + w.rows + s->after) - w.lo);
    return w;
}

/* Where this head's part of key j is in kv, and its value in kv + C; key -1 is the null key. */
static ptrdiff_t key_at(const struct head *a, int j)
{
    const struct attention *s = a->s;
    ptrdiff_t row = (ptrdiff_t)a->b * (s->T + s->null_key) + s->null_key + j;
    return row * 2 * s->C + a->h * a->size;
}

static ptrdiff_t query_at(const struct head *a, int i)
{
    return ((ptrdiff_t)a->b * a->s->T + i) * a->s->C + a->h * a->size;
}

/* The row of p that belongs to query i. */
static ptrdiff_t row_at(const struct head *a, int i)
{
    return (((ptrdiff_t)a->b * a->s->H + a->h) * a->s->T + i) * a->width;
}

KERNEL static void lay_across(float *to, int columns, const float *rows, ptrdiff_t stride,
                              int count, int size)
{
    for (int j = 0; j < count; j++)
        for (int c = 0; c < size; c++)
            to[c * columns + j] = rows[j * stride + c];
    for (int c = 0; c < size; c++)
        for (int j = count; j < columns; j++)
            to[c * columns + j] = 0;
}

static void gather(struct head *a, const float *kv)
{
    const struct attention *s = a->s;
    lay_across(a->across, a->columns, kv + key_at(a, 0), 2 * s->C, s->T, a->size);
    if (s->null_key)
        memcpy(a->null_row, kv + key_at(a, -1), (size_t)a->size * sizeof(float));
}

/* to (rows, width) = x (rows, size) . every key gathered: the null key's column, then the window's.
 */
static void against_keys(const struct head *a, struct window w, float *to, const float *x)
{
    struct matmul task = {.c = to,
                          .c_row = a->width,
                          .a = x,
                          .a_row = a->s->C,
                          .a_col = 1,
                          .m = w.rows,
                          .k = a->size};
    if (a->s->null_key) {
        task.b = a->null_row;
        task.b_row = 1;
        task.n = 1;
        matmul(task);
    }
    task.c = to + a->s->null_key;
    task.b = a->across + w.lo;
    task.b_row = a->columns;
    task.n = round_up(w.n);
    matmul(task);
}

/* x (rows, size) = weights (rows, width) . the window's rows of kv, null included. */
static void weigh_rows(const struct head *a, struct window w, float *x, const float *weights,
                       const float *kv)
{
    struct matmul task = {.c = x,
                          .c_row = a->s->C,
                          .a = weights + a->s->null_key,
                          .a_row = a->width,
                          .a_col = 1,
                          .b = kv + key_at(a, w.lo),
                          .b_row = 2 * a->s->C,
                          .m = w.rows,
                          .n = a->size,
                          .k = w.n};
    matmul(task);
    if (a->s->null_key) {
        task.a = weights;
        task.b = kv + key_at(a, -1);
        task.k = 1;
        task.start = x;
        task.start_row = task.c_row;
        matmul(task);
    }
}

/* dkv's rows of the window += weights' . x: the way back of the two above. */
static void spread_rows(const struct head *a, struct window w, float *dkv, const float *weights,
                        const float *x)
{
    float *to = dkv + key_at(a, w.lo);
    struct matmul task = {.c = to,
                          .c_row = 2 * a->s->C,
                          .start = to,
                          .start_row = 2 * a->s->C,
                          .a = weights + a->s->null_key,
                          .a_row = 1,
                          .a_col = a->width,
                          .b = x,
                          .b_row = a->s->C,
                          .m = w.n,
                          .n = a->size,
                          .k = w.rows};
    matmul(task);
    if (a->s->null_key) {
        task.c = dkv + key_at(a, -1);
        task.start = task.c;
        task.a = weights;
        task.m = 1;
        matmul(task);
    }
}

/* p <- softmax, over a row of whole vectors. A query that may see nothing gets nothing. */
KERNEL static void softmax(float *p, int columns)
{
    float lane[LANES];
    for (int l = 0; l < LANES; l++)
        lane[l] = MASKED;
    for (int c = 0; c < columns; c += LANES)
        for (int l = 0; l < LANES; l++)
            lane[l] = p[c + l] > lane[l] ? p[c + l] : lane[l];
    float top = max_lanes(lane);
    for (int l = 0; l < LANES; l++)
        lane[l] = 0;
    for (int c = 0; c < columns; c += LANES)
        for (int l = 0; l < LANES; l++) {
            p[c + l] = exp_negative(p[c + l] - top);
            lane[l] += p[c + l];
        }
    float scale = top > MASKED ? 1 / sum_lanes(lane) : 0;
    for (int c = 0; c < columns; c++)
        p[c] *= scale;
}

/* Scores of keys [0, count) -> scale * score + biases, masked where not seen. All pointers begin at
 * the first key. */
KERNEL static void bias_row(float *restrict p, int count, float scale, const float *restrict bias,
                            const float *restrict seen, const int *restrict bin,
                            const int *restrict beat, int own_bin, int own_beat, float same_bin,
                            float same_beat)
{
    for (int c = 0; c < count; c++) {
        float score = p[c] * scale + bias[c] + (bin[c] == own_bin ? same_bin : 0) +
                      (beat[c] == own_beat ? same_beat : 0);
        p[c] = seen[c] != 0 ? score : MASKED;
    }
}

static void score_row(const struct head *a, struct window w, float *p, int i)
{
    const struct attention *s = a->s;
    const int columns = round_up(s->null_key + w.n) - s->null_key;
    const int first = max(0, i - s->before - w.lo), end = min(w.n, i + s->after + 1 - w.lo);
    const float *bias = a->bias + span(s) + w.lo - i;
    float *score = p + s->null_key; /* of keys lo, lo + 1, ... */
    float own = 0;
    if (s->self)
        own = score[i - w.lo] * a->scale + bias[i - w.lo] + a->same[0] + a->same[1];
    if (s->null_key)
        p[0] *= a->scale;
    for (int c = 0; c < first; c++)
        score[c] = MASKED;
    if (first < end)
        bias_row(score + first, end - first, a->scale, bias + first, a->seen + w.lo + first,
                 a->bin + w.lo + first, a->beat + w.lo + first, a->bin[i], a->beat[i], a->same[0],
                 a->same[1]);
    for (int c = max(end, 0); c < columns; c++)
        score[c] = MASKED;
    if (s->self)
        score[i - w.lo] = own;
    softmax(p, columns + s->null_key);
}

void attention_forward(float *y, float *p, const float *q, const float *kv,
                       const struct attention *s, float *scratch)
{
    for (int b = 0; b < s->B; b++)
        for (int h = 0; h < s->H; h++) {
            struct head a = head_at(s, b, h, scratch);
            gather(&a, kv);
            for (int i0 = 0; i0 < s->T; i0 += TILE) {
                struct window w = window_at(s, i0);
                float *rows = p + row_at(&a, i0);
                against_keys(&a, w, rows, q + query_at(&a, i0));
                for (int r = 0; r < w.rows; r++)
                    score_row(&a, w, rows + (ptrdiff_t)r * a.width, i0 + r);
                weigh_rows(&a, w, y + query_at(&a, i0), rows, kv + s->C);
            }
        }
}

/* dp <- d(score) = p (dp - sum p dp), over whole vectors. */
KERNEL static void softmax_backward(float *restrict dp, const float *restrict p, int columns)
{
    float lane[LANES] = {0};
    for (int c = 0; c < columns; c += LANES)
        for (int l = 0; l < LANES; l++)
            lane[l] += p[c + l] * dp[c + l];
    float sum = sum_lanes(lane);
    for (int c = 0; c < columns; c++)
        dp[c] = p[c] * (dp[c] - sum);
}

KERNEL static void bias_backward(float *restrict dbias, float dsame[2], const float *restrict d,
                                 int count, const int *restrict bin, const int *restrict beat,
                                 int own_bin, int own_beat)
{
    float lane[2][LANES] = {{0}};
    int c = 0;
    for (; c + LANES <= count; c += LANES)
        for (int l = 0; l < LANES; l++) {
            dbias[c + l] += d[c + l];
            lane[0][l] += bin[c + l] == own_bin ? d[c + l] : 0;
            lane[1][l] += beat[c + l] == own_beat ? d[c + l] : 0;
        }
    for (; c < count; c++) {
        dbias[c] += d[c];
        dsame[0] += bin[c] == own_bin ? d[c] : 0;
        dsame[1] += beat[c] == own_beat ? d[c] : 0;
    }
    dsame[0] += sum_lanes(lane[0]);
    dsame[1] += sum_lanes(lane[1]);
}

KERNEL static void scale_row(float *x, float scale, int count)
{
    for (int c = 0; c < count; c++)
        x[c] *= scale;
}

static void tile_backward(struct head *a, struct window w, float *dq, float *dkv, const float *dy,
                          const float *p, const float *q, const float *kv)
{
    const struct attention *s = a->s;
    const int columns = round_up(s->null_key + w.n);
    against_keys(a, w, a->dp, dy);
    spread_rows(a, w, dkv + s->C, p, dy);
    for (int r = 0; r < w.rows; r++) {
        int i = w.i0 + r;
        float *d = a->dp + (ptrdiff_t)r * a->width;
        for (int c = s->null_key + round_up(w.n); c < columns; c++)
            d[c] = 0; /* never written, and p is 0 here */
        softmax_backward(d, p + (ptrdiff_t)r * a->width, columns);
        bias_backward(a->dbias + span(s) + w.lo - i, a->dsame, d + s->null_key, w.n, a->bin + w.lo,
                      a->beat + w.lo, a->bin[i], a->beat[i]);
        scale_row(d, a->scale, columns);
    }
    weigh_rows(a, w, dq, a->dp, kv);
    spread_rows(a, w, dkv, a->dp, q);
}

void attention_backward(float *dq, float *dkv, float *drelative, float *dsame, const float *dy,
                        const float *p, const float *q, const float *kv, const struct attention *s,
                        float *scratch)
{
    memset(dkv, 0, (size_t)s->B * (size_t)(s->T + s->null_key) * 2 * (size_t)s->C * sizeof(float));
    for (int b = 0; b < s->B; b++)
        for (int h = 0; h < s->H; h++) {
            struct head a = head_at(s, b, h, scratch);
            gather(&a, kv + s->C);
            memset(a.dbias, 0, (size_t)(2 * span(s) + 1) * sizeof(float));
            for (int i0 = 0; i0 < s->T; i0 += TILE) {
                ptrdiff_t at = query_at(&a, i0);
                tile_backward(&a, window_at(s, i0), dq + at, dkv, dy + at, p + row_at(&a, i0),
                              q + at, kv);
            }
            float *relative = drelative + (ptrdiff_t)h * (2 * s->R + 1) + s->R;
            for (int d = -span(s); d <= span(s); d++)
                relative[max(-s->R, min(s->R, d))] += a.dbias[d + span(s)];
            dsame[2 * h] += a.dsame[0];
            dsame[2 * h + 1] += a.dsame[1];
        }
}
