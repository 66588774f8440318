/* How much of its time something periodic takes, as shares: 1 is all there was. A fixed histogram
 * in eighths of an octave, so that counting costs next to nothing and any thread may look on. */
#ifndef BASE_LOAD_H
#define BASE_LOAD_H

#include <stdatomic.h>
#include <stdint.h>

enum { LOAD_OCTAVES = 20, LOAD_PARTS = 8, LOAD_BUCKETS = LOAD_OCTAVES * LOAD_PARTS };

struct load_meter {
    atomic_uint counts[LOAD_BUCKETS];
    atomic_uint over; /* shares above 1 */
    _Atomic float most;
};

struct load {
    unsigned count, over;
    double p50, p99, max; /* the first two to within a tenth of themselves; 0 without a count */
};

/* Any thread; what is counted meanwhile may be lost. */
void load_clear(struct load_meter *meter);

/* Real-time safe; one thread at a time. What is no number, or below nothing, counts as 0. */
void load_count(struct load_meter *meter, double share);

/* Any thread. */
struct load load_read(struct load_meter *meter);

/* The two meters of a thread that is called once a period: how long each turn takes, and by how
 * much it begins later than a period after the one before. */
struct load_watch {
    struct load_meter work, late;
    int64_t begun_ns, due_ns; /* the thread's own; due is 0 before the first */
};

void load_watch_clear(struct load_watch *watch); /* any thread */

/* Around each turn, on its thread: real-time safe. */
void load_turn_begins(struct load_watch *watch);
void load_turn_ends(struct load_watch *watch, double period_s);

#endif
