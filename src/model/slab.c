#include "model/slab.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LINE = 16, MOST = 1 << 28 }; /* floats */

float *carve(struct carver *carver, size_t count)
{
    float *piece = carver->slab ? carver->slab + carver->used : NULL;
    carver->used += (count + LINE - 1) / LINE * LINE;
    return piece;
}

bool carver_allocate(struct carver *carver, bool limited)
{
    if (limited && carver->used > MOST)
        return false;
    carver->slab = aligned_alloc(64, carver->used * sizeof *carver->slab);
    if (carver->slab)
        memory_touch(carver->slab, carver->used * sizeof *carver->slab);
    carver->used = 0;
    return carver->slab != NULL;
}

float *slab_of(const struct slab_piece *pieces, size_t count)
{
    struct carver carver = {0};
    for (size_t i = 0; i < count; i++)
        carve(&carver, pieces[i].count);
    if (!carver_allocate(&carver, true))
        return NULL;
    for (size_t i = 0; i < count; i++)
        *pieces[i].at = carve(&carver, pieces[i].count);
    return carver.slab;
}
