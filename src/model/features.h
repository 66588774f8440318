/* A score as the groove reads it: one row of numbers a step. */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H

#include "score/score.h"

/*  0  scored velocity / 127 of each class, 0 where not hit
 *  9  1 where the class is hit
 * 18  one-hot place in the bar (step.bin)
 * 66  (bpm - 120) / 60
 * 67  length of a 16th: 15000 / bpm ms, / 100 - 1.2
 * 68  d / 4 - 1, d the distance to the previous step in 16ths, then the same to the next
 * 70  1 / d of both; d is within 1/3..16, and 16 at either end of the song */
enum {
    FEATURE_VELOCITY = 0,
    FEATURE_HIT = DRUM_COUNT,
    FEATURE_BIN = 2 * DRUM_COUNT,
    FEATURE_TEMPO = FEATURE_BIN + SCORE_BINS,
    FEATURE_DISTANCE = FEATURE_TEMPO + 2,
    FEATURE_INVERSE = FEATURE_DISTANCE + 2,
    FEATURE_COUNT = FEATURE_INVERSE + 2
};

/* x (count,FEATURE_COUNT) for steps [first, first + count). velocity (count,DRUM_COUNT), 0..127,
 * replaces the scored velocities; NULL keeps them. What is not hit has no velocity either way. */
void features_compute(const struct score *score, int first, int count, const float *velocity,
                      float *x);

/* Rewrites what a row says of the distance, in 16ths, to the previous (side 0) or the next step
 * (side 1); INFINITY at an end of the song. */
void features_put_distance(float *x, int side, double sixteenths);

#endif
