/* A SoundFont of a few drums whose every sample is known, written by the test itself. */
#ifndef TESTS_TINY_SF2_H
#define TESTS_TINY_SF2_H

#include <stddef.h>
#include <stdint.h>

enum {
    TINY_KICK_LEAD = 100,  /* frames of near silence before the attack of key 36 */
    TINY_SNARE_SPLIT = 64, /* key 38 is another sample from this velocity on */
    TINY_RATE = 48000,
    CLICK_LEAD = 150 /* frames of silence before the click of key 36 */
};

/* Keys 36 (one sample), 38 (two timbres by velocity), 42 and 46 (exclusive class 1) and 49 (rings
 * for 8 s), in bank `bank`. The bytes are malloc'd. */
uint8_t *tiny_sf2(int bank, size_t *size);

/* Every drum a single loud sample after some silence, so that where a hit sounds can be read off a
 * recording: keys 36 and 38 on the left, 42 on the right. */
uint8_t *click_sf2(size_t *size);

/* Writes bytes to a new file; the path is malloc'd, the caller unlinks it. */
char *tiny_file(const uint8_t *bytes, size_t size);

#endif
