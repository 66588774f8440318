/* A take bar by bar: how far apart guitar and drums were in each, and where the guitar was heard. A
 * bar of the song that the take went through several times is one bar here. */
#ifndef SCORE_TAKE_BARS_H
#define SCORE_TAKE_BARS_H

#include "score/take.h"

struct take_bar {
    int notes;              /* heard; the means are over these, NaN where there are none */
    float apart_ms;         /* |guitar - drums| */
    float lean_ms;          /* guitar - drums: positive, the guitar came after */
    float guitar_ms;        /* g */
    uint64_t struck, heard; /* drums struck, guitar heard at place b of the bar: bit b */
};

struct take_bars {
    int take;  /* its number */
    int count; /* bars of the song */
    struct take_bar *bars;
};

/* `score` is the take's. False when out of memory: there is then nothing to release. */
bool take_bars_measure(struct take_bars *bars, int number, const struct score *score,
                       const struct take *take, struct error *err);
void take_bars_release(struct take_bars *bars);

/* Mean |guitar - drums|, and guitar - drums, over the notes of bars `first` to `last`, from 1; NaN
 * where there are none. */
double take_bars_apart_ms(const struct take_bars *bars, int first, int last);
double take_bars_lean_ms(const struct take_bars *bars, int first, int last);

#endif
