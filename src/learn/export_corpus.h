/* The recordings of a folder as one file, so that programs in other languages learn from the
 * features this program computes.
 *
 * safetensors, all float32. For each part S, "train" and "validation" on the per-beat grid and
 * "sixteenths", train again on 16ths alone, with N steps in R recordings that follow one another:
 *
 *   S.x          (N,FEATURE_COUNT)  model/features.h
 *   S.bin        (N)                step.bin
 *   S.bar        (N)                in which bar, from 0
 *   S.score      (N,PAPER_SCORE)    paper_read_step of model/paper.h
 *   S.scored     (N,DRUM_COUNT)     scored velocity, 1..127, 0 where the class is not hit
 *   S.velocity   (N,DRUM_COUNT)     as played, 0 where not hit
 *   S.offset_ms  (N,DRUM_COUNT)     as played, from the grid, 0 where not hit
 *   S.guitar_ms  (N)                mean offset of the step's hits: stands in for a guitar
 *   S.reach_ms   (N,2)              how early and how late a hit may be played (model/touch.h)
 *   S.bar_ms     (N)                length of the step's bar
 *   S.start      (R)                a recording's first step
 *   S.beat       (R)                1: a groove, 0: a fill
 */
#ifndef LEARN_EXPORT_CORPUS_H
#define LEARN_EXPORT_CORPUS_H

#include "base/error.h"

struct export_counts {
    int recordings;
    long steps;
};

/* `folder` as corpus_load takes it. The counts are of all three parts. */
bool export_corpus(const char *folder, const char *path, struct export_counts *counts,
                   struct error *err);

#endif
