#include "audio/patience.h"

#include "base/stopwatch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct errand {
    void (*work)(void *arg);
    void *arg;
};

static void *run(void *context)
{
    struct errand errand = *(struct errand *)context;
    free(context);
    errand.work(errand.arg);
    return NULL;
}

static void sleep_for_good(int number)
{
    (void)number;
    for (;;)
        pause();
}

/* Cancelling would unwind through C++ that swallows it, which ends the program. A signal handler
 * that does not return leaves everything as it stands. It stays for good: a thread that waits in a
 * driver takes the signal when that lets go of it, and without a handler it would end the program.
 */
static void park(pthread_t thread)
{
    struct sigaction park_it = {.sa_handler = sleep_for_good};
    sigfillset(&park_it.sa_mask);
    if (sigaction(SIGRTMAX, &park_it, NULL) == 0) {
        pthread_kill(thread, SIGRTMAX);
        stopwatch_wait_ms(50); /* until it is delivered */
    }
    pthread_detach(thread);
}

bool patience_run(void (*work)(void *arg), void *arg, int ms)
{
    struct errand *errand = malloc(sizeof *errand);
    pthread_t thread;
    if (!errand)
        return false;
    *errand = (struct errand){work, arg};
    if (pthread_create(&thread, NULL, run, errand) != 0) {
        free(errand);
        return false;
    }
    for (; ms > 0; ms--) {
        if (pthread_tryjoin_np(thread, NULL) == 0)
            return true;
        stopwatch_wait_ms(1);
    }
    park(thread);
    return false;
}
