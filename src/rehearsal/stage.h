/* The live take: the sound card's thread runs the engine, a second thread runs the
 * drummer, and the caller looks on. One stage serves many takes, one after the other. */
#ifndef REHEARSAL_STAGE_H
#define REHEARSAL_STAGE_H

#include "audio/device.h"
#include "audio/realtime.h"
#include "base/load.h"
#include "drums/kit.h"
#include "model/model.h"
#include "rehearsal/engine.h"
#include "rehearsal/message.h"

struct stage;

struct stage_config {
    struct device_config device; /* process and context are the stage's own */
    struct device *(*open)(const struct device_config *config, struct device_info *info,
                           struct error *err); /* NULL: device_open */
    const char *soundfont;                     /* NULL: searched for */
    const bool *pitches;                       /* keys the kit needs, [128] */
};

/* Opens and starts the sound: the input is heard from now on. Without a SoundFont it fails.
 */
struct stage *stage_open(const struct stage_config *config, struct error *err);
void stage_close(struct stage *stage); /* a take that is still running is stopped and lost */
const struct device_info *stage_device(const struct stage *stage);
const struct kit *stage_kit(const struct stage *stage);

/* Begins a take; the pointers in it, and the model, must live until stage_finish. */
bool stage_start(struct stage *stage, const struct engine_take *take, const struct model *model,
                 struct error *err);

/* How the drummer's thread of the last take is served. */
enum realtime stage_realtime(const struct stage *stage);

/* Any time: the level, the position, and (true) the next piece of news: of the running take, or of
 * what is heard between takes (REPORT_HEARD with step -1, REPORT_IGNORED). */
struct engine_status stage_status(struct stage *stage);
bool stage_news(struct stage *stage, struct report *report);
bool stage_lost(const struct stage *stage); /* the sound card has vanished */

/* Blocks lost in this take: those the driver tells of, or those that took longer to compute than
 * they last, whichever is more. (A driver that waits for its clients, as JACK does with -S, tells
 * of none.) */
int stage_xruns(struct stage *stage);

/* As device_drift. */
bool stage_drift(const struct stage *stage, struct device_drift *drift);

/* Of this take, as shares of the period: how long the blocks took to compute, and by how much they
 * came later than a period after the one before. */
struct stage_load {
    struct load work, late;
};
struct stage_load stage_load(struct stage *stage);

/* How much of a room is heard around the drums, 0 to 1; at once, and in the takes to come. */
void stage_set_reverb(struct stage *stage, float amount);

/* As engine_set_click; any time. */
void stage_set_click(struct stage *stage, bool on);

/* As engine_set_sensitivity; any time. */
void stage_set_sensitivity(struct stage *stage, float db);

/* As engine_change, while a take runs. */
bool stage_change(struct stage *stage, const struct change *change);

/* As engine_strum. */
bool stage_strum(struct stage *stage, const struct engine_strum *strum);

/* Plays a record back, instead of a take, until stage_hush: that comes back when `playback` may be
 * freed. */
void stage_listen(struct stage *stage, struct playback *playback);
void stage_hush(struct stage *stage);

/* Asks the take to end now. */
void stage_stop(struct stage *stage);

/* True when the take is over and its record can be had. */
bool stage_done(const struct stage *stage);

/* Waits for the end (stage_stop first to be quick) and hands over the record, the caller's. NULL
 * when no take was running. */
struct take *stage_finish(struct stage *stage);

#endif
