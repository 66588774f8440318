/* A sound card turned by hand: what asks for the next block is the test. One at a time. */
#ifndef TESTS_REHEARSAL_CRANK_H
#define TESTS_REHEARSAL_CRANK_H

#include "audio/device.h"

/* In a stage's config in device_open's place; the period is config->period. */
struct device *crank_open(const struct device_config *config, struct device_info *info,
                          struct error *err);

/* The next block, on the caller's thread: real-time safe. Silence comes out where nobody plays. */
void crank_turn(const float *input, float *output, int frames);

/* So many blocks more were lost, says the driver. */
void crank_lose(int blocks);

#endif
