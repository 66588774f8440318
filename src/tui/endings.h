/* The signals that end the program: SIGINT, SIGTERM, SIGHUP. */
#ifndef TUI_ENDINGS_H
#define TUI_ENDINGS_H

#include <signal.h>

enum { ENDINGS = 3 };

struct endings {
    struct sigaction before[ENDINGS];
};

/* From now on they are remembered, and nothing else, until what was before is put back. */
void endings_catch(struct endings *endings);
void endings_release(const struct endings *endings);

int endings_number(void);          /* the signal that came; 0: none */
void endings_remember(int number); /* as if it had come */

#endif
