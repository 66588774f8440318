/* Dates as people say them. */
#ifndef TUI_WHEN_H
#define TUI_WHEN_H

#include <stdint.h>

enum { WHEN_SIZE = 24 };

/* "today 14:05", "yesterday 09:30", "tue 18 nov", "18 nov 2024"; local time. Both are seconds since
 * 1970 UTC. */
void when_text(int64_t date_s, int64_t now_s, char out[WHEN_SIZE]);

/* The day alone: "today", "yesterday", "tue 18 nov", "18 nov 2024". */
void when_day(int64_t date_s, int64_t now_s, char out[WHEN_SIZE]);

#endif
