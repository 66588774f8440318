#include "tui/signals.h"

#include <stddef.h>

static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};

static volatile sig_atomic_t ended_by, put_aside, gone_on;

void signals_end_by(int number)
{
    ended_by = number;
}

static void remember(int number)
{
    if (number == SIGTSTP)
        put_aside = 1;
    else if (number == SIGCONT)
        gone_on = 1;
    else
        ended_by = number;
}

int signals_ending(void)
{
    return ended_by;
}

static bool take(volatile sig_atomic_t *flag)
{
    bool set = *flag != 0;
    *flag = 0;
    return set;
}

bool signals_put_aside(void)
{
    return take(&put_aside);
}

bool signals_gone_on(void)
{
    return take(&gone_on);
}

void signals_catch(struct signals *signals)
{
    struct sigaction action = {.sa_handler = remember};
    ended_by = put_aside = gone_on = 0;
    for (int i = 0; i < SIGNALS; i++) {
        sigaction(numbers[i], NULL, &signals->before[i]);
        if (signals->before[i].sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

void signals_release(const struct signals *signals)
{
    for (int i = 0; i < SIGNALS; i++)
        sigaction(numbers[i], &signals->before[i], NULL);
}

void signals_stop(void)
{
    struct sigaction by_itself = {.sa_handler = SIG_DFL}, ours;
    sigset_t stop;
    sigaction(SIGTSTP, &by_itself, &ours);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}
