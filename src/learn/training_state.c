#include "learn/training_state.h"

#include "model/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The slabs a state is made of, by name. */
struct slab {
    const char *name;
    float *values;
};

enum { SLABS = 4 };

static void slabs_of(const struct training_state *state, struct slab slabs[SLABS])
{
    slabs[0] = (struct slab){"weights", state->params};
    slabs[1] = (struct slab){"average", state->average};
    slabs[2] = (struct slab){"adam.mean", state->adam->mean};
    slabs[3] = (struct slab){"adam.square", state->adam->square};
}

bool training_state_save(const struct training_state *state, const char *path, struct error *err)
{
    struct checkpoint *file = checkpoint_new();
    if (!file)
        return error_set(err, "out of memory");
    struct slab slabs[SLABS];
    int64_t shape[1] = {(int64_t)state->adam->size};
    slabs_of(state, slabs);
    for (int i = 0; i < SLABS; i++)
        checkpoint_put(file, slabs[i].name, TENSOR_F32, 1, shape, slabs[i].values);
    char text[128];
    snprintf(text, sizeof text, "%ld of %ld", *state->step, state->steps);
    checkpoint_set(file, "step", text);
    snprintf(text, sizeof text, "%.17g", *state->loss);
    checkpoint_set(file, "loss", text);
    const uint64_t *s = state->rng->state;
    snprintf(text, sizeof text, "%" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64, s[0], s[1], s[2],
             s[3]);
    checkpoint_set(file, "random", text);
    bool saved = checkpoint_save(file, path, err);
    checkpoint_free(file);
    return saved;
}

static bool fill(struct training_state *state, const struct checkpoint *file)
{
    const char *step = checkpoint_get(file, "step"), *loss = checkpoint_get(file, "loss");
    const char *random = checkpoint_get(file, "random");
    uint64_t *s = state->rng->state;
    long steps;
    if (!step || !loss || !random || sscanf(step, "%ld of %ld", state->step, &steps) != 2 ||
        steps != state->steps || sscanf(loss, "%lg", state->loss) != 1 ||
        sscanf(random, "%" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64, &s[0], &s[1], &s[2],
               &s[3]) != 4)
        return false;
    struct slab slabs[SLABS];
    slabs_of(state, slabs);
    for (int i = 0; i < SLABS; i++) {
        const struct tensor *tensor = checkpoint_find(file, slabs[i].name);
        if (!tensor || tensor->type != TENSOR_F32 || tensor->rank != 1 ||
            tensor->shape[0] != (int64_t)state->adam->size)
            return false;
        memcpy(slabs[i].values, tensor->data, state->adam->size * sizeof(float));
    }
    state->adam->step = *state->step;
    return true;
}

bool training_state_load(struct training_state *state, const char *path, struct error *err)
{
    struct checkpoint *file = checkpoint_load(path, err);
    if (!file)
        return false;
    bool filled = fill(state, file);
    checkpoint_free(file);
    if (filled)
        return true;
    error_set(err, "cannot go on from '%s': it belongs to another training", path);
    return error_hint(err, "remove it to begin anew, or use the options of that training");
}
