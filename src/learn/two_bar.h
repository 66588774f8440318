/* How close a drummer comes to real drummers two bars at a time: the protocol of Gillick et al.,
 * "Learning to Groove with Inverse Sequence Transformations", ICML 2019.
 *
 * Every two bars of the recordings in 4/4, one bar further each time, on 16ths alone, of hits
 * that share a class and a 16th the loudest; means over all hits of all windows. The drummer is
 * given the two bars as his whole score, hears nothing, and plays the most likely hits. */
#ifndef LEARN_TWO_BAR_H
#define LEARN_TWO_BAR_H

#include "learn/evaluate.h"

struct two_bar_error {
    int windows;
    struct partial_error model;
    struct partial_error grid; /* on the 16ths, at the recording's mean velocities */
    struct partial_error mean; /* the mean of this class and 16th in the training split */
};

/* Both from corpus_load_sixteenths; fills count where they are two bars long. Without a training
 * split (`train` empty) the mean is the grid. */
bool evaluate_two_bar(const struct model *model, const struct corpus *corpus,
                      const struct corpus *train, bool (*progress)(void *context, double done),
                      void *context, struct two_bar_error *result, struct error *err);

#endif
