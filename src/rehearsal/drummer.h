/* The planning side of a take: hears what the engine heard, asks the model, answers with
 * hits, and keeps the record. A pure function of the messages it is given, in order. Runs on its
 * own thread live (rehearsal/stage.h) and in line offline (rehearsal/render.h). */
#ifndef REHEARSAL_DRUMMER_H
#define REHEARSAL_DRUMMER_H

#include "base/ring.h"
#include "model/model.h"
#include "rehearsal/message.h"
#include "score/take.h"

struct drummer;

/* Plays `score` with `model` as `settings` say. Both must outlive it. `reports` may be NULL.
 * Turns denormal numbers off for the calling thread; a thread that calls drummer_receive must have
 * done so too. */
struct drummer *drummer_new(const struct score *score, const struct model *model,
                            const struct take_settings *settings, struct ring *to_engine,
                            struct ring *reports, struct error *err);
void drummer_free(struct drummer *drummer);

/* False once TO_DRUMMER_STOP has been received. No allocation. */
bool drummer_receive(struct drummer *drummer, const struct to_drummer *message);

/* The record, complete after TO_DRUMMER_STOP: the caller's from now on. */
struct take *drummer_give_take(struct drummer *drummer);

/* The performance as it stands: what it has learnt of the guitarist (performance_keep). */
const struct performance *drummer_performance(const struct drummer *drummer);

#endif
