#include "model/weights.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t size_of(const struct named *t)
{
    return (size_t)(t->shape[0] * t->shape[1] * t->shape[2]);
}

/* Tensors begin on whole cache lines. */
static size_t place(struct weights *w, const char *prefix, const char *name, const char *part,
                    int rank, const int shape[3])
{
    assert(w->count < WEIGHTS_MOST && !w->params);
    struct named *t = &w->tensors[w->count++];
    *t = (struct named){.rank = rank, .shape = {shape[0], shape[1], shape[2]}, .offset = w->size};
    snprintf(t->name, sizeof t->name, "%s%s%s", prefix, name, part);
    w->size += (size_of(t) + 15) / 16 * 16;
    return t->offset;
}

size_t weights_vector(struct weights *w, const char *prefix, const char *name, int size)
{
    return place(w, prefix, name, "", 1, (int[]){size, 1, 1});
}

struct linear weights_linear(struct weights *w, const char *prefix, const char *name, int in,
                             int out)
{
    struct linear l = {.in = in, .out = out};
    l.weight = place(w, prefix, name, ".weight", 2, (int[]){in, out, 1});
    l.bias = place(w, prefix, name, ".bias", 1, (int[]){out, 1, 1});
    return l;
}

struct norm weights_norm(struct weights *w, const char *prefix, const char *name, int width)
{
    struct norm n;
    n.weight = place(w, prefix, name, ".weight", 1, (int[]){width, 1, 1});
    n.bias = place(w, prefix, name, ".bias", 1, (int[]){width, 1, 1});
    return n;
}

size_t weights_table(struct weights *w, const char *name, int planes, int rows, int columns)
{
    return place(w, "", name, "", 3, (int[]){planes, rows, columns});
}

bool weights_allocate(struct weights *w)
{
    w->params = aligned_alloc(64, w->size * sizeof *w->params);
    if (w->params)
        memset(w->params, 0, w->size * sizeof *w->params);
    return w->params != NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

void weights_randomise(struct weights *w, struct rng *rng)
{
    double bound = 0; /* of a matrix and of the bias behind it */
    for (int i = 0; i < w->count; i++) {
        const struct named *t = &w->tensors[i];
        const bool weight = ends_with(t->name, ".weight"), bias = ends_with(t->name, ".bias");
        if (t->rank == 2)
            bound = 1 / sqrt((double)t->shape[0]);
        else if (weight)
            bound = 0;
        for (size_t k = 0; k < size_of(t); k++) {
            float *value = &w->params[t->offset + k];
            if (t->rank == 2 || bias)
                *value = (float)rng_between(rng, -bound, bound);
            else if (weight)
                *value = 1;
        }
    }
}

static bool check(const struct named *want, const struct checkpoint *checkpoint, struct error *err)
{
    const struct tensor *t = checkpoint_find(checkpoint, want->name);
    if (!t)
        return error_set(err, "the network has no tensor '%s'", want->name);
    bool same = t->type == TENSOR_F32 && t->rank == want->rank;
    for (int i = 0; same && i < t->rank; i++)
        same = t->shape[i] == want->shape[i];
    return same ||
           error_set(err, "the network's tensor '%s' has the wrong type or shape", want->name);
}

bool weights_read(struct weights *w, const struct checkpoint *checkpoint, struct error *err)
{
    for (int i = 0; i < w->count; i++)
        if (!check(&w->tensors[i], checkpoint, err))
            return false;
    if (!weights_allocate(w))
        return error_set(err, "cannot open the network: out of memory");
    for (int i = 0; i < w->count; i++) {
        const struct named *t = &w->tensors[i];
        memcpy(w->params + t->offset, checkpoint_find(checkpoint, t->name)->data,
               size_of(t) * sizeof *w->params);
    }
    return true;
}

void weights_store(const struct weights *w, const float *params, struct checkpoint *checkpoint)
{
    for (int i = 0; i < w->count; i++) {
        const struct named *t = &w->tensors[i];
        checkpoint_put(checkpoint, t->name, TENSOR_F32, t->rank, t->shape, params + t->offset);
    }
}

int weights_dimension(const struct checkpoint *checkpoint, const char *name, int dimension)
{
    const struct tensor *t = checkpoint_find(checkpoint, name);
    if (!t || t->rank <= dimension || t->shape[dimension] > 1 << 16)
        return 0;
    return (int)t->shape[dimension];
}

int weights_layers(const struct checkpoint *checkpoint, const char *pattern, int most)
{
    char name[40];
    int count = 0;
    do
        snprintf(name, sizeof name, pattern, count);
    while (checkpoint_find(checkpoint, name) && count++ < most);
    return count;
}
