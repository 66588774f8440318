/* The weights of a network: named tensors in one slab, so that an optimiser needs to know no more
 * than where it begins and how long it is, and gradients are arrays of the same size. */
#ifndef MODEL_WEIGHTS_H
#define MODEL_WEIGHTS_H

#include "base/rng.h"
#include "model/checkpoint.h"

#include <stddef.h>

/* Offsets into the slab, and into any slab of gradients. */
struct linear {
    size_t weight, bias; /* (in,out), (out) */
    int in, out;
};

struct norm {
    size_t weight, bias; /* (width) */
};

struct named {
    char name[40];
    size_t offset;
    int rank;
    int64_t shape[3];
};

enum { WEIGHTS_MOST = 640 }; /* tensors */

struct weights {
    float *params; /* NULL until weights_allocate */
    size_t size;   /* floats */
    int count;
    struct named tensors[WEIGHTS_MOST];
};

/* Each places one more tensor, or pair of tensors NAME.weight and NAME.bias, behind the last.
 * `prefix` goes before the name: "encoder.0." */
size_t weights_vector(struct weights *weights, const char *prefix, const char *name, int size);
struct linear weights_linear(struct weights *weights, const char *prefix, const char *name, int in,
                             int out);
struct norm weights_norm(struct weights *weights, const char *prefix, const char *name, int width);
size_t weights_table(struct weights *weights, const char *name, int planes, int rows, int columns);

/* All zeros. False when out of memory. */
bool weights_allocate(struct weights *weights);

/* Uniform within 1/sqrt(in) for linear layers, their biases too; 1 and 0 for norms; plain vectors
 * stay as they are. */
void weights_randomise(struct weights *weights, struct rng *rng);

/* From and to a checkpoint. All shapes are checked before room is made for anything: no file asks
 * for more than it brings. */
bool weights_read(struct weights *weights, const struct checkpoint *checkpoint, struct error *err);
void weights_store(const struct weights *weights, const float *params,
                   struct checkpoint *checkpoint);

/* Sizes, as the tensors of a checkpoint have them: dimension of a tensor, 0 where there is none;
 * and how many layers there are, `pattern` being the name of one's tensor with its number in it:
 * most + 1 when there are more. */
int weights_dimension(const struct checkpoint *checkpoint, const char *name, int dimension);
int weights_layers(const struct checkpoint *checkpoint, const char *pattern, int most);

#endif
