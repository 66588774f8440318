/* The library on the screen: what its keys do. */
#ifndef TUI_CHOOSE_H
#define TUI_CHOOSE_H

#include "tui/running.h"

void choose_selected(struct tui *tui); /* opens it, whatever it is */
void choose_above(struct tui *tui);    /* the folder above */
void choose_filter(struct tui *tui);   /* keys write the filter from now on */

#endif
