/* A progress bar on stderr for whatever takes over a second, and the way Ctrl-C ends it: the work
 * is asked to stop, and stops with everything as it was. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

struct progress {
    const char *what; /* "learning" */
    double started_s, drawn_s;
    bool terminal, drawn;
    char note[64]; /* shown behind the bar; the caller's to fill */
};

/* `what` must outlive it. Nothing is drawn where stderr is no terminal. */
void progress_begin(struct progress *progress, const char *what);

/* `progress` is a struct progress, done is 0..1. False once the user has asked to stop: the shape
 * every long call of the lower rooms takes. */
bool progress_show(void *progress, double done);

/* Wipes the bar. */
void progress_end(struct progress *progress);

/* From now on SIGINT, SIGTERM and SIGHUP ask to stop; a second one ends the program at once.
 * One that is being ignored (nohup) stays so. */
void interrupts_catch(void);
bool interrupted(void);

#endif
