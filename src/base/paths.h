/* Where the program finds its files and keeps the user's. A path that does not fit in
 * `size` bytes counts as not there. */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

/* The checkout the executable was built in: the nearest folder above it that holds assets/ and
 * src/. False for an installed program. */
bool paths_root(char *out, int size);

/* A file that ships with the program: in $ROLYPOLY_ASSETS, assets/ of the checkout, the prefix
 * it was built for, ../share/rolypoly/assets beside the executable, in that order. */
bool paths_asset(const char *name, char *out, int size, struct error *err);

/* The folder of the session files, made when it is missing: sessions/ of the checkout, else
 * $XDG_DATA_HOME/rolypoly/sessions, else ~/.local/share/rolypoly/sessions. */
bool paths_sessions(char *out, int size, struct error *err);

/* A file of the user's settings, its folder made when it is missing: in $XDG_CONFIG_HOME/rolypoly,
 * else ~/.config/rolypoly. */
bool paths_config(const char *name, char *out, int size, struct error *err);

/* A file of what the program remembers by itself, in the same way: in $XDG_STATE_HOME/rolypoly,
 * else
 * ~/.local/state/rolypoly. */
bool paths_state(const char *name, char *out, int size, struct error *err);

/* Opens a file to be read. NULL, with errno, when it cannot be, or is no regular file: a pipe would
 * keep the program waiting. The caller closes it. */
FILE *paths_open_regular(const char *path);

#endif
