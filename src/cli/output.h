/* A file that appears under its name only when it is complete. Begun early, it tells early that it
 * cannot be written. What is no ordinary file is written as it is. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/error.h"

#include <limits.h>

struct output {
    const char *wanted; /* NULL: nothing is to be written */
    const char *path;   /* write here; NULL with `wanted` */
    char part[PATH_MAX];
};
bool output_begin(struct output *output, const char *wanted, struct error *err);
bool output_keep(struct output *output, struct error *err);
void output_drop(struct output *output); /* also after output_keep: nothing happens then */

#endif
