#include "base/stopwatch.h"

#include <stdlib.h>
#include <time.h>

static double read_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int64_t stopwatch_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void stopwatch_wait_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

double stopwatch_s(void)
{
    return read_s(CLOCK_MONOTONIC);
}

double stopwatch_cpu_s(void)
{
    return read_s(CLOCK_THREAD_CPUTIME_ID);
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct spread spread_of(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, rising);
    return (struct spread){values[count / 2], values[(int)(0.99 * (count - 1))], values[count - 1]};
}
