/* A file that is replaced in one piece. */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Writes the bytes beside `path`, brings them to the disk and puts them in its place: whoever reads
 * meanwhile, and whatever breaks on the way, finds the old file or the new one, whole. False, and
 * nothing left behind, when it cannot be written. */
bool replace_file(const char *path, const void *bytes, size_t size, struct error *err);

#endif
