/* Training windows: stretches of recordings cut at random, what was heard of them hidden at
 * random, and random grooves laid over some (learn/augment.h).
 *
 * One in four is of the same recording on 16ths alone, because that is how many scores write a
 * shuffle; half of these are two bars that begin and end as a song does (learn/two_bar.h). */
#ifndef LEARN_WINDOWS_H
#define LEARN_WINDOWS_H

#include "base/rng.h"
#include "learn/corpus.h"
#include "model/groove.h"

struct windows;

/* Features and targets of every recording of at least 6 steps. The corpora, one split on either
 * grid, may go afterwards. */
struct windows *windows_new(const struct corpus *corpus, const struct corpus *sixteenths);
void windows_free(struct windows *windows);

/* Steps of all recordings on the per-beat grid: an epoch is as many drawn. */
long windows_steps(const struct windows *windows);

/* One batch with room for (B,T). */
struct window_batch {
    int B, T;
    float *x, *g, *heard, *valid;
    int *bin;
    float *offset, *velocity, *hit;
    double hits, steps;
};
struct window_batch *window_batch_new(int B, int T);
void window_batch_free(struct window_batch *batch);

/* Only where there is a step to draw. `varied`: augment_vary, for windows whose targets come from
 * elsewhere. */
void windows_draw(const struct windows *windows, struct rng *rng, bool varied,
                  struct window_batch *batch);

/* Rows [first, first + count) of a batch, as the network takes them. */
struct groove_batch window_batch_input(const struct window_batch *batch, int first, int count);
struct groove_targets window_batch_targets(const struct window_batch *batch, int first);

#endif
