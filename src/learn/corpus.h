/* Recordings of drummers to learn from: a folder shaped like the Groove MIDI Dataset
 * (Gillick et al., ICML 2019): info.csv and the MIDI files it names.
 *
 * Each recording becomes a score (hits on the per-beat grid, score/quantise.h; scored
 * velocity = mean velocity of that class in that recording, rounded) and what was played. */
#ifndef LEARN_CORPUS_H
#define LEARN_CORPUS_H

#include "base/error.h"
#include "score/score.h"

struct piece {
    struct score *score;
    float *velocity;  /* (steps, DRUM_COUNT) as played, 0 where not hit */
    float *offset_ms; /* (steps, DRUM_COUNT) as played, from the grid */
    float *guitar_ms; /* (steps) mean offset of the step's hits: stands in for a guitar */
    bool beat;        /* a groove, not a fill */
};

struct corpus {
    struct piece *pieces;
    int count;
};

/* The recordings of one split ("train", "validation", "test"). Fails when there are none. */
bool corpus_load(struct corpus *corpus, const char *folder, const char *split, struct error *err);
/* The same on 16ths alone, without triplets. */
bool corpus_load_sixteenths(struct corpus *corpus, const char *folder, const char *split,
                            struct error *err);
void corpus_clear(struct corpus *corpus);

/* Offset and velocity tables by class and place in the bar, shrunk to the class mean: the
 * baseline every model has to beat. */
struct corpus_table {
    float offset_ms[DRUM_COUNT][SCORE_BINS];
    float velocity_delta[DRUM_COUNT][SCORE_BINS]; /* from the scored velocity */
};
void corpus_tabulate(const struct corpus *corpus, struct corpus_table *table);

#endif
