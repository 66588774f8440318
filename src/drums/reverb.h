/* A small room around the drums: a feedback delay network of eight lines.
 *
 *   in --> high pass --> two all-passes --> (+) --> delay --> damping --+--> out
 *                                            ^                          |
 *                                            +---- Hadamard matrix <----+
 *
 * After J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators"
 * (AES 90th convention, 1991): delays of no common measure, an orthogonal matrix, and in each line
 * the gain that its length needs for one decay time. The all-passes before it are M. R. Schroeder's
 * ("Natural sounding artificial reverberation", JAES 10, 1962): they make a crowd of a click's
 * first echoes. The sound itself is not touched: the room is added to it, from its first echo on.
 *
 * All calls but reverb_new and reverb_free are real-time safe; what sounds does not depend on how
 * time is cut into blocks. */
#ifndef DRUMS_REVERB_H
#define DRUMS_REVERB_H

struct reverb;

/* rate: frames a second. NULL when out of memory. */
struct reverb *reverb_new(int rate);
void reverb_free(struct reverb *reverb);

/* Silence in the room. */
void reverb_clear(struct reverb *reverb);

/* Adds the room's answer to stereo[2 * count], interleaved. amount: 0 (off: nothing changes, and it
 * costs nothing) to 1 (about as loud as the drums); a change is faded, but not the first after
 * reverb_clear. */
void reverb_process(struct reverb *reverb, float *stereo, int count, float amount);

#endif
