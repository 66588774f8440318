/* How long things take, and how that spreads when they are done many times. */
#ifndef BASE_STOPWATCH_H
#define BASE_STOPWATCH_H

#include <stdint.h>

/* A clock that never jumps, as a number of two kinds. Real-time safe. */
int64_t stopwatch_ns(void);
double stopwatch_s(void);

/* Keeps the calling thread waiting. */
void stopwatch_wait_ms(int ms);

/* The processor time of this thread, in which what other programs take does not count. */
double stopwatch_cpu_s(void);

/* Half of the values are at most p50, 99 of 100 at most p99. */
struct spread {
    double p50, p99, max;
};

/* Sorts the values; there must be one. */
struct spread spread_of(double *values, int count);

#endif
