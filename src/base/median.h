/* The middle one of some numbers. */
#ifndef BASE_MEDIAN_H
#define BASE_MEDIAN_H

/* Sorts them; of an even number the mean of the two in the middle, NaN of none. None may be NaN. */
double median(double *values, int count);

#endif
