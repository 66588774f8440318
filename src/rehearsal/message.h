/* Every message that crosses a thread during a take. All are small, of fixed size and
 * copied through rings (base/ring.h).
 *
 *   main thread --change-------> audio thread
 *   audio thread --to_drummer--> drummer thread --to_engine--> audio thread
 *                                drummer thread --report-----> screen
 *   audio thread --report------> screen   (what is heard between takes)
 *
 * The engine sends in the order of frames, whatever the block size. A drummer's answers depend on
 * that sequence alone, which is why a take can be played again bit for bit. */
#ifndef REHEARSAL_MESSAGE_H
#define REHEARSAL_MESSAGE_H

#include "listen/onset.h"
#include "score/controls.h"

#include <stdint.h>

enum to_drummer_kind {
    TO_DRUMMER_HEARD,   /* an onset: frame, heard_frame, strength */
    TO_DRUMMER_IGNORED, /* what might have been one: the same, verdict */
    TO_DRUMMER_CHANGE,  /* the player asks for another way of playing */
    TO_DRUMMER_PLAN,    /* decide `step` now: its earliest hit is near */
    TO_DRUMMER_MISSED,  /* the plan of `step` came too late: the scored hits were played */
    TO_DRUMMER_STOP     /* the take ended at `frame`; nothing follows */
};

struct to_drummer {
    enum to_drummer_kind kind;
    int step;
    int64_t frame, heard_frame; /* from the score's time 0 */
    float strength;
    enum onset_verdict verdict;
    struct change change;
};

enum to_engine_kind {
    TO_ENGINE_HIT, /* score->hits[index] sounds at `frame` with `velocity` */
    TO_ENGINE_STEP /* all hits of step `index` were sent */
};

struct to_engine {
    enum to_engine_kind kind;
    int index;
    int velocity;
    int64_t frame;
};

enum report_kind {
    REPORT_PLANNED, /* step, drums_ms, guitar_ms = g-hat */
    REPORT_HEARD,   /* step or -1, guitar_ms = g, frame, strength */
    REPORT_IGNORED, /* frame, strength, verdict: why it is no onset */
    REPORT_MISSED,  /* step */
    REPORT_STOPPED
};

struct report {
    enum report_kind kind;
    int step;
    double guitar_ms, drums_ms;
    int64_t frame;
    float strength;
    enum onset_verdict verdict;
};

#endif
