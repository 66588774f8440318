/* A drum score: what is written, step by step. Immutable once loaded, readable by any thread.
 *
 * A step is a distinct time at which at least one drum is hit. Hits closer
 * together than a drummer means (20 ms at the file's own tempo, and always under a
 * 32nd note) are one step, each keeping its own scored place. Times are seconds from
 * tick 0 of the file, at the tempo asked for; the steps are the same at every tempo. */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "base/error.h"
#include "score/clock.h"
#include "score/kitmap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCORE_BINS_PER_QUARTER 12
#define SCORE_BINS                                                                                 \
    48 /* places in the bar that models tell apart; a fifth quarter counts as a first */

/* At how many per cent of its own tempo a score can be read. */
#define SCORE_LEAST_TEMPO 40.0
#define SCORE_MOST_TEMPO 200.0

struct hit {
    uint8_t drum;     /* enum drum */
    uint8_t pitch;    /* the MIDI key of the file */
    uint8_t velocity; /* scored, 1..127 */
    int step;         /* index into steps */
    int event;        /* which of the file's drum note-ons this is, from 0, in file order */
    double scored_s;  /* its own scored time: where `offset 0` puts it */
    double file_s;    /* where the file has it; differs from scored_s only in a quantised score */
};

struct step {
    double time_s; /* scored time: the mean of its hits' scored times */
    int64_t tick;  /* the same, nearest tick */
    int first_hit, hit_count;
    struct position at;
    int bin;         /* place in the bar, 0..SCORE_BINS-1: nearest twelfth of a quarter */
    int bar;         /* from 0, the one that `bin` is a place of: an early downbeat's is the next */
    double gap_s[2]; /* to the step before and after; 10 s at either end */
    uint16_t drums;  /* bit c set: class c is hit */
    uint8_t velocity[DRUM_COUNT]; /* scored, the loudest hit of the class; 0 where not hit */
};

struct marker { /* the file's word for what begins here, like "chorus"; never empty */
    int64_t tick;
    char name[32];
};

struct score {
    char name[128]; /* the file's name without folder and extension */
    char id[17];    /* 64-bit hash of the file and the reading options but the tempo, as hex */
    int ppq;
    double tempo_percent;
    bool quantised;
    struct clock *clock;
    struct step *steps;
    int step_count;
    struct hit *hits; /* sorted by step, then scored time */
    int hit_count;
    struct marker *markers; /* in rising tick order */
    int marker_count;
    int bar_count;
    double duration_s; /* to the end of the last bar that holds a hit */
    uint8_t *file;     /* the Standard MIDI File itself, as it was read */
    size_t file_size;
};

struct score_options {
    bool quantise;   /* put every hit on the per-beat 16th-or-triplet grid (score/quantise.h) */
    bool sixteenths; /* the same, on 16ths alone */
    double tempo_percent; /* SCORE_LEAST_TEMPO..SCORE_MOST_TEMPO; 0 means 100 */
    bool kit_only;        /* keep only keys for which kitmap_is_kit: for training data */
};

/* NULL on failure, with the reason and the place in the file. `options` may be NULL. */
struct score *score_load(const char *path, const struct score_options *options, struct error *err);
struct score *score_parse(const uint8_t *bytes, size_t size, const char *name,
                          const struct score_options *options, struct error *err);
void score_free(struct score *score);

/* Bars are counted from 1 here, as players count. Steps from *first up to but not including *end;
 * false when the range holds no step or is no range. `first_bar` 0 means the first,
 * `last_bar` 0 the end. */
bool score_bars(const struct score *score, int first_bar, int last_bar, int *first, int *end,
                struct error *err);

/* The classes that are hit anywhere in it; bit c for class c. */
uint16_t score_drums(const struct score *score);

/* When bar `bar` (from 1) begins, in seconds. */
double score_bar_s(const struct score *score, int bar);

/* A drummer's performance of a score's hits, to be written back as MIDI. */
struct played {
    double offset_s; /* from the hit's scored_s */
    int velocity;    /* 1..127 */
};

/* The score's own file with its drum notes' times and velocities replaced, every other event kept
 * at its time. played[h] belongs to hits[h]; NULL `kept` exports all hits, else hits with kept[h]
 * false are left out. Where the file's resolution is under 480 ticks a quarter it is multiplied by
 * a whole number, so that a millisecond can be written. The bytes are malloc'd; NULL on failure. */
uint8_t *score_export(const struct score *score, const struct played *played, const bool *kept,
                      size_t *size, struct error *err);

#endif
