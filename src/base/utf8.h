/* UTF-8, character by character (Unicode 15, table 3-7). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

/* Bytes of the well-formed character at `text`, 0 when there is none; the end of a string is one
 * of one byte. Reads no byte after one that does not belong. */
int utf8_length(const char *text);

/* The character itself, of `length` bytes. */
uint32_t utf8_code(const char *text, int length);

/* Its bytes and an end. `code` is no surrogate and at most U+10FFFF. Returns how many there are. */
int utf8_put(uint32_t code, char out[5]);

#endif
