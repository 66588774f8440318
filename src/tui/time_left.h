/* How long something will take still, as a figure that can be read: it falls with the clock and
 * does not jump. */
#ifndef TUI_TIME_LEFT_H
#define TUI_TIME_LEFT_H

#include <stdbool.h>

struct time_left {
    bool begun;
    double begun_s, now_s;
    double end_s; /* expected; NaN while too little is done to tell */
};

/* `done` (0 to 1) of it is done at `now_s`. Calls in the order of time. */
void time_left_update(struct time_left *left, double now_s, double done);

/* Whole seconds, rounded up, of more than ten to fives; -1 when it cannot be told yet. */
int time_left_s(const struct time_left *left);

#endif
