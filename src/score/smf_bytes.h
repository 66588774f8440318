/* The bytes of a Standard MIDI File, checked from first to last, and a form of them that
 * libsmf can be trusted with. Only smf.c and smf_file.c use this.
 *
 * libsmf 1.3 aborts on damaged files, refuses escaped events (F7), misreads meta events of more
 * than 127 bytes, and takes time quadratic in the number of tempo changes and in the length of
 * a track. A *sealed* file avoids all of it. It holds channel messages with their status byte;
 * every other event is a token, a short sequencer-specific meta event (FF 7F 04) that names the
 * byte of the original file at which the event stands. Every track ends with End of Track, and
 * one of more than SMF_TRACK_EVENTS goes on in the next, which then begins with a token that
 * names byte 0. */
#ifndef SCORE_SMF_BYTES_H
#define SCORE_SMF_BYTES_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define SMF_MOST_BYTES (16 << 20)
#define SMF_MOST_TRACKS 256
#define SMF_MOST_EVENTS 500000
#define SMF_MOST_TICKS 0x0FF00000 /* at 480 or more to the quarter: any delta time fits a file */
#define SMF_LEAST_PPQ 480
#define SMF_TRACK_EVENTS 4096
#define SMF_TOKEN_SIZE 7
#define SMF_GOES_ON "\xFF\x7F\x04\0\0\0" /* the token of a track that goes on */

/* malloc'd, NULL with the track and the byte when `bytes` are no whole format 0 or 1 file.
 * What real files get wrong is forgiven: a wrong number of tracks, alien chunks, garbage after
 * the last track, a wrong chunk length or a missing End of Track where the events are whole. */
uint8_t *smf_seal(const uint8_t *bytes, size_t size, size_t *sealed_size, struct error *err);

/* The opposite: a sealed file with its tokens replaced by the events of `original` and its
 * tracks joined, in `format` where it is one track; malloc'd. */
uint8_t *smf_unseal(const uint8_t *sealed, size_t size, const uint8_t *original,
                    size_t original_size, int format, size_t *plain_size, struct error *err);

/* The data of the meta event for which a token stands, or NULL when `event` is no token or
 * stands for something else. */
const uint8_t *smf_meta(const uint8_t *event, size_t size, const uint8_t *original, int type,
                        size_t *data_size);

#endif
