/* Which bar a player means who says "not that bar" while the song goes on. */
#ifndef TUI_FLUB_H
#define TUI_FLUB_H

#include "score/clock.h"

/* The bar, from 1, that is sounding `at` this moment; within its first beat (of three eighths in
 * compound metres) the one before, which has just been heard. Of a take of the bars `first` to
 * `last`. */
int flub_bar(const struct position *at, int first, int last);

#endif
