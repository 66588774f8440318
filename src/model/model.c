#include "model/model.h"

#include "base/paths.h"
#include "model/drummer_groove.h"
#include "model/drummer_paper.h"
#include "model/straight.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct model_ops *const kinds[] = {&model_groove, &model_paper, &model_straight};

enum { KINDS = sizeof kinds / sizeof *kinds };

struct model {
    const struct model_ops *ops;
    void *self;
};

struct performance {
    const struct model_ops *ops;
    const struct score *score;
    void *self;
};

const struct model_ops *model_kind(int index)
{
    return index >= 0 && index < KINDS ? kinds[index] : NULL;
}

const struct model_ops *model_find(const char *name)
{
    for (int i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i]->name, name))
            return kinds[i];
    return NULL;
}

/* As model_find, or an error that lists the names there are. */
static const struct model_ops *find_or_tell(const char *name, struct error *err)
{
    char names[128] = "";
    const struct model_ops *ops = model_find(name);
    if (ops)
        return ops;
    for (int i = 0; i < KINDS; i++) {
        strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, kinds[i]->name, sizeof names - strlen(names) - 1);
    }
    error_set(err, "there is no model '%s'", name);
    error_hint(err, "the models are: %s", names);
    return NULL;
}

struct checkpoint *model_pretrained(const char *name, struct error *err)
{
    char path[4096];
    const struct model_ops *ops = find_or_tell(name, err);
    if (!ops)
        return NULL;
    if (ops->asset)
        return paths_asset(ops->asset, path, sizeof path, err) ? checkpoint_load(path, err) : NULL;
    struct checkpoint *checkpoint = checkpoint_new();
    checkpoint_set(checkpoint, "model", name);
    if (!checkpoint)
        error_set(err, "cannot begin with model '%s': out of memory", name);
    return checkpoint;
}

struct model *model_open(const struct checkpoint *checkpoint, struct error *err)
{
    const char *name = checkpoint_get(checkpoint, "model");
    if (!name) {
        error_set(err, "the checkpoint does not say which model it is of");
        return NULL;
    }
    const struct model_ops *ops = find_or_tell(name, err);
    return ops ? model_open_kind(ops, checkpoint, err) : NULL;
}

struct model *model_open_kind(const struct model_ops *ops, const struct checkpoint *checkpoint,
                              struct error *err)
{
    struct model *model = malloc(sizeof *model);
    if (!model) {
        error_set(err, "cannot open model '%s': out of memory", ops->name);
        return NULL;
    }
    *model = (struct model){.ops = ops, .self = ops->open(checkpoint, err)};
    if (!model->self) {
        error_prefix(err, "cannot open model '%s'", ops->name);
        free(model);
        return NULL;
    }
    return model;
}

void model_close(struct model *model)
{
    if (!model)
        return;
    model->ops->close(model->self);
    free(model);
}

const struct model_ops *model_ops(const struct model *model)
{
    return model->ops;
}

struct performance *model_begin(const struct model *model, const struct score *score,
                                struct error *err)
{
    struct performance *p = malloc(sizeof *p);
    if (!p) {
        error_set(err, "cannot begin a performance: out of memory");
        return NULL;
    }
    *p = (struct performance){
        .ops = model->ops, .score = score, .self = model->ops->begin(model->self, score, err)};
    if (!p->self) {
        free(p);
        return NULL;
    }
    return p;
}

void performance_end(struct performance *p)
{
    if (!p)
        return;
    p->ops->end(p->self);
    free(p);
}

void performance_hear(struct performance *p, int step, double guitar_ms, double drums_ms)
{
    performance_study(p, step, guitar_ms, drums_ms, 1);
}

void performance_study(struct performance *p, int step, double guitar_ms, double drums_ms,
                       double weight)
{
    assert(step >= 0 && step < p->score->step_count && weight > 0 && weight <= 1);
    if (isfinite(guitar_ms) && isfinite(drums_ms))
        p->ops->hear(p->self, step, guitar_ms, drums_ms, weight);
}

bool performance_restart(struct performance *p, enum restart with, struct error *err)
{
    return p->ops->restart(p->self, with, err);
}

static bool is_finite(const struct prediction *p)
{
    bool finite = isfinite(p->guitar_ms) && isfinite(p->guitar_sd_ms) && isfinite(p->network_ms);
    for (int c = 0; c < DRUM_COUNT; c++)
        finite = finite && isfinite(p->offset_ms[c]) && isfinite(p->offset_scale_ms[c]) &&
                 isfinite(p->velocity[c]) && isfinite(p->velocity_scale[c]);
    return finite;
}

void performance_predict(struct performance *p, int step, struct prediction *out)
{
    assert(step >= 0 && step < p->score->step_count);
    p->ops->predict(p->self, step, out);
    if (!is_finite(out))
        straight_prediction(&p->score->steps[step], out);
    for (int c = 0; c < DRUM_COUNT; c++)
        out->velocity[c] = fminf(127, fmaxf(1, out->velocity[c]));
}

bool performance_keep(const struct performance *p, struct checkpoint *checkpoint, struct error *err)
{
    return p->ops->keep(p->self, checkpoint, err);
}
