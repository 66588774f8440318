#include "suite.h"

#include "audio/realtime.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct asked {
    enum realtime granted;
    int policy, priority;
};

static void *ask(void *context)
{
    struct asked *asked = context;
    struct sched_param now;
    asked->granted = realtime_thread();
    pthread_getschedparam(pthread_self(), &asked->policy, &now);
    asked->priority = now.sched_priority;
    return NULL;
}

static struct asked ask_in_a_thread(void)
{
    struct asked asked;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, ask, &asked), 0);
    pthread_join(thread, NULL);
    return asked;
}

static int own_policy(void) /* as the kernel has it: the C library remembers what it set itself */
{
    return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
}

static double spun_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *run_away(void *policy)
{
    bool asked = realtime_thread() != REALTIME_NONE;
    double end = spun_s(CLOCK_THREAD_CPUTIME_ID) + 0.5;
    while (spun_s(CLOCK_THREAD_CPUTIME_ID) < end)
        continue;
    *(int *)policy = asked ? own_policy() : SCHED_OTHER;
    return NULL;
}

START_TEST(who_runs_away_loses_the_priority_and_no_more)
{
    int policy = -1;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, run_away, &policy), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(policy, SCHED_OTHER);
}
END_TEST

/* A user who may nothing, on a machine without D-Bus. */
static void become_nobody(void)
{
    struct rlimit none = {0, 0}, little = {1 << 16, 1 << 16};
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all", 1);
    ck_assert_int_eq(setrlimit(RLIMIT_RTPRIO, &none), 0);
    ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &little), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(setuid(65534), 0);
}

START_TEST(what_is_said_is_so)
{
    struct asked asked = ask_in_a_thread();
    bool realtime = (asked.policy & ~SCHED_RESET_ON_FORK) == SCHED_RR;
    ck_assert_int_ne(asked.granted, REALTIME_UNKNOWN);
    ck_assert_int_eq(realtime, asked.granted != REALTIME_NONE);
    ck_assert_int_eq(asked.priority > 0, realtime);
    ck_assert_int_lt(asked.priority, 20); /* below every sound card's thread */
    ck_assert_int_eq(realtime_allowed(), asked.granted);
    ck_assert_int_eq(own_policy(), SCHED_OTHER);
}
END_TEST

START_TEST(who_may_nothing_is_told_so_and_plays_on)
{
    become_nobody();
    struct asked asked = ask_in_a_thread();
    ck_assert_int_eq(asked.granted, REALTIME_NONE);
    ck_assert_int_eq(asked.policy, SCHED_OTHER);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* they lock nothing */
    ck_assert(!realtime_lock_memory());
#endif
    char *large = malloc(32 << 20); /* beyond the limit: nothing to come is locked */
    ck_assert_ptr_nonnull(large);
    memset(large, 1, 32 << 20);
    free(large);
}
END_TEST

START_TEST(within_a_limit_memory_can_still_grow)
{
    struct rlimit ample = {1 << 30, 1 << 30};
    if (geteuid() == 0 && setrlimit(RLIMIT_MEMLOCK, &ample) == 0)
        ck_assert_int_eq(setuid(65534), 0);
    if (getrlimit(RLIMIT_MEMLOCK, &ample) != 0 || ample.rlim_cur != 1 << 30)
        return; /* only root can raise it */
    ck_assert(realtime_lock_memory());
    size_t size = (size_t)2 << 30;
    char *large = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(large != MAP_FAILED);
    munmap(large, size);
}
END_TEST

Suite *realtime_suite(void);
Suite *realtime_suite(void)
{
    Suite *suite = suite_create("realtime");
    TCase *tests = tcase_create("realtime");
    tcase_add_test(tests, what_is_said_is_so);
    tcase_add_test(tests, who_runs_away_loses_the_priority_and_no_more);
    tcase_add_test(tests, who_may_nothing_is_told_so_and_plays_on);
    tcase_add_test(tests, within_a_limit_memory_can_still_grow);
    suite_add_tcase(suite, tests);
    return suite;
}
