/* What was really played beside what was made of it, summed over recordings: where the figures of
 * learn/evaluate.h come from. */
#ifndef LEARN_TALLY_H
#define LEARN_TALLY_H

#include "learn/evaluate.h"

enum { TALLY_TIMING, TALLY_VELOCITY, TALLY_KINDS };
enum { TALLY_BINS = 40 };

struct tally_values { /* offsets, or velocities */
    double sum, square;
    double histogram[TALLY_BINS];
};

struct tally_part {
    long hits;
    double offset_error, velocity_error;
};

struct tally_coherence {
    double square, products[EVALUATE_LAGS]; /* of step means, around the recording's */
    double within;                          /* variances within steps */
    long steps;                             /* of two drums or more */
};

struct tally { /* all zero at first */
    int files;
    struct tally_part all;
    double offset_square_16th;
    struct tally_values played[TALLY_KINDS], made[TALLY_KINDS];
    struct tally_coherence played_coherence, made_coherence;
    struct tally_part stretches[EVALUATE_STRETCHES];
    struct tally_metre {
        int numerator, denominator;
        struct tally_part part;
    } metres[EVALUATE_METRES]; /* what is beyond them counts in `all` alone */
    int metre_count;
};

/* Adds a recording. offset_ms and velocity are (steps,DRUM_COUNT), read where a class is hit. */
void tally_piece(struct tally *tally, const struct piece *piece, const float *offset_ms,
                 const float *velocity);

/* The figures of all recordings so far; NAN where there was no hit. */
void tally_conclude(const struct tally *tally, struct humanising_error *result);

#endif
