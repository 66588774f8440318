/* The form of a song as its drums tell it: which bars belong together, and where the fills are.
 *
 * Sections are the file's own markers where it has any ("verse", "chorus"). Else they are told by
 * likeness: the song is cut into phrases of four bars, from where the crashes stand; neighbours
 * that are played alike are one section, and sections that are alike share a letter ("part A",
 * "part B", "part A 2"). A fill is a bar whose toms and snare leave its section's pattern.
 * Bars count from 0 here. Pure; immutable once made. */
#ifndef SCORE_FORM_H
#define SCORE_FORM_H

#include "score/score.h"

#include <stdbool.h>

enum { FORM_NAME = 40 };

struct section {
    int first_bar, bar_count;
    char name[FORM_NAME];
};

struct form {
    struct section *sections; /* they cover every bar, in order */
    int section_count;
    bool *fills; /* by bar */
    int bar_count;
};

/* NULL when out of memory. */
struct form *form_new(const struct score *score);
void form_free(struct form *form);

/* The section that a bar of the song is in. */
const struct section *form_section(const struct form *form, int bar);

/* The first bar with a fill from `bar` on; -1 when there is none. */
int form_next_fill(const struct form *form, int bar);

#endif
