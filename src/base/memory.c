#include "base/memory.h"

#include <stdlib.h>

enum { PAGE = 4096 }; /* the smallest there is */

void *memory_new(size_t count, size_t size)
{
    volatile unsigned char *bytes = calloc(count, size);
    for (size_t i = 0; bytes && i < count * size; i += PAGE)
        bytes[i] = 0;
    return (void *)bytes;
}
