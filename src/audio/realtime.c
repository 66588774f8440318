#include "audio/realtime.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

enum {
    PRIORITY = 5,    /* JACK's threads have 60 and more, PipeWire's and RealtimeKit's about 20 */
    RUN_US = 200000, /* RealtimeKit grants this much processor time without a pause */
    PATIENCE_US = 100000
};

static bool by_limits(void)
{
    struct sched_param priority = {.sched_priority = PRIORITY};
    return pthread_setschedparam(pthread_self(), SCHED_RR | SCHED_RESET_ON_FORK, &priority) == 0;
}

/* RealtimeKit only serves who cannot run away with the machine: whoever holds a real-time thread
 * for longer is ended by the kernel. */
static bool limit_running(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_RTTIME, &limit) != 0)
        return false;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max <= RUN_US)
        return true;
    limit.rlim_cur = limit.rlim_max = RUN_US;
    return setrlimit(RLIMIT_RTTIME, &limit) == 0;
}

/* https://github.com/heftig/rtkit, org.freedesktop.RealtimeKit1.xml */
static bool by_kit(void)
{
    sd_bus *bus = NULL;
    if (sd_bus_open_system(&bus) < 0)
        return false;
    sd_bus_set_method_call_timeout(bus, PATIENCE_US);
    bool granted =
        limit_running() &&
        sd_bus_call_method(bus, "org.freedesktop.RealtimeKit1", "/org/freedesktop/RealtimeKit1",
                           "org.freedesktop.RealtimeKit1", "MakeThreadRealtime", NULL, NULL, "tu",
                           (uint64_t)gettid(), (uint32_t)PRIORITY) >= 0;
    sd_bus_flush_close_unref(bus);
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
