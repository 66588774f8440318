/* A take at the sound card without the screen. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "base/json.h"
#include "cli/options.h"
#include "rehearsal/room.h"

/* How it went, beside the take's own record. */
struct live {
    struct device_info device;
    struct stage_load load;
    enum realtime realtime;
    bool vanished; /* the sound card, before the end */
};

/* Plays a take to the end of the song, or until SIGINT, and stores it. Returns its number, 0 on
 * failure. */
int live_take(const struct arguments *arguments, struct room *room,
              const struct room_take_options *options, struct live *live, struct error *err);

/* Members of the take's object, or a line or two. */
void live_put(struct json *into, const struct live *live);
void live_tell(const struct live *live, FILE *out);

/* A spread of shares, as percentages: {"p50": ...}. */
void live_put_load(struct json *into, const char *name, const struct load *load);

/* "limits", "rtkit" or "none" */
const char *live_realtime_name(enum realtime realtime);

#endif
