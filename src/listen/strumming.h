/* How a guitarist strums: which places of the bar he strikes, and how hard. What is heard is
 * compared with some ways of strumming, so that it can be told whether the strums are beats or
 * eighths, and where the bar begins. Logarithms are natural. */
#ifndef LISTEN_STRUMMING_H
#define LISTEN_STRUMMING_H

#include "listen/pulse.h"
#include "score/score.h"

enum { STRUMMING_BARS = 8 };

/* What the score's first bars strike, as places. */
struct strumming {
    struct pulse_metre metre;
    bool step[STRUMMING_BARS][PULSE_MOST_BEATS * PULSE_MOST_PARTS];
    int bars; /* 1..STRUMMING_BARS; the song goes on as they do */
};

/* How the score counts from bar `bar` (from 1) on, and what it strikes there. */
void strumming_of_score(struct strumming *strumming, const struct score *score, int bar);

/* How likely it is to strike these places and no others, this hard, when the first onset's beat is
 * beat `beat` (from 0) of its bar. strengths[count] are dB. */
double strumming_likelihood(const struct strumming *strumming, const struct pulse_track *track,
                            const double *strengths, int count, int beat);

#endif
