#include "base/memory.h"

#include <stdlib.h>

enum { PAGE = 4096 }; /* the smallest there is */

void *memory_new(size_t count, size_t size)
{
    void *block = calloc(count, size);
    if (block)
        memory_touch(block, count * size);
    return block;
}

void memory_touch(void *block, size_t size)
{
    volatile unsigned char *bytes = block;
    for (size_t i = 0; i < size; i += PAGE)
        bytes[i] = 0;
}
