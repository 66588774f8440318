#include "tui/flub.h"

#include <stdbool.h>

int flub_bar(const struct position *at, int first, int last)
{
    bool compound = at->denominator >= 8 && at->numerator % 3 == 0;
    double beat = 4.0 / at->denominator * (compound ? 3 : 1);
    int bar = at->bar + 1 - (at->quarter < beat);
    return bar < first ? first : bar > last ? last : bar;
}
