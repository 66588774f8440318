#include "model/belief.h"

#include "model/kernels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *row(const struct belief *belief, int i)
{
    return belief->covariance + belief_triangle(i);
}

size_t belief_triangle(int size)
{
    return (size_t)size * (size_t)(size + 1) / 2;
}

double belief_covariance(const struct belief *belief, int i, int j)
{
    return i >= j ? row(belief, i)[j] : row(belief, j)[i];
}

bool belief_init(struct belief *belief, int size)
{
    double *slab = calloc(3 * (size_t)size + belief_triangle(size), sizeof *slab);
    *belief = (struct belief){.size = size, .prior = slab};
    if (!slab)
        return false;
    belief->mean = slab + size;
    belief->gain = belief->mean + size;
    belief->covariance = belief->gain + size;
    return true;
}

void belief_clear(struct belief *belief)
{
    free(belief->prior);
    *belief = (struct belief){0};
}

void belief_reset(struct belief *belief)
{
    memset(belief->mean, 0, (size_t)belief->size * sizeof *belief->mean);
    memset(belief->covariance, 0, belief_triangle(belief->size) * sizeof *belief->covariance);
    for (int i = 0; i < belief->size; i++) {
        assert(belief->prior[i] > 0);
        row(belief, i)[i] = belief->prior[i];
    }
}

void sight_add(struct sight *sight, int index, double value)
{
    assert(sight->count < SIGHT_MOST);
    assert(!sight->count || sight->index[sight->count - 1] < index);
    sight->index[sight->count] = index;
    sight->value[sight->count++] = value;
}

double belief_expect(const struct belief *belief, const struct sight *sight)
{
    double sum = 0;
    for (int k = 0; k < sight->count; k++)
        sum += sight->value[k] * belief->mean[sight->index[k]];
    return sum;
}

double belief_doubt(const struct belief *belief, const struct sight *sight)
{
    double sum = 0;
    for (int k = 0; k < sight->count; k++) {
        const double *own = row(belief, sight->index[k]), value = sight->value[k];
        double others = 0;
        for (int m = 0; m < k; m++)
            others += sight->value[m] * own[sight->index[m]];
        sum += value * (2 * others + value * own[sight->index[k]]);
    }
    return sum;
}

void belief_relax(struct belief *belief, int i, double keep)
{
    double *own = row(belief, i);
    belief->mean[i] *= keep;
    for (int j = 0; j < i; j++)
        own[j] *= keep;
    own[i] = keep * keep * own[i] + (1 - keep * keep) * belief->prior[i];
    for (int j = i + 1; j < belief->size; j++)
        row(belief, j)[i] *= keep;
}

/* With gain = covariance times h and share = gain / variance:
 *
 *   mean += share innovation,   covariance -= share gain'
 *
 * in one pass: a row's gain is known once the rows of h's own entries, as they were, have given
 * what lies beyond the diagonal, and an update needs the gains of the rows above alone. What was
 * never heard, nor goes with what was, has no gain; such rows are most of them in a new song. */
KERNEL void belief_learn(struct belief *belief, const struct sight *sight, double innovation,
                         double variance)
{
    double *restrict gain = belief->gain;
    const double precision = 1 / variance;
    memset(gain, 0, (size_t)belief->size * sizeof *gain);
    for (int k = 0; k < sight->count; k++) {
        const double *restrict own = row(belief, sight->index[k]);
        const double value = sight->value[k];
        for (int i = 0; i < sight->index[k]; i++)
            gain[i] += value * own[i];
    }
    for (int i = 0, within = 0; i < belief->size; i++) {
        double *restrict own = row(belief, i);
        while (within < sight->count && sight->index[within] <= i)
            within++;
        double sum = gain[i];
        for (int k = 0; k < within; k++)
            sum += sight->value[k] * own[sight->index[k]];
        gain[i] = sum;
        const double share = sum * precision;
        belief->mean[i] += share * innovation;
        if (share == 0)
            continue;
        for (int j = 0; j <= i; j++)
            own[j] -= share * gain[j];
    }
}

/* Cholesky's pivots are positive for a covariance, and for nothing else. `lower` is overwritten. */
static bool positive_definite(double *lower, int size)
{
    for (int i = 0; i < size; i++) {
        double *own = lower + belief_triangle(i);
        for (int j = 0; j <= i; j++) {
            const double *other = lower + belief_triangle(j);
            double sum = own[j];
            for (int k = 0; k < j; k++)
                sum -= own[k] * other[k];
            if (j < i)
                own[j] = sum / other[j];
            else if (sum > 0)
                own[i] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

bool belief_is_covariance(const double *rows, int size)
{
    double *scratch = malloc(belief_triangle(size) * sizeof *scratch);
    if (!scratch)
        return false;
    memcpy(scratch, rows, belief_triangle(size) * sizeof *scratch);
    bool positive = positive_definite(scratch, size);
    free(scratch);
    return positive;
}

bool cells_init(struct cells *cells, int count, double prior)
{
    double *slab = calloc(2 * (size_t)count + 1, sizeof *slab);
    *cells = (struct cells){.count = count, .prior = prior, .mean = slab};
    if (!slab)
        return false;
    cells->variance = slab + count;
    for (int i = 0; i < count; i++)
        cells->variance[i] = prior;
    return true;
}

void cells_clear(struct cells *cells)
{
    free(cells->mean);
    *cells = (struct cells){0};
}

void cells_relax(struct cells *cells, double keep)
{
    for (int i = 0; i < cells->count; i++) {
        cells->mean[i] *= keep;
        cells->variance[i] = keep * keep * cells->variance[i] + (1 - keep * keep) * cells->prior;
    }
}

void cells_learn(struct cells *cells, int i, double innovation, double variance)
{
    double share = cells->variance[i] / variance;
    cells->mean[i] += share * innovation;
    cells->variance[i] *= 1 - share;
}
