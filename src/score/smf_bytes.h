/* The bytes of a Standard MIDI File, checked from first to last, and a form of them that
 * libsmf can be trusted with. Only smf.c uses this.
 *
 * libsmf 1.3 aborts on damaged files, refuses escaped events (F7), and takes time quadratic in
 * the number of tempo changes. A *sealed* file holds what libsmf handles well and nothing else:
 * channel messages with their status byte, every track ended by End of Track, and all other
 * events untouched inside a sequencer-specific meta event (FF 7F), which libsmf carries without
 * looking in. Since a sealed file has no other FF 7F, unsealing cannot mistake one. */
#ifndef SCORE_SMF_BYTES_H
#define SCORE_SMF_BYTES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define SMF_MOST_BYTES (16 << 20)
#define SMF_MOST_TRACKS 256
#define SMF_MOST_EVENTS 1000000
#define SMF_MOST_TICKS                                                                             \
    0x0FF00000 /* at 480 or more to the quarter: any delta time fits in a file                     \
                */
#define SMF_LEAST_PPQ 480

/* malloc'd, NULL with the track and the byte when `bytes` are no whole format 0 or 1 file.
 * What real files get wrong is forgiven: a wrong number of tracks, alien chunks, garbage after
 * the last track, a wrong chunk length or a missing End of Track where the events are whole. */
uint8_t *smf_seal(const uint8_t *bytes, size_t size, size_t *sealed_size, struct error *err);

/* The opposite, for a sealed file; malloc'd. */
uint8_t *smf_unseal(const uint8_t *bytes, size_t size, size_t *plain_size, struct error *err);

/* The event inside a sealed event of `*size` bytes, which becomes that event's size; NULL when
 * it is not sealed. */
const uint8_t *smf_unseal_event(const uint8_t *event, size_t *size);

/* The data of a meta event of a given type, or NULL when it is another event. */
const uint8_t *smf_meta(const uint8_t *event, size_t event_size, int type, size_t *size);

#endif
