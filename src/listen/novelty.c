#include "listen/novelty.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A bin is foretold to turn from STEP ago to now as it turned from 2 STEP ago to STEP ago. */
#define STEP_S 0.004
#define MOST_TIMES 4.0f /* of its energy can be new in a bin */
#define TINY 1e-20f
enum { MOST_PAST = 16 };

struct novelty {
    int bins, step, now;
    float *past[MOST_PAST]; /* (bins, 2), a ring */
};

struct novelty *novelty_new(const struct spectrum *spectrum, double frames_per_s)
{
    struct novelty *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->bins = spectrum_edge(spectrum, spectrum_bands(spectrum));
    n->step = (int)lround(STEP_S * frames_per_s);
    assert(n->step > 0 && 2 * n->step < MOST_PAST);
    bool whole = true;
    for (int i = 0; i < MOST_PAST; i++)
        whole = (n->past[i] = calloc(2 * (size_t)n->bins, sizeof(float))) && whole;
    if (!whole) {
        novelty_free(n);
        return NULL;
    }
    return n;
}

void novelty_free(struct novelty *n)
{
    if (!n)
        return;
    for (int i = 0; i < MOST_PAST; i++)
        free(n->past[i]);
    free(n);
}

void novelty_reset(struct novelty *n)
{
    for (int i = 0; i < MOST_PAST; i++)
        memset(n->past[i], 0, 2 * (size_t)n->bins * sizeof(float));
    n->now = 0;
}

/* How far `x` is from where it was foretold to be, squared. p came a step ago, q two. */
static float surprise(const float *x, const float *p, const float *q)
{
    float turn_re = p[0] * q[0] + p[1] * q[1], turn_im = p[1] * q[0] - p[0] * q[1];
    float one = 1 / sqrtf(turn_re * turn_re + turn_im * turn_im + TINY);
    float re = x[0] - (p[0] * turn_re - p[1] * turn_im) * one;
    float im = x[1] - (p[0] * turn_im + p[1] * turn_re) * one;
    return re * re + im * im;
}

void novelty_next(struct novelty *n, const struct spectrum *spectrum, const float *energy,
                  float *novel)
{
    const float *x = spectrum_bins(spectrum);
    const float *p = n->past[(n->now - n->step + MOST_PAST) % MOST_PAST];
    const float *q = n->past[(n->now - 2 * n->step + MOST_PAST) % MOST_PAST];
    for (int b = 0; b < spectrum_bands(spectrum); b++) {
        float fresh = 0, all = TINY;
        for (int k = spectrum_edge(spectrum, b); k < spectrum_edge(spectrum, b + 1); k++) {
            float size = x[2 * k] * x[2 * k] + x[2 * k + 1] * x[2 * k + 1];
            fresh += fminf(surprise(x + 2 * k, p + 2 * k, q + 2 * k), MOST_TIMES * size);
            all += size;
        }
        novel[b] = energy[b] * fresh / all;
    }
    memcpy(n->past[n->now], x, 2 * (size_t)n->bins * sizeof *x);
    n->now = (n->now + 1) % MOST_PAST;
}
