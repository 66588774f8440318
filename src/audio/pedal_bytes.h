/* What a MIDI foot pedal means by its bytes. Pure; private to this room, but for its tests. */
#ifndef AUDIO_PEDAL_BYTES_H
#define AUDIO_PEDAL_BYTES_H

#include "audio/pedal.h"

#include <stdint.h>

struct pedal_bytes { /* begin with zeros */
    uint8_t status;  /* running; 0: none, data is passed over */
    uint8_t first;   /* of two data bytes */
    bool has_first;
    uint8_t value[128]; /* of each controller */
};

/* One byte more. True when it completes a press: a note-on, a program change, a controller that
 * reaches 64 or more. A controller on its way above 64 (a pedal that is pressed slowly) is one
 * press; the same value once more (a switch that never tells of its release) is another. Channels
 * are not told apart; what is no channel message is passed over, wherever it stands. */
bool pedal_byte(struct pedal_bytes *bytes, uint8_t byte, struct pedal_press *press);

#endif
