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
    struct groove_pass *pass;
    float *gradients, *d_outputs;
    struct groove_loss loss;
};

struct team {
    const struct groove *groove;
    int threads;
    struct worker *workers; /* the first one is the caller */
    pthread_mutex_t gate;   /* closed until the team is complete */
    pthread_barrier_t begin, end;
    bool incomplete, quit;
    const struct window_batch *batch;
    double dropout;
    uint64_t seed;
};

static void work(struct worker *worker)
{
    struct team *team = worker->team;
    const struct groove *groove = team->groove;
    struct groove_batch input = window_batch_input(team->batch, worker->first, worker->count);
    struct groove_targets targets = window_batch_targets(team->batch, worker->first);
    struct rng rng;
    rng_seed(&rng, team->seed + (uint64_t)worker->first);
    memset(worker->gradients, 0, groove->size * sizeof *worker->gradients);
    const float *outputs = groove_forward(groove, worker->pass, &input, (float)team->dropout, &rng);
    worker->loss = groove_loss(&input, &targets, outputs, worker->d_outputs);
    groove_backward(groove, worker->pass, &input, worker->d_outputs, worker->gradients);
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

static bool hire(struct team *team, int index, int B, int T)
{
    struct worker *worker = &team->workers[index];
    worker->team = team;
    worker->first = B * index / team->threads;
    worker->count = B * (index + 1) / team->threads - worker->first;
    size_t steps = (size_t)worker->count * (size_t)T;
    worker->pass = groove_pass_new(team->groove, worker->count, T, true);
    worker->gradients = calloc(team->groove->size, sizeof(float));
    worker->d_outputs = calloc(steps * GROOVE_OUTPUTS, sizeof(float));
    if (!worker->pass || !worker->gradients || !worker->d_outputs)
        return false;
    if (index > 0)
        worker->started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    return index == 0 || worker->started;
}

struct team *team_new(const struct groove *groove, int threads, int B, int T)
{
    struct team *team = calloc(1, sizeof *team);
    if (!team)
        return NULL;
    team->groove = groove;
    team->threads = threads < 1 ? 1 : threads > B ? B : threads;
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
        complete = hire(team, i, B, T);
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
        groove_pass_free(worker->pass);
        free(worker->gradients);
        free(worker->d_outputs);
    }
    pthread_barrier_destroy(&team->begin);
    pthread_barrier_destroy(&team->end);
    pthread_mutex_destroy(&team->gate);
    free(team->workers);
    free(team);
}

struct groove_loss team_step(struct team *team, const struct window_batch *batch, double dropout,
                             uint64_t seed, float **gradients)
{
    team->batch = batch;
    team->dropout = dropout;
    team->seed = seed;
    if (team->threads > 1)
        pthread_barrier_wait(&team->begin);
    work(&team->workers[0]);
    if (team->threads > 1)
        pthread_barrier_wait(&team->end);
    struct groove_loss loss = team->workers[0].loss;
    for (int i = 1; i < team->threads; i++) {
        const struct worker *worker = &team->workers[i];
        add(team->workers[0].gradients, worker->gradients, team->groove->size);
        loss.total += worker->loss.total;
        loss.offset += worker->loss.offset;
        loss.velocity += worker->loss.velocity;
        loss.guitar += worker->loss.guitar;
        loss.offset_error += worker->loss.offset_error;
    }
    *gradients = team->workers[0].gradients;
    return loss;
}
