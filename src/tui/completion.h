/* What a word that has been begun may become. */
#ifndef TUI_COMPLETION_H
#define TUI_COMPLETION_H

#include <limits.h>

enum { COMPLETION_LIST = 256 };

struct completion {
    const char *word;
    int count;                  /* of those that begin with it */
    char common[PATH_MAX];      /* what all of them begin with */
    char list[COMPLETION_LIST]; /* the first of them, with blanks between */
};

/* Begin with {.word = WORD} and try whatever there is. */
void completion_try(struct completion *completion, const char *candidate);

/* The files and folders that the word may be the beginning of, folders with a slash at their end:
 * those whose names end so (".mid"), in any case, or all for NULL. */
void completion_try_files(struct completion *completion, const char *const *endings);

#endif
