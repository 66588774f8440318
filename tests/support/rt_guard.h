/* Counts what a real-time thread must not do, anywhere in the process's libraries, between
 * rt_guard_begin and rt_guard_end on this thread: allocate, free, lock, wait, or ask the system for
 * anything.
 *
 * Two nets lie one behind the other. The C library's functions are interposed (rt_guard_calls.h
 * lists them). Behind them Linux itself sends every system call of the guarded stretch back
 * (syscall user dispatch, Linux 5.11 on x86-64), also those from inside the C library or without
 * it. One function is allowed through both: sem_post, which wakes another thread and waits for
 * nobody. */
#ifndef TESTS_RT_GUARD_H
#define TESTS_RT_GUARD_H

#include <stdbool.h>

/* False where a sanitizer has taken these functions for itself: then nothing is counted. */
bool rt_guard_works(void);
bool rt_guard_sees_system_calls(void); /* whether the second net is there */

void rt_guard_begin(void);
int rt_guard_end(void); /* how many calls were seen */

/* The first of them since this thread began: "malloc", "system call 39"; "" when there was none. */
const char *rt_guard_first(void);

#endif
