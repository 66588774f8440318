/* Where a score's ticks fall in time and in the bar: its tempo and metre map.
 *
 * A tick is 1/ppq of a quarter note. Seconds count from tick 0. A metre change
 * always begins a bar. Built once, read by any thread. */
#ifndef SCORE_CLOCK_H
#define SCORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock;

struct position {
    int bar;        /* from 0 */
    double quarter; /* quarter notes since the bar began */
    double phase;   /* place in the bar, in [0, 1) */
    double bpm;     /* quarter notes a minute here, tempo scale included */
    int numerator, denominator;
    double bar_s; /* length of a whole bar at this tempo: 240 * (numerator/denominator) / bpm */
};

/* 120 BPM and 4/4 until told otherwise. `tempo_percent` scales the whole tempo map: 50 is half
 * speed. */
struct clock *clock_new(int ppq, double tempo_percent);
void clock_free(struct clock *clock);

/* Adds a change; changes of one kind come in rising tick order, the last one at a tick wins. The
 * denominator is a power of two up to 64. A metre change inside a bar cuts that bar short; the
 * metre in force written again changes nothing. False when out of memory. */
bool clock_add_tempo(struct clock *clock, int64_t tick, double us_per_quarter);
bool clock_add_metre(struct clock *clock, int64_t tick, int numerator, int denominator);

/* Adds a stretch of another clock of the same resolution: what stands there from tick `from` up to
 * `end` begins here at tick `at`, in bar `bar` (from 0), and goes `speed` times as fast. No change
 * of this clock lies after `at`. False when out of memory. */
bool clock_add_stretch(struct clock *clock, int64_t at, int bar, const struct clock *source,
                       int64_t from, int64_t end, double speed);

double clock_seconds(const struct clock *clock, double tick);
double clock_tick(const struct clock *clock,
                  double seconds); /* the inverse; negative seconds use the first tempo */
struct position clock_position(const struct clock *clock, double tick); /* tick >= 0 */
int64_t clock_bar_tick(const struct clock *clock,
                       int bar); /* the tick at which bar `bar` (from 0) begins */

#endif
