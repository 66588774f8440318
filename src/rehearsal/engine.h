/* The real-time centre: everything that happens between an input block and an output
 * block. One engine_process serves the sound card and the offline renderer.
 *
 * It hears onsets, asks the drummer for each step as late as that step's earliest
 * allowed hit permits, plays the plans that come back at their frame, and plays the
 * scored hits on time where a plan came too late. Where the bars are practised (score/practice.h)
 * it leaves drums silent, and ends a vamp when the guitar has come back. Time is the frame count
 * alone. */
#ifndef REHEARSAL_ENGINE_H
#define REHEARSAL_ENGINE_H

#include "base/ring.h"
#include "drums/kit.h"
#include "guitarist/guitarist.h"
#include "score/take.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct playback;
struct recorder;

enum { ENGINE_MAX_BLOCK = 4096 };

/* Rings are made by the engine and live as long as it does. `kit` NULL is a silent kit. NULL when
 * out of memory, and for a rate outside 8000..192000. */
struct engine *engine_new(const struct kit *kit, int rate, struct error *err);
void engine_free(struct engine *engine);

struct ring *engine_to_drummer(struct engine *engine);   /* the drummer reads struct to_drummer */
struct ring *engine_from_drummer(struct engine *engine); /* the drummer writes struct to_engine */
/* The screen reads struct report: what is heard between takes, its frames counted from engine_new:
 * the clock of the sound. */
struct ring *engine_overheard(struct engine *engine);

/* What the next take is made of. Pointers must stay valid until the take has ended. */
struct engine_take {
    const struct score *score;
    const struct take_settings *settings;
    int count_in_bars; /* clicked before the first bar; 0: half a second of silence */
    bool listens;      /* to the input, or the guitarist, through the onset detector */
    const struct take_onset *onsets; /* given instead of heard, in the order of heard_frame */
    int onset_count;
    const struct change *changes; /* given, besides what engine_change asks for; by frame */
    int change_count;
    const bool *missed; /* by step: missed when this take was first played; NULL outside a replay */
    struct guitarist *guitarist; /* plays instead of the input; NULL when a person does */
    float monitor;               /* gain of the input in the output */
    struct recorder *recorder;   /* keeps what is taken in; NULL: nobody does */
    int64_t stop_frame;          /* end here at the latest; INT64_MAX: at the end of the song */
    /* A take that joins a guitar that sounds already begins with the next block, wherever in the
     * score that is; the ear goes on hearing as it did. */
    bool joins;
    int64_t zero; /* of the sound's clock, that of engine_overheard: score frame 0 sounds here */
};

/* Prepares a take and lets engine_process begin it. Only while no take is running. */
bool engine_start(struct engine *engine, const struct engine_take *take, struct error *err);

/* A strum of a virtual guitarist who plays alone, before a take joins him. */
struct engine_strum {
    int64_t frame;   /* of the sound's clock; where that is past, at once */
    double loudness; /* 0 < loudness <= 1 */
    float monitor;   /* gain of his guitar in the output */
};

/* The main thread, in the order of frames; false when too many wait. */
bool engine_strum(struct engine *engine, const struct engine_strum *strum);

/* Lets `playback` sound until engine_stop; it may be freed when engine_status says that it is over.
 * Only while nothing is played. */
void engine_listen(struct engine *engine, struct playback *playback);

/* Real-time. `output` is overwritten; input may be NULL (silence). frames <= ENGINE_MAX_BLOCK. */
void engine_process(struct engine *engine, const float *input, float *output, int frames);

/* The main thread: how the take is played from its next plan on, or a flub. The engine says at
 * which frame it came: the beginning of the block that finds it. False, and counted, when it cannot
 * be taken: the take is ending, the sound stands still, or there are TAKE_MOST_CHANGES already. */
bool engine_change(struct engine *engine, const struct change *change);

/* Any thread: how much of a room is heard around the drums, 0 (as it begins) to 1. */
void engine_set_reverb(struct engine *engine, float amount);

/* Any thread: whether every beat is clicked, besides the count-in; off at first, and stays as it is
 * from take to take. */
void engine_set_click(struct engine *engine, bool on);

/* The main thread, when the drummer has received the end: counts what came too late after all. */
void engine_finish(struct engine *engine);

/* Any thread: how keenly is listened, in dB, -12..12; 0 is the learnt default. Stays from take to
 * take. */
void engine_set_sensitivity(struct engine *engine, float db);

/* Any thread: ends the take, or the playback, at the next block. */
void engine_stop(struct engine *engine);

/* Any thread. */
struct engine_status {
    bool playing;
    bool last_time; /* no pass follows the one under way: it was asked for, or the guitar is back */
    bool listening; /* a record is being played back */
    int64_t clock;  /* frames processed since engine_new: the sound's clock */
    int64_t frame;  /* next to be rendered, where it is in the score: a pass that is told to be the
                       last one ends where the last one does */
    float input_peak;     /* loudest since the last call */
    unsigned onsets;      /* heard in this take */
    unsigned missed;      /* deadlines missed in this take */
    unsigned late_frames; /* sum over hits of sounded minus planned frames: 0 when all is well */
    unsigned lost;        /* messages that found their ring full */
    unsigned refused;     /* changes that could not be taken */
};
struct engine_status engine_status(struct engine *engine);

/* When the count-in begins and when the take ends by itself, in frames. Valid after engine_start.
 */
int64_t engine_first_frame(const struct engine *engine);
int64_t engine_last_frame(const struct engine *engine);

/* The lead a plan needs at this period so that its hits can never start late. */
int64_t engine_lead_frames(int rate, int period);

#endif
