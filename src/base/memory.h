/* Memory for threads in a hurry. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* calloc whose pages are there already. Otherwise a page comes when it is first written to, and
 * whoever writes waits for it. To be freed with free; NULL when out of memory. */
void *memory_new(size_t count, size_t size);

/* The same for a block that was just allocated: what it holds is lost. NULL, of size 0, is fine. */
void memory_touch(void *block, size_t size);

#endif
