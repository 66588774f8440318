/* What devices there are, in the order in which they are numbered for the user, and which of them
 * are meant. To be called while PortAudio is initialised. Private to this room. */
#ifndef AUDIO_CATALOGUE_H
#define AUDIO_CATALOGUE_H

#include "audio/device.h"

struct listed {
    struct device_entry entry;
    int device; /* PortAudio's number */
    int api;    /* PortAudio's number of the sound system */
    int rank;   /* JACK before ALSA before the rest, plumbing after all */
};

struct catalogue {
    struct listed *items;
    int count;
};

/* `rates`: also asks which rates each can have, which opens every one of them. */
bool catalogue_read(struct catalogue *catalogue, bool rates, struct error *err);
void catalogue_clear(struct catalogue *catalogue);

struct pick {
    const struct listed *input, *output; /* NULL for none; the catalogue's */
    bool two_clocks;                     /* they are different sound cards */
};

/* Those named, by their number, by their name or by any part of "API: name", upper or lower case;
 * the defaults of the same system beside them. False with *absent when there is nothing to choose
 * from, without it when a name fits nothing, or several. */
bool catalogue_pick(const struct catalogue *catalogue, const char *input, const char *output,
                    struct pick *pick, bool *absent, struct error *err);

#endif
