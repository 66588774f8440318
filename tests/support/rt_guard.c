#include "support/rt_guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

static _Thread_local int depth, calls;

void rt_guard_begin(void)
{
    calls = 0;
    depth = 1;
}

int rt_guard_end(void)
{
    depth = 0;
    return calls;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

bool rt_guard_works(void)
{
    return false;
}

#else

bool rt_guard_works(void)
{
    return true;
}

/* The program's own definitions come before the C library's, for every library that is linked. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *block);

void *malloc(size_t size)
{
    calls += depth;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    calls += depth;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    calls += depth;
    return __libc_realloc(old, size);
}

void *memalign(size_t align, size_t size)
{
    calls += depth;
    return __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    calls += depth;
    return __libc_memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    calls += depth;
    *block = __libc_memalign(align, size);
    return *block ? 0 : ENOMEM;
}

void free(void *block)
{
    if (block)
        calls += depth;
    __libc_free(block);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*next)(pthread_mutex_t *);
    calls += depth;
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    return next(mutex);
}

#endif
