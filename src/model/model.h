/* A drummer's mind: given a score and what has been heard of the guitar so far, how
 * will the next step be played, and where will the guitar fall?
 *
 * A model is what a checkpoint holds (weights, habits learnt), immutable while it
 * plays. A performance is one model playing one score once: it hears and predicts,
 * step after step, and never reads what lies ahead of what it was told. One
 * performance belongs to one thread; several may share a model. Nothing here is
 * random: chance enters in model/touch.h. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/error.h"
#include "model/checkpoint.h"
#include "score/score.h"

struct prediction {
    /* Per class; meaningful only where the step hits that class. */
    float offset_ms[DRUM_COUNT];       /* the drummer's own feel, from the scored time */
    float offset_scale_ms[DRUM_COUNT]; /* Laplace scale around it */
    float velocity[DRUM_COUNT];        /* 1..127 */
    float velocity_scale[DRUM_COUNT];
    /* The guitar. */
    float guitar_ms;    /* g-hat: where its onset is expected, from the scored time */
    float guitar_sd_ms; /* how sure: standard deviation of the onset around g-hat */
    float network_ms;   /* what the network alone would say; 0 where there is none */
};

/* Whom the next take of a performance begins with. */
enum restart {
    RESTART_NEXT_TAKE, /* with what this one taught */
    RESTART_AS_OPENED, /* with what the model was opened with */
    RESTART_STRANGER,  /* with a guitarist never met: an ear is empty, a network as it is */
};

struct model;
struct performance;

/* What a kind of model provides. One row of the table in model.c. */
struct model_ops {
    const char *name;    /* "groove": metadata "model" of its checkpoints, --model */
    const char *summary; /* a line for help */
    const char *asset;   /* pretrained weights below assets/, or NULL when it needs none */
    void *(*open)(const struct checkpoint *checkpoint, struct error *err);
    void (*close)(void *model);
    void *(*begin)(const void *model, const struct score *score, struct error *err);
    void (*hear)(void *performance, int step, double guitar_ms, double drums_ms, double weight);
    void (*predict)(void *performance, int step, struct prediction *out);
    bool (*keep)(const void *performance, struct checkpoint *checkpoint, struct error *err);
    bool (*restart)(void *performance, enum restart with, struct error *err);
    void (*end)(void *performance);
};

/* The table, in order; NULL past its end. */
const struct model_ops *model_kind(int index);
const struct model_ops *model_find(const char *name);

/* The checkpoint a new session starts from: the model's asset, or an empty one for a model without
 * weights. */
struct checkpoint *model_pretrained(const char *name, struct error *err);

struct model *model_open(const struct checkpoint *checkpoint, struct error *err);

/* A model of a kind that is in no table; `ops` must outlive it. */
struct model *model_open_kind(const struct model_ops *ops, const struct checkpoint *checkpoint,
                              struct error *err);
void model_close(struct model *model);
const struct model_ops *model_ops(const struct model *model);

/* Everything that depends on the score alone is computed here. The model and the score must outlive
 * it. */
struct performance *model_begin(const struct model *model, const struct score *score,
                                struct error *err);
void performance_end(struct performance *performance);

/* An onset was heard `guitar_ms` after the scored time of `step`, where the drums sounded at
 * `drums_ms`. Steps in any order, none ahead of the last one predicted by more than one. A second
 * onset of a step, and what is no time near it, change nothing. */
void performance_hear(struct performance *performance, int step, double guitar_ms, double drums_ms);

/* The same when a take is studied: the onset says `weight` times as much, in (0, 1], to an ear. */
void performance_study(struct performance *performance, int step, double guitar_ms, double drums_ms,
                       double weight);

/* The next take begins. Cheaper than another performance, which reads the score again. False when
 * out of memory: it is then good for nothing. */
bool performance_restart(struct performance *performance, enum restart with, struct error *err);

/* Steps are asked for in rising order. No allocation; never fails: out is always finite. */
void performance_predict(struct performance *performance, int step, struct prediction *out);

/* Writes what this performance taught the model (an ear's state) into a copy of its checkpoint. */
bool performance_keep(const struct performance *performance, struct checkpoint *checkpoint,
                      struct error *err);

#endif
