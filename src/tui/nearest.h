/* What was meant by a word that is none. */
#ifndef TUI_NEAREST_H
#define TUI_NEAREST_H

enum { NEAREST_NAME = 64 };

struct nearest {
    const char *word;
    char name[NEAREST_NAME]; /* the nearest so far, "" while none is near */
    int distance;            /* its */
};

/* Begin with {.word = WORD} and try every name there is. Near is what takes few letters to be left
 * out, added, changed or swapped with their neighbour. */
void nearest_try(struct nearest *nearest, const char *name);

#endif
