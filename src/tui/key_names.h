/* What keys are called, by the player and in his file of keys. */
#ifndef TUI_KEY_NAMES_H
#define TUI_KEY_NAMES_H

#include <stdbool.h>

enum { KEY_NAME_SIZE = 24 };

/* "space", "enter", "page-up", "F5", "ctrl-x", "a", "pedal", "midi:cc64", "midi:note36",
 * "midi:pc3"; words in any case. False for what is no key, or one that no terminal sends. */
bool key_read(const char *name, int *code);

/* The same the other way round. */
void key_write(int code, char name[KEY_NAME_SIZE]);

#endif
