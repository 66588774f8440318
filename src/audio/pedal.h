/* A MIDI foot pedal. Not for the sound's thread: it is read with the keyboard. */
#ifndef AUDIO_PEDAL_H
#define AUDIO_PEDAL_H

#include <stdbool.h>

struct pedal;

enum pedal_kind { PEDAL_CONTROLLER, PEDAL_NOTE, PEDAL_PROGRAM };

struct pedal_press {
    enum pedal_kind kind;
    int number; /* of the controller, note or program, 0..127 */
};

/* `place` is a name of ALSA's, "hw:1,0", or the path of a device or a FIFO. A pedal that is not
 * there, or goes, is looked for again every 2 s. NULL when out of memory. */
struct pedal *pedal_open(const char *place);
void pedal_close(struct pedal *pedal);

/* To be polled together with others; -1 while it is not there, and for NULL. */
int pedal_fd(const struct pedal *pedal);

/* The next press, without waiting. False when there is none now, and for NULL. */
bool pedal_read(struct pedal *pedal, struct pedal_press *press);

/* Whether it is there, as far as pedal_read has found out. */
bool pedal_is_there(const struct pedal *pedal);

#endif
