/* Named tensors and string metadata, held in memory and written as safetensors:
 * 8 bytes of header length (little endian), a JSON header, raw tensors. Python's
 * safetensors reads and writes the same files.
 *
 * A drummer's checkpoint holds its weights, and for drummers with an ear the ear's
 * mean and covariance. Metadata "model" names the model (model/model.h). */
#ifndef MODEL_CHECKPOINT_H
#define MODEL_CHECKPOINT_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { TENSOR_RANK = 4 };
enum tensor_type { TENSOR_F32, TENSOR_F64 };

struct tensor {
    char name[96];
    enum tensor_type type;
    int rank;
    int64_t shape[TENSOR_RANK];
    void *data; /* row-major, float or double */
};

struct checkpoint;

/* New and copy: NULL when out of memory. There is nothing to check after setting and putting: what
 * fails for want of memory, or is set in NULL, spoils the checkpoint, and writing or copying it
 * then fails. */
struct checkpoint *checkpoint_new(void);
void checkpoint_free(struct checkpoint *checkpoint);
struct checkpoint *checkpoint_copy(const struct checkpoint *checkpoint);

/* Metadata. A key set twice keeps the last value. get: NULL when absent. */
void checkpoint_set(struct checkpoint *checkpoint, const char *key, const char *value);
const char *checkpoint_get(const struct checkpoint *checkpoint, const char *key);

/* Metadata that is a size: 0..4096. get: -1 when it is absent or no such number. */
void checkpoint_set_size(struct checkpoint *checkpoint, const char *key, int size);
int checkpoint_get_size(const struct checkpoint *checkpoint, const char *key);

/* Adds a tensor, or replaces the one of that name; the data are copied. */
void checkpoint_put(struct checkpoint *checkpoint, const char *name, enum tensor_type type,
                    int rank, const int64_t *shape, const void *data);
void checkpoint_remove(struct checkpoint *checkpoint, const char *name);

/* NULL when there is no tensor of that name. Valid until the checkpoint next changes. */
const struct tensor *checkpoint_find(const struct checkpoint *checkpoint, const char *name);
int checkpoint_count(const struct checkpoint *checkpoint);
const struct tensor *checkpoint_at(const struct checkpoint *checkpoint, int index);

/* To and from bytes. Reading trusts nothing: lengths, offsets, overlaps, types and non-finite
 * values are checked. The bytes written are malloc'd, tensors in the order they were added; what
 * reading would refuse is not written. */
struct checkpoint *checkpoint_read(const uint8_t *bytes, size_t size, struct error *err);
uint8_t *checkpoint_write(const struct checkpoint *checkpoint, size_t *size, struct error *err);

/* To and from files; saving replaces the file in one step. */
struct checkpoint *checkpoint_load(const char *path, struct error *err);
bool checkpoint_save(const struct checkpoint *checkpoint, const char *path, struct error *err);

#endif
