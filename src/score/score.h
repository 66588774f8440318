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

/* Percent of its own tempo: at which a score can be asked for, and at which it can be read, as a
 * guitar that begins may be faster. */
enum { SCORE_LEAST_TEMPO = 40, SCORE_MOST_TEMPO = 160, SCORE_FASTEST_TEMPO = 200 };

#define SCORE_CLUSTER_S 0.020 /* hits this close are one step */
#define SCORE_FAR_S 10.0      /* the gap where there is no neighbour */

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
    int song_step;   /* of an arranged score, the song's step that this is; else its own index */
    double gap_s[2]; /* to the step before and after; SCORE_FAR_S at either end */
    uint16_t drums;  /* bit c set: class c is hit */
    uint8_t velocity[DRUM_COUNT]; /* scored, the loudest hit of the class; 0 where not hit */
};

struct marker { /* the file's word for what begins here, like "chorus"; never empty */
    int64_t tick;
    char name[32];
};

/* Bars of the song in a row, as an arranged score (score/practice.h) has them. */
struct passage {
    int first_step; /* of the arranged score */
    int first_bar;  /* of its clock, from 0 */
    int song_bar;   /* the same bar in the song, from 0 */
    int bar_count;
    int pass;       /* from 1, of bars that are repeated; 0: these are not */
    double start_s; /* where its first bar begins */
    double tempo_percent;
};

/* Of an arranged score the clock and all times are of what is played; bars of steps, and bar_count,
 * are the song's. */
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
    int song_step_count;      /* of the song: step_count, unless the score is arranged */
    struct passage *passages; /* of an arranged score, one after the other */
    int passage_count;        /* 0: the score is the song as it is written */
    double duration_s;        /* to the end of the last bar that holds a hit */
    uint8_t *file; /* the Standard MIDI File itself, as it was read; NULL in an arranged score */
    size_t file_size;
};

struct score_options {
    bool quantise;   /* put every hit on the per-beat 16th-or-triplet grid (score/quantise.h) */
    bool sixteenths; /* the same, on 16ths alone */
    double tempo_percent; /* SCORE_LEAST_TEMPO..SCORE_FASTEST_TEMPO; 0 means 100 */
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

/* For who makes a score: the gaps of its steps, from their times. */
void score_set_gaps(struct score *score);

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
