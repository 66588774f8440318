/* Counts what a real-time thread must not do: allocate, free or lock, anywhere in the process's
 * libraries, between rt_guard_begin and rt_guard_end on this thread. */
#ifndef TESTS_RT_GUARD_H
#define TESTS_RT_GUARD_H

#include <stdbool.h>

/* False where a sanitizer has taken these functions for itself: then nothing is counted. */
bool rt_guard_works(void);
void rt_guard_begin(void);
int rt_guard_end(void); /* how many calls there were */

#endif
