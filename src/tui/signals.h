/* The signals the loop heeds: those that end the program (SIGINT, SIGTERM, SIGHUP), the wish to put
 * it aside (SIGTSTP, ctrl-z) and its going on after it was stopped in whatever way (SIGCONT). */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

enum { SIGNALS = 5 };

struct signals {
    struct sigaction before[SIGNALS];
};

/* From now on they are remembered, and nothing else, until what was before is put back. One that is
 * being ignored stays so. */
void signals_catch(struct signals *signals);
void signals_release(const struct signals *signals);

int signals_ending(void);        /* the one that ends the program; 0: none has come */
void signals_end_by(int number); /* as if it had come */

/* Whether it has come since it was asked for last. */
bool signals_put_aside(void);
bool signals_gone_on(void);

/* Stops the process as SIGTSTP does by itself; returns when it goes on. */
void signals_stop(void);

#endif
