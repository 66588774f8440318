/* Where a sound began, to a fraction of a millisecond, once it is known that it did. */
#ifndef LISTEN_REFINE_H
#define LISTEN_REFINE_H

/* samples[count] end at the moment of the decision and hold what came before it (15 ms do).
 * The index at which the attack left the background; -1 where none can be seen. Real-time safe. */
int refine_start(const float *samples, int count, int rate);

#endif
