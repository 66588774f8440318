/* Some bars of a song, counted from 1 as players count: "1-8,13,17-". */
#ifndef SCORE_BARS_H
#define SCORE_BARS_H

#include <limits.h>
#include <stdbool.h>

enum { BARS_MOST_RANGES = 64, BARS_TEXT_SIZE = 24 * BARS_MOST_RANGES };

struct bars {
    int count;
    struct bar_range {
        int first, last;        /* last INT_MAX: to the end of the song */
    } ranges[BARS_MOST_RANGES]; /* ascending, with a bar or more between them */
};

#define BARS_ALL                                                                                   \
    {                                                                                              \
        1,                                                                                         \
        {                                                                                          \
            {                                                                                      \
                1, INT_MAX                                                                         \
            }                                                                                      \
        }                                                                                          \
    }
extern const struct bars bars_all;

/* A bar, A-B, A- to the end; with commas between several, in any order. False when `text` is none
 * of these, or falls into too many ranges. */
bool bars_read(const char *text, struct bars *bars);

/* As bars_read reads it; "" for none. `size` bytes at `out`, BARS_TEXT_SIZE always suffice. */
void bars_text(const struct bars *bars, char *out, int size);

/* Whether none of a song is left out, however long it is. */
bool bars_are_all(const struct bars *bars);

bool bars_hold(const struct bars *bars, int bar);

/* Adds the bars `first` to `last`, or takes them out. False, and nothing changed, when there would
 * be too many ranges. */
bool bars_put(struct bars *bars, int first, int last, bool in);

#endif
