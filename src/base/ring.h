/* A ring of fixed-size messages between one writing and one reading thread.
 *
 * Neither side ever waits, locks or allocates: both calls are real-time safe.
 * A full ring refuses the message; the writer counts what was lost. */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* Room for at least `capacity` messages of `size` bytes. NULL when out of memory. */
struct ring *ring_new(size_t capacity, size_t size);
void ring_free(struct ring *ring);

/* Writer's side. False when the ring is full; the message is then not taken. */
bool ring_push(struct ring *ring, const void *message);

/* Reader's side. False when the ring is empty; `message` is then untouched. */
bool ring_pop(struct ring *ring, void *message);

/* Forgets everything in the ring. Only while neither side is running. */
void ring_clear(struct ring *ring);

#endif
