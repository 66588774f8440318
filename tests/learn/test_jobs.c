#include "learn/jobs.h"
#include "suites.h"

#include <stdatomic.h>

enum { JOBS = 200 };

static atomic_int times[JOBS];

static bool count(void *context, int index, struct error *err)
{
    (void)context;
    (void)err;
    atomic_fetch_add(&times[index], 1);
    return true;
}

START_TEST(every_job_is_done_once)
{
    for (int i = 0; i < JOBS; i++)
        atomic_store(&times[i], 0);
    ck_assert(jobs_run(JOBS, _i, count, NULL, NULL));
    for (int i = 0; i < JOBS; i++)
        ck_assert_int_eq(atomic_load(&times[i]), 1);
}
END_TEST

static bool fail_at_seven(void *context, int index, struct error *err)
{
    atomic_fetch_add((atomic_int *)context, 1);
    return index != 7 || error_set(err, "job %d failed", index);
}

START_TEST(the_first_failure_ends_it)
{
    atomic_int begun = 0;
    struct error err = {.text = ""};
    ck_assert(!jobs_run(JOBS, 1, fail_at_seven, &begun, &err));
    ck_assert_str_eq(err.text, "job 7 failed");
    ck_assert_int_eq(atomic_load(&begun), 8);
    ck_assert(!jobs_run(JOBS, 3, fail_at_seven, &begun, NULL));
}
END_TEST

static bool half(void *user, double share)
{
    *(double *)user = share;
    return share < 0.5;
}

START_TEST(a_watcher_hears_the_share_and_may_stop)
{
    double share = 0;
    struct error err = {.text = ""};
    struct jobs_watch watch = {half, &share, 0, 4, PTHREAD_MUTEX_INITIALIZER};
    ck_assert(jobs_go_on(&watch, 1, &err));
    ck_assert_double_eq(share, 0.25);
    ck_assert(jobs_go_on(&watch, 0, &err));
    ck_assert(!jobs_go_on(&watch, 1, &err));
    ck_assert_str_eq(err.text, "cancelled");
    struct jobs_watch nobody = {NULL, NULL, 0, 0, PTHREAD_MUTEX_INITIALIZER};
    ck_assert(jobs_go_on(&nobody, 1, &err));
}
END_TEST

Suite *jobs_suite(void)
{
    Suite *suite = suite_create("jobs");
    TCase *tcase = tcase_create("threads");
    tcase_add_loop_test(tcase, every_job_is_done_once, 1, 5);
    tcase_add_test(tcase, the_first_failure_ends_it);
    tcase_add_test(tcase, a_watcher_hears_the_share_and_may_stop);
    suite_add_tcase(suite, tcase);
    return suite;
}
