#include "learn/crew.h"

#include <pthread.h>

enum { MOST_THREADS = 16 };

struct crew {
    pthread_mutex_t lock;
    int next, count;
    crew_job *job;
    void *context;
    bool failed;
    struct error *err;
};

/* The next job, -1 when there is none for anybody. */
static int take_job(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    int index = crew->failed || crew->next == crew->count ? -1 : crew->next++;
    pthread_mutex_unlock(&crew->lock);
    return index;
}

static void fail(struct crew *crew, const struct error *why)
{
    pthread_mutex_lock(&crew->lock);
    if (!crew->failed && crew->err)
        *crew->err = *why;
    crew->failed = true;
    pthread_mutex_unlock(&crew->lock);
}

static void *work(void *context)
{
    struct crew *crew = context;
    for (int index; (index = take_job(crew)) >= 0;) {
        struct error err = {.text = ""};
        if (!crew->job(crew->context, index, &err))
            fail(crew, &err);
    }
    return NULL;
}

bool crew_work(int count, int threads, crew_job *job, void *context, struct error *err)
{
    struct crew crew = {.lock = PTHREAD_MUTEX_INITIALIZER,
                        .count = count,
                        .job = job,
                        .context = context,
                        .err = err};
    pthread_t others[MOST_THREADS];
    int hired = 0;
    while (hired < threads - 1 && hired < MOST_THREADS &&
           pthread_create(&others[hired], NULL, work, &crew) == 0)
        hired++;
    work(&crew);
    for (int i = 0; i < hired; i++)
        pthread_join(others[i], NULL);
    return !crew.failed;
}

bool crew_go_on(struct crew_watch *watch, int more, struct error *err)
{
    if (!watch->progress)
        return true;
    pthread_mutex_lock(&watch->lock);
    watch->done += more;
    bool on = watch->progress(watch->user, (double)watch->done / watch->total);
    pthread_mutex_unlock(&watch->lock);
    return on || error_set(err, "cancelled");
}
