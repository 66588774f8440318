/* Many arrays in one allocation: each piece on whole cache lines, all freed at once. For the
 * networks' own files. */
#ifndef MODEL_SLAB_H
#define MODEL_SLAB_H

#include <stdbool.h>
#include <stddef.h>

/* Hands out pieces of a slab; without a slab only counts. So what carves is called twice: to count,
 * and after carver_allocate for good. */
struct carver {
    float *slab; /* free() it */
    size_t used; /* floats */
};
float *carve(struct carver *carver, size_t count);

/* A slab of what was counted, to be carved from its beginning. False when out of memory, or, where
 * it is `limited`, beyond a gigabyte: a file could ask for any number of heads and any band. */
bool carver_allocate(struct carver *carver, bool limited);

/* A list of pieces, carved from a limited slab of their own. Returns the slab, or NULL. */
struct slab_piece {
    float **at;
    size_t count;
};
float *slab_of(const struct slab_piece *pieces, size_t count);

#endif
