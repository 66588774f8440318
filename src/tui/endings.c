#include "tui/endings.h"

static const int signals[ENDINGS] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t ended_by;

void endings_remember(int number)
{
    ended_by = number;
}

int endings_number(void)
{
    return ended_by;
}

void endings_catch(struct endings *endings)
{
    struct sigaction action = {.sa_handler = endings_remember};
    ended_by = 0;
    for (int i = 0; i < ENDINGS; i++)
        sigaction(signals[i], &action, &endings->before[i]);
}

void endings_release(const struct endings *endings)
{
    for (int i = 0; i < ENDINGS; i++)
        sigaction(signals[i], &endings->before[i], NULL);
}
