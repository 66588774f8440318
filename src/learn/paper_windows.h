/* Training windows for the paper's network: short stretches of recordings cut at random, what was
 * heard of the guitar hidden at random. */
#ifndef LEARN_PAPER_WINDOWS_H
#define LEARN_PAPER_WINDOWS_H

#include "learn/corpus.h"
#include "model/paper.h"

struct paper_windows;

/* What is read of, and asked for in, every recording of at least 6 steps. The corpus may go
 * afterwards. NULL when out of memory. */
struct paper_windows *paper_windows_new(const struct corpus *corpus);
void paper_windows_free(struct paper_windows *windows);

/* Steps of all recordings. */
long paper_windows_steps(const struct paper_windows *windows);

/* One batch with room for B windows of T steps. */
struct paper_window_batch {
    int B, T;
    float *score;                    /* (B,T,PAPER_SCORE) */
    float *velocity, *offset, *hit;  /* (B,T,DRUM_COUNT) */
    float *g, *unit, *heard, *valid; /* (B,T) */
    bool *blank;                     /* (B) what was played before stays unknown */
    double hits, steps;
};
struct paper_window_batch *paper_window_batch_new(int B, int T);
void paper_window_batch_free(struct paper_window_batch *batch);

/* Only where there is a step to draw. */
void paper_windows_draw(const struct paper_windows *windows, struct rng *rng,
                        struct paper_window_batch *batch);

/* Windows [first, first + count) of a batch, as the network takes them: all but `past`. */
struct paper_batch paper_window_input(const struct paper_window_batch *batch, int first, int count);
struct paper_targets paper_window_targets(const struct paper_window_batch *batch, int first);

/* past (count,T,PAPER_PAST) of those windows: what the network played, and the guitar where it was
 * heard, its own g-hat elsewhere. Where `outputs` (count,T,PAPER_OUTPUTS) is NULL, or a window is
 * blank, nothing is known but what was heard. */
void paper_window_past(const struct paper_window_batch *batch, int first, int count,
                       const float *outputs, float *past);

#endif
