/* The last thing the sound passes: nothing leaves above full scale, and what lies below the knee
 * leaves as it came. Both channels are turned down together, at once (no look-ahead, no delay) and
 * let go slowly. Real-time safe; what it does does not depend on how time is cut into blocks. */
#ifndef DRUMS_LIMITER_H
#define DRUMS_LIMITER_H

struct limiter {
    float level;   /* of the louder channel, falling slowly from its last peak */
    float release; /* its fall from one frame to the next */
};

/* rate: frames a second. Also what forgets the past. */
void limiter_init(struct limiter *limiter, int rate);

/* stereo[2 * count], interleaved, in place. NaN becomes 0, infinity full scale. */
void limiter_process(struct limiter *limiter, float *stereo, int count);

#endif
