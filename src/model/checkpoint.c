#include "model/checkpoint.h"

#include "base/json.h"
#include "base/replace.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct metadata {
    char *key, *value;
};

struct checkpoint {
    struct tensor *tensors;
    int count;
    struct metadata *metadata;
    int metadata_count;
    bool spoiled; /* something did not fit in memory */
};

enum {
    HEADER_MAX = 4 << 20,
    TENSORS_MAX = 4096,
    PREFIX = 8 /* bytes of header length */
};

static const int64_t BYTES_MAX = (int64_t)1 << 30;

struct checkpoint *checkpoint_new(void)
{
    return calloc(1, sizeof(struct checkpoint));
}

void checkpoint_free(struct checkpoint *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->count; i++)
        free(c->tensors[i].data);
    for (int i = 0; i < c->metadata_count; i++) {
        free(c->metadata[i].key);
        free(c->metadata[i].value);
    }
    free(c->tensors);
    free(c->metadata);
    free(c);
}

struct checkpoint *checkpoint_copy(const struct checkpoint *from)
{
    if (from->spoiled)
        return NULL;
    struct checkpoint *c = checkpoint_new();
    for (int i = 0; i < from->metadata_count; i++)
        checkpoint_set(c, from->metadata[i].key, from->metadata[i].value);
    for (int i = 0; i < from->count; i++) {
        const struct tensor *t = &from->tensors[i];
        checkpoint_put(c, t->name, t->type, t->rank, t->shape, t->data);
    }
    if (!c || !c->spoiled)
        return c;
    checkpoint_free(c);
    return NULL;
}

static struct metadata *find_metadata(const struct checkpoint *c, const char *key)
{
    for (int i = 0; i < c->metadata_count; i++)
        if (!strcmp(c->metadata[i].key, key))
            return &c->metadata[i];
    return NULL;
}

/* Room for one more. */
static struct metadata *add_metadata(struct checkpoint *c, const char *key)
{
    size_t size = ((size_t)c->metadata_count + 1) * sizeof *c->metadata;
    struct metadata *grown = realloc(c->metadata, size);
    if (!grown)
        return NULL;
    c->metadata = grown;
    grown[c->metadata_count] = (struct metadata){.key = strdup(key)};
    return grown[c->metadata_count].key ? &grown[c->metadata_count++] : NULL;
}

void checkpoint_set(struct checkpoint *c, const char *key, const char *value)
{
    if (!c)
        return;
    char *copy = strdup(value);
    struct metadata *m = find_metadata(c, key);
    if (copy && !m)
        m = add_metadata(c, key);
    if (!copy || !m) {
        c->spoiled = true;
        free(copy);
        return;
    }
    free(m->value);
    m->value = copy;
}

const char *checkpoint_get(const struct checkpoint *c, const char *key)
{
    const struct metadata *m = find_metadata(c, key);
    return m ? m->value : NULL;
}

void checkpoint_set_size(struct checkpoint *c, const char *key, int size)
{
    char text[16];
    snprintf(text, sizeof text, "%d", size);
    checkpoint_set(c, key, text);
}

int checkpoint_get_size(const struct checkpoint *c, const char *key)
{
    const char *text = checkpoint_get(c, key);
    char *end;
    long size = text ? strtol(text, &end, 10) : -1;
    return !text || *end || end == text || size < 0 || size > 4096 ? -1 : (int)size;
}

static size_t type_size(enum tensor_type type)
{
    return type == TENSOR_F32 ? sizeof(float) : sizeof(double);
}

static size_t tensor_bytes(const struct tensor *t)
{
    size_t size = type_size(t->type);
    for (int i = 0; i < t->rank; i++)
        size *= (size_t)t->shape[i];
    return size;
}

const struct tensor *checkpoint_find(const struct checkpoint *c, const char *name)
{
    for (int i = 0; i < c->count; i++)
        if (!strcmp(c->tensors[i].name, name))
            return &c->tensors[i];
    return NULL;
}

static struct tensor *add_tensor(struct checkpoint *c)
{
    struct tensor *grown = realloc(c->tensors, ((size_t)c->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    c->tensors = grown;
    grown[c->count] = (struct tensor){.data = NULL};
    return &grown[c->count++];
}

void checkpoint_put(struct checkpoint *c, const char *name, enum tensor_type type, int rank,
                    const int64_t *shape, const void *data)
{
    assert(rank >= 0 && rank <= TENSOR_RANK);
    struct tensor tensor = {.type = type, .rank = rank};
    assert(strlen(name) < sizeof tensor.name);
    if (!c)
        return;
    snprintf(tensor.name, sizeof tensor.name, "%s", name);
    if (rank > 0)
        memcpy(tensor.shape, shape, (size_t)rank * sizeof *shape);
    size_t size = tensor_bytes(&tensor);
    tensor.data = malloc(size ? size : 1);
    struct tensor *to = tensor.data ? (struct tensor *)checkpoint_find(c, name) : NULL;
    if (tensor.data && !to)
        to = add_tensor(c);
    if (!to) {
        c->spoiled = true;
        free(tensor.data);
        return;
    }
    memcpy(tensor.data, data, size);
    free(to->data);
    *to = tensor;
}

void checkpoint_remove(struct checkpoint *c, const char *name)
{
    const struct tensor *t = checkpoint_find(c, name);
    if (!t)
        return;
    int i = (int)(t - c->tensors);
    free(t->data);
    c->count--;
    memmove(&c->tensors[i], &c->tensors[i + 1], (size_t)(c->count - i) * sizeof *t);
}

int checkpoint_count(const struct checkpoint *c)
{
    return c->count;
}

const struct tensor *checkpoint_at(const struct checkpoint *c, int index)
{
    return index >= 0 && index < c->count ? &c->tensors[index] : NULL;
}

static bool read_type(const char *text, enum tensor_type *type)
{
    *type = text && !strcmp(text, "F64") ? TENSOR_F64 : TENSOR_F32;
    return text && (!strcmp(text, "F32") || !strcmp(text, "F64"));
}

static bool read_shape(const struct json *shape, struct tensor *t)
{
    if (!json_is_array(shape) || json_count(shape) > TENSOR_RANK)
        return false;
    int64_t size = 8;
    for (const struct json *v = json_first(shape); v; v = json_next(v)) {
        int64_t n;
        if (!json_integer(v, &n) || n < 0 || n > BYTES_MAX)
            return false;
        t->shape[t->rank++] = n;
        size = n && size > BYTES_MAX / n ? BYTES_MAX + 1 : size * n;
    }
    return size <= BYTES_MAX;
}

static bool read_range(const struct json *offsets, int64_t *begin, int64_t *end)
{
    const struct json *first = json_is_array(offsets) ? json_first(offsets) : NULL;
    return json_count(offsets) == 2 && json_integer(first, begin) &&
           json_integer(json_next(first), end) && *begin >= 0 && *begin <= *end;
}

static bool all_finite(const struct tensor *t, size_t size)
{
    for (size_t i = 0; i < size / type_size(t->type); i++)
        if (!isfinite(t->type == TENSOR_F32 ? ((const float *)t->data)[i]
                                            : ((const double *)t->data)[i]))
            return false;
    return true;
}

/* One member of the header and its bytes in the file. `covered` counts them, so that overlaps and
 * holes show. */
static bool read_tensor(struct checkpoint *c, const struct json *member, const uint8_t *data,
                        size_t size, size_t *covered, struct error *err)
{
    const char *name = json_name(member);
    struct tensor t = {0};
    int64_t begin, end;
    if (strlen(name) == 0 || strlen(name) >= sizeof t.name)
        return error_set(err, "a tensor's name is empty or too long");
    if (checkpoint_find(c, name))
        return error_set(err, "tensor '%s' is there twice", name);
    if (c->count >= TENSORS_MAX)
        return error_set(err, "more than %d tensors", TENSORS_MAX);
    if (!read_type(json_string(json_find(member, "dtype")), &t.type))
        return error_set(err, "tensor '%s' is of a type other than F32 and F64", name);
    if (!read_shape(json_find(member, "shape"), &t))
        return error_set(err, "tensor '%s' has an impossible shape", name);
    size_t bytes = tensor_bytes(&t);
    if (!read_range(json_find(member, "data_offsets"), &begin, &end) || (size_t)end > size ||
        (size_t)(end - begin) != bytes)
        return error_set(err, "tensor '%s' does not lie within the file", name);
    if ((size_t)begin != *covered)
        return error_set(err, "tensor '%s' overlaps another, or leaves a hole", name);
    *covered += bytes;
    t.data = malloc(bytes ? bytes : 1);
    if (!t.data)
        return error_set(err, "out of memory");
    memcpy(t.data, data + begin, bytes);
    bool finite = all_finite(&t, bytes);
    if (finite)
        checkpoint_put(c, name, t.type, t.rank, t.shape, t.data);
    free(t.data);
    return finite || error_set(err, "tensor '%s' holds a number that is not finite", name);
}

static bool read_metadata(struct checkpoint *c, const struct json *metadata, struct error *err)
{
    if (!json_is_object(metadata))
        return error_set(err, "its metadata are no object");
    for (const struct json *m = json_first(metadata); m; m = json_next(m)) {
        const char *value = json_string(m);
        if (!value)
            return error_set(err, "metadata '%s' is no string", json_name(m));
        if (c->metadata_count >= TENSORS_MAX)
            return error_set(err, "more than %d metadata", TENSORS_MAX);
        checkpoint_set(c, json_name(m), value);
    }
    return true;
}

struct range {
    int64_t begin;
    const struct json *member;
};

static int by_begin(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    return (x->begin > y->begin) - (x->begin < y->begin);
}

/* Other writers list tensors in another order than their data, so sort by place first. Ties are
 * empty tensors and whatever follows them; reading in file order then decides. */
static struct range *sort_members(const struct json *header, int *count)
{
    struct range *ranges = malloc(((size_t)json_count(header) + 1) * sizeof *ranges);
    *count = 0;
    for (const struct json *m = json_first(header); ranges && m; m = json_next(m)) {
        int64_t begin = 0, end = 0;
        if (!strcmp(json_name(m), "__metadata__"))
            continue;
        read_range(json_find(m, "data_offsets"), &begin, &end);
        ranges[(*count)++] = (struct range){.begin = 2 * begin + (end > begin), .member = m};
    }
    if (ranges)
        qsort(ranges, (size_t)*count, sizeof *ranges, by_begin);
    return ranges;
}

static bool read_header(struct checkpoint *c, const struct json *header, const uint8_t *data,
                        size_t size, struct error *err)
{
    const struct json *metadata = json_find(header, "__metadata__");
    if (!json_is_object(header))
        return error_set(err, "its header is no object");
    if (metadata && !read_metadata(c, metadata, err))
        return false;
    int count;
    struct range *ranges = sort_members(header, &count);
    if (!ranges)
        return error_set(err, "out of memory");
    size_t covered = 0;
    bool ok = true;
    for (int i = 0; ok && i < count; i++)
        ok = read_tensor(c, ranges[i].member, data, size, &covered, err);
    free(ranges);
    if (ok && c->spoiled)
        return error_set(err, "out of memory");
    if (ok && covered != size)
        return error_set(err, "%zu bytes after the last tensor", size - covered);
    return ok;
}

struct checkpoint *checkpoint_read(const uint8_t *bytes, size_t size, struct error *err)
{
    uint64_t length = 0;
    for (int i = 0; i < PREFIX && size >= PREFIX; i++)
        length |= (uint64_t)bytes[i] << (8 * i);
    if (size < PREFIX || length > HEADER_MAX || length > size - PREFIX) {
        error_set(err, "cannot read the checkpoint: its header does not fit in it (%zu bytes)",
                  size);
        return NULL;
    }
    const uint8_t *data = bytes + PREFIX + length;
    struct json *header = json_parse((const char *)bytes + PREFIX, (size_t)length, err);
    struct checkpoint *c = checkpoint_new();
    if (header && !c)
        error_set(err, "out of memory");
    if (!header || !c || !read_header(c, header, data, size - PREFIX - (size_t)length, err)) {
        error_prefix(err, "cannot read the checkpoint");
        checkpoint_free(c);
        c = NULL;
    }
    json_free(header);
    return c;
}

static char *write_header(const struct checkpoint *c, size_t *data_size, struct error *err)
{
    struct json *header = json_object();
    if (c->metadata_count) {
        struct json *metadata = json_put_object(header, "__metadata__");
        for (int i = 0; i < c->metadata_count; i++)
            json_put_string(metadata, c->metadata[i].key, c->metadata[i].value);
    }
    *data_size = 0;
    for (int i = 0; i < c->count; i++) {
        const struct tensor *t = &c->tensors[i];
        struct json *member = json_put_object(header, t->name);
        json_put_string(member, "dtype", t->type == TENSOR_F32 ? "F32" : "F64");
        struct json *shape = json_put_array(member, "shape");
        for (int d = 0; d < t->rank; d++)
            json_put_integer(shape, NULL, t->shape[d]);
        struct json *range = json_put_array(member, "data_offsets");
        json_put_integer(range, NULL, (int64_t)*data_size);
        *data_size += tensor_bytes(t);
        json_put_integer(range, NULL, (int64_t)*data_size);
    }
    char *text = json_text(header, err);
    json_free(header);
    return text;
}

/* What checkpoint_read would refuse must not take the place of what it reads. */
static bool can_be_read(const struct checkpoint *c, struct error *err)
{
    if (!c || c->spoiled)
        return error_set(err, "out of memory");
    if (c->count > TENSORS_MAX || c->metadata_count > TENSORS_MAX)
        return error_set(err, "more than %d tensors or metadata", TENSORS_MAX);
    for (int i = 0; i < c->count; i++)
        if (!all_finite(&c->tensors[i], tensor_bytes(&c->tensors[i])))
            return error_set(err, "tensor '%s' holds a number that is not finite",
                             c->tensors[i].name);
    return true;
}

/* The whole file; NULL when out of memory. */
static uint8_t *assemble(const struct checkpoint *c, const char *header, size_t length,
                         size_t padded, size_t data_size)
{
    uint8_t *bytes = malloc(PREFIX + padded + data_size);
    if (!bytes)
        return NULL;
    for (int i = 0; i < PREFIX; i++)
        bytes[i] = (uint8_t)((uint64_t)padded >> (8 * i));
    memset(bytes + PREFIX, ' ', padded);
    memcpy(bytes + PREFIX, header, length);
    uint8_t *to = bytes + PREFIX + padded;
    for (int i = 0; i < c->count; i++) {
        size_t n = tensor_bytes(&c->tensors[i]);
        memcpy(to, c->tensors[i].data, n);
        to += n;
    }
    return bytes;
}

uint8_t *checkpoint_write(const struct checkpoint *c, size_t *size, struct error *err)
{
    size_t data_size;
    uint8_t *bytes = NULL;
    char *header = can_be_read(c, err) ? write_header(c, &data_size, err) : NULL;
    if (header) {
        size_t length = strlen(header), padded = (length + 7) / 8 * 8; /* data begin on 8 bytes */
        *size = PREFIX + padded + data_size;
        if (padded > HEADER_MAX)
            error_set(err, "its header is too long (%zu bytes)", length);
        else if (!(bytes = assemble(c, header, length, padded, data_size)))
            error_set(err, "out of memory");
    }
    if (!bytes)
        error_prefix(err, "cannot write the checkpoint");
    free(header);
    return bytes;
}

static uint8_t *read_file(const char *path, size_t *size, struct error *err)
{
    FILE *file = fopen(path, "rb");
    struct stat info;
    uint8_t *bytes = NULL;
    if (!file) {
        error_errno(err, "cannot open '%s'", path);
        return NULL;
    }
    if (fstat(fileno(file), &info) != 0)
        error_errno(err, "cannot read '%s'", path);
    else if (!S_ISREG(info.st_mode) || info.st_size > BYTES_MAX)
        error_set(err, "cannot read '%s': it is no file, or too large", path);
    else if (!(bytes = malloc((size_t)info.st_size + 1)))
        error_set(err, "cannot read '%s': out of memory", path);
    else {
        *size = fread(bytes, 1, (size_t)info.st_size, file);
        if (ferror(file)) {
            error_errno(err, "cannot read '%s'", path);
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(file);
    return bytes;
}

struct checkpoint *checkpoint_load(const char *path, struct error *err)
{
    size_t size;
    uint8_t *bytes = read_file(path, &size, err);
    if (!bytes)
        return NULL;
    struct checkpoint *c = checkpoint_read(bytes, size, err);
    if (!c)
        error_prefix(err, "'%s'", path);
    free(bytes);
    return c;
}

bool checkpoint_save(const struct checkpoint *checkpoint, const char *path, struct error *err)
{
    size_t size;
    uint8_t *bytes = checkpoint_write(checkpoint, &size, err);
    bool ok = bytes && replace_file(path, bytes, size, err);
    free(bytes);
    return ok;
}
