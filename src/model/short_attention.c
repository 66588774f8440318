#include "model/short_attention.h"

#include "model/kernel_math.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* All queries of a window lie side by side in one register, so scores, softmax and weighted sums
 * are a few instructions a key, and nothing is summed across a register:
 *
 *            query 0 ... query 15
 *   key 0   [                    ]      softmax runs down the columns
 *   key 1   [                    ]
 */
_Static_assert((int)SHORT_ATTENTION == (int)LANES, "a register holds the queries of a window");

struct tile {
    float at[LANES][LANES]; /* [key][query], or turned */
} __attribute__((aligned(64)));

/* A row of it. Left to itself the compiler sums across rows. */
typedef float row __attribute__((vector_size(4 * LANES), may_alias));

static const float MASKED = -1e30F;

/* One head of one window: where it begins in q and y (T rows, C apart), kv (T rows, 2C apart). */
struct head {
    const struct attention *s;
    ptrdiff_t q, kv, p, seen;
    int size;
};

static struct head head_at(const struct attention *s, int b, int h)
{
    const int size = s->C / s->H;
    return (struct head){.s = s,
                         .q = (ptrdiff_t)b * s->T * s->C + h * size,
                         .kv = (ptrdiff_t)b * s->T * 2 * s->C + h * size,
                         .p = ((ptrdiff_t)b * s->H + h) * s->T * LANES,
                         .seen = (ptrdiff_t)b * s->T,
                         .size = size};
}

#define INLINE static inline __attribute__((always_inline))

/* Channel x of T rows, and back. */
INLINE void take(row *lane, const float *x, ptrdiff_t stride, int T)
{
    for (int l = 0; l < LANES; l++)
        (*lane)[l] = l < T ? x[l * stride] : 0;
}

INLINE void give(float *x, ptrdiff_t stride, const row *lane, int T)
{
    for (int l = 0; l < T; l++)
        x[l * stride] = (*lane)[l];
}

/* tile[j][l] = sum over channels of a(j) x(l), a's rows 2C apart, x's C. */
INLINE void products(struct tile *tile, const float *a, const float *x, const struct head *h)
{
    const int T = h->s->T, C = h->s->C;
    for (int j = 0; j < LANES; j++)
        *(row *)tile->at[j] = (row){0};
    for (int c = 0; c < h->size; c++) {
        row lane = {0};
        take(&lane, x + c, C, T);
        for (int j = 0; j < T; j++)
            *(row *)tile->at[j] += a[(ptrdiff_t)j * 2 * C + c] * lane;
    }
}

/* y(l) = sum over j of tile[j][l] a(j), channel by channel. */
INLINE void sums(float *y, ptrdiff_t y_row, const struct tile *tile, const float *a,
                 ptrdiff_t a_row, const struct head *h)
{
    const int T = h->s->T;
    for (int c = 0; c < h->size; c++) {
        row sum = {0};
        for (int j = 0; j < T; j++)
            sum += *(const row *)tile->at[j] * a[j * a_row + c];
        give(y + c, y_row, &sum, T);
    }
}

/* Scores -> weights, down the columns. A query that may see nothing gets nothing. */
INLINE void weigh(struct tile *tile, const float *seen, const struct head *h)
{
    const struct attention *s = h->s;
    const float scale = 1 / sqrtf((float)h->size);
    float top[LANES], sum[LANES] = {0};
    for (int l = 0; l < LANES; l++)
        top[l] = MASKED;
    for (int j = 0; j < s->T; j++)
        for (int l = 0; l < LANES; l++) {
            int masked = seen[j] == 0 || j > l + s->after || j < l - s->before;
            tile->at[j][l] = masked ? MASKED : tile->at[j][l] * scale;
            top[l] = tile->at[j][l] > top[l] ? tile->at[j][l] : top[l];
        }
    for (int j = 0; j < s->T; j++)
        for (int l = 0; l < LANES; l++) {
            tile->at[j][l] = exp_negative(tile->at[j][l] - top[l]);
            sum[l] += tile->at[j][l];
        }
    for (int l = 0; l < LANES; l++)
        sum[l] = top[l] > MASKED ? 1 / sum[l] : 0;
    for (int j = 0; j < s->T; j++)
        for (int l = 0; l < LANES; l++)
            tile->at[j][l] *= sum[l];
}

KERNEL static void head_forward(float *y, float *p, const float *q, const float *kv,
                                const float *seen, const struct head *h)
{
    struct tile tile;
    products(&tile, kv, q, h);
    weigh(&tile, seen, h);
    sums(y, h->s->C, &tile, kv + h->s->C, 2 * h->s->C, h);
    memcpy(p, tile.at, (size_t)h->s->T * sizeof *tile.at);
}

void short_attention_forward(float *y, float *p, const float *q, const float *kv,
                             const struct attention *s)
{
    assert(s->T <= LANES && !s->null_key && !s->self);
    for (int b = 0; b < s->B; b++)
        for (int i = 0; i < s->H; i++) {
            const struct head h = head_at(s, b, i);
            head_forward(y + h.q, p + h.p, q + h.q, kv + h.kv, s->seen + h.seen, &h);
        }
}

INLINE void turn(struct tile *to, const struct tile *from)
{
    for (int j = 0; j < LANES; j++)
        for (int l = 0; l < LANES; l++)
            to->at[l][j] = from->at[j][l];
}

/* d(score) = p (dp - sum over keys of p dp), scaled as the scores are. */
INLINE void softmax_backward(struct tile *d, const struct tile *p, const struct head *h)
{
    const struct attention *s = h->s;
    const float scale = 1 / sqrtf((float)h->size);
    float sum[LANES] = {0};
    for (int j = 0; j < s->T; j++)
        for (int l = 0; l < LANES; l++)
            sum[l] += p->at[j][l] * d->at[j][l];
    for (int j = 0; j < s->T; j++)
        for (int l = 0; l < LANES; l++)
            d->at[j][l] = scale * p->at[j][l] * (d->at[j][l] - sum[l]);
}

KERNEL static void head_backward(float *dq, float *dkv, const float *dy, const float *weights,
                                 const float *q, const float *kv, const struct head *h)
{
    const int C = h->s->C;
    struct tile p, d, turned;
    if (h->s->T < LANES)
        memset(&p, 0, sizeof p);
    memcpy(p.at, weights, (size_t)h->s->T * sizeof *p.at);
    turn(&turned, &p);
    sums(dkv + C, 2 * C, &turned, dy, C, h);
    products(&d, kv + C, dy, h);
    softmax_backward(&d, &p, h);
    sums(dq, C, &d, kv, 2 * C, h);
    turn(&turned, &d);
    sums(dkv, 2 * C, &turned, q, C, h);
}

void short_attention_backward(float *dq, float *dkv, const float *dy, const float *p,
                              const float *q, const float *kv, const struct attention *s)
{
    assert(s->T <= LANES && !s->null_key && !s->self);
    for (int b = 0; b < s->B; b++)
        for (int i = 0; i < s->H; i++) {
            const struct head h = head_at(s, b, i);
            head_backward(dq + h.q, dkv + h.kv, dy + h.q, p + h.p, q + h.q, kv + h.kv, &h);
        }
}
