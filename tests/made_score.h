/* Drum scores for tests, made in memory and read like any file. */
#ifndef TESTS_MADE_SCORE_H
#define TESTS_MADE_SCORE_H

#include "base/rng.h"
#include "score/score.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct smf_bytes {
    uint8_t data[1 << 18];
    size_t size;
    int64_t tick; /* of the last event */
};

static inline void smf_put(struct smf_bytes *bytes, const void *data, size_t size)
{
    ck_assert(bytes->size + size <= sizeof bytes->data);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

static inline void smf_event(struct smf_bytes *bytes, int64_t tick, const uint8_t *data,
                             size_t size)
{
    uint32_t delta = (uint32_t)(tick - bytes->tick);
    uint8_t length[4] = {(uint8_t)(delta >> 21 | 0x80), (uint8_t)(delta >> 14 | 0x80),
                         (uint8_t)(delta >> 7 | 0x80), (uint8_t)(delta & 0x7f)};
    bytes->tick = tick;
    smf_put(bytes, length, 4);
    smf_put(bytes, data, size);
}

static inline void smf_hit(struct smf_bytes *bytes, int64_t tick, int pitch, int velocity)
{
    uint8_t on[3] = {0x99, (uint8_t)pitch, (uint8_t)velocity};
    smf_event(bytes, tick, on, 3);
}

/* 480 ticks a quarter. */
static inline void smf_begin(struct smf_bytes *bytes, int numerator, int log2_denominator,
                             double bpm)
{
    static const uint8_t head[] = {'M', 'T', 'h', 'd', 0,   0,   0,   6, 0, 0, 0,
                                   1,   1,   224, 'M', 'T', 'r', 'k', 0, 0, 0, 0};
    uint32_t us = (uint32_t)lround(60e6 / bpm);
    uint8_t tempo[] = {0xff, 0x51, 3, (uint8_t)(us >> 16), (uint8_t)(us >> 8), (uint8_t)us};
    uint8_t metre[] = {0xff, 0x58, 4, (uint8_t)numerator, (uint8_t)log2_denominator, 24, 8};
    bytes->size = 0;
    bytes->tick = 0;
    smf_put(bytes, head, sizeof head);
    smf_event(bytes, 0, tempo, sizeof tempo);
    smf_event(bytes, 0, metre, sizeof metre);
}

static inline struct score *smf_finish_with(struct smf_bytes *bytes,
                                            const struct score_options *options)
{
    static const uint8_t end[] = {0xff, 0x2f, 0};
    smf_event(bytes, bytes->tick, end, sizeof end);
    uint32_t length = (uint32_t)(bytes->size - 22);
    for (int i = 0; i < 4; i++)
        bytes->data[18 + i] = (uint8_t)(length >> (24 - 8 * i));
    struct error err = {.text = ""};
    struct score *score = score_parse(bytes->data, bytes->size, "made", options, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    return score;
}

static inline struct score *smf_finish(struct smf_bytes *bytes)
{
    return smf_finish_with(bytes, NULL);
}

/* A beat in 4/4: hats on the eighths, kick and snare, sixteenths here and there, a crash every
 * eight bars. */
static inline struct score *made_score(int bars, double bpm, uint64_t seed)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert(bytes != NULL);
    struct rng rng;
    rng_seed(&rng, seed);
    smf_begin(bytes, 4, 2, bpm);
    for (int i = 0; i < 16 * bars; i++) {
        int64_t tick = 120 * i;
        int place = i % 16, loud = 60 + (int)rng_below(&rng, 60);
        if (i % 128 == 0)
            smf_hit(bytes, tick, 49, 110);
        if (place == 0 || place == 8 || rng_uniform(&rng) < 0.1)
            smf_hit(bytes, tick, 36, loud);
        if (place == 4 || place == 12 || rng_uniform(&rng) < 0.05)
            smf_hit(bytes, tick, 38, loud);
        if (place % 2 == 0)
            smf_hit(bytes, tick, 42, loud / 2 + 20);
    }
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

#endif
