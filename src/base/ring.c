#include "base/ring.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* head and tail only ever grow; their difference is the fill, and their low bits
 * are the place. Each is written by one side and lives on its own cache line. */
struct ring {
    alignas(64) atomic_size_t head; /* next place to write, the writer's */
    alignas(64) atomic_size_t tail; /* next place to read, the reader's */
    alignas(64) size_t mask;
    size_t size;
    unsigned char *bytes;
};

struct ring *ring_new(size_t capacity, size_t size)
{
    size_t places = 2;
    while (places < capacity)
        places *= 2;
    struct ring *ring = aligned_alloc(64, sizeof *ring);
    if (!ring)
        return NULL;
    memset(ring, 0, sizeof *ring);
    ring->mask = places - 1;
    ring->size = size;
    ring->bytes = memory_new(places, size);
    if (!ring->bytes) {
        free(ring);
        return NULL;
    }
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    free(ring->bytes);
    free(ring);
}

bool ring_push(struct ring *ring, const void *message)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (head - tail > ring->mask)
        return false;
    memcpy(ring->bytes + (head & ring->mask) * ring->size, message, ring->size);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

bool ring_pop(struct ring *ring, void *message)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    if (head == tail)
        return false;
    memcpy(message, ring->bytes + (tail & ring->mask) * ring->size, ring->size);
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

void ring_clear(struct ring *ring)
{
    atomic_store(&ring->tail, atomic_load(&ring->head));
}
