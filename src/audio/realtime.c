#include "audio/realtime.h"

#include "audio/patience.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

enum {
    PRIORITY = 5,    /* JACK's threads have 60 and more, PipeWire's and RealtimeKit's about 20 */
    RUN_US = 100000, /* of processor time without a pause, then the priority is taken back */
    KIT_RUN_US = 200000, /* RealtimeKit serves nobody who may run for longer */
    PATIENCE_MS = 200
};

/* A model that hangs must not run away with the machine; nor may the kernel end the program for it,
 * as it does with whoever reaches the hard limit. At the soft one the thread becomes an ordinary
 * one. (One thread at a time is given priority here: the drummer's.) */
static atomic_int hasty;

static void take_back(int signal)
{
    (void)signal;
    int before = errno;
    sched_setscheduler(atomic_load(&hasty), SCHED_OTHER | SCHED_RESET_ON_FORK,
                       &(struct sched_param){0});
    errno = before;
}

static bool limit_running(rlim_t most_us)
{
    struct rlimit limit;
    struct sigaction action = {.sa_handler = take_back, .sa_flags = SA_RESTART};
    if (getrlimit(RLIMIT_RTTIME, &limit) != 0 || sigaction(SIGXCPU, &action, NULL) != 0)
        return false;
    if (limit.rlim_max > most_us)
        limit.rlim_max = most_us;
    limit.rlim_cur = limit.rlim_max < RUN_US ? limit.rlim_max / 2 : RUN_US;
    return setrlimit(RLIMIT_RTTIME, &limit) == 0;
}

static bool by_limits(void)
{
    struct sched_param priority = {.sched_priority = PRIORITY};
    atomic_store(&hasty, gettid());
    return limit_running(RLIM_INFINITY) &&
           pthread_setschedparam(pthread_self(), SCHED_RR | SCHED_RESET_ON_FORK, &priority) == 0;
}

struct petition {
    uint64_t thread;
    bool granted;
};

/* https://github.com/heftig/rtkit, org.freedesktop.RealtimeKit1.xml */
static void ask_kit(void *context)
{
    struct petition *petition = context;
    sd_bus *bus = NULL;
    if (sd_bus_open_system(&bus) < 0)
        return;
    petition->granted =
        limit_running(KIT_RUN_US) &&
        sd_bus_call_method(bus, "org.freedesktop.RealtimeKit1", "/org/freedesktop/RealtimeKit1",
                           "org.freedesktop.RealtimeKit1", "MakeThreadRealtime", NULL, NULL, "tu",
                           petition->thread, (uint32_t)PRIORITY) >= 0;
    sd_bus_flush_close_unref(bus);
}

/* A bus that is ill keeps its callers waiting for a minute: what they hold is theirs from then on.
 */
static bool by_kit(void)
{
    struct petition *petition = calloc(1, sizeof *petition);
    if (!petition)
        return false;
    petition->thread = (uint64_t)gettid();
    if (!patience_run(ask_kit, petition, PATIENCE_MS))
        return false;
    bool granted = petition->granted;
    free(petition);
    return granted;
}

enum realtime realtime_thread(void)
{
    static atomic_bool no_kit; /* asked once, and it was not there */
    if (by_limits())
        return REALTIME_LIMITS;
    if (!atomic_load(&no_kit) && by_kit())
        return REALTIME_KIT;
    atomic_store(&no_kit, true);
    return REALTIME_NONE;
}

static void *try_it(void *allowed)
{
    *(enum realtime *)allowed = realtime_thread();
    return NULL;
}

enum realtime realtime_allowed(void)
{
    enum realtime allowed = REALTIME_NONE;
    pthread_t thread;
    if (pthread_create(&thread, NULL, try_it, &allowed) == 0)
        pthread_join(thread, NULL);
    return allowed;
}

/* Within a limit, memory yet to come must not be locked: the next allocation beyond it would fail.
 * Where none holds, as for root, the attempt at all there is and will be succeeds. */
bool realtime_lock_memory(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY)
        return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
    return mlockall(MCL_CURRENT | MCL_ONFAULT) == 0;
}
