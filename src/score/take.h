/* A take: one performance of a score, from count-in to stop. What went in (settings,
 * onsets, changes, missed plans) is enough to play it again bit for bit; what came out (plans,
 * predictions, deviations) is kept beside it.
 *
 * Frames are counted from the score's time 0 (the count-in is negative) at `rate`. The score is the
 * song, or where its bars are practised the arranged score of the passes that were played
 * (take_score). */
#ifndef SCORE_TAKE_H
#define SCORE_TAKE_H

#include "score/controls.h"
#include "score/practice.h"
#include "score/score.h"

#include <stdint.h>

struct take_settings {
    char model[32];
    uint64_t seed;
    struct controls controls;
    double tempo_percent;
    int first_bar, last_bar;   /* of the song, from 1; 0, 0 is all of it */
    struct practice practice;  /* how these are played */
    int rate;                  /* frames a second */
    int64_t lead_frames;       /* a plan is asked for this long before its earliest hit */
    int64_t round_trip_frames; /* subtracted from every onset heard */
};

struct take_onset {
    int64_t frame;       /* when the string sounded, round trip subtracted */
    int64_t heard_frame; /* when the program knew */
    float strength;
    int step;            /* index into score->steps, no two onsets the same; -1: none */
    double deviation_ms; /* g: from that step's scored time; 0 when it belongs to none */
};

struct take_step {
    int step;            /* index into score->steps */
    bool planned;        /* false: the plan came too late and the scored hits were played */
    double predicted_ms; /* g-hat when the step was planned */
    double predicted_sd_ms;
    double drums_ms; /* mean offset of the hits as they sounded */
};

struct take_hit {
    int hit; /* index into score->hits */
    int velocity;
    int64_t frame; /* sounded at; offset = frame - scored frame */
};

/* Where the round trip that was taken off every onset comes from. */
enum round_trip_source {
    ROUND_TRIP_NONE,     /* nothing went through the air */
    ROUND_TRIP_REPORTED, /* the driver says so */
    ROUND_TRIP_MEASURED, /* by calibrate */
    ROUND_TRIP_STALE,    /* measured, but something has changed since */
    ROUND_TRIP_SOURCES
};
const char *round_trip_source_name(enum round_trip_source source); /* "none", "reported", ... */

/* Through what a take was heard and sounded. Nothing of it is needed to play it again. */
struct take_sound {
    char input[128], output[128]; /* empty: none; both: no sound card */
    int period;                   /* frames a call, 0 when it varied */
    enum round_trip_source source;
    double round_trip_ms;
    double drift_ppm; /* of the input's clock against the output's; NaN: one clock */
};

/* What the guitar sounded like, as a FLAC file: what was taken in from `first_frame` on, with the
 * round trip still in it. */
struct take_recording {
    uint8_t *bytes; /* NULL: none */
    size_t size;
    int64_t first_frame;
};

struct take {
    struct take_settings settings;
    struct take_sound sound;
    struct take_recording recording; /* until it is stored: it is large, and read by itself */
    struct take_onset *onsets;       /* in the order they were heard */
    int onset_count;
    struct change *changes; /* in the order of frames */
    int change_count;
    struct take_step *steps; /* in score order; a stopped take has fewer than the score */
    int step_count;
    struct take_hit *hits; /* in score order */
    int hit_count;
    int64_t stop_frame; /* where it ended */
    int xruns;
};

/* An empty take with room for every step and hit of the score, for `onset_capacity` onsets and
 * `change_capacity` changes. NULL when out of memory. */
struct take *take_new(const struct score *score, const struct take_settings *settings,
                      int onset_capacity, int change_capacity);
void take_free(struct take *take);

/* The score that a take of `song` (at the take's tempo) is played from, where that is not the song:
 * practice_arranges. The caller frees it. */
struct score *take_score(const struct score *song, const struct take_settings *settings,
                         struct error *err);

/* What of its score a take plays. False with a sentence where that is nothing. */
struct take_range {
    int first_step, end_step; /* end not included */
    int first_bar;            /* of the clock, from 0 */
    double end_s;             /* of the last bar */
};
bool take_range(const struct score *score, const struct take_settings *settings,
                struct take_range *range, struct error *err);

/* Whether the drums are silent at a step of its score. */
bool take_is_out(const struct score *score, const struct take_settings *settings, int step);

/* The figures every view and every --json shows. Means are over steps where a guitar was heard. */
struct take_summary {
    int steps, hits, onsets, matched, deadline_misses;
    double prediction_mae_ms;  /* |g-hat - g| */
    double asynchrony_mae_ms;  /* |guitar - drums| */
    double asynchrony_mean_ms; /* positive: the guitar came after the drums */
};

struct take_summary take_summarise(const struct take *take);

/* The bars that the player marked as flubs, and all the others. False when these or those are in
 * too many pieces (score/bars.h): no take that is stored is so. */
bool take_flubs(const struct take *take, struct bars *flubs, struct bars *others);

/* g of a take step, by index into take->steps: false when no onset belongs to it. */
bool take_heard(const struct take *take, int index, double *deviation_ms);

#endif
