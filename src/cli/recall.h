/* What a rehearsal on the screen begins with beside the command line, which always has the last
 * word, and what of it is kept for the next. */
#ifndef CLI_RECALL_H
#define CLI_RECALL_H

#include "cli/options.h"
#include "tui/remembered.h"
#include "tui/tui.h"

struct recall { /* one rehearsal's */
    struct knobs as_it_comes, began;
};

/* Fills in take, lesson, device and view of the options. Of a demo nothing is remembered but how
 * keenly the player is heard. */
void recall_begin(struct recall *recall, const struct arguments *arguments, struct room *room,
                  struct tui_options *options);

/* Before the room closes. What cannot be kept is told of on stderr. */
void recall_end(const struct recall *recall, const struct arguments *arguments, struct room *room,
                const struct tui_options *options, const struct tui_rest *rest);

/* The folder whose scores the library lists: `given`, else the last one, else where the user is. */
void recall_folder(const char *given, char folder[PATH_MAX]);
void recall_keep_folder(const char *folder);

#endif
