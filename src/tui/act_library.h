/* What the keys of the library do. */
#ifndef TUI_ACT_LIBRARY_H
#define TUI_ACT_LIBRARY_H

#include "tui/running.h"

void act_library_open(struct tui *tui);   /* what is selected, whatever it is */
void act_library_above(struct tui *tui);  /* the folder above */
void act_library_filter(struct tui *tui); /* keys write the filter from now on */

#endif
