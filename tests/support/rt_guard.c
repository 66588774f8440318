#include "support/rt_guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { ALLOW, BLOCK }; /* what Linux reads before every system call of the thread */

/* volatile: the C library's headers promise that it calls nothing in here */
static _Thread_local volatile char selector;
static _Thread_local volatile bool guarded;
static _Thread_local bool sees_system_calls;
static _Thread_local volatile int calls;
static _Thread_local char first[32];

/* One call is seen once: what it does inside is its own affair. */
static void see(const char *name)
{
    if (!guarded)
        return;
    selector = ALLOW;
    calls++;
    if (!first[0])
        for (int i = 0; i < (int)sizeof first - 1 && name[i]; i++)
            first[i] = name[i];
}

const char *rt_guard_first(void)
{
    return first;
}

bool rt_guard_sees_system_calls(void)
{
    return sees_system_calls;
}

#if defined(__x86_64__) && defined(PR_SET_SYSCALL_USER_DISPATCH)

/* The system call is seen, then made after all: the thread goes back to its instruction. */
static void on_system_call(int number, siginfo_t *info, void *context)
{
    (void)number;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    char name[32] = "system call ";
    int call = info->si_syscall, length = 12;
    for (int scale = 100; scale > 0; scale /= 10)
        if (call >= scale)
            name[length++] = (char)('0' + call / scale % 10);
    selector = ALLOW;
    if (call != SYS_clock_gettime) /* where the machine's clock cannot be read without */
        see(name);
    registers[REG_RAX] = call;
    registers[REG_RIP] -= 2; /* the length of `syscall` */
}

static bool arm(void)
{
    struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO};
    return sigaction(SIGSYS, &action, NULL) == 0 &&
           prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0L, 0L, &selector) == 0;
}

#else

static bool arm(void)
{
    return false;
}

#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

bool rt_guard_works(void)
{
    return false;
}

void rt_guard_begin(void)
{
    (void)arm;
}

int rt_guard_end(void)
{
    return 0;
}

#else

bool rt_guard_works(void)
{
    return true;
}

void rt_guard_begin(void)
{
    static _Thread_local bool armed;
    if (!armed)
        sees_system_calls = arm();
    armed = true;
    calls = 0;
    guarded = true;
    selector = BLOCK;
}

int rt_guard_end(void)
{
    selector = ALLOW;
    guarded = false;
    return calls;
}

/* The program's own definitions come before the C library's, for every library that is linked. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void __libc_free(void *block);

void *malloc(size_t size)
{
    see("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    see("calloc");
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    see("realloc");
    return __libc_realloc(old, size);
}

void *memalign(size_t align, size_t size)
{
    see("memalign");
    return __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    see("aligned_alloc");
    return __libc_memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    see("posix_memalign");
    *block = __libc_memalign(align, size);
    return *block ? 0 : ENOMEM;
}

void free(void *block)
{
    if (block)
        see("free");
    __libc_free(block);
}

/* The C library's own function. Of the condition variables it keeps an old kind under the same
 * name, which must not be had. */
static void *next_of(const char *name)
{
    bool was_guarded = guarded;
    guarded = false;
    void *next = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!next)
        next = dlsym(RTLD_NEXT, name);
    guarded = was_guarded;
    return next;
}

#define CALL(returns, name, parameters, arguments)                                                 \
    returns name parameters                                                                        \
    {                                                                                              \
        static returns(*next) parameters;                                                          \
        see(#name);                                                                                \
        if (!next)                                                                                 \
            *(void **)&next = next_of(#name);                                                      \
        return next arguments;                                                                     \
    }
#include "support/rt_guard_calls.h"
#undef CALL

int open(const char *path, int flags, ...)
{
    va_list more;
    see("open");
    va_start(more, flags);
    int mode = va_arg(more, int);
    va_end(more);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    see("openat");
    va_start(more, flags);
    int mode = va_arg(more, int);
    va_end(more);
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list more;
    see("ioctl");
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    return (int)syscall(SYS_ioctl, fd, request, argument);
}

int fcntl(int fd, int command, ...)
{
    va_list more;
    see("fcntl");
    va_start(more, command);
    long argument = va_arg(more, long);
    va_end(more);
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

long syscall(long number, ...)
{
    static long (*next)(long, ...);
    long a[6];
    va_list more;
    see("syscall");
    va_start(more, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(more, long);
    va_end(more);
    if (!next)
        *(void **)&next = next_of("syscall");
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Waking is allowed. It is one FUTEX_WAKE at most: Linux makes the sleeper runnable and comes back;
 * no one holds anything that this thread could be kept waiting for. */
int sem_post(sem_t *semaphore)
{
    static int (*next)(sem_t *);
    char before = selector;
    selector = ALLOW;
    if (!next)
        *(void **)&next = next_of("sem_post");
    int status = next(semaphore);
    selector = before;
    return status;
}

#endif
