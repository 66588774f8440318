/* Whether an onset begins with this frame, from how the sound rises. */
#ifndef LISTEN_TRIGGER_H
#define LISTEN_TRIGGER_H

#include "listen/onset.h"
#include "listen/rise.h"

#include <stdbool.h>

struct trigger;

/* NULL when out of memory. Then every call is real-time safe. */
struct trigger *trigger_new(double frames_per_s);
void trigger_free(struct trigger *trigger);
void trigger_reset(struct trigger *trigger);

struct decision {
    enum onset_verdict verdict;
    float strength; /* dB, > 0 */
    int began;      /* so many frames ago the sound began to rise */
};

/* The next frame: how the sound rises and the mean square of its new samples; `keener` as
 * onset_set_sensitivity. True where there is something to say: an onset, or why none was. */
bool trigger_next(struct trigger *trigger, const struct rising *rising, float power, float keener,
                  struct decision *decision);

#endif
