/* A file that appears under its name only when it is complete. Begun early, it tells early that it
 * cannot be written. What is no ordinary file is written as it is; a symbolic link stays one, and
 * the file it points to is replaced. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/options.h"

#include <limits.h>

struct output {
    const char *wanted; /* as the user named it; NULL: nothing is to be written */
    const char *path;   /* write here; NULL with `wanted` */
    char target[PATH_MAX], part[PATH_MAX];
};

/* False also when `wanted` is one of the files that the command reads: what `arguments` name, or
 * `session` (may be NULL). */
bool output_begin(struct output *output, const char *wanted, const struct arguments *arguments,
                  const char *session, struct error *err);
bool output_keep(struct output *output, struct error *err);
void output_drop(struct output *output); /* also after output_keep: nothing happens then */

/* True when both are being written to one ordinary file. */
bool output_same(const struct output *a, const struct output *b);

#endif
