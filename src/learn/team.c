#include "learn/team.h"

#include "model/kernels.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct worker {
    struct team *team;
    pthread_t thread;
    bool started;
    int first, count; /* rows of the batch */
    void *room;
    float *gradients;
    double loss;
};

struct team {
    const struct course *course;
    int threads;
    struct worker *workers; /* the first one is the caller */
    pthread_mutex_t gate;   /* closed until the team is complete */
    pthread_barrier_t begin, end;
    bool incomplete, quit;
    double dropout;
    uint64_t seed;
};

static void work(struct worker *worker)
{
    const struct team *team = worker->team;
    const struct course *course = team->course;
    struct rng rng;
    rng_seed(&rng, team->seed + (uint64_t)worker->first);
    memset(worker->gradients, 0, course->size * sizeof *worker->gradients);
    worker->loss = course->ops->work(course, worker->room, worker->first, worker->count,
                                     (float)team->dropout, &rng, worker->gradients);
}

static void *run(void *context)
{
    struct worker *worker = context;
    pthread_mutex_lock(&worker->team->gate);
    bool incomplete = worker->team->incomplete;
    pthread_mutex_unlock(&worker->team->gate);
    if (incomplete)
        return NULL;
    for (;;) {
        pthread_barrier_wait(&worker->team->begin);
        if (worker->team->quit)
            return NULL;
        work(worker);
        pthread_barrier_wait(&worker->team->end);
    }
}

static bool hire(struct team *team, int index, int rows)
{
    struct worker *worker = &team->workers[index];
    worker->team = team;
    worker->first = rows * index / team->threads;
    worker->count = rows * (index + 1) / team->threads - worker->first;
    worker->room = team->course->ops->hire(team->course, worker->count);
    worker->gradients = calloc(team->course->size, sizeof *worker->gradients);
    if (!worker->room || !worker->gradients)
        return false;
    if (index > 0)
        worker->started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    return index == 0 || worker->started;
}

struct team *team_new(const struct course *course, int threads, int rows)
{
    struct team *team = calloc(1, sizeof *team);
    if (!team)
        return NULL;
    team->course = course;
    team->threads = threads < 1 ? 1 : threads > rows ? rows : threads;
    team->workers = calloc((size_t)team->threads, sizeof *team->workers);
    if (!team->workers) {
        free(team);
        return NULL;
    }
    pthread_mutex_init(&team->gate, NULL);
    pthread_barrier_init(&team->begin, NULL, (unsigned)team->threads);
    pthread_barrier_init(&team->end, NULL, (unsigned)team->threads);
    pthread_mutex_lock(&team->gate);
    bool complete = true;
    for (int i = 0; complete && i < team->threads; i++)
        complete = hire(team, i, rows);
    team->incomplete = !complete;
    pthread_mutex_unlock(&team->gate);
    if (!complete) {
        team_free(team);
        return NULL;
    }
    return team;
}

void team_free(struct team *team)
{
    if (!team)
        return;
    if (!team->incomplete && team->threads > 1) {
        team->quit = true;
        pthread_barrier_wait(&team->begin);
    }
    for (int i = 0; i < team->threads; i++) {
        struct worker *worker = &team->workers[i];
        if (worker->started)
            pthread_join(worker->thread, NULL);
        team->course->ops->dismiss(worker->room);
        free(worker->gradients);
    }
    pthread_barrier_destroy(&team->begin);
    pthread_barrier_destroy(&team->end);
    pthread_mutex_destroy(&team->gate);
    free(team->workers);
    free(team);
}

double team_step(struct team *team, double dropout, uint64_t seed, float **gradients)
{
    team->dropout = dropout;
    team->seed = seed;
    if (team->threads > 1)
        pthread_barrier_wait(&team->begin);
    work(&team->workers[0]);
    if (team->threads > 1)
        pthread_barrier_wait(&team->end);
    double loss = team->workers[0].loss;
    for (int i = 1; i < team->threads; i++) {
        add(team->workers[0].gradients, team->workers[i].gradients, team->course->size);
        loss += team->workers[i].loss;
    }
    *gradients = team->workers[0].gradients;
    return loss;
}
