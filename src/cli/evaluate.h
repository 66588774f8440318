/* What `evaluate` can measure: each does it and tells it, as text or JSON. */
#ifndef CLI_EVALUATE_H
#define CLI_EVALUATE_H

#include "cli/options.h"
#include "learn/corpus.h"
#include "model/checkpoint.h"

/* How close the drummer comes to real ones. */
bool evaluate_humanising(const struct arguments *arguments, const struct corpus *corpus,
                         const struct checkpoint *drummer, struct error *err);

/* The same two bars at a time (learn/two_bar.h); `corpus` is on 16ths alone. */
bool evaluate_two_bars(const struct arguments *arguments, const struct corpus *corpus,
                       const struct checkpoint *drummer, struct error *err);

/* How well a guitarist is expected. */
bool evaluate_duets(const struct arguments *arguments, const struct corpus *corpus,
                    const struct checkpoint *drummer, struct error *err);

#endif
