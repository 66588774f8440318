#include "cli/progress.h"

#include "base/stopwatch.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 32 };

static const double PATIENCE_S = 0.4, REDRAW_S = 0.1;

static volatile sig_atomic_t asked_to_stop;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    asked_to_stop = 1;
}

void interrupts_catch(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

bool interrupted(void)
{
    return asked_to_stop != 0;
}

void progress_begin(struct progress *progress, const char *what)
{
    *progress = (struct progress){
        .what = what, .started_s = stopwatch_s(), .terminal = isatty(STDERR_FILENO) != 0};
}

bool progress_show(void *context, double done)
{
    struct progress *progress = context;
    double now = stopwatch_s();
    if (!progress->terminal || now - progress->started_s < PATIENCE_S ||
        now - progress->drawn_s < REDRAW_S)
        return !interrupted();
    char bar[BAR_WIDTH + 1] = {0};
    double share = fmin(fmax(done, 0), 1);
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < (int)(share * BAR_WIDTH) ? '#' : '.';
    fprintf(stderr, "\r%s  [%s] %3.0f%%  %s\033[K", progress->what, bar, 100 * share,
            progress->note);
    fflush(stderr);
    progress->drawn_s = now;
    progress->drawn = true;
    return !interrupted();
}

void progress_end(struct progress *progress)
{
    if (progress->drawn)
        fprintf(stderr, "\r\033[K");
    progress->drawn = false;
}
