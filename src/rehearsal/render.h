/* A take without a sound card, faster than real time: the same engine and the same
 * drummer, taking turns block by block on the caller's thread. */
#ifndef REHEARSAL_RENDER_H
#define REHEARSAL_RENDER_H

#include "audio/sound_file.h"
#include "drums/kit.h"
#include "model/model.h"
#include "rehearsal/awaiting.h"
#include "rehearsal/engine.h"
#include "rehearsal/guitar.h"

struct render_config {
    struct engine
        *engine; /* that rendered the guitar alone, for a take that joins; NULL: a new one */
    const struct kit *kit; /* NULL: nothing is to be heard */
    const struct model *model;
    const struct guitar *guitar;
    int count_in_bars;
    double sensitivity_db;     /* of the ear, -12..12; 0 is its own */
    struct sound_writer *mix;  /* drums and guitar from the score's time 0, or where the take begins
                                  if  that is later; or NULL */
    float monitor, reverb;     /* in the mix: gain of the guitar, a room around the drums */
    bool click;                /* every beat */
    struct recorder *recorder; /* keeps what was heard; or NULL */
    struct checkpoint *learnt; /* receives what the performance taught the model; or NULL */
    bool (*progress)(void *context, double done); /* false cancels; or NULL */
    void *context;
};

/* An engine that plays as `config` says. NULL on failure. */
struct engine *render_engine(const struct render_config *config, int rate, struct error *err);

/* The guitar alone, until a take with this cue is to be begun. The guitar's file begins at frame 0
 * of the engine's clock. False with the reason where its end comes first. */
bool render_guitar(struct engine *engine, struct awaiting *awaiting, int rate,
                   const struct render_config *config, struct entrance_cue *cue, struct error *err);

/* Plays `take` (its score and settings are given; onsets and misses for a replay) and returns the
 * record, NULL on failure. */
struct take *render_take(const struct engine_take *take, const struct render_config *config,
                         struct error *err);

/* Plays a stored take again from its onsets, changes and misses: with the model that played it, the
 * same record to the bit. `score` has every pass that might have been played. Of config->guitar
 * only the sound counts, and that for the mix alone. */
struct take *render_again(const struct score *score, const struct take *stored,
                          const struct render_config *config, struct error *err);

#endif
