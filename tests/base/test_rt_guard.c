#include "base.h"
#include "support/rt_guard.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In a thread of its own, whose first sin it is. */
struct sin {
    const char *name;
    void (*commit)(void);
    int seen;
    char first[32];
};

static void *commit_guarded(void *context)
{
    struct sin *sin = context;
    rt_guard_begin();
    sin->commit();
    sin->seen = rt_guard_end();
    snprintf(sin->first, sizeof sin->first, "%s", rt_guard_first());
    return NULL;
}

static void *volatile block;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spinlock;
static pthread_barrier_t barrier;
static sem_t semaphore; /* stands at one before each */
static const struct timespec now = {0, 0};
static pthread_t other;
static int fd = -1;
static char byte;
static char page[4096] __attribute__((aligned(4096)));
static FILE *file;
static const char *volatile text = "word";

static void *do_nothing(void *context)
{
    return context;
}

#define SIN(name, ...)                                                                             \
    static void sin_##name(void)                                                                   \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
#include "rt_guard_sins.h"
#undef SIN

static struct sin sins[] = {
#define SIN(name, ...) {#name, sin_##name, 0, ""},
#include "rt_guard_sins.h"
#undef SIN
};
enum { SINS = sizeof sins / sizeof *sins };

START_TEST(each_kind_is_seen)
{
    struct sin *sin = &sins[_i];
    pthread_t thread;
    if (!rt_guard_works())
        return;
    block = malloc(100);
    file = fopen("/dev/zero", "r+");
    pthread_spin_init(&spinlock, 0);
    pthread_barrier_init(&barrier, NULL, 1);
    sem_init(&semaphore, 0, 1);
    pthread_create(&other, NULL, do_nothing, NULL);
    ck_assert_int_eq(pthread_create(&thread, NULL, commit_guarded, sin), 0);
    pthread_join(thread, NULL);
    ck_assert_msg(sin->seen > 0, "%s was not seen", sin->name);
    ck_assert_str_eq(sin->first, sin->name);
}
END_TEST

/* getppid is not interposed, and what fflush writes goes out inside the C library. */
static void ask_the_system(void)
{
    getppid();
}

START_TEST(any_system_call_is_seen)
{
    struct sin sin = {"any", ask_the_system, 0, ""};
    char expected[32];
    if (!rt_guard_works())
        return;
    commit_guarded(&sin);
    if (!rt_guard_sees_system_calls()) {
        puts("rt_guard: skipped, this system cannot send system calls back");
        return;
    }
    snprintf(expected, sizeof expected, "system call %d", (int)SYS_getppid);
    ck_assert_int_eq(sin.seen, 1);
    ck_assert_str_eq(sin.first, expected);
    rt_guard_begin(); /* and it is there again in the next stretch */
    getppid();
    ck_assert_int_eq(rt_guard_end(), 1);
}
END_TEST

static void *wait_for_it(void *context)
{
    sem_wait(context);
    return NULL;
}

START_TEST(arithmetic_time_and_waking_are_allowed)
{
    pthread_t thread;
    struct timespec time;
    sem_t sleepers;
    sem_init(&sleepers, 0, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_it, &sleepers), 0);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    rt_guard_begin();
    clock_gettime(CLOCK_MONOTONIC, &time);
    memset(page, 1, sizeof page);
    sem_post(&sleepers);
    int seen = rt_guard_end();
    ck_assert_msg(seen == 0, "%d calls, first %s", seen, rt_guard_first());
    pthread_join(thread, NULL);
    if (!rt_guard_works())
        return;
    rt_guard_begin(); /* waking has not opened the net */
    sem_post(&sleepers);
    sched_yield();
    ck_assert_int_eq(rt_guard_end(), 1);
    rt_guard_begin();
    sem_post(&sleepers);
    getppid();
    ck_assert_int_eq(rt_guard_end(), rt_guard_sees_system_calls());
}
END_TEST

START_TEST(outside_nothing_is_counted)
{
    free(malloc(1));
    rt_guard_begin();
    ck_assert_int_eq(rt_guard_end(), 0);
    getppid();
    ck_assert_str_eq(rt_guard_first(), "");
}
END_TEST

Suite *rt_guard_suite(void)
{
    Suite *suite = suite_create("rt_guard");
    TCase *tests = tcase_create("rt_guard");
    tcase_add_loop_test(tests, each_kind_is_seen, 0, SINS);
    tcase_add_test(tests, any_system_call_is_seen);
    tcase_add_test(tests, arithmetic_time_and_waking_are_allowed);
    tcase_add_test(tests, outside_nothing_is_counted);
    suite_add_tcase(suite, tests);
    return suite;
}
