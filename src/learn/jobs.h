/* Independent jobs, shared among a few threads, and the one who watches them. (Training, where all
 * wait for each other after every batch, has learn/team.h.) */
#ifndef LEARN_JOBS_H
#define LEARN_JOBS_H

#include "base/error.h"

#include <pthread.h>

/* One job; false with a sentence when it fails. May run in any thread, several at once. */
typedef bool jobs_work(void *context, int index, struct error *err);

/* Does jobs 0..count-1, begun in that order, on up to `threads` threads, the caller's among them.
 * After one has failed no other begins; `err` says why the first one did. */
bool jobs_run(int count, int threads, jobs_work *work, void *context, struct error *err);

struct jobs_watch {
    bool (*progress)(void *user, double share); /* may be NULL; false stops */
    void *user;
    int done, total;
    pthread_mutex_t lock; /* PTHREAD_MUTEX_INITIALIZER */
};

/* Tells the watcher that `more` of the total is done; he is never told twice at once. False, with
 * the error "cancelled", when the work shall stop. */
bool jobs_go_on(struct jobs_watch *watch, int more, struct error *err);

#endif
