/* Puts played hits on a grid: per beat either 16ths or 16th triplets, chosen by EM
 * with a prior per piece, so that one loose hit cannot pick its own label. The rule
 * is "mode C": cost |distance| to each grid, the finer one handicapped by 0.021
 * beats, posterior slope 0.04 beats, prior from 0.15 in 8 rounds, a beat's hits being
 * those from 1/8 before it to 7/8 after. */
#ifndef SCORE_QUANTISE_H
#define SCORE_QUANTISE_H

#include <stdbool.h>

/* `quarters` (count values, quarter notes from 0, in rising order) are replaced by their
 * grid places, exact multiples of 1/12 quarter. The grid may swap two neighbours across a
 * beat, so the result need not rise. False when out of memory. */
bool quantise(double *quarters, int count);

/* The plainest grid instead: the nearest 16th, whatever is meant. */
void quantise_sixteenths(double *quarters, int count);

#endif
