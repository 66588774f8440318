#include "learn/jobs.h"

#include <pthread.h>

enum { MOST_THREADS = 16 };

struct jobs {
    pthread_mutex_t lock;
    int next, count;
    jobs_work *work;
    void *context;
    bool failed;
    struct error *err;
};

/* The next job, -1 when there is none for anybody. */
static int take_job(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    int index = jobs->failed || jobs->next == jobs->count ? -1 : jobs->next++;
    pthread_mutex_unlock(&jobs->lock);
    return index;
}

static void fail(struct jobs *jobs, const struct error *why)
{
    pthread_mutex_lock(&jobs->lock);
    if (!jobs->failed && jobs->err)
        *jobs->err = *why;
    jobs->failed = true;
    pthread_mutex_unlock(&jobs->lock);
}

static void *work_on(void *context)
{
    struct jobs *jobs = context;
    for (int index; (index = take_job(jobs)) >= 0;) {
        struct error err = {.text = ""};
        if (!jobs->work(jobs->context, index, &err))
            fail(jobs, &err);
    }
    return NULL;
}

bool jobs_run(int count, int threads, jobs_work *work, void *context, struct error *err)
{
    struct jobs jobs = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .count = count,
                        .work = work,
                        .context = context,
                        .err = err};
    pthread_t others[MOST_THREADS];
    int hired = 0;
    while (hired < threads - 1 && hired < MOST_THREADS &&
           pthread_create(&others[hired], NULL, work_on, &jobs) == 0)
        hired++;
    work_on(&jobs);
    for (int i = 0; i < hired; i++)
        pthread_join(others[i], NULL);
    return !jobs.failed;
}

bool jobs_go_on(struct jobs_watch *watch, int more, struct error *err)
{
    if (!watch->progress)
        return true;
    pthread_mutex_lock(&watch->lock);
    watch->done += more;
    bool on = watch->progress(watch->user, (double)watch->done / watch->total);
    pthread_mutex_unlock(&watch->lock);
    return on || error_set(err, "cancelled");
}
